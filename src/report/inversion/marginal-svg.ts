import type { SampledValues } from "../../campaign/inversion-sample.ts";
import { formatNumber, formatPercent } from "../format.ts";
import { escapeHtml } from "../html.ts";
import {
  columnName,
  familyClass,
  shownValue,
  type InversionView,
  type ShownColumn,
} from "./inversion-view.ts";

const width = 300;
const frame = { left: 10, right: 290, top: 26, bottom: 126, height: 150 };
/** Bars of a number with many values. */
const mostBars = 24;

interface Bin {
  readonly name: string;
  holds(value: number | string): boolean;
}

/**
 * How probable each value of one column is: stacked bars coloured by family, and dashed what it would be without
 * targets. Designs without the parameter or ingredient are left out of the bars; their share stands beside the title.
 */
export function marginalSvg({ sample, columns }: InversionView, j: number): string {
  const column = columns[j]!;
  const placed = placesOf(
    column,
    [...sample.designs, ...sample.prior].flatMap(({ values }) => values[j] ?? []),
  );
  const { bins } = placed;
  const shares = bins.map(() => new Map<string, number>());
  let absent = 0;
  let absentBefore = 0;
  for (const { values, weight, family } of sample.designs) {
    const at = binFor(placed, values, j);
    if (at < 0) absent += weight;
    else {
      const name = familyClass(family);
      shares[at]!.set(name, (shares[at]!.get(name) ?? 0) + weight);
    }
  }
  const before = new Float64Array(bins.length);
  for (const { values } of sample.prior) {
    const at = binFor(placed, values, j);
    if (at >= 0) before[at] = before[at]! + 1 / sample.prior.length;
    else absentBefore += 1 / sample.prior.length;
  }
  const totals = shares.map((own) => [...own.values()].reduce((sum, value) => sum + value, 0));
  const most = Math.max(...totals, ...before, 1e-12);
  const step = (frame.right - frame.left) / bins.length;
  const height = (share: number): number => ((frame.bottom - frame.top) * share) / most;
  const bars = bins.flatMap((bin, k) => {
    let y = frame.bottom;
    return [...shares[k]!]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, share]) => {
        const own = height(share);
        y -= own;
        return `<rect class="share ${name}" x="${(frame.left + k * step + 0.5).toFixed(1)}" y="${y.toFixed(1)}" width="${Math.max(1, step - 1).toFixed(1)}" height="${own.toFixed(1)}"><title>${escapeHtml(`${bin.name}: ${formatPercent(totals[k]!)}`)}</title></rect>`;
      });
  });
  const outline = [...before]
    .map((share) => `V${(frame.bottom - height(share)).toFixed(1)}h${step.toFixed(2)}`)
    .join("");
  const isWord = column.words !== null;
  const labels = isWord
    ? bins.map(
        ({ name }, k) =>
          `<text x="${(frame.left + (k + 0.5) * step).toFixed(1)}" y="${frame.bottom + 17}" text-anchor="middle">${escapeHtml(fitting(name, step))}</text>`,
      )
    : [
        `<text x="${frame.left}" y="${frame.bottom + 17}">${shownValue(column, column.min)}</text>`,
        `<text x="${frame.right}" y="${frame.bottom + 17}" text-anchor="end">${shownValue(column, column.max)}</text>`,
      ];
  const isOptional = absent > 0.0005 || absentBefore > 0.0005;
  const missing = `absent ${formatPercent(absent)}, of the space ${formatPercent(absentBefore)}`;
  const top = totals.reduce((best, value, k) => (value > totals[best]! ? k : best), 0);
  const label = `${columnName(column)}: most probable ${bins[top]!.name} (${formatPercent(totals[top]!)})${isOptional ? `; ${missing}` : ""}`;
  return `<svg class="plot" viewBox="0 0 ${width} ${frame.height}" role="img" aria-label="${escapeHtml(label)}">
<text class="title" x="${frame.left}" y="13">${escapeHtml(columnName(column))}</text>${isOptional ? `<text x="${frame.right}" y="13" text-anchor="end">absent ${formatPercent(absent)}<title>${missing}</title></text>` : ""}
${bars.join("")}<path class="prior" d="M${frame.left} ${frame.bottom}${outline}V${frame.bottom}"/><path class="axis" d="M${frame.left} ${frame.bottom}H${frame.right}"/>${labels.join("")}
</svg>`;
}

/** Bars, and whether a number of 0 stands for absence. */
interface Places {
  readonly bins: readonly Bin[];
  readonly isZeroAbsent: boolean;
}

function binFor({ bins, isZeroAbsent }: Places, values: SampledValues, j: number): number {
  const value = values[j]!;
  if (value === null || (isZeroAbsent && value === 0)) return -1;
  return bins.findIndex((bin) => bin.holds(value));
}

/** One bar for each word, bars of whole steps for numbers on a grid, else equal parts of the range. */
function placesOf(column: ShownColumn, values: readonly (number | string)[]): Places {
  if (column.words !== null) {
    const bins = column.words.map((word) => ({
      name: word,
      holds: (value: number | string) => value === word,
    }));
    return { bins, isZeroAbsent: false };
  }
  const { min, max } = column;
  const known = [...new Set(values.map(Number))].sort((a, b) => a - b);
  const least = known.reduce(
    (all, value, i) => (i === 0 ? all : Math.min(all, value - known[i - 1]!)),
    max - min,
  );
  const steps = (max - min) / least;
  const isGrid =
    known.every((value) => isWhole((value - min) / least)) && isWhole(steps) && steps < 1000;
  const wide = isGrid ? Math.ceil((steps + 1) / mostBars) : 1;
  const count = isGrid ? Math.ceil((Math.round(steps) + 1) / wide) : mostBars;
  const size = isGrid ? wide * least : (max - min) / mostBars;
  const start = isGrid ? min - least / 2 : min;
  const bins = Array.from({ length: count }, (_, k): Bin => {
    const from = start + k * size;
    const [first, last] = isGrid
      ? [min + k * size, Math.min(max, min + (k + 1) * size - least)]
      : [from, from + size];
    const ends = [first, last].map((end) => formatNumber(end * column.factor, 3));
    return {
      name: ends[0] === ends[1] ? ends[0]! : `${ends[0]} to ${ends[1]}`,
      holds: (value) =>
        typeof value === "number" &&
        (value >= from || k === 0) &&
        (value < from + size || k === count - 1),
    };
  });
  return { bins, isZeroAbsent: column.isFraction || !isGrid };
}

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;

function fitting(word: string, step: number): string {
  const room = Math.max(3, Math.floor(step / 7.2));
  return word.length > room ? `${word.slice(0, room - 1)}…` : word;
}
