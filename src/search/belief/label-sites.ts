import { choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { normalLogCdfSlope } from "../../core/special.ts";

/** What labels say of the function below, as measurements of it: n values and the variances of their noises. */
export interface LabelSites {
  readonly targets: Float64Array;
  readonly noises: Float64Array;
}

const mostSweeps = 30;
/** Sweeps end when no posterior mean moves by more than this, in posterior standard deviations. */
const settled = 1e-4;
/** A label that tells nothing still has a finite noise. */
const leastPrecision = 1e-10;

/**
 * Expectation propagation for labels of which the chance is `Phi(sign f / sqrt(scale))`, f a normal with mean 0: each
 * label becomes the measurement after which the belief of f at its place has the mean and variance that it has given
 * the label and what the others say. Far more accurate than Laplace's approximation where labels are sure.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), algorithm 3.5 and eq.
 * 3.58; H. Nickisch, C. E. Rasmussen, J. Mach. Learn. Res. 9, 2035 (2008) (comparison).
 * @param covariance of f at the places, n x n
 * @param signs n numbers, 1 or -1
 * @param scale variance of the normal threshold that a label is a comparison with
 */
export function labelSites(covariance: Matrix, signs: Float64Array, scale: number): LabelSites {
  const n = signs.length;
  const precision = new Float64Array(n);
  const shift = new Float64Array(n);
  let posterior = covariance.data.slice();
  let mean = new Float64Array(n);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let moved = 0;
    for (let i = 0; i < n; i++) {
      const own = posterior[i * (n + 1)];
      // What the others say: the posterior without this label.
      const outside = 1 / own - precision[i];
      const variance = 1 / outside;
      const without = variance * (mean[i] / own - shift[i]);
      const total = Math.sqrt(scale + variance);
      const z = (signs[i] * without) / total;
      const ratio = normalLogCdfSlope(z);
      const matched = without + (signs[i] * variance * ratio) / total;
      const left = variance - (variance * variance * ratio * (z + ratio)) / (total * total);
      const next = Math.max(leastPrecision, 1 / left - outside);
      const change = next - precision[i];
      moved = Math.max(moved, Math.abs(matched - mean[i]) / Math.sqrt(own));
      const shifted = matched / left - without * outside;
      // A change of one precision: Sigma - change / (1 + change own) s s', and the mean that goes with it.
      const factor = change / (1 + change * own);
      const move = (shifted - shift[i]) * (1 - factor * own) - factor * mean[i];
      precision[i] = next;
      shift[i] = shifted;
      const column = posterior.slice(i * n, (i + 1) * n);
      for (let j = 0; j < n; j++) {
        const by = factor * column[j];
        mean[j] += move * column[j];
        for (let k = 0; k < n; k++) posterior[j * n + k] -= by * column[k];
      }
    }
    ({ posterior, mean } = refreshed(covariance, precision, shift));
    if (moved < settled) break;
  }
  return {
    targets: shift.map((value, i) => value / precision[i]),
    noises: precision.map((value) => 1 / value),
  };
}

/** The posterior from the labels' precisions, without what rounding left in it. */
function refreshed(
  { data, rows: n }: Matrix,
  precision: Float64Array,
  shift: Float64Array,
): { posterior: Float64Array<ArrayBuffer>; mean: Float64Array<ArrayBuffer> } {
  const root = precision.map(Math.sqrt);
  const b = matrix(n, n);
  const scaled = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      scaled.data[i * n + j] = root[i] * data[i * n + j];
      b.data[i * n + j] = scaled.data[i * n + j] * root[j];
    }
    b.data[i * (n + 1)] += 1;
  }
  const { factor } = choleskyWithJitter(b);
  const v = solveTriangular(factor, scaled).data;
  const posterior = data.slice();
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      const by = v[k * n + i];
      for (let j = 0; j < n; j++) posterior[i * n + j] -= by * v[k * n + j];
    }
  }
  return { posterior, mean: times(posterior, shift) };
}

function times(a: Float64Array, x: Float64Array): Float64Array<ArrayBuffer> {
  const n = x.length;
  return Float64Array.from(x, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j] * x[j];
    return sum;
  });
}
