import { exp } from "../../../core/elementary.ts";
import { InputError } from "../../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";

/**
 * How designs of one batch are kept apart.
 *
 * | method | next design |
 * |---|---|
 * | k-means | drawn with a probability that grows with its score and its squared distance to the chosen ones |
 * | dpp | the one that most enlarges the determinant of scores times similarities |
 * | core-set | of the best, the one farthest from all that is measured or chosen |
 *
 * Sources: D. Arthur, S. Vassilvitskii, Proc. SODA, 1027 (2007), with weights as J. T. Ash et al., ICLR 2020; L. Chen,
 * G. Zhang, E. Zhou, Adv. Neural Inf. Process. Syst. 31 (2018), algorithm 1; O. Sener, S. Savarese, ICLR 2018.
 */
export type DiverseMethod = "k-means" | "dpp" | "core-set";

/** What a batch is chosen from. */
export interface BatchChoice {
  /** Points of n designs in feature space, n x f; distances are Euclidean. */
  readonly points: Matrix;
  /** Worth of each, 0 or more. */
  readonly scores: Float64Array;
  /** Points of what is measured or pending, q x f. */
  readonly known: Matrix;
  readonly count: number;
  /** Numbers of designs that are in the batch already; none when absent. */
  readonly first?: readonly number[];
  readonly rng: Rng;
}

/** Designs looked at by the core-set, for each one chosen: the best by score. */
const shortList = 10;

/**
 * Numbers of at most `count` designs, all different, in the order of choice: those of `first`, then the one of largest
 * score if there were none (for the core-set: the farthest of the best).
 * @throws InputError for a score below 0 or NaN
 */
export function diverseBatch(method: DiverseMethod, choice: BatchChoice): number[] {
  choice.scores.forEach((score, i) => {
    if (score >= 0) return;
    throw new InputError(`diverseBatch: expected scores of 0 or more, got ${score} at ${i}.`);
  });
  return methods[method](choice);
}

const methods: Readonly<Record<DiverseMethod, (choice: BatchChoice) => number[]>> = {
  "k-means": drawApart,
  dpp: growDeterminant,
  "core-set": coverCore,
};

function drawApart({ points, scores, count, first = [], rng }: BatchChoice): number[] {
  const n = points.rows;
  const chosen: number[] = [];
  const distance = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < Math.min(count, n)) {
    const weights = scores.map((score, i) => (distance[i] === 0 ? 0 : score * distance[i]));
    const next =
      first[chosen.length] ??
      (chosen.length === 0 ? largest(scores, []) : draw(weights, chosen, rng));
    chosen.push(next);
    for (let i = 0; i < n; i++)
      distance[i] = Math.min(distance[i], squared(points, i, points, next));
  }
  return chosen;
}

/** A number by its weight; the largest of what is left when all weights are 0. */
function draw(weights: Float64Array, taken: readonly number[], rng: Rng): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let mark = rng.uniform() * total;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    mark -= weights[i];
    if (mark < 0) return i;
  }
  return largest(weights, taken);
}

/** Each step takes the design whose part that is not like the chosen ones is worth most. */
function growDeterminant({ points, scores, count, first = [] }: BatchChoice): number[] {
  const n = points.rows;
  const top = Math.max(...scores, Number.MIN_VALUE);
  const worth = scores.map((score) => score / top);
  const width = typicalDistance(points);
  const similarity = (i: number, j: number): number =>
    worth[i] * worth[j] * exp((-0.5 * squared(points, i, points, j)) / (width * width));
  const left = worth.map((value) => value * value);
  const rows: Float64Array[] = [];
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, n)) {
    const next = first[chosen.length] ?? largest(left, chosen);
    chosen.push(next);
    const own = left[next];
    const row = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = similarity(next, i);
      for (const other of rows) sum -= other[next] * other[i];
      row[i] = own > 0 ? sum / Math.sqrt(own) : 0;
      left[i] = Math.max(0, left[i] - row[i] * row[i]);
    }
    rows.push(row);
  }
  return chosen;
}

function coverCore({ points, scores, known, count, first = [] }: BatchChoice): number[] {
  const best = Array.from(scores.keys())
    .filter((i) => !first.includes(i))
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, shortList * count);
  const distance = new Float64Array(best.length).fill(Number.POSITIVE_INFINITY);
  const see = (others: Matrix, j: number): void => {
    best.forEach((i, at) => (distance[at] = Math.min(distance[at], squared(points, i, others, j))));
  };
  for (let j = 0; j < known.rows; j++) see(known, j);
  for (const i of first) see(points, i);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count - first.length, best.length)) {
    const at = largest(distance, chosen);
    chosen.push(at);
    see(points, best[at]);
  }
  return [...first, ...chosen.map((at) => best[at])];
}

/** The first of the largest values that is not taken. */
function largest(values: ArrayLike<number>, taken: readonly number[]): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    if ((best < 0 || values[i] > values[best]) && !taken.includes(i)) best = i;
  }
  return best;
}

/** Root mean square distance of two different points over the number of coordinates to the power 1/2; 1 without spread. */
function typicalDistance(points: Matrix): number {
  const { rows, columns } = points;
  const centre = matrix(1, columns);
  for (let i = 0; i < rows; i++) {
    rowOf(points, i).forEach((value, k) => (centre.data[k] += value / rows));
  }
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += squared(points, i, centre, 0) / rows;
  return sum > 0 ? Math.sqrt(sum / columns) : 1;
}

function squared(a: Matrix, i: number, b: Matrix, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.columns; k++) {
    const gap = a.data[i * a.columns + k] - b.data[j * a.columns + k];
    sum += gap * gap;
  }
  return sum;
}
