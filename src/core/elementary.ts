import { kernels } from "../kernels/instance.ts";

// Scalar functions with the same digits on every machine: `Math.exp` and its like may differ between
// engines and versions, WebAssembly arithmetic may not. Edge cases are those of `Math`. What IEEE 754
// fixes anyway (Math.sqrt, abs, floor, ...) needs no counterpart here.

const {
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  pow,
  cbrt,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  atan2,
  sinh,
  cosh,
  tanh,
  erf,
  erfc,
  erfcx,
} = kernels().functions;

export {
  acos,
  asin,
  atan,
  atan2,
  cbrt,
  cos,
  cosh,
  erf,
  erfc,
  erfcx,
  exp,
  expm1,
  log,
  log10,
  log1p,
  log2,
  pow,
  sin,
  sinh,
  tan,
  tanh,
};
