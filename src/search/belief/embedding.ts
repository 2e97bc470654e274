import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Column } from "../../space/contract.ts";

/** One coordinate of the points that a belief knows rows as. */
interface Coordinate {
  readonly column: number;
  /** The category that it is 1 for; -1 for a number. */
  readonly category: number;
  readonly offset: number;
  readonly factor: number;
}

/**
 * Encoded rows as points whose Euclidean distances mean something: numbers and fractions as shares of
 * their range, categories one-hot (any two at distance 1). Columns that never change are left out.
 */
export interface Embedding {
  readonly coordinates: readonly Coordinate[];
  /** Length scale of each coordinate: one a column. */
  readonly scaleOf: Int32Array;
  readonly scales: number;
  /** Columns of a row. */
  readonly dimension: number;
}

/**
 * The embedding for the columns of a space. A column that the space fixes keeps the range of the measured
 * rows, so that measurements from before it was fixed stay different designs.
 */
export function embeddingOf(columns: readonly Column[], rows: Matrix): Embedding {
  const coordinates: Coordinate[] = [];
  const scaleOf: number[] = [];
  let scales = 0;
  columns.forEach((column, j) => {
    const own = coordinatesOf(column, j, rows);
    if (own.length === 0) return;
    for (const coordinate of own) {
      coordinates.push(coordinate);
      scaleOf.push(scales);
    }
    scales++;
  });
  if (scales === 0) {
    // A space of one design: all rows lie at one point.
    coordinates.push({ column: 0, category: -1, offset: 0, factor: 0 });
    scaleOf.push(0);
    scales = 1;
  }
  return { coordinates, scaleOf: Int32Array.from(scaleOf), scales, dimension: columns.length };
}

function coordinatesOf({ kind, min, max }: Column, column: number, rows: Matrix): Coordinate[] {
  let [low, high] = [min, max];
  if (!(high > low)) {
    for (let i = 0; i < rows.rows; i++) {
      const value = rows.data[i * rows.columns + column];
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (!(high > low)) return [];
  }
  if (kind !== "category") {
    return [{ column, category: -1, offset: low, factor: 1 / (high - low) }];
  }
  return Array.from({ length: high - low + 1 }, (_, k) => ({
    column,
    category: low + k,
    offset: 0,
    factor: Math.SQRT1_2,
  }));
}

/** Points of rows, n x coordinates. */
export function placeRows({ coordinates }: Embedding, rows: Matrix): Matrix {
  const points = matrix(rows.rows, coordinates.length);
  for (let i = 0; i < rows.rows; i++) placeRow(coordinates, rowOf(rows, i), rowOf(points, i));
  return points;
}

/** The point of one row, written to `out`. */
export function placeRow(
  coordinates: readonly Coordinate[],
  row: ArrayLike<number>,
  out: Float64Array,
): void {
  for (let c = 0; c < coordinates.length; c++) {
    const { column, category, offset, factor } = coordinates[c];
    if (category < 0) out[c] = (row[column] - offset) * factor;
    else out[c] = row[column] === category ? factor : 0;
  }
}

/** Adds derivatives by the coordinates of a point to those by the columns of its row; none by categories. */
export function addColumnGradient(
  coordinates: readonly Coordinate[],
  byPoint: ArrayLike<number>,
  out: Float64Array,
): void {
  for (let c = 0; c < coordinates.length; c++) {
    const { column, category, factor } = coordinates[c];
    if (category < 0) out[column] += factor * byPoint[c];
  }
}

/** The same embedding with every coordinate divided by its length scale. */
export function dividedBy(embedding: Embedding, lengthScales: ArrayLike<number>): Embedding {
  return {
    ...embedding,
    coordinates: embedding.coordinates.map((coordinate, c) => ({
      ...coordinate,
      factor: coordinate.factor / lengthScales[embedding.scaleOf[c]],
    })),
  };
}
