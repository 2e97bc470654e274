import { matrix, type Matrix } from "../../core/matrix.ts";

/** Ways to sum up a property of the elements of an alloy. */
export const elementStatistics = [
  "minimum",
  "maximum",
  "range",
  "mean",
  "avg_dev",
  "mode",
] as const;

/** Fractions this close (relative, and absolute) share the first place of the mode. */
const modeTolerance = { relative: 1e-5, absolute: 1e-8 };

/**
 * Statistics of element values over the elements that are present, for each table in the order of
 * `elementStatistics`: minimum, maximum, range, mean by atomic fraction, mean absolute deviation from it,
 * and mode (the value of the most abundant element; of several the smallest value).
 * Source: L. Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28.
 * @param fractions n x m
 * @param tables each m values, one for each element
 * @returns n x (tables x statistics)
 */
export function statisticsOf(fractions: Matrix, tables: readonly Float64Array[]): Matrix {
  const m = fractions.columns;
  const width = tables.length * elementStatistics.length;
  const result = matrix(fractions.rows, width);
  const present = new Int32Array(m);
  const share = new Float64Array(m);
  for (let i = 0; i < fractions.rows; i++) {
    let count = 0;
    let largest = 0;
    for (let j = 0; j < m; j++) {
      const fraction = fractions.data[i * m + j]!;
      if (fraction === 0) continue;
      present[count] = j;
      share[count++] = fraction;
      if (fraction > largest) largest = fraction;
    }
    const modeFrom = largest - modeTolerance.absolute - modeTolerance.relative * largest;
    tables.forEach((values, p) => {
      let minimum = Number.POSITIVE_INFINITY;
      let maximum = Number.NEGATIVE_INFINITY;
      let mode = Number.POSITIVE_INFINITY;
      let mean = 0;
      for (let k = 0; k < count; k++) {
        const value = values[present[k]!]!;
        if (value < minimum) minimum = value;
        if (value > maximum) maximum = value;
        if (share[k]! >= modeFrom && value < mode) mode = value;
        mean += share[k]! * value;
      }
      let deviation = 0;
      for (let k = 0; k < count; k++) {
        deviation += share[k]! * Math.abs(values[present[k]!]! - mean);
      }
      const at = i * width + p * elementStatistics.length;
      result.data[at] = minimum;
      result.data[at + 1] = maximum;
      result.data[at + 2] = maximum - minimum;
      result.data[at + 3] = mean;
      result.data[at + 4] = deviation;
      result.data[at + 5] = mode;
    });
  }
  return result;
}
