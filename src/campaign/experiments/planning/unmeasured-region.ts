import { shortNumber } from "../../../core/format.ts";
import { rowOf, type Matrix } from "../../../core/matrix.ts";
import type { Column, SearchSpace } from "../../../space/contract.ts";
import { activeColumns } from "./active-columns.ts";
import { titleOf, unitText, wordOf } from "./nearest-measurement.ts";

/** A gap in the measured values of a column is worth telling from this share of its range. */
const leastGap = 0.2;

/**
 * What no measured design has and this one does, in words: `no measured design has temperature above 900 K`,
 * `... between 500 and 900 K`, `... solvent water`. The column with the widest gap is told.
 * @param rows measured designs, n x dimension
 * @returns null where every value of the design lies among measured ones
 */
export function unmeasuredRegion(
  space: SearchSpace,
  row: Float64Array,
  rows: Matrix,
): string | null {
  if (rows.rows === 0) return null;
  const measured = Array.from({ length: rows.rows }, (_, i) => rowOf(rows, i));
  const has = measured.map((other) => activeColumns(space, other));
  const own = activeColumns(space, row);
  let widest: Gap = { width: 0, text: "" };
  for (const [k, column] of space.columns.entries()) {
    if (own[k] !== true) continue;
    const values = measured.flatMap((other, i) => (has[i]![k] === true ? [other[k]!] : []));
    if (values.length === 0) return `no measured design has ${titleOf(column)}`;
    const gap = gapAt(space, column, row[k]!, values);
    if (gap.width > widest.width) widest = gap;
  }
  return widest.width > 0 ? `no measured design has ${widest.text}` : null;
}

interface Gap {
  /** Share of the column's range; 1 for a category that was never measured. */
  readonly width: number;
  readonly text: string;
}

function gapAt(
  space: SearchSpace,
  column: Column,
  value: number,
  measured: readonly number[],
): Gap {
  const none = { width: 0, text: "" };
  const title = titleOf(column);
  if (column.kind === "category") {
    if (measured.includes(value)) return none;
    return { width: 1, text: `${title} ${wordOf(space, column, value)}` };
  }
  const range = column.max - column.min;
  if (!(range > 0)) return none;
  const below = Math.max(...measured.filter((one) => one <= value), Number.NEGATIVE_INFINITY);
  const above = Math.min(...measured.filter((one) => one >= value), Number.POSITIVE_INFINITY);
  const number = (x: number): string => shortNumber(x, 3);
  const unit = unitText(column.unit);
  if (above === Number.POSITIVE_INFINITY) {
    const width = (value - below) / range;
    return { width, text: `${title} above ${number(below)}${unit}` };
  }
  if (below === Number.NEGATIVE_INFINITY) {
    const width = (above - value) / range;
    return { width, text: `${title} below ${number(above)}${unit}` };
  }
  const width = (above - below) / range;
  if (width < leastGap || below === above) return none;
  // Inside a gap the design is at most half of it away from what was measured.
  return {
    width: width / 2,
    text: `${title} between ${number(below)} and ${number(above)}${unit}`,
  };
}
