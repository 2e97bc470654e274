import { at } from "./address";
import { log1p } from "./elementary";
import { expLanes } from "./vector-functions";

// Rows of x (n x d) are points, scaled by their length scales; y holds the other points turned
// (d x m, row length `ldy`, even and at least m), so that one vector register holds two points.

/** Squared distances of point `row` to the points j and j + 1. */
function squaredDistances(d: i32, row: usize, y: usize, ldy: i32, j: i32): v128 {
  let sum = f64x2.splat(0);
  let column = at(y, j);
  for (let k = 0; k < d; k++) {
    const difference = f64x2.sub(v128.load64_splat(at(row, k)), v128.load(column));
    sum = f64x2.add(sum, f64x2.mul(difference, difference));
    column += (<usize>ldy) << 3;
  }
  return sum;
}

/** out[i, j] = squared distance of x[i] and y[j]; out is n x m with row length `ldOut` >= ldy. */
export function distanceMatrix(
  n: i32,
  m: i32,
  d: i32,
  x: usize,
  y: usize,
  ldy: i32,
  out: usize,
  ldOut: i32,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j += 2) {
      v128.store(at(out, i * ldOut + j), squaredDistances(d, at(x, i * d), y, ldy, j));
    }
  }
}

// Correlations by number; r2 is the squared scaled distance. Source: C. E. Rasmussen, C. K. I. Williams,
// Gaussian Processes for Machine Learning (2006), eqs. 4.9, 4.14, 4.17, 4.19.
// 0: Matern nu = 1/2, 1: nu = 3/2, 2: nu = 5/2, 3: squared exponential, 4: rational quadratic of `shape`.

/** log(1 + u) in both lanes, u >= 0. */
function log1pLanes(u: v128): v128 {
  return f64x2(log1p(f64x2.extract_lane(u, 0)), log1p(f64x2.extract_lane(u, 1)));
}

/** Correlation at a squared distance. */
function correlation(kind: i32, shape: f64, r2: v128): v128 {
  if (kind == 2) {
    const s = f64x2.sqrt(f64x2.mul(f64x2.splat(5), r2));
    const polynomial = f64x2.add(
      f64x2.splat(1),
      f64x2.mul(s, f64x2.add(f64x2.splat(1), f64x2.mul(s, f64x2.splat(1.0 / 3)))),
    );
    return f64x2.mul(polynomial, expLanes(f64x2.neg(s)));
  }
  if (kind == 3) return expLanes(f64x2.mul(f64x2.splat(-0.5), r2));
  if (kind == 1) {
    const s = f64x2.sqrt(f64x2.mul(f64x2.splat(3), r2));
    return f64x2.mul(f64x2.add(f64x2.splat(1), s), expLanes(f64x2.neg(s)));
  }
  if (kind == 0) return expLanes(f64x2.neg(f64x2.sqrt(r2)));
  const u = f64x2.mul(f64x2.splat(0.5 / shape), r2);
  return expLanes(f64x2.mul(f64x2.splat(-shape), log1pLanes(u)));
}

/** -(d correlation / d r) / r, so that d correlation / d log length scale k is this times r_k^2. */
function slope(kind: i32, shape: f64, r2: v128): v128 {
  if (kind == 2) {
    const s = f64x2.sqrt(f64x2.mul(f64x2.splat(5), r2));
    const linear = f64x2.mul(f64x2.splat(5.0 / 3), f64x2.add(f64x2.splat(1), s));
    return f64x2.mul(linear, expLanes(f64x2.neg(s)));
  }
  if (kind == 3) return expLanes(f64x2.mul(f64x2.splat(-0.5), r2));
  if (kind == 1) {
    const s = f64x2.sqrt(f64x2.mul(f64x2.splat(3), r2));
    return f64x2.mul(f64x2.splat(3), expLanes(f64x2.neg(s)));
  }
  if (kind == 0) {
    // Infinite at r = 0, where it is multiplied by r_k^2 = 0; there 1 / r is taken as 0.
    const r = f64x2.sqrt(r2);
    const inverse = f64x2.div(f64x2.splat(1), r);
    const defined = f64x2.gt(r, f64x2.splat(0));
    return v128.and(defined, f64x2.mul(inverse, expLanes(f64x2.neg(r))));
  }
  const u = f64x2.mul(f64x2.splat(0.5 / shape), r2);
  return expLanes(f64x2.mul(f64x2.splat(-shape - 1), log1pLanes(u)));
}

/** d correlation / d log shape; zero for the kinds without a shape. */
function shapeSlope(kind: i32, shape: f64, r2: v128): v128 {
  if (kind != 4) return f64x2.splat(0);
  const u = f64x2.mul(f64x2.splat(0.5 / shape), r2);
  const logarithm = log1pLanes(u);
  const share = f64x2.div(u, f64x2.add(f64x2.splat(1), u));
  const value = expLanes(f64x2.mul(f64x2.splat(-shape), logarithm));
  return f64x2.mul(f64x2.mul(f64x2.splat(shape), value), f64x2.sub(share, logarithm));
}

/**
 * out[i, j] = variance times the correlation of x[i] and y[j]. With `lowerOnly`, entries beyond the
 * diagonal are left out (except beside it). out is n x m with row length `ldOut` >= ldy.
 */
export function covariance(
  kind: i32,
  shape: f64,
  n: i32,
  m: i32,
  d: i32,
  variance: f64,
  x: usize,
  y: usize,
  ldy: i32,
  out: usize,
  ldOut: i32,
  lowerOnly: bool,
): void {
  const factor = f64x2.splat(variance);
  for (let i = 0; i < n; i++) {
    const end = lowerOnly && i + 1 < m ? i + 1 : m;
    const row = at(x, i * d);
    const target = at(out, i * ldOut);
    let j = 0;
    // Eight points at once, so that a coordinate of the row is loaded once for all of them.
    for (; j + 8 <= end; j += 8) {
      let sum0 = f64x2.splat(0);
      let sum1 = f64x2.splat(0);
      let sum2 = f64x2.splat(0);
      let sum3 = f64x2.splat(0);
      let column = at(y, j);
      for (let k = 0; k < d; k++) {
        const coordinate = v128.load64_splat(at(row, k));
        const difference0 = f64x2.sub(coordinate, v128.load(column));
        const difference1 = f64x2.sub(coordinate, v128.load(column, 16));
        const difference2 = f64x2.sub(coordinate, v128.load(column, 32));
        const difference3 = f64x2.sub(coordinate, v128.load(column, 48));
        sum0 = f64x2.add(sum0, f64x2.mul(difference0, difference0));
        sum1 = f64x2.add(sum1, f64x2.mul(difference1, difference1));
        sum2 = f64x2.add(sum2, f64x2.mul(difference2, difference2));
        sum3 = f64x2.add(sum3, f64x2.mul(difference3, difference3));
        column += (<usize>ldy) << 3;
      }
      const to = at(target, j);
      v128.store(to, f64x2.mul(factor, correlation(kind, shape, sum0)));
      v128.store(to, f64x2.mul(factor, correlation(kind, shape, sum1)), 16);
      v128.store(to, f64x2.mul(factor, correlation(kind, shape, sum2)), 32);
      v128.store(to, f64x2.mul(factor, correlation(kind, shape, sum3)), 48);
    }
    for (; j < end; j += 2) {
      const r2 = squaredDistances(d, row, y, ldy, j);
      v128.store(at(target, j), f64x2.mul(factor, correlation(kind, shape, r2)));
    }
  }
}

/**
 * out[k] = sum over i, j of w[i, j] dK[i, j] / dlog(lengthScale[k]) for the covariance K of x (n x d) and
 * y (m points), k < d; out[d] the same for log(shape). With `symmetric`, x and y are the same points, w is
 * symmetric and only its lower triangle is read. w has row length `ldw`. Scratch: m + 1 numbers.
 */
export function covarianceGradient(
  kind: i32,
  shape: f64,
  n: i32,
  m: i32,
  d: i32,
  variance: f64,
  x: usize,
  y: usize,
  ldy: i32,
  w: usize,
  ldw: i32,
  out: usize,
  scratch: usize,
  symmetric: bool,
): void {
  memory.fill(out, 0, (<usize>d + 1) << 3);
  const factor = f64x2.splat(symmetric ? 2 * variance : variance);
  let shapeSum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = at(x, i * d);
    const end = symmetric ? i : m;
    for (let j = 0; j < end; j += 2) {
      const r2 = squaredDistances(d, row, y, ldy, j);
      const weight = f64x2.mul(factor, v128.load(at(w, i * ldw + j)));
      v128.store(at(scratch, j), f64x2.mul(weight, slope(kind, shape, r2)));
      if (kind == 4) {
        const part = f64x2.mul(weight, shapeSlope(kind, shape, r2));
        shapeSum += f64x2.extract_lane(part, 0);
        if (j + 1 < end) shapeSum += f64x2.extract_lane(part, 1);
      }
    }
    if (end & 1) store<f64>(at(scratch, end), 0);
    for (let k = 0; k < d; k++) {
      const coordinate = v128.load64_splat(at(row, k));
      let sum = f64x2.splat(0);
      for (let j = 0; j < end; j += 2) {
        const difference = f64x2.sub(coordinate, v128.load(at(y, k * ldy + j)));
        sum = f64x2.add(
          sum,
          f64x2.mul(v128.load(at(scratch, j)), f64x2.mul(difference, difference)),
        );
      }
      const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
      store<f64>(at(out, k), load<f64>(at(out, k)) + total);
    }
  }
  store<f64>(at(out, d), shapeSum);
}
