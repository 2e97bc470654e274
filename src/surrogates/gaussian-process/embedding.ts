import { InputError, ShapeError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { symmetricEigen } from "../../core/linalg/symmetric-eigen.ts";
import { expOf } from "../../core/vector-functions.ts";
import type { InputColumn } from "../contract.ts";
import { columnScaling, type ColumnScaling } from "../standardise.ts";
import type { Places } from "./covariance-model.ts";

/** Inputs that are fractions of elements (or other constituents), some of which resemble each other. */
export interface CompositionOption {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Similarity of each pair of elements: symmetric and positive semidefinite; see `elementSimilarity`. */
  readonly similarity: readonly (readonly number[])[];
}

/** How rows of inputs become coordinates whose distances the kernel sees. */
export interface Embedding {
  readonly inputs: number;
  /** Input columns that are coordinates of their own, standardised. */
  readonly plain: Int32Array;
  readonly scaling: ColumnScaling;
  /** Input columns that are fractions. */
  readonly fractions: Int32Array;
  /** Fractions x coordinates. */
  readonly factor: Matrix;
  /** The input column that tells the source; -1 = none. */
  readonly sourceColumn: number;
}

/** Eigenvalues of the similarity below this share of the largest are zero; below minus it, a mistake. */
const eigenTolerance = 1e-10;

/**
 * Plain inputs are standardised. Fractions x become `A' x` with `A A'` the similarity S, so that squared
 * distances are `(x - y)' S (x - y)`: replacing an element by one that resembles it is a small step. A
 * correlation of distances between linear images of the inputs is positive definite because it is one
 * of points in a Euclidean space. With S_ij a positive definite kernel between elements this distance is
 * the maximum mean discrepancy of the compositions.
 * Source: A. Gretton et al., J. Mach. Learn. Res. 13, 723 (2012), lemma 4; K. Muandet et al., Learning from
 * distributions via support measure machines, NIPS 25 (2012).
 * @throws InputError for columns that are not there, or a similarity that is no such matrix
 */
export function fitEmbedding(
  who: string,
  x: Matrix,
  columns: readonly InputColumn[] | undefined,
  composition: CompositionOption | null,
): Embedding {
  const sourceColumn = columns?.findIndex(({ kind }) => kind === "source") ?? -1;
  const fractions = fractionColumns(who, columns, composition);
  const factor = composition === null ? matrix(0, 0) : similarityFactor(who, composition);
  const isPlain = (j: number): boolean => j !== sourceColumn && !fractions.includes(j);
  const plain = Int32Array.from({ length: x.columns }, (_, j) => j).filter(isPlain);
  if (plain.length + factor.columns === 0) {
    throw new InputError(`${who}: expected an input beside the source, got none.`, {
      path: "columns",
    });
  }
  const embedding = {
    inputs: x.columns,
    plain,
    scaling: columnScaling(x),
    fractions,
    factor,
    sourceColumn,
  };
  return { ...embedding, factor: scaledFactor(embedding, x) };
}

/** The places of rows. */
export function embed(embedding: Embedding, x: Matrix): Places {
  const { plain, scaling, fractions, factor, sourceColumn } = embedding;
  const q = plain.length + factor.columns;
  const points = matrix(x.rows, q);
  for (let i = 0; i < x.rows; i++) {
    const [row, out] = [rowOf(x, i), rowOf(points, i)];
    plain.forEach((j, c) => (out[c] = (row[j] - scaling.mean[j]) / scaling.scale[j]));
    for (let f = 0; f < fractions.length; f++) {
      const value = row[fractions[f]];
      for (let c = 0; c < factor.columns; c++) {
        out[plain.length + c] += value * factor.data[f * factor.columns + c];
      }
    }
  }
  const source =
    sourceColumn < 0
      ? undefined
      : Int32Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + sourceColumn]);
  return { points, source };
}

/** Derivatives by the inputs from those by the coordinates, n x inputs; the source has none. */
export function pullBack(embedding: Embedding, slopes: Matrix): Matrix {
  const { inputs, plain, scaling, fractions, factor } = embedding;
  const result = matrix(slopes.rows, inputs);
  for (let i = 0; i < slopes.rows; i++) {
    const [slope, out] = [rowOf(slopes, i), rowOf(result, i)];
    plain.forEach((j, c) => (out[j] = slope[c] / scaling.scale[j]));
    for (let f = 0; f < fractions.length; f++) {
      for (let c = 0; c < factor.columns; c++) {
        out[fractions[f]] += slope[plain.length + c] * factor.data[f * factor.columns + c];
      }
    }
  }
  return result;
}

/** The length scale that each coordinate has: its own or one for all, and one for the composition. */
export function scalesOf({ plain, factor }: Embedding, ard: boolean): Int32Array {
  const own = Array.from(plain, (_, c) => (ard ? c : 0));
  const last = plain.length === 0 ? 0 : ard ? plain.length : 1;
  return Int32Array.of(...own, ...Array.from({ length: factor.columns }, () => last));
}

/**
 * A similarity of elements from their properties (elements x properties): exp(-d^2 / (2 width^2)) with d
 * the distance of standardised properties, over the square root of their number; positive definite.
 */
export function elementSimilarity(properties: Matrix, width = 1): number[][] {
  const { mean, scale } = columnScaling(properties);
  const { rows: k, columns: d } = properties;
  const at = (i: number, j: number): number => (properties.data[i * d + j] - mean[j]) / scale[j];
  return Array.from({ length: k }, (_, a) => {
    const exponents = Array.from({ length: k }, (__, b) => {
      let squares = 0;
      for (let j = 0; j < d; j++) squares += (at(a, j) - at(b, j)) * (at(a, j) - at(b, j));
      return -squares / (2 * d * width * width);
    });
    return Array.from(expOf(exponents));
  });
}

function fractionColumns(
  who: string,
  columns: readonly InputColumn[] | undefined,
  composition: CompositionOption | null,
): Int32Array {
  if (composition === null) return new Int32Array(0);
  const found = composition.columns.map((name) => {
    const at = columns?.findIndex((column) => column.name === name && column.kind === "number");
    if (at !== undefined && at >= 0) return at;
    throw new InputError(`${who}: "${name}" of composition is no column of numbers.`, {
      path: "composition.columns",
      received: name,
      hint: "Give the names of the input columns that hold fractions.",
    });
  });
  if (new Set(found).size < found.length || found.length === 0) {
    throw new InputError(`${who}: expected different columns in composition.`, {
      path: "composition.columns",
    });
  }
  return Int32Array.from(found);
}

/** A with A A' = S, k x (rank of S). */
function similarityFactor(who: string, { columns, similarity }: CompositionOption): Matrix {
  const k = columns.length;
  const path = "composition.similarity";
  if (similarity.length !== k || similarity.some((row) => row.length !== k)) {
    throw new ShapeError(`${who}: expected a similarity of ${k} x ${k} numbers.`, { path });
  }
  const s = matrix(k, k, Float64Array.from(similarity.flat()));
  const largest = s.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const [one, other] = [s.data[i * k + j], s.data[j * k + i]];
      if (Math.abs(one - other) <= 1e-12 * largest) continue;
      throw new InputError(
        `${who}: expected a symmetric similarity, got ${one} and ${other} for "${columns[i]}" and "${columns[j]}".`,
        { path },
      );
    }
  }
  const { values, vectors } = symmetricEigen(s);
  const top = values[k - 1];
  if (!(top > 0) || values[0] < -eigenTolerance * top) {
    throw new InputError(
      `${who}: expected a positive semidefinite similarity, its least eigenvalue is ${values[0]}.`,
      { path, hint: "Make it from properties of the elements with elementSimilarity." },
    );
  }
  const kept = Array.from(values.keys()).filter((c) => values[c] > eigenTolerance * top);
  const factor = matrix(k, kept.length);
  kept.forEach((from, c) => {
    for (let i = 0; i < k; i++) {
      factor.data[i * kept.length + c] = Math.sqrt(values[from]) * vectors.data[from * k + i];
    }
  });
  return factor;
}

/** The factor scaled so that the rows have a mean squared distance of 1 from their centre. */
function scaledFactor(embedding: Embedding, x: Matrix): Matrix {
  const { factor, plain } = embedding;
  const { points } = embed(embedding, x);
  let total = 0;
  for (let c = 0; c < factor.columns; c++) {
    const column = matrix(
      x.rows,
      1,
      Float64Array.from({ length: x.rows }, (_, i) => rowOf(points, i)[plain.length + c]),
    );
    const { scale, mean } = columnScaling(column);
    if (column.data.some((value) => value !== mean[0])) total += scale[0] * scale[0];
  }
  const scale = total > 0 ? 1 / Math.sqrt(total) : 1;
  return matrix(
    factor.rows,
    factor.columns,
    factor.data.map((value) => value * scale),
  );
}
