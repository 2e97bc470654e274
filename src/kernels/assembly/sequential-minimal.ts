import { at } from "./address";

// Passes of sequential minimal optimisation over n rows (padded to an even number): e holds errors, `up`
// and `low` what is added to an error for moving a coefficient up or down (minus or plus infinity where it
// cannot move).

const minusInfinity: f64 = -f64.MAX_VALUE * 2;

/**
 * e[t] -= delta (k1[t] - k2[t]); out[0] = largest e + up, out[1] = its row, out[2] = least e + low.
 */
export function stepErrors(
  n: i32,
  e: usize,
  k1: usize,
  k2: usize,
  delta: f64,
  up: usize,
  low: usize,
  out: usize,
): void {
  let highest = f64x2.splat(minusInfinity);
  let where = f64x2.splat(0);
  let least = f64x2.splat(-minusInfinity);
  let rows = f64x2(0, 1);
  const step = f64x2.splat(delta);
  for (let t = 0; t < n; t += 2) {
    const change = f64x2.mul(step, f64x2.sub(v128.load(at(k1, t)), v128.load(at(k2, t))));
    const error = f64x2.sub(v128.load(at(e, t)), change);
    v128.store(at(e, t), error);
    const upward = f64x2.add(error, v128.load(at(up, t)));
    const isHigher = f64x2.gt(upward, highest);
    highest = v128.bitselect(upward, highest, isHigher);
    where = v128.bitselect(rows, where, isHigher);
    least = f64x2.pmin(least, f64x2.add(error, v128.load(at(low, t))));
    rows = f64x2.add(rows, f64x2.splat(2));
  }
  const a = f64x2.extract_lane(highest, 0);
  const b = f64x2.extract_lane(highest, 1);
  const rowA = f64x2.extract_lane(where, 0);
  const rowB = f64x2.extract_lane(where, 1);
  const first = a > b || (a == b && rowA < rowB);
  store<f64>(out, first ? a : b);
  store<f64>(out, first ? rowA : rowB, 8);
  store<f64>(out, Math.min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)), 16);
}

/**
 * The row t of largest gain b^2 / (2 - 2 k[t]) among those with b = highest - e[t] - low[t] > 0; -1 = none.
 * Source: R.-E. Fan, P.-H. Chen, C.-J. Lin, J. Mach. Learn. Res. 6, 1889 (2005), eq. 14.
 */
export function pickPartner(n: i32, e: usize, k: usize, low: usize, highest: f64): i32 {
  const top = f64x2.splat(highest);
  const zero = f64x2.splat(0);
  const two = f64x2.splat(2);
  const tiny = f64x2.splat(1e-12);
  let best = f64x2.splat(0);
  let where = f64x2.splat(-1);
  let rows = f64x2(0, 1);
  for (let t = 0; t < n; t += 2) {
    const b = f64x2.sub(top, f64x2.add(v128.load(at(e, t)), v128.load(at(low, t))));
    const value = v128.load(at(k, t));
    const curvature = f64x2.pmax(tiny, f64x2.sub(two, f64x2.add(value, value)));
    const gain = f64x2.div(f64x2.mul(b, b), curvature);
    const isBetter = v128.and(f64x2.gt(b, zero), f64x2.gt(gain, best));
    best = v128.bitselect(gain, best, isBetter);
    where = v128.bitselect(rows, where, isBetter);
    rows = f64x2.add(rows, two);
  }
  const a = f64x2.extract_lane(best, 0);
  const b = f64x2.extract_lane(best, 1);
  const rowA = f64x2.extract_lane(where, 0);
  const rowB = f64x2.extract_lane(where, 1);
  const first = a > b || (a == b && rowA < rowB);
  return <i32>(first ? rowA : rowB);
}
