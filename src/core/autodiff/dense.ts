import { linear } from "./linear.ts";
import {
  glorot,
  ones,
  zeros,
  type BoundParameters,
  type Initialiser,
  type ParameterBuilder,
  type Slot,
} from "./parameters.ts";
import { layerNorm } from "./normalise.ts";
import type { Tensor } from "./tape.ts";

// Layers are plain objects: the places of their parameters. One function declares them, one applies them.

/** A fully connected layer. */
export interface Dense {
  readonly name: string;
  readonly weight: Slot;
  readonly bias: Slot;
}

/** How the parameters of a dense layer start. */
export interface DenseOptions {
  readonly weight?: Initialiser;
  readonly bias?: Initialiser;
}

/** Declares a fully connected layer. */
export function dense(
  builder: ParameterBuilder,
  name: string,
  inputs: number,
  outputs: number,
  { weight = glorot, bias = zeros }: DenseOptions = {},
): Dense {
  return {
    name,
    weight: builder.declare(`${name}.weight`, inputs, outputs, weight, { decays: true }),
    bias: builder.declare(`${name}.bias`, 1, outputs, bias),
  };
}

/** x W + b. @throws ShapeError naming the layer */
export function applyDense({ name, weight, bias }: Dense, p: BoundParameters, x: Tensor): Tensor {
  return linear(x, p.of(weight), p.of(bias), name);
}

/** A layer norm with its gain and bias. */
export interface Norm {
  readonly gain: Slot;
  readonly bias: Slot;
}

/** Declares a layer norm over this many columns. */
export function norm(builder: ParameterBuilder, name: string, columns: number): Norm {
  return {
    gain: builder.declare(`${name}.gain`, 1, columns, ones),
    bias: builder.declare(`${name}.bias`, 1, columns, zeros),
  };
}

/** See `layerNorm`. */
export function applyNorm({ gain, bias }: Norm, p: BoundParameters, x: Tensor): Tensor {
  return layerNorm(x, p.of(gain), p.of(bias));
}
