import { at } from "./address";
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

/**
 * out[i, j] = variance (1 + s + s^2 / 3) e^-s with s = sqrt(5) times the distance: Matern's covariance
 * with nu = 5/2. With `lowerOnly`, entries beyond the diagonal are left out (except beside it).
 * out is n x m with row length `ldOut` >= ldy. Source: C. E. Rasmussen, C. K. I. Williams, Gaussian
 * Processes for Machine Learning (2006), eq. 4.17.
 */
export function maternCovariance(
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
    for (let j = 0; j < end; j += 2) {
      const s = f64x2.sqrt(f64x2.mul(f64x2.splat(5), squaredDistances(d, at(x, i * d), y, ldy, j)));
      const polynomial = f64x2.add(
        f64x2.splat(1),
        f64x2.mul(s, f64x2.add(f64x2.splat(1), f64x2.mul(s, f64x2.splat(1.0 / 3)))),
      );
      const decay = expLanes(f64x2.neg(s));
      v128.store(at(out, i * ldOut + j), f64x2.mul(factor, f64x2.mul(polynomial, decay)));
    }
  }
}

/**
 * out[k] = sum over i, j of w[i, j] dK[i, j] / dlog(lengthScale[k]) for the Matern 5/2 covariance of x
 * with itself, w being symmetric (n x n, row length `ldw`, lower triangle read). dK / dlog l_k =
 * variance 5/3 (1 + s) e^-s (x_ik - x_jk)^2. Scratch: n + 1 numbers.
 */
export function maternGradient(
  n: i32,
  d: i32,
  variance: f64,
  x: usize,
  y: usize,
  ldy: i32,
  w: usize,
  ldw: i32,
  out: usize,
  scratch: usize,
): void {
  memory.fill(out, 0, (<usize>d) << 3);
  const factor = f64x2.splat((variance * 10) / 3);
  for (let i = 1; i < n; i++) {
    const row = at(x, i * d);
    for (let j = 0; j < i; j += 2) {
      const s = f64x2.sqrt(f64x2.mul(f64x2.splat(5), squaredDistances(d, row, y, ldy, j)));
      const decay = f64x2.mul(f64x2.add(f64x2.splat(1), s), expLanes(f64x2.neg(s)));
      v128.store(
        at(scratch, j),
        f64x2.mul(f64x2.mul(factor, v128.load(at(w, i * ldw + j))), decay),
      );
    }
    if (i & 1) store<f64>(at(scratch, i), 0);
    for (let k = 0; k < d; k++) {
      const coordinate = v128.load64_splat(at(row, k));
      let sum = f64x2.splat(0);
      for (let j = 0; j < i; j += 2) {
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
}
