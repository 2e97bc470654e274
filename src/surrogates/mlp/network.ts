import { applyDense, dense, type Dense } from "../../core/autodiff/dense.ts";
import { activations, affine, softplus, type Activation } from "../../core/autodiff/elementwise.ts";
import { reshape, sliceColumns } from "../../core/autodiff/columns.ts";
import {
  given,
  glorot,
  he,
  logShares,
  ParameterBuilder,
  zeros,
  type BoundParameters,
  type Parameters,
} from "../../core/autodiff/parameters.ts";
import { gatherRows } from "../../core/autodiff/segments.ts";
import type { Tensor } from "../../core/autodiff/tape.ts";
import type { Rng } from "../../core/rng.ts";
import type { Task } from "../contract.ts";

/** Sizes and activation of a network. */
export interface NetworkShape {
  readonly inputs: number;
  readonly hidden: readonly number[];
  /** Outputs of one head: for numbers mean and spread, else one score per class. */
  readonly outputs: number;
  /** Heads over the hidden layers: one for each source of the rows, or a single one. */
  readonly heads: number;
  readonly activation: Activation;
}

/** A multi-layer perceptron with its parameters. */
export interface Network {
  readonly shape: NetworkShape;
  readonly hidden: readonly Dense[];
  readonly output: Dense;
  readonly parameters: Parameters;
}

export function shapeFor(
  task: Task,
  inputs: number,
  heads: number,
  { hidden, activation }: Pick<NetworkShape, "hidden" | "activation">,
): NetworkShape {
  const outputs = task.kind === "regression" ? 2 : task.classes.length;
  return { inputs, hidden, outputs, heads, activation };
}

/**
 * A network with random hidden layers. Its output layer starts at weight 0 and `bias` (heads x outputs), so that
 * it begins with the answer that looks at no input and treats all classes alike.
 */
export function createNetwork(shape: NetworkShape, bias: ArrayLike<number>, rng: Rng): Network {
  const builder = new ParameterBuilder(rng);
  const { activation } = shape;
  const weight = activation === "tanh" || activation === "sigmoid" ? glorot : he;
  let width = shape.inputs;
  const hidden = shape.hidden.map((units, k) => {
    const layer = dense(builder, `hidden ${k + 1}`, width, units, { weight });
    width = units;
    return layer;
  });
  const output = dense(builder, "output", width, shape.outputs * shape.heads, {
    weight: zeros,
    bias: given(bias),
  });
  return { shape, hidden, output, parameters: builder.build() };
}

/** log(e - 1): softplus of it is 1, the variance of standardised targets. */
const unitVariance = 0.541324854612918;

/**
 * Output bias that gives mean 0 and variance 1, or the shares of the classes in the labels, for each head; a
 * head without rows starts with the shares of all rows.
 * @param headOf head of each row
 */
export function startingBias(
  task: Task,
  y: Float64Array,
  heads = 1,
  headOf: Int32Array = new Int32Array(y.length),
): Float64Array {
  const bias: number[] = [];
  for (let head = 0; head < heads; head++) {
    if (task.kind === "regression") {
      bias.push(0, unitVariance);
      continue;
    }
    const counts = new Float64Array(task.classes.length);
    const isEmpty = !headOf.includes(head);
    for (let i = 0; i < y.length; i++) if (isEmpty || headOf[i] === head) counts[y[i]]++;
    bias.push(...logShares(counts));
  }
  return Float64Array.from(bias);
}

/** What `applyNetwork` may be given. */
export interface Application {
  /** Applied after each hidden layer. */
  readonly thin?: (h: Tensor) => Tensor;
  /** Head of each row, where the network has more than one. */
  readonly heads?: Int32Array | undefined;
}

/** Outputs (n x outputs) for scaled inputs (n x inputs). */
export function applyNetwork(
  { shape, hidden, output }: Network,
  p: BoundParameters,
  x: Tensor,
  { thin = (h) => h, heads }: Application = {},
): Tensor {
  const activate = activations[shape.activation];
  let h = x;
  for (const layer of hidden) h = thin(activate(applyDense(layer, p, h)));
  const outputs = applyDense(output, p, h);
  if (shape.heads === 1 || heads === undefined) return outputs;
  const perHead = reshape(outputs, x.rows * shape.heads, shape.outputs);
  return gatherRows(
    perHead,
    heads.map((head, i) => i * shape.heads + head),
  );
}

/** Smallest variance of a standardised target that a network may claim. */
export const leastVariance = 1e-6;

/** Mean and variance (n x 1 each) of a standardised target from the two outputs. */
export function meanAndVariance(outputs: Tensor): { centre: Tensor; variance: Tensor } {
  return {
    centre: sliceColumns(outputs, 0, 1),
    variance: affine(softplus(sliceColumns(outputs, 1, 2)), 1, leastVariance),
  };
}
