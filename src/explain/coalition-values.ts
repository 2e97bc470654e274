import { matrix, rowOf, type Matrix } from "../core/matrix.ts";
import type { ExplainedModel, FeatureGroup, PredictRows } from "./contract.ts";

/** Rows handed to the model at once; large enough to amortise the call, small enough for the cache. */
const blockRows = 8192;

/** Evaluates one row with only some of its features known. */
export interface CoalitionValues {
  /** Groups in which the row differs from some background row; the others cannot contribute. */
  readonly varying: readonly number[];
  /**
   * Mean prediction over the background for each coalition: features in it are those of the row, the
   * others those of the background rows, one after the other.
   * @param members coalitions x varying.length, 1 = in the coalition
   * @returns one number per coalition
   */
  of(members: Uint8Array): Float64Array;
}

/** Prepares one row. Equal coalitions of what the model uses give the same bits. */
export function coalitionValues(
  { predict, mixedMeans }: Pick<ExplainedModel, "predict" | "mixedMeans">,
  row: Float64Array,
  background: Matrix,
  groups: readonly FeatureGroup[],
): CoalitionValues {
  const d = background.columns;
  const varying = Array.from(groups.keys()).filter((g) =>
    groups[g].some((j) => {
      for (let i = 0; i < background.rows; i++) {
        if (background.data[i * d + j] !== row[j]) return true;
      }
      return false;
    }),
  );
  const columns = varying.map((g) => Int32Array.from(groups[g]));
  return {
    varying,
    of(members) {
      const width = varying.length;
      const coalitions = width === 0 ? members.length : members.length / width;
      if (mixedMeans !== undefined) {
        const choices = new Uint8Array(coalitions * d);
        for (let c = 0, from = 0; c < coalitions; c++) {
          for (let v = 0; v < width; v++, from++) {
            for (const j of columns[v]) choices[c * d + j] = members[from];
          }
        }
        return mixedMeans(row, background, choices);
      }
      const result = new Float64Array(coalitions);
      const perBlock = Math.max(1, Math.floor(blockRows / background.rows));
      // One block after the other in the same room; `predict` keeps none.
      const room = new Float64Array(Math.min(perBlock, coalitions) * background.rows * d);
      for (let first = 0; first < coalitions; first += perBlock) {
        const count = Math.min(perBlock, coalitions - first);
        const rows = count * background.rows;
        const block = matrix(rows, d, room.subarray(0, rows * d));
        for (let c = 0; c < count; c++) {
          const start = c * background.rows * d;
          block.data.set(background.data, start);
          for (let v = 0; v < width; v++) {
            if (members[(first + c) * width + v] === 0) continue;
            for (const j of columns[v]) {
              const value = row[j];
              for (let i = 0; i < background.rows; i++) block.data[start + i * d + j] = value;
            }
          }
        }
        const predictions = predict(block);
        for (let c = 0; c < count; c++) {
          const from = c * background.rows;
          result[first + c] = meanOf(predictions.subarray(from, from + background.rows));
        }
      }
      return result;
    },
  };
}

/** The mean prediction over the background, summed as the empty coalition is. */
export function meanPrediction(predict: PredictRows, background: Matrix): number {
  return meanOf(predict(background));
}

/** Mean from the first number on, so that the mean of equal numbers is exactly that number. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value - values[0];
  return values[0] + sum / values.length;
}

/** Writes the contributions of the varying groups of row i; the others stay 0. */
export function placeContributions(
  contributions: Matrix,
  i: number,
  varying: readonly number[],
  values: ArrayLike<number>,
): void {
  const row = rowOf(contributions, i);
  varying.forEach((g, v) => (row[g] = values[v]));
}
