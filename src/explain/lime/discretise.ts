import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { normalCdf, normalQuantile } from "../../core/special.ts";
import { mean, quantileSorted, sorted, standardDeviation } from "../../core/statistics.ts";

/** One bin of a feature, with what the background has in it. */
interface Bin {
  readonly share: number;
  readonly mean: number;
  readonly std: number;
  readonly low: number;
  readonly high: number;
}

/** Every feature cut at the quartiles of the background. */
export interface Quartiles {
  /** Upper edges of all bins but the last, per feature; equal ones are merged. */
  readonly edges: readonly Float64Array[];
  readonly bins: readonly (readonly Bin[])[];
}

/** Cuts each column of the background at its quartiles. */
export function quartiles(background: Matrix): Quartiles {
  const columns = Array.from({ length: background.columns }, (_, j) =>
    Float64Array.from({ length: background.rows }, (_, i) => rowOf(background, i)[j]),
  );
  const edges = columns.map((values) => {
    const ascending = sorted(values);
    const cuts = [0.25, 0.5, 0.75].map((share) => quantileSorted(ascending, share));
    return Float64Array.from(new Set(cuts));
  });
  return {
    edges,
    bins: columns.map((values, j) =>
      Array.from({ length: edges[j].length + 1 }, (_, b): Bin => {
        const inside = values.filter((value) => binOf(edges[j], value) === b);
        if (inside.length === 0) return { share: 0, mean: 0, std: 0, low: 0, high: 0 };
        const ends = sorted(inside);
        return {
          share: inside.length / values.length,
          mean: mean(inside),
          std: standardDeviation(inside, 0),
          low: ends[0],
          high: ends[ends.length - 1],
        };
      }),
    ),
  };
}

/** The bin of a value: the first whose upper edge is not below it. */
export function binOf(edges: Float64Array, value: number): number {
  let bin = 0;
  while (bin < edges.length && value > edges[bin]) bin++;
  return bin;
}

/**
 * Random rows from the bins, each feature by itself: a bin by its share, then a value of the normal
 * distribution of the bin's values, cut off at its ends.
 * @param near the row whose bins count as 1 in `same`; it is row 0 itself
 */
export function sampleBins(
  { edges, bins }: Quartiles,
  near: Float64Array,
  samples: number,
  rng: Rng,
): { readonly rows: Matrix; readonly same: Matrix } {
  const d = near.length;
  const rows = matrix(samples, d);
  const same = matrix(samples, d);
  const own = Array.from(near, (value, j) => binOf(edges[j], value));
  rowOf(rows, 0).set(near);
  rowOf(same, 0).fill(1);
  for (let i = 1; i < samples; i++) {
    for (let j = 0; j < d; j++) {
      const b = drawBin(bins[j], rng.uniform());
      rows.data[i * d + j] = drawInside(bins[j][b], rng.uniform());
      same.data[i * d + j] = b === own[j] ? 1 : 0;
    }
  }
  return { rows, same };
}

function drawBin(bins: readonly Bin[], u: number): number {
  let sum = 0;
  let last = 0;
  for (let b = 0; b < bins.length; b++) {
    if (bins[b].share === 0) continue;
    last = b;
    sum += bins[b].share;
    if (u < sum) return b;
  }
  return last;
}

function drawInside({ mean, std, low, high }: Bin, u: number): number {
  if (std === 0) return mean;
  const from = normalCdf((low - mean) / std);
  const to = normalCdf((high - mean) / std);
  const value = mean + std * normalQuantile(from + u * (to - from));
  return Math.min(high, Math.max(low, value));
}
