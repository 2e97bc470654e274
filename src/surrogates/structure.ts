import type { Activation } from "../core/autodiff/elementwise.ts";
import type { Matrix } from "../core/matrix.ts";

/** What the mean of a model may be made of, for what reads it (explanations). */
export type ModelStructure = "trees" | "plane" | "layers";

/**
 * Trees whose leaves add up to a prediction: output k of a row is
 * `offset[k] + scale * sum over trees of leafValue[leaf * outputs + k]`. Tree t starts at node `roots[t]`.
 * A split sends a row to node `left` when its input `feature` is at most `threshold`, else to `left + 1`;
 * a leaf has feature -1 and its index among all leaves in `left`.
 */
export interface TreeEnsemble {
  readonly inputs: number;
  readonly outputs: number;
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  /** Leaves x outputs. */
  readonly leafValue: Float64Array;
  readonly offset: Float64Array;
  readonly scale: number;
}

/** A prediction that is `intercept + sum_j coefficients[j] x_j`, in the caller's units. */
export interface Plane {
  readonly intercept: number;
  readonly coefficients: Float64Array;
}

/** A fully connected layer: x W + b, with W inputs x outputs. */
export interface DenseLayer {
  readonly name: string;
  readonly weight: Matrix;
  readonly bias: Float64Array;
}

/**
 * Networks whose answers are averaged. Input j enters as `(x_j - inputMean[j]) / inputScale[j]`; the activation
 * stands between the layers. With the link `identity` the mean of the networks' output, times `scale` plus
 * `offset`, is the prediction; with `softmax` the outputs of each network are scores of the classes.
 */
export interface LayeredNetworks {
  readonly inputs: number;
  readonly outputs: number;
  readonly inputMean: Float64Array;
  readonly inputScale: Float64Array;
  readonly activation: Activation;
  readonly networks: readonly (readonly DenseLayer[])[];
  readonly link: "identity" | "softmax";
  readonly offset: number;
  readonly scale: number;
}
