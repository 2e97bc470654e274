export { cholesky, invertLower, multiplyOwnTransposed } from "./cholesky";
export { distanceMatrix, maternCovariance, maternGradient } from "./covariance";
export {
  acos,
  asin,
  atan,
  atan2,
  cbrt,
  cos,
  cosh,
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
} from "./elementary";
export { erf, erfc, erfcx } from "./error-function";
export { addLeaves, walkTree } from "./forest";
export { clearUpper, gemm, gemmScratchBytes, mirrorLower } from "./gemm";
export { heapBase } from "./heap";
export {
  countHistograms,
  gatherPairs,
  pairHistograms,
  subtractCounts,
  subtractPairs,
} from "./histogram";
export {
  solveLeftLower,
  solveLeftTransposed,
  solveRightLower,
  solveRightTransposed,
} from "./triangular";
export { dot } from "./vector";
export { vectorErf, vectorExp, vectorLog, vectorTanh } from "./vector-functions";
