import type { NetworkKernels } from "../../kernels/networks.ts";
import { InputError, NumericalError } from "../errors.ts";
import type { MovingParameters } from "./adam.ts";

/**
 * What a gradient is multiplied by so that its Euclidean norm is at most `maxNorm`: 1 when it is.
 * Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML (2013), algorithm 1.
 * @throws NumericalError when the gradient is not finite
 */
export function clipFactor(
  kernels: NetworkKernels,
  { size, gradient }: MovingParameters,
  maxNorm: number,
): number {
  if (!(maxNorm > 0)) {
    throw new InputError(`clipFactor: expected a norm above 0, got ${maxNorm}.`, {
      path: "maxNorm",
    });
  }
  const norm = Math.sqrt(kernels.sumOfSquares(size, gradient));
  if (!Number.isFinite(norm)) {
    throw new NumericalError("clipFactor: expected a finite gradient.", {
      hint: "A smaller learning rate may help.",
    });
  }
  return norm > maxNorm ? maxNorm / norm : 1;
}
