import { exp, log } from "../../core/elementary.ts";
import {
  correlations,
  correlationSlope,
  even,
  type CorrelationName,
} from "../../core/linalg/covariance.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Kernels } from "../../kernels/instance.ts";
import { latentCount, latentGradient, latentPlaces, type LatentLevels } from "./latent-levels.ts";

/** Where rows lie: coordinates whose distances count, and the source that each row belongs to. */
export interface Places {
  /** n x q. */
  readonly points: Matrix;
  /** n indices of sources; absent = one source. */
  readonly source?: Int32Array | undefined;
}

/**
 * Which covariance is meant: `variance B[s, t] R(x, y)` for rows x, y of the sources s, t. R is a
 * correlation of the distance in length scales; B is the coregionalisation matrix `W W' + diag(kappa)`
 * divided by its mean diagonal, positive definite by construction; so is the elementwise product.
 * Source: E. V. Bonilla, K. M. A. Chai, C. K. I. Williams, Multi-task Gaussian process prediction, NIPS 20
 * (2008); M. A. Alvarez, L. Rosasco, N. D. Lawrence, Found. Trends Mach. Learn. 4, 195 (2012), section 4.2.
 */
export interface CovarianceModel {
  readonly kernel: CorrelationName;
  /** Length scale of each coordinate, 0 ... scales - 1. */
  readonly scaleOf: Int32Array;
  readonly scales: number;
  /** 1 = rows of one source. */
  readonly sources: number;
  /** Columns of W. */
  readonly rank: number;
  /** Categories whose levels lie in planes of their own, at places that are parameters. */
  readonly latent?: readonly LatentLevels[];
}

// Parameters are numbered: log length scales, log shape where the correlation has one, for several
// sources W (sources x rank) and log kappa (sources), and the places of latent levels.

/** Bounds of length scales in standard deviations of their input, of the shape, of W, of kappa and of places. */
export const covarianceBounds = {
  lengthScale: { lower: 1e-2, upper: 1e5 },
  shape: { lower: 1e-2, upper: 1e3 },
  mixing: { lower: -30, upper: 30 },
  own: { lower: 1e-6, upper: 1e2 },
  latent: { lower: -10, upper: 10 },
} as const;

const shapes = ({ kernel }: CovarianceModel): number => (correlations[kernel].hasShape ? 1 : 0);
const firstOfMixing = (model: CovarianceModel): number => model.scales + shapes(model);
const firstOfOwn = (model: CovarianceModel): number =>
  firstOfMixing(model) + model.sources * model.rank;

const firstOfLatent = (model: CovarianceModel): number =>
  model.sources > 1 ? firstOfOwn(model) + model.sources : firstOfMixing(model);

/** Number of parameters. */
export function parameterCount(model: CovarianceModel): number {
  return firstOfLatent(model) + latentCount(model.latent);
}

/** The lower or upper bound of every parameter. */
export function parameterBounds(model: CovarianceModel, side: "lower" | "upper"): Float64Array {
  const { lengthScale, shape, mixing, own, latent } = covarianceBounds;
  const all = new Float64Array(parameterCount(model)).fill(log(lengthScale[side]));
  if (shapes(model) > 0) all[model.scales] = log(shape[side]);
  if (model.sources > 1) {
    all.fill(mixing[side], firstOfMixing(model), firstOfOwn(model));
    all.fill(log(own[side]), firstOfOwn(model));
  }
  all.fill(latent[side], firstOfLatent(model));
  return all;
}

/**
 * Length scales sqrt(d), shape 1, and sources that are alike up to the size of their spread.
 * @param spreads standard deviation of each source's targets over that of all
 */
export function startingParameters(model: CovarianceModel, spreads: Float64Array): Float64Array {
  const all = new Float64Array(parameterCount(model)).fill(0.5 * log(model.scales));
  if (shapes(model) > 0) all[model.scales] = 0;
  if (model.sources > 1) {
    all.fill(0, firstOfMixing(model));
    for (let s = 0; s < model.sources; s++) {
      all[firstOfMixing(model) + s * model.rank] = 0.9 * spreads[s];
      all[firstOfOwn(model) + s] = log(0.2 * spreads[s] * spreads[s]);
    }
  }
  all.fill(0, firstOfLatent(model));
  return all;
}

/** Length scale of each coordinate. */
export function lengthScalesOf(model: CovarianceModel, parameters: Float64Array): Float64Array {
  return Float64Array.from(model.scaleOf, (scale) => exp(parameters[scale]));
}

/** Shape of the correlation; 1 where it has none. */
export function shapeOf(model: CovarianceModel, parameters: Float64Array): number {
  return shapes(model) > 0 ? exp(parameters[model.scales]) : 1;
}

/** The coregionalisation matrix B, sources x sources, row by row. */
export function coregionalisation(model: CovarianceModel, parameters: Float64Array): Float64Array {
  if (model.sources === 1) return Float64Array.of(1);
  const { raw, meanDiagonal } = rawCoregionalisation(model, parameters);
  return raw.map((value) => value / meanDiagonal);
}

function rawCoregionalisation(model: CovarianceModel, parameters: Float64Array) {
  const { sources, rank } = model;
  const w = parameters.subarray(firstOfMixing(model), firstOfOwn(model));
  const raw = new Float64Array(sources * sources);
  let meanDiagonal = 0;
  for (let s = 0; s < sources; s++) {
    for (let t = 0; t < sources; t++) {
      for (let r = 0; r < rank; r++) raw[s * sources + t] += w[s * rank + r] * w[t * rank + r];
    }
    raw[s * sources + s] += exp(parameters[firstOfOwn(model) + s]);
    meanDiagonal += raw[s * sources + s] / sources;
  }
  return { raw, meanDiagonal };
}

/** A correlation matrix on the heap with what its gradient needs. */
export interface PlacedCorrelation {
  /** Address of the n x n matrix, row length `ld`; entries above the diagonal are undefined. */
  readonly address: number;
  readonly ld: number;
  /**
   * Derivative of the sum over i, j of w[i, j] R[i, j] with respect to every parameter, for a symmetric w
   * of which the lower triangle is read; w is overwritten.
   * @param w address of n x n numbers with row length `ld`
   */
  gradient(w: number): Float64Array;
}

/** Writes `B[s, t] R(x, y)` of the places to the heap; call it inside a scope. */
export function placeCorrelation(
  { heap, functions }: Kernels,
  model: CovarianceModel,
  parameters: Float64Array,
  { points, source }: Places,
): PlacedCorrelation {
  const latent = latentPlaces(model.latent, parameters.subarray(firstOfLatent(model)), points);
  const [n, own] = [points.rows, points.columns];
  const q = own + latent.columns;
  const ld = even(n);
  const { code } = correlations[model.kernel];
  const shape = shapeOf(model, parameters);
  const x = heap.allocate(n * q);
  const turned = heap.allocate(q * ld);
  const slopes = heap.allocate(q + 1);
  const spare = heap.allocate(n + 2);
  const address = heap.allocate(n * ld);
  const scales = lengthScalesOf(model, parameters);
  const [rows, columns] = [heap.view(x, n * q), heap.view(turned, q * ld).fill(0)];
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < q; j++, at++) {
      rows[at] =
        j < own ? points.data[i * own + j] / scales[j] : latent.data[i * latent.columns + j - own];
      columns[j * ld + i] = rows[at];
    }
  }
  functions.covariance(code, shape, n, n, q, 1, x, turned, ld, address, ld, 1);
  const isMixed = model.sources > 1 && source !== undefined;
  const b = coregionalisation(model, parameters);
  if (isMixed) multiplyBySources(heap.view(address, n * ld), ld, source, b, model.sources);

  const gradient = (w: number): Float64Array => {
    const result = new Float64Array(parameters.length);
    if (isMixed) {
      const plain = heap.scope(() => {
        const again = heap.allocate(n * ld);
        functions.covariance(code, shape, n, n, q, 1, x, turned, ld, again, ld, 1);
        const [weights, correlation] = [heap.view(w, n * ld), heap.view(again, n * ld)];
        return sumsBySources(weights, correlation, ld, source, model.sources);
      });
      addSourceGradient(model, parameters, plain, result);
      multiplyBySources(heap.view(w, n * ld), ld, source, b, model.sources);
    }
    functions.covarianceGradient(code, shape, n, n, q, 1, x, turned, ld, w, ld, slopes, spare, 1);
    const found = heap.view(slopes, q + 1);
    for (let j = 0; j < own; j++) result[model.scaleOf[j]] += found[j];
    if (shapes(model) > 0) result[model.scales] = found[q];
    if (model.latent !== undefined) {
      heap.scope(() => {
        const squares = heap.allocate(n * ld);
        functions.distanceMatrix(n, n, q, x, turned, ld, squares, ld);
        const [weights, distances] = [heap.view(w, n * ld), heap.view(squares, n * ld)];
        // Each pair of rows counts twice in the sum.
        const slope = (i: number, j: number): number =>
          2 *
          weights[i * ld + j] *
          correlationSlope({ name: model.kernel, shape }, distances[i * ld + j]);
        const first = firstOfLatent(model);
        const places = parameters.subarray(first);
        latentGradient(model.latent!, places, points, slope, result.subarray(first));
      });
    }
    return result;
  };
  return { address, ld, gradient };
}

/** Lower triangle of an n x n matrix times B[source of row, source of column]. */
function multiplyBySources(
  entries: Float64Array,
  ld: number,
  source: Int32Array,
  b: Float64Array,
  sources: number,
): void {
  for (let i = 0; i < source.length; i++) {
    const first = source[i] * sources;
    for (let j = 0, at = i * ld; j <= i; j++, at++) entries[at] *= b[first + source[j]];
  }
}

/** Sums of w[i, j] R[i, j] over the rows i, j of each pair of sources. */
function sumsBySources(
  w: Float64Array,
  r: Float64Array,
  ld: number,
  source: Int32Array,
  sources: number,
): Float64Array {
  const sums = new Float64Array(sources * sources);
  for (let i = 0; i < source.length; i++) {
    const s = source[i];
    for (let j = 0, at = i * ld; j < i; j++, at++) {
      const product = w[at] * r[at];
      sums[s * sources + source[j]] += product;
      sums[source[j] * sources + s] += product;
    }
    sums[s * sources + s] += w[i * ld + i] * r[i * ld + i];
  }
  return sums;
}

/** From derivatives with respect to B to those with respect to W and log kappa. */
function addSourceGradient(
  model: CovarianceModel,
  parameters: Float64Array,
  sums: Float64Array,
  out: Float64Array,
): void {
  const { sources, rank } = model;
  const { raw, meanDiagonal } = rawCoregionalisation(model, parameters);
  let all = 0;
  for (let k = 0; k < sums.length; k++) all += (sums[k] * raw[k]) / meanDiagonal;
  const slope = sums.map((value, k) => {
    const onDiagonal = k % (sources + 1) === 0;
    return (value - (onDiagonal ? all / sources : 0)) / meanDiagonal;
  });
  const mixing = firstOfMixing(model);
  for (let s = 0; s < sources; s++) {
    for (let t = 0; t < sources; t++) {
      for (let r = 0; r < rank; r++) {
        out[mixing + s * rank + r] +=
          2 * slope[s * sources + t] * parameters[mixing + t * rank + r];
      }
    }
    const own = firstOfOwn(model) + s;
    out[own] = slope[s * sources + s] * exp(parameters[own]);
  }
}
