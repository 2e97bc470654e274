import { unaryCodes } from "../../kernels/networks.ts";
import { InputError } from "../errors.ts";
import type { Tensor } from "./tape.ts";

function unary(name: keyof typeof unaryCodes, x: Tensor, p = 0, q = 0): Tensor {
  const { tape } = x;
  const code = unaryCodes[name];
  const count = x.rows * x.columns;
  const y = tape.output(name, x.rows, x.columns, x);
  tape.kernels.unaryForward(code, count, p, q, x.address, y.address);
  tape.record(y, (gy) => {
    tape.kernels.unaryBackward(code, count, p, x.address, y.address, gy, tape.gradient(x));
  });
  return y;
}

// Each is a function of every number of a tensor, of the same size as it.

/** factor x + shift. */
export const affine = (x: Tensor, factor: number, shift: number): Tensor =>
  unary("affine", x, factor, shift);

/** Hyperbolic tangent. */
export const tanh = (x: Tensor): Tensor => unary("tanh", x);

/** x above 0; `leak` times x (default 0) elsewhere. */
export const relu = (x: Tensor, leak = 0): Tensor => unary("relu", x, leak);

/** 1 / (1 + e^-x). */
export const sigmoid = (x: Tensor): Tensor => unary("sigmoid", x);

/** log(1 + e^x), without overflow. */
export const softplus = (x: Tensor): Tensor => unary("softplus", x);

/** e^x. */
export const exp = (x: Tensor): Tensor => unary("exp", x);

/** Natural logarithm; NaN below 0. */
export const log = (x: Tensor): Tensor => unary("log", x);

/** x^2. */
export const square = (x: Tensor): Tensor => unary("square", x);

/** Square root; NaN below 0. */
export const sqrt = (x: Tensor): Tensor => unary("sqrt", x);

/** x Phi(x), Phi the standard normal distribution. Source: D. Hendrycks, K. Gimpel, arXiv:1606.08415 (2016). */
export const gelu = (x: Tensor): Tensor => unary("gelu", x);

/** x / (1 + e^-x). Source: S. Elfwing et al., Neural Netw. 107, 3 (2018), doi:10.1016/j.neunet.2017.12.012. */
export const silu = (x: Tensor): Tensor => unary("silu", x);

/**
 * x^2 / 2 where |x| <= delta, delta (|x| - delta / 2) elsewhere.
 * Source: P. J. Huber, Ann. Math. Stat. 35, 73 (1964), doi:10.1214/aoms/1177703732.
 */
export function huber(x: Tensor, delta = 1): Tensor {
  if (!(delta > 0)) throw new InputError(`huber: expected delta above 0, got ${delta}.`);
  return unary("huber", x, delta);
}

/** |x|; its derivative at 0 is taken as 0. */
export const abs = (x: Tensor): Tensor => unary("abs", x);

/** x, no less than `least` and no more than `most`; nothing flows back where it was moved. @throws InputError */
export function clamp(x: Tensor, least: number, most: number): Tensor {
  if (!(least <= most)) {
    throw new InputError(`clamp: expected a range from low to high, got ${least} to ${most}.`);
  }
  return unary("clamp", x, least, most);
}

/** The activations that networks may name in their options. */
export const activations = { tanh, relu, gelu, silu, sigmoid, softplus } as const satisfies Record<
  string,
  (x: Tensor) => Tensor
>;

export type Activation = keyof typeof activations;
