import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Column } from "../../space/contract.ts";
import { latentAxes, type LatentLevels } from "../../surrogates/gaussian-process/latent-levels.ts";
import { wordCoordinates } from "./word-coordinates.ts";

/** One coordinate of the points that a belief knows rows as: `factor * (value - offset)` of a column. */
export interface Coordinate {
  readonly column: number;
  readonly offset: number;
  readonly factor: number;
  /** Of a category: what stands in the place of `value - offset`, by that number. */
  readonly places?: Float64Array;
}

/** A category whose words lie in a plane, at places that are hyper-parameters. */
export interface LearnedCategory extends LatentLevels {
  readonly label: string;
}

/**
 * Encoded rows as points whose Euclidean distances mean something: numbers and fractions as shares of their range,
 * categories one-hot (any two words at distance 1) or as `words` of their column says. Columns that never change
 * are left out.
 *
 * A category with m descriptors has each as a share of its range over sqrt(m), so that its words span about as much
 * as those of any other column. Beside these, and beside places that are learned, it stays one-hot with a length
 * scale of its own: words with the same descriptors stay different, and descriptors that mislead can be outvoted.
 */
export interface Embedding {
  readonly coordinates: readonly Coordinate[];
  /** Length scale of each coordinate: one for a column, and one for each descriptor. */
  readonly scaleOf: Int32Array;
  readonly scales: number;
  /** Columns that change: how many dimensions the points have for a prior. */
  readonly axes: number;
  readonly learned: readonly LearnedCategory[];
  /** Columns of a row. */
  readonly dimension: number;
  /** What became of descriptors, by column: for model cards. */
  readonly notes: Readonly<Record<string, string>>;
}

/** Distance of two words with the same descriptors. */
const unexplained = 0.25;

/**
 * The embedding for the columns of a space. A column that the space fixes keeps the range of the measured
 * rows, so that measurements from before it was fixed stay different designs.
 */
export function embeddingOf(columns: readonly Column[], rows: Matrix): Embedding {
  const coordinates: Coordinate[] = [];
  const scaleOf: number[] = [];
  const learned: LearnedCategory[] = [];
  const notes: Record<string, string> = {};
  let [scales, axes] = [0, 0];
  const add = (own: readonly Coordinate[]): void => {
    for (const coordinate of own) {
      coordinates.push(coordinate);
      scaleOf.push(scales);
    }
    scales++;
  };
  columns.forEach((given, column) => {
    const range = rangeOf(given, column, rows);
    if (range === undefined) return;
    const [low, high] = range;
    axes++;
    if (given.kind !== "category") {
      add([{ column, offset: low, factor: 1 / (high - low) }]);
      return;
    }
    const levels = high - low + 1;
    if (given.words?.encoding === "learned") {
      learned.push({ label: given.label, first: coordinates.length, levels });
    }
    if (given.words?.encoding !== "descriptors") {
      add(oneHot(column, low, levels, 1));
      return;
    }
    const { kept, dropped } = wordCoordinates(given.words.descriptors);
    const factor = 1 / Math.sqrt(kept.length);
    for (const { places } of kept) add([{ column, offset: 0, factor, places }]);
    add(oneHot(column, low, levels, kept.length > 0 ? unexplained : 1));
    const left = dropped.map(({ name, why }) => `, without ${name} (${why})`).join("");
    notes[`descriptors of ${given.label}`] = kept.map(({ name }) => name).join(", ") + left;
  });
  if (scales === 0) {
    // A space of one design: all rows lie at one point.
    axes = 1;
    add([{ column: 0, offset: 0, factor: 0 }]);
  }
  const dimension = columns.length;
  return {
    coordinates,
    scaleOf: Int32Array.from(scaleOf),
    scales,
    axes,
    learned,
    dimension,
    notes,
  };
}

/** What a column takes: its bounds, else those of the rows; undefined where it never changes. */
function rangeOf({ min, max }: Column, column: number, rows: Matrix): [number, number] | undefined {
  let [low, high] = [min, max];
  if (!(high > low)) {
    for (let i = 0; i < rows.rows; i++) {
      const value = rows.data[i * rows.columns + column];
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return high > low ? [low, high] : undefined;
}

/** One coordinate for each word, any two words being `distance` apart. */
const oneHot = (column: number, low: number, levels: number, distance: number): Coordinate[] =>
  Array.from({ length: levels }, (_, level) => {
    const places = new Float64Array(levels);
    places[level] = 1;
    return { column, offset: low, factor: distance * Math.SQRT1_2, places };
  });

/** The same embedding with learned categories at these places, as coordinates of length scale 1. */
export function withPlaces(embedding: Embedding, places: Float64Array): Embedding {
  const { coordinates, scales, learned } = embedding;
  if (learned.length === 0) return embedding;
  let from = 0;
  const further = learned.flatMap(({ first, levels }): Coordinate[] => {
    const { column, offset } = coordinates[first];
    const start = from;
    from += latentAxes * levels;
    return Array.from({ length: latentAxes }, (_, axis) => ({
      column,
      offset,
      factor: 1,
      places: Float64Array.from(
        { length: levels },
        (_, k) => places[start + latentAxes * k + axis],
      ),
    }));
  });
  return {
    ...embedding,
    coordinates: [...coordinates, ...further],
    scaleOf: Int32Array.from([...embedding.scaleOf, ...further.map(() => scales)]),
    scales: scales + 1,
    learned: [],
  };
}

/** Points of rows, n x coordinates. */
export function placeRows({ coordinates }: Embedding, rows: Matrix): Matrix {
  const points = matrix(rows.rows, coordinates.length);
  for (let i = 0; i < rows.rows; i++) placeRow(coordinates, rowOf(rows, i), rowOf(points, i));
  return points;
}

/** The point of one row, written to `out`; a word that the space does not have has zeros for its places. */
export function placeRow(
  coordinates: readonly Coordinate[],
  row: ArrayLike<number>,
  out: Float64Array,
): void {
  for (let c = 0; c < coordinates.length; c++) {
    const { column, offset, factor, places } = coordinates[c];
    const value = row[column] - offset;
    const place = places === undefined ? value : ((places[value] as number | undefined) ?? 0);
    out[c] = place * factor;
  }
}

/** Adds derivatives by the coordinates of a point to those by the columns of its row; none by categories. */
export function addColumnGradient(
  coordinates: readonly Coordinate[],
  byPoint: ArrayLike<number>,
  out: Float64Array,
): void {
  for (let c = 0; c < coordinates.length; c++) {
    const { column, factor, places } = coordinates[c];
    if (places === undefined) out[column] += factor * byPoint[c];
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
