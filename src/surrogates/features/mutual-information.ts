import { digamma } from "../../core/gamma-function.ts";
import type { Rng } from "../../core/rng.ts";
import { standardDeviation } from "../../core/statistics.ts";

/** Neighbours that are looked at; 3 is the usual choice of Kraskov et al. */
const defaultNeighbours = 3;

/** Breaks ties, which the estimators do not know: this share of the typical size. */
const tieNoise = 1e-10;

/**
 * Mutual information of two continuous numbers in nats, at least 0, by k nearest neighbours.
 * Source: A. Kraskov, H. Stögbauer, P. Grassberger, Phys. Rev. E 69, 066138 (2004),
 * doi:10.1103/PhysRevE.69.066138, eq. 8.
 * @param rng breaks ties with noise that is ten orders smaller than the numbers
 */
export function mutualInformation(
  x: Float64Array,
  y: Float64Array,
  rng: Rng,
  neighbours = defaultNeighbours,
): number {
  const n = x.length;
  const k = Math.min(neighbours, n - 1);
  if (k < 1) return 0;
  const a = scaled(x, rng.fork("x"));
  const b = scaled(y, rng.fork("y"));
  if (a === undefined || b === undefined) return 0;
  const radius = nearestRadii(a, b, k);
  const [sortedA, sortedB] = [a.slice().sort(), b.slice().sort()];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += digamma(countWithin(sortedA, a[i], radius[i]));
    sum += digamma(countWithin(sortedB, b[i], radius[i]));
  }
  return Math.max(0, digamma(n) + digamma(k) - sum / n);
}

/**
 * Mutual information of a continuous number and a class in nats, at least 0; classes with one row do
 * not count.
 * Source: B. C. Ross, PLoS ONE 9, e87357 (2014), doi:10.1371/journal.pone.0087357.
 * @param labels class of each row
 */
export function mutualInformationWithClass(
  x: Float64Array,
  labels: ArrayLike<number>,
  rng: Rng,
  neighbours = defaultNeighbours,
): number {
  const all = scaled(x, rng.fork("x"));
  if (all === undefined) return 0;
  const rowsOf = new Map<number, number[]>();
  for (let i = 0; i < x.length; i++) {
    const rows = rowsOf.get(labels[i]);
    if (rows === undefined) rowsOf.set(labels[i], [i]);
    else rows.push(i);
  }
  const groups = [...rowsOf.values()].filter((rows) => rows.length > 1);
  const used = Float64Array.from(
    groups.flat().sort((i, j) => i - j),
    (i) => all[i],
  ).sort();
  const n = used.length;
  if (n === 0) return 0;
  let sum = 0;
  for (const rows of groups) {
    const own = Float64Array.from(rows, (i) => all[i]).sort();
    const k = Math.min(neighbours, own.length - 1);
    for (let p = 0; p < own.length; p++) {
      // The k nearest of a sorted list lie in a window around it.
      let [low, high] = [p, p];
      while (high - low < k) {
        const left = low > 0 ? own[p] - own[low - 1] : Number.POSITIVE_INFINITY;
        const right = high + 1 < own.length ? own[high + 1] - own[p] : Number.POSITIVE_INFINITY;
        if (left <= right) low--;
        else high++;
      }
      const radius = Math.max(own[p] - own[low], own[high] - own[p]);
      sum += digamma(k) - digamma(own.length) - digamma(countWithin(used, own[p], radius));
    }
  }
  return Math.max(0, digamma(n) + sum / n);
}

/** Numbers with standard deviation 1 and ties broken; undefined for constant ones. */
function scaled(values: Float64Array, rng: Rng): Float64Array | undefined {
  const scale = values.length < 2 ? 0 : standardDeviation(values, 0);
  if (!(scale > 0)) return undefined;
  const result = values.map((value) => value / scale);
  const size = result.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  const noise = tieNoise * Math.max(1, size);
  return result.map((value) => value + noise * rng.normal());
}

/** Distance of every row to its k-th nearest other one, by the larger of the two differences. */
function nearestRadii(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const n = a.length;
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i] - a[j]);
  const radii = new Float64Array(n);
  const nearest = new Float64Array(k);
  for (let p = 0; p < n; p++) {
    const i = order[p];
    nearest.fill(Number.POSITIVE_INFINITY);
    const visit = (q: number): boolean => {
      if (q < 0 || q >= n) return false;
      const gap = Math.abs(a[order[q]] - a[i]);
      if (gap >= nearest[k - 1]) return false;
      const distance = Math.max(gap, Math.abs(b[order[q]] - b[i]));
      if (distance < nearest[k - 1]) {
        let at = k - 1;
        for (; at > 0 && nearest[at - 1] > distance; at--) nearest[at] = nearest[at - 1];
        nearest[at] = distance;
      }
      return true;
    };
    for (let step = 1, left = true, right = true; left || right; step++) {
      if (left) left = visit(p - step);
      if (right) right = visit(p + step);
    }
    radii[i] = nearest[k - 1];
  }
  return radii;
}

/** How many of the sorted numbers lie nearer to `centre` than `radius`, itself included. */
function countWithin(sorted: Float64Array, centre: number, radius: number): number {
  const first = bound(sorted, (value) => centre - value < radius);
  const last = bound(sorted, (value) => value - centre >= radius);
  return Math.max(1, last - first);
}

/** Position of the first number for which the rising condition holds. */
function bound(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
