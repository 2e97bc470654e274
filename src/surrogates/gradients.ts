import { erf, exp, log1p, tanh } from "../core/elementary.ts";
import { matrix, rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Activation } from "../core/autodiff/elementwise.ts";
import type { DenseLayer, LayeredNetworks, Plane } from "./structure.ts";

/** The gradient of a plane at rows, n x inputs: its coefficients everywhere. */
export function planeGradient({ coefficients }: Plane, x: Matrix): Matrix {
  const result = matrix(x.rows, coefficients.length);
  for (let i = 0; i < x.rows; i++) rowOf(result, i).set(coefficients);
  return result;
}

/**
 * The gradient of the averaged number that networks give, n x inputs, by reverse differentiation of their
 * layers (link `identity`). At the kink of relu the slope of the lower side is taken.
 */
export function layersGradient(layers: LayeredNetworks, x: Matrix): Matrix {
  const { inputs, inputMean, inputScale, networks, activation, scale } = layers;
  const result = matrix(x.rows, inputs);
  for (let i = 0; i < x.rows; i++) {
    const row = rowOf(x, i);
    const scaled = row.map((value, j) => (value - inputMean[j]) / inputScale[j]);
    const sum = rowOf(result, i);
    for (const network of networks) {
      const gradient = networkGradient(network, activation, scaled);
      for (let j = 0; j < inputs; j++) {
        sum[j] += (scale * gradient[j]) / (inputScale[j] * networks.length);
      }
    }
  }
  return result;
}

/** Gradient of the first output of one network by its scaled inputs. */
function networkGradient(
  network: readonly DenseLayer[],
  activation: Activation,
  x: Float64Array,
): Float64Array {
  const { value, slope } = scalar[activation];
  const sums: Float64Array[] = [];
  let input = x;
  for (const { weight, bias } of network) {
    const sum = bias.slice();
    for (let j = 0; j < weight.rows; j++) {
      for (let k = 0; k < weight.columns; k++)
        sum[k] += input[j] * weight.data[j * weight.columns + k];
    }
    sums.push(sum);
    input = sum.map(value);
  }
  // The last layer has no activation; from its first output back to the inputs.
  let back = Float64Array.of(1);
  for (let l = network.length - 1; l >= 0; l--) {
    const { weight } = network[l];
    const next = new Float64Array(weight.rows);
    for (let j = 0; j < weight.rows; j++) {
      for (let k = 0; k < back.length; k++)
        next[j] += weight.data[j * weight.columns + k] * back[k];
      if (l > 0) next[j] *= slope(sums[l - 1][j]);
    }
    back = next;
  }
  return back;
}

const logistic = (x: number): number => (x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)));
const normal = (x: number): number => 0.5 * (1 + erf(x / Math.SQRT2));
const density = (x: number): number => exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** The activations of networks for one number, with their derivatives. */
const scalar: Record<
  Activation,
  { readonly value: (x: number) => number; readonly slope: (x: number) => number }
> = {
  tanh: { value: tanh, slope: (x) => 1 - tanh(x) * tanh(x) },
  relu: { value: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) },
  gelu: { value: (x) => x * normal(x), slope: (x) => normal(x) + x * density(x) },
  silu: {
    value: (x) => x * logistic(x),
    slope: (x) => logistic(x) * (1 + x * (1 - logistic(x))),
  },
  sigmoid: { value: logistic, slope: (x) => logistic(x) * (1 - logistic(x)) },
  softplus: {
    value: (x) => Math.max(0, x) + log1p(exp(-Math.abs(x))),
    slope: logistic,
  },
};
