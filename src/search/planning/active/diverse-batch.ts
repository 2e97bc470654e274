import { exp } from "../../../core/elementary.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import type { Column } from "../../../space/contract.ts";
import type { Belief } from "../../belief/contract.ts";
import { squaredDistance } from "../../similarity.ts";

/** How the designs of a batch are kept different from each other. */
export const diversities = {
  "k-means++": seeded,
  "core-set": farthest,
  dpp: determinantal,
} as const;
export type Diversity = keyof typeof diversities;

/** What a batch is chosen from. */
export interface DiverseInput {
  /** Candidates, best first, and how much each teaches, as a logarithm. */
  readonly rows: Matrix;
  readonly values: Float64Array;
  /** Measured and pending designs. */
  readonly known: Matrix;
  readonly beliefs: readonly Belief[];
  readonly columns: readonly Column[];
  readonly count: number;
  readonly rng: Rng;
}

/**
 * The first seeds of k-means++: each drawn with a chance in proportion to its worth and its squared distance to
 * what is chosen or known.
 * Source: D. Arthur, S. Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007.
 */
function seeded(input: DiverseInput): number[] {
  const { rows, values, rng, count } = input;
  const top = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const worth = values.map((value) => exp(value - top));
  return oneByOne(input, count, (distance) => {
    const weights = distance.map((d, i) => d * worth[i]);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!(total > 0)) return -1;
    let left = rng.uniform() * total;
    let last = -1;
    for (let i = 0; i < rows.rows; i++) {
      if (!(weights[i] > 0)) continue;
      last = i;
      left -= weights[i];
      if (left < 0) break;
    }
    return last;
  });
}

/**
 * A core-set: always the candidate farthest from what is chosen or known (greedy k-centre).
 * Source: O. Sener, S. Savarese, Active learning for convolutional neural networks: a core-set approach, ICLR 2018.
 */
function farthest(input: DiverseInput): number[] {
  return oneByOne(input, input.count, (distance) => {
    let best = -1;
    for (let i = 0; i < distance.length; i++) {
      if (distance[i] > (best < 0 ? 0 : distance[best])) best = i;
    }
    return best;
  });
}

/**
 * The most probable batch of a determinantal point process, greedily: quality of the candidates times the
 * correlation of what is not known of them.
 * Source: L. Chen, G. Zhang, E. Zhou, Fast greedy MAP inference for determinantal point process, NeurIPS 2018,
 * algorithm 1; A. Kulesza, B. Taskar, Found. Trends Mach. Learn. 5, 123 (2012), doi:10.1561/2200000044.
 */
function determinantal({ rows, values, beliefs, count }: DiverseInput): number[] {
  const n = rows.rows;
  const kernel = matrix(n, n);
  for (const belief of beliefs) {
    const { covariance } = belief.joint(rows);
    const std = Float64Array.from({ length: n }, (_, i) =>
      Math.sqrt(Math.max(covariance.data[i * (n + 1)], 1e-300)),
    );
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        kernel.data[i * n + j] += covariance.data[i * n + j] / (std[i] * std[j] * beliefs.length);
      }
    }
  }
  const top = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const quality = values.map((value) => exp(value - top));
  const rest = Float64Array.from({ length: n }, (_, i) => quality[i] * quality[i]);
  const columns: Float64Array[] = [];
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, n)) {
    let best = -1;
    for (let i = 0; i < n; i++) {
      if (!chosen.includes(i) && rest[i] > (best < 0 ? 1e-12 : rest[best])) best = i;
    }
    if (best < 0) break;
    chosen.push(best);
    const root = Math.sqrt(rest[best]);
    const column = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let value = quality[i] * quality[best] * kernel.data[best * n + i];
      for (const before of columns) value -= before[best] * before[i];
      column[i] = value / root;
      rest[i] = Math.max(0, rest[i] - column[i] * column[i]);
    }
    columns.push(column);
  }
  return chosen;
}

/** Chooses by squared distances to the nearest design that is known or chosen; -1 ends the choice. */
function oneByOne(
  { rows, known, columns }: DiverseInput,
  count: number,
  choose: (distance: Float64Array) => number,
): number[] {
  const distance = new Float64Array(rows.rows).fill(columns.length);
  const see = (from: Matrix): void => {
    for (let j = 0; j < from.rows; j++) {
      for (let i = 0; i < rows.rows; i++) {
        distance[i] = Math.min(
          distance[i],
          squaredDistance(columns, rowOf(rows, i), rowOf(from, j)),
        );
      }
    }
  };
  see(known);
  const chosen: number[] = [];
  while (chosen.length < count) {
    const next = choose(distance);
    if (next < 0) break;
    chosen.push(next);
    see(takeRows(rows, [next]));
  }
  return chosen;
}
