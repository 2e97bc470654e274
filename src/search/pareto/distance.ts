import type { Matrix } from "../../core/matrix.ts";

/**
 * Inverted generational distance: the mean Euclidean distance from each row of a known front to the
 * nearest found one. Smaller is better.
 * @param found n x m
 * @param reference k x m, a dense sample of the true front
 * Source: C. A. Coello Coello, M. Reyes Sierra, MICAI 2004, 688, doi:10.1007/978-3-540-24694-7_71.
 */
export function invertedGenerationalDistance(found: Matrix, reference: Matrix): number {
  const m = found.columns;
  let sum = 0;
  for (let j = 0; j < reference.rows; j++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < found.rows; i++) {
      let square = 0;
      for (let k = 0; k < m; k++) {
        const gap = found.data[i * m + k] - reference.data[j * m + k];
        square += gap * gap;
      }
      if (square < nearest) nearest = square;
    }
    sum += Math.sqrt(nearest);
  }
  return sum / reference.rows;
}
