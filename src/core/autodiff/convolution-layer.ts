import { convolve, convolveTransposed } from "./convolution.ts";
import { zeros, type BoundParameters, type ParameterBuilder, type Slot } from "./parameters.ts";
import type { Tensor } from "./tape.ts";
import { layOutWindows, type Windows } from "./windows.ts";

/** A convolution with its parameters. */
export interface Convolution {
  readonly name: string;
  readonly windows: Windows;
  readonly isTransposed: boolean;
  readonly weight: Slot;
  readonly bias: Slot;
}

/**
 * Declares a convolution with this many output channels; or with `isTransposed` one whose result is what the
 * windows say, from this many input channels. Weights start normal with variance 2 / (numbers that enter an
 * output), for relu and the like (K. He et al., ICCV (2015), eq. 10).
 */
export function convolution(
  builder: ParameterBuilder,
  name: string,
  windows: Windows,
  channels: number,
  { isTransposed = false }: { isTransposed?: boolean } = {},
): Convolution {
  const { windowNumbers: size, windows: count, numbers } = layOutWindows(name, windows);
  // Of a transposed convolution each place gets numbers from as many windows as cover it, on average.
  const entering = isTransposed ? (channels * size * count) / numbers : size;
  const [rows, columns] = isTransposed ? [channels, size] : [size, channels];
  const weight = builder.declare(
    `${name}.weight`,
    rows,
    columns,
    (_rows, _columns, rng) => {
      const std = Math.sqrt(2 / entering);
      return Float64Array.from({ length: rows * columns }, () => std * rng.normal());
    },
    { decays: true },
  );
  const outputs = isTransposed ? windows.channels : channels;
  const bias = builder.declare(`${name}.bias`, 1, outputs, zeros);
  return { name, windows, isTransposed, weight, bias };
}

/** See `convolve` and `convolveTransposed`. @throws ShapeError naming the layer */
export function applyConvolution(
  { name, windows, isTransposed, weight, bias }: Convolution,
  p: BoundParameters,
  x: Tensor,
): Tensor {
  const act = isTransposed ? convolveTransposed : convolve;
  return act(x, p.of(weight), p.of(bias), windows, name);
}
