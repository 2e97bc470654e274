import type { Matrix } from "../../core/matrix.ts";

/** Squared distance of two rows; stops once it exceeds `limit`. */
function squaredDistance(
  a: ArrayLike<number>,
  p: number,
  b: ArrayLike<number>,
  q: number,
  d: number,
  limit: number,
): number {
  let sum = 0;
  for (let j = 0; j < d; j++) {
    const difference = a[p + j] - b[q + j];
    sum += difference * difference;
    if (sum > limit) return sum;
  }
  return sum;
}

/**
 * Distance of every row of z (n x d) to the nearest of the reference rows, root mean square over the
 * columns; 0 without columns.
 * @param reference m x d, row-major
 */
export function nearestDistances(z: Matrix, reference: Float32Array): Float64Array {
  const d = z.columns;
  // The reference is rounded to single precision, and so a training row has to be to lie on its own.
  const rows = Float32Array.from(z.data);
  return Float64Array.from({ length: z.rows }, (_, i) =>
    d === 0 ? 0 : Math.sqrt(nearest(rows, i, reference, d, -1) / d),
  );
}

/** The same of every reference row to its nearest other one; empty for fewer than two rows. */
export function ownNearestDistances(reference: Float32Array, d: number): Float64Array {
  const count = d === 0 ? 0 : reference.length / d;
  if (count < 2) return new Float64Array();
  return Float64Array.from({ length: count }, (_, i) =>
    Math.sqrt(nearest(reference, i, reference, d, i) / d),
  );
}

function nearest(
  rows: Float32Array,
  i: number,
  reference: Float32Array,
  d: number,
  except: number,
): number {
  let best = Number.POSITIVE_INFINITY;
  for (let q = 0, at = 0; at < reference.length; q++, at += d) {
    if (q === except) continue;
    const square = squaredDistance(rows, i * d, reference, at, d, best);
    if (square < best) best = square;
  }
  return best;
}
