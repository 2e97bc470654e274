import { log } from "../../../core/elementary.ts";
import {
  choleskyInverse,
  choleskyWithJitter,
  logDeterminant,
} from "../../../core/linalg/cholesky.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";

/** What a set of experiments is judged by; both are made small. */
export type Criterion = "d" | "i";

export interface ExchangeProblem {
  readonly criterion: Criterion;
  /** Number of terms of the model. */
  readonly terms: number;
  readonly expand: (row: ArrayLike<number>, out: Float64Array) => void;
  /** Designs to choose from, m x dimension. */
  readonly candidates: Matrix;
  /** Further designs near one of the experiments. */
  near(row: Float64Array): Matrix;
  /** X'X of experiments that exist already, terms x terms. */
  readonly information: Matrix;
  /** Mean of f f' over the space, terms x terms: what the mean prediction variance weighs. */
  readonly moments: Matrix;
  /** Whether a design may come several times. */
  readonly replicates: boolean;
  /** Designs that are not to be chosen, as keys. */
  readonly taken: ReadonlySet<string>;
}

export interface ExchangeResult {
  readonly rows: Matrix;
  /** D: -log det X'X; I: the mean prediction variance over the space. Infinite while the model cannot be fitted. */
  readonly value: number;
}

/** The information that a start without rank is given, as a share of that of one experiment. */
const startingInformation = 1e-8;
/** An exchange must better the criterion by this share. */
const leastGain = 1e-9;
const mostRounds = 60;
/** Experiments between two turns of the event loop. */
const turnEvery = 8;

export const keyOf = (row: ArrayLike<number>): string => Array.from(row).join(" ");

/**
 * Betters a set of experiments by exchanging one after the other for the candidate or neighbour that betters the
 * criterion most, until nothing does.
 * Sources: V. V. Fedorov, Theory of Optimal Experiments (1972); R. K. Meyer, C. J. Nachtsheim, Technometrics 37, 60
 * (1995), doi:10.1080/00401706.1995.10485889 (coordinate exchange).
 * @param start n x dimension
 * @param turn called now and then, so that the caller can check in
 */
export async function exchange(
  problem: ExchangeProblem,
  start: Matrix,
  turn: () => Promise<void>,
): Promise<ExchangeResult> {
  const { candidates } = problem;
  const rows = matrix(start.rows, start.columns, start.data.slice());
  const used = new Map<string, number>();
  const count = (key: string, by: number): void => {
    used.set(key, (used.get(key) ?? 0) + by);
  };
  const isFree = (key: string): boolean =>
    problem.replicates || (!problem.taken.has(key) && (used.get(key) ?? 0) === 0);
  for (let i = 0; i < rows.rows; i++) count(keyOf(rowOf(rows, i)), 1);
  const expanded = expandAll(problem, rows);
  const pool = expandAll(problem, candidates);
  const poolKeys = Array.from({ length: candidates.rows }, (_, k) => keyOf(rowOf(candidates, k)));

  let state = stateOf(problem, expanded);
  let ofPool = selfTerms(state, pool);
  /** Exchanges experiment i for the best design that is free; false when none is better. */
  const better = (i: number, near: Matrix): boolean => {
    const judge = judgeOf(state, rowOf(expanded, i));
    const nearTerms = expandAll(problem, near);
    const ofNear = selfTerms(state, nearTerms);
    let best = leastGain;
    let row: Float64Array | null = null;
    for (let k = 0; k < pool.rows; k++) {
      const gain = judge(rowOf(pool, k), ofPool.variance[k], ofPool.weighted[k]);
      if (gain <= best || !isFree(poolKeys[k])) continue;
      best = gain;
      row = rowOf(candidates, k);
    }
    for (let k = 0; k < near.rows; k++) {
      const gain = judge(rowOf(nearTerms, k), ofNear.variance[k], ofNear.weighted[k]);
      if (gain <= best || !isFree(keyOf(rowOf(near, k)))) continue;
      best = gain;
      row = rowOf(near, k);
    }
    if (row === null) return false;
    count(keyOf(rowOf(rows, i)), -1);
    rowOf(rows, i).set(row);
    count(keyOf(row), 1);
    problem.expand(row, rowOf(expanded, i));
    state = stateOf(problem, expanded);
    ofPool = selfTerms(state, pool);
    return true;
  };
  // Candidates are cheap to judge, so neighbours come when these bring no more.
  const nobody = matrix(0, rows.columns);
  for (const withNear of [false, true]) {
    let isBetter = true;
    for (let round = 0; round < mostRounds && isBetter; round++) {
      isBetter = false;
      for (let i = 0; i < rows.rows; i++) {
        if (better(i, withNear ? problem.near(rowOf(rows, i)) : nobody)) isBetter = true;
        if (i % turnEvery === 0) await turn();
      }
    }
  }
  return { rows, value: criterionOf(problem, expanded) };
}

/** n x terms. */
export function expandAll(
  { terms, expand }: Pick<ExchangeProblem, "terms" | "expand">,
  rows: Matrix,
): Matrix {
  const result = matrix(rows.rows, terms);
  for (let i = 0; i < rows.rows; i++) expand(rowOf(rows, i), rowOf(result, i));
  return result;
}

/** F'F of rows of terms, added to `onto` where that is given. */
export function informationOf(expanded: Matrix, onto?: Matrix): Matrix {
  const p = expanded.columns;
  const total = matrix(p, p, onto?.data.slice());
  for (let i = 0; i < expanded.rows; i++) {
    const f = rowOf(expanded, i);
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) total.data[a * p + b] += f[a] * f[b];
    }
  }
  return total;
}

/** Inverse information M^-1 and, for the I criterion, M^-1 W M^-1. */
interface State {
  readonly inverse: Matrix;
  readonly weighted: Matrix | null;
  /** For the I criterion the mean variance, trace(M^-1 W). */
  readonly variance: number;
}

function stateOf({ criterion, information, moments }: ExchangeProblem, expanded: Matrix): State {
  const total = informationOf(expanded, information);
  const p = total.rows;
  let trace = 0;
  for (let a = 0; a < p; a++) trace += total.data[a * p + a];
  for (let a = 0; a < p; a++) total.data[a * p + a] += startingInformation * (trace / p || 1);
  const inverse = choleskyInverse(choleskyWithJitter(total).factor);
  if (criterion === "d") return { inverse, weighted: null, variance: 0 };
  const product = times(inverse, moments);
  let variance = 0;
  for (let a = 0; a < p; a++) variance += product.data[a * p + a];
  return { inverse, weighted: times(product, inverse), variance };
}

/** f' M^-1 f and, for the I criterion, f' M^-1 W M^-1 f of rows of terms. */
function selfTerms(
  { inverse, weighted }: State,
  rows: Matrix,
): { readonly variance: Float64Array; readonly weighted: Float64Array } {
  const of = (m: Matrix): Float64Array =>
    Float64Array.from({ length: rows.rows }, (_, k) => quadratic(m, rowOf(rows, k)));
  return {
    variance: of(inverse),
    weighted: weighted === null ? new Float64Array(rows.rows) : of(weighted),
  };
}

/**
 * The gain of a row of terms f that takes the place of the experiment a: D, the logarithm of the ratio of determinants;
 * I, the relative fall of the mean variance. From two rank-one updates, given what `selfTerms` says of f.
 */
function judgeOf(
  { inverse, weighted, variance }: State,
  a: Float64Array,
): (f: Float64Array, ownVariance: number, ownWeighted: number) => number {
  const va = apply(inverse, a);
  const da = dot(va, a);
  if (weighted === null) {
    return (f, df) => {
      const cross = dot(va, f);
      const ratio = (1 + df) * (1 - da) + cross * cross;
      return ratio > 0 ? log(ratio) : Number.NEGATIVE_INFINITY;
    };
  }
  const qa = apply(weighted, a);
  const qaa = dot(qa, a);
  return (f, df, qff) => {
    const cross = dot(va, f);
    const share = cross / (1 + df);
    const left = 1 - (da - cross * share);
    if (!(left > 1e-12)) return Number.NEGATIVE_INFINITY;
    const added = qaa - 2 * share * dot(qa, f) + share * share * qff;
    return (qff / (1 + df) - added / left) / variance;
  };
}

/** D: -log det; I: trace(M^-1 W). Infinite where the experiments do not determine the model. */
export function criterionOf(
  {
    criterion,
    information,
    moments,
  }: Pick<ExchangeProblem, "criterion" | "information" | "moments">,
  expanded: Matrix,
): number {
  const total = informationOf(expanded, information);
  const { factor, jitter } = choleskyWithJitter(total, { maxRelativeJitter: 1 });
  if (jitter > 0) return Number.POSITIVE_INFINITY;
  if (criterion === "d") return -logDeterminant(factor);
  const inverse = choleskyInverse(factor);
  let trace = 0;
  for (let k = 0; k < inverse.data.length; k++) trace += inverse.data[k] * moments.data[k];
  return trace;
}

function times(a: Matrix, b: Matrix): Matrix {
  const n = a.rows;
  const result = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a.data[i * n + k];
      for (let j = 0; j < n; j++) result.data[i * n + j] += factor * b.data[k * n + j];
    }
  }
  return result;
}

function apply(m: Matrix, v: Float64Array): Float64Array {
  return Float64Array.from({ length: m.rows }, (_, i) => dot(rowOf(m, i), v));
}

export function quadratic({ data, columns: p }: Matrix, v: Float64Array): number {
  let sum = 0;
  for (let i = 0, k = 0; i < p; i++) {
    let inner = 0;
    for (let j = 0; j < p; j++, k++) inner += data[k] * v[j];
    sum += inner * v[i];
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
