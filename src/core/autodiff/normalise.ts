import { InputError } from "../errors.ts";
import type { Rng } from "../rng.ts";
import { add, multiply } from "./arithmetic.ts";
import type { Tensor } from "./tape.ts";

/** Rows shifted and scaled to mean 0 and variance 1 (with `epsilon` added to the variance). */
export function normaliseRows(x: Tensor, epsilon = 1e-5): Tensor {
  const { tape } = x;
  const k = tape.kernels;
  const y = tape.output("normaliseRows", x.rows, x.columns, x);
  const inverses = tape.allocate(x.rows);
  k.normaliseForward(x.rows, x.columns, epsilon, x.address, y.address, inverses);
  tape.record(y, (gy) =>
    k.normaliseBackward(x.rows, x.columns, y.address, inverses, gy, tape.gradient(x)),
  );
  return y;
}

/**
 * Layer norm: normalised rows times `gain` plus `bias` (both 1 x columns).
 * Source: J. L. Ba, J. R. Kiros, G. E. Hinton, arXiv:1607.06450 (2016).
 * @throws ShapeError
 */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  return add(multiply(normaliseRows(x, epsilon), gain), bias);
}

/** Which numbers a dropout layer keeps. */
export interface DropoutOptions {
  /** Share of the numbers set to zero, 0 <= rate < 1; the others are divided by 1 - rate. */
  readonly rate: number;
  /** The same columns in all rows: a fixed thinned network. */
  readonly sameForAllRows?: boolean;
}

/**
 * Sets random numbers to zero; the mask follows from the next number of `rng`.
 * Source: N. Srivastava et al., J. Mach. Learn. Res. 15, 1929 (2014).
 * @throws InputError for a rate outside of [0, 1)
 */
export function dropout(
  x: Tensor,
  { rate, sameForAllRows = false }: DropoutOptions,
  rng: Rng,
): Tensor {
  if (!(rate >= 0 && rate < 1)) {
    throw new InputError(`dropout: expected a rate of 0 ... 1 (not 1), got ${rate}.`);
  }
  if (rate === 0) return x;
  const { tape } = x;
  const rows = sameForAllRows ? 1 : x.rows;
  const mask = tape.empty(rows, x.columns);
  tape.kernels.dropoutMask(rows * x.columns, 1 - rate, 0, rng.bits(), mask.address);
  return multiply(x, mask);
}
