import { InputError, ShapeError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { paretoFront } from "./sort.ts";

/**
 * A thinned front: objective space is cut into boxes of the given sizes, a row stands for its box when
 * no other row of the box is nearer to its lower corner (first row on ties), and boxes that others
 * dominate are left out. At most one row per box remains, and each row of the true front is within one
 * box of a kept one.
 * @param objectives n x m, minimised
 * @param epsilon m box sizes above 0, in the units of the objectives
 * @returns row numbers, ascending
 * @throws ShapeError for another number of sizes, InputError for a size that is not above 0
 * Source: M. Laumanns et al., Evol. Comput. 10, 263 (2002), doi:10.1162/106365602760234108.
 */
export function epsilonFront(objectives: Matrix, epsilon: ArrayLike<number>): Int32Array {
  const { rows: n, columns: m, data } = objectives;
  if (epsilon.length !== m) {
    throw new ShapeError(`epsilonFront: expected ${m} box sizes, got ${epsilon.length}.`);
  }
  for (let k = 0; k < m; k++) {
    if (!(epsilon[k] > 0)) {
      throw new InputError(
        `epsilonFront: expected box sizes above 0, got ${epsilon[k]} for objective ${k}.`,
      );
    }
  }
  const nearest = new Map<string, { row: number; corner: number }>();
  const boxes = matrix(n, m);
  for (let i = 0; i < n; i++) {
    let corner = 0;
    for (let k = 0; k < m; k++) {
      const scaled = data[i * m + k] / epsilon[k];
      const index = Math.floor(scaled);
      boxes.data[i * m + k] = index;
      corner += (scaled - index) * (scaled - index);
    }
    const key = boxes.data.subarray(i * m, (i + 1) * m).join(" ");
    const known = nearest.get(key);
    if (known === undefined || corner < known.corner) nearest.set(key, { row: i, corner });
  }
  const kept = Int32Array.from(nearest.values(), ({ row }) => row).sort();
  const keptBoxes = matrix(kept.length, m);
  kept.forEach((row, a) => keptBoxes.data.set(boxes.data.subarray(row * m, (row + 1) * m), a * m));
  return paretoFront(keptBoxes).map((a) => kept[a]);
}

/**
 * The smallest number by which every row of `front` would have to be lowered, in every objective, to
 * weakly dominate all of `reference`: 0 when it already does.
 * @param front n x m
 * @param reference k x m
 * Source: E. Zitzler et al., IEEE Trans. Evol. Comput. 7, 117 (2003), doi:10.1109/TEVC.2003.810758.
 */
export function additiveEpsilon(front: Matrix, reference: Matrix): number {
  const m = front.columns;
  let largest = 0;
  for (let j = 0; j < reference.rows; j++) {
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < front.rows; i++) {
      let gap = 0;
      for (let k = 0; k < m; k++) {
        gap = Math.max(gap, front.data[i * m + k] - reference.data[j * m + k]);
      }
      smallest = Math.min(smallest, gap);
    }
    largest = Math.max(largest, smallest);
  }
  return largest;
}
