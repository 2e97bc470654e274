import { shortNumber } from "../../../core/format.ts";
import { rowOf, type Matrix } from "../../../core/matrix.ts";
import { columnWeights } from "../../../search/similarity.ts";
import type { CategoricalParameter, Column, SearchSpace } from "../../../space/contract.ts";
import { activeColumns } from "./active-columns.ts";
import type { MeasuredNeighbour, Measurement } from "../contract.ts";

/** Differences that are told, the largest first. */
const mostDifferences = 3;
/** Smaller differences are the rounding of a table, not a difference (share of the column's range). */
const leastDifference = 1e-6;

/**
 * The measured design nearest to a row: the smallest of the largest differences of a column over its range
 * (two categories, or another value than the fixed one, are 1 apart), among equals the smallest sum of them, then the first.
 * @param rows measured designs, n x dimension
 * @param measured index into the measurements of each
 * @returns null without measured designs
 */
export function nearestMeasurement(
  space: SearchSpace,
  row: Float64Array,
  rows: Matrix,
  measured: readonly number[],
  measurements: readonly Measurement[],
): MeasuredNeighbour | null {
  const weights = columnWeights(space.columns);
  let nearest = -1;
  let best = { largest: Number.POSITIVE_INFINITY, sum: Number.POSITIVE_INFINITY };
  for (let i = 0; i < rows.rows; i++) {
    const gap = gapBetween(space, weights, row, rowOf(rows, i));
    if (gap.largest > best.largest || (gap.largest === best.largest && gap.sum >= best.sum))
      continue;
    best = gap;
    nearest = i;
  }
  if (nearest < 0) return null;
  const measurement = measured[nearest]!;
  return {
    measurement,
    distance: Math.min(1, best.largest),
    difference: differenceText(space, row, rowOf(rows, nearest)),
    outcomes: measurements[measurement]!.outcomes,
  };
}

function gapBetween(
  space: SearchSpace,
  weights: Float64Array,
  a: Float64Array,
  b: Float64Array,
): { readonly largest: number; readonly sum: number } {
  let largest = 0;
  let sum = 0;
  space.columns.forEach((column, k) => {
    const gap = scaledGap(column, weights[k]!, a[k]!, b[k]!);
    largest = Math.max(largest, gap);
    sum += gap;
  });
  return { largest, sum };
}

/** A category and a number that the space fixes have no range: another value is 1 apart. */
function scaledGap({ kind }: Column, weight: number, a: number, b: number): number {
  if (kind === "category" || weight === 0) return a === b ? 0 : 1;
  return Math.abs(a - b) * weight;
}

/** `temperature +50 K, solvent water instead of ethanol`, the largest differences first. */
export function differenceText(space: SearchSpace, row: Float64Array, other: Float64Array): string {
  const weights = columnWeights(space.columns);
  const [own, others] = [activeColumns(space, row), activeColumns(space, other)];
  const parts = space.columns
    .map((column, k) => {
      if (own[k] !== others[k]) {
        const text = own[k] === true ? `with ${titleOf(column)}` : `without ${titleOf(column)}`;
        return { gap: 1, text: () => text };
      }
      return {
        gap: own[k] === true ? scaledGap(column, weights[k]!, row[k]!, other[k]!) : 0,
        text: () => columnDifference(space, column, row[k]!, other[k]!),
      };
    })
    .filter(({ gap }) => gap > leastDifference)
    .sort((a, b) => b.gap - a.gap);
  if (parts.length === 0) return "the same design";
  const told = parts.slice(0, mostDifferences).map(({ text }) => text());
  return `${told.join(", ")}${parts.length > mostDifferences ? ", ..." : ""}`;
}

function columnDifference(space: SearchSpace, column: Column, a: number, b: number): string {
  const title = titleOf(column);
  if (column.kind === "category") {
    return `${title} ${wordOf(space, column, a)} instead of ${wordOf(space, column, b)}`;
  }
  const step = `${a > b ? "+" : "-"}${shortNumber(Math.abs(a - b), 3)}`;
  return `${title} ${step}${unitText(column.unit)}`;
}

/** `temperature`, `Nb`. */
export const titleOf = ({ label }: Column): string => label.replaceAll("_", " ");

/** ` K`, nothing for a plain number. */
export const unitText = (unit: string): string => (unit === "1" || unit === "" ? "" : ` ${unit}`);

/** The word of a category. */
export function wordOf({ parameters }: SearchSpace, { parameter }: Column, index: number): string {
  const { values } = parameters.find(({ name }) => name === parameter) as CategoricalParameter;
  return values[index] ?? "another one";
}
