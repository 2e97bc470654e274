export { cholesky, invertLower, multiplyOwnTransposed } from "./cholesky";
export { covariance, covarianceGradient, distanceMatrix } from "./covariance";
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
export { clearUpper, gemm, gemm32, gemmScratchBytes, mirrorLower } from "./gemm";
export { heapBase } from "./heap";
export { conditionSets, reachLeaves } from "./row-sets";
export { addPathSums } from "./tree-paths";
export {
  countHistograms,
  gatherPairs,
  pairHistograms,
  subtractCounts,
  subtractPairs,
} from "./histogram";
export { pickPartner, stepErrors } from "./sequential-minimal";
export {
  solveLeftLower,
  solveLeftTransposed,
  solveRightLower,
  solveRightTransposed,
} from "./triangular";
export { dot } from "./vector";
export { vectorErf, vectorExp, vectorLog, vectorTanh } from "./vector-functions";
export {
  accumulate as accumulate32,
  adamStep as adamStep32,
  binaryBackward as binaryBackward32,
  binaryForward as binaryForward32,
  denseForward as denseForward32,
  dropoutMask as dropoutMask32,
  fold as fold32,
  gatherRows as gatherRows32,
  logSumExpForward as logSumExpForward32,
  matrixVector as matrixVector32,
  mixTables as mixTables32,
  mixedForward as mixedForward32,
  normaliseBackward as normaliseBackward32,
  normaliseForward as normaliseForward32,
  scatterRows as scatterRows32,
  softmaxBackward as softmaxBackward32,
  softmaxForward as softmaxForward32,
  sumOfSquares as sumOfSquares32,
  unaryBackward as unaryBackward32,
  unaryForward as unaryForward32,
  unfold as unfold32,
} from "./network32";
export {
  accumulate as accumulate64,
  adamStep as adamStep64,
  binaryBackward as binaryBackward64,
  binaryForward as binaryForward64,
  denseForward as denseForward64,
  dropoutMask as dropoutMask64,
  fold as fold64,
  gatherRows as gatherRows64,
  logSumExpForward as logSumExpForward64,
  matrixVector as matrixVector64,
  mixTables as mixTables64,
  mixedForward as mixedForward64,
  normaliseBackward as normaliseBackward64,
  normaliseForward as normaliseForward64,
  scatterRows as scatterRows64,
  softmaxBackward as softmaxBackward64,
  softmaxForward as softmaxForward64,
  sumOfSquares as sumOfSquares64,
  unaryBackward as unaryBackward64,
  unaryForward as unaryForward64,
  unfold as unfold64,
} from "./network64";
export { philox } from "./dropout";
export { clear } from "./clear";
