import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";

/**
 * Evenly spread directions: the points of the unit simplex whose m coordinates are multiples of
 * 1 / divisions, (divisions + m - 1 choose m - 1) of them.
 * @returns k x m, rows sum to one
 * Source: I. Das, J. E. Dennis, SIAM J. Optim. 8, 631 (1998), doi:10.1137/S1052623496307510.
 */
export function simplexLattice(objectives: number, divisions: number): Matrix {
  if (!(Number.isInteger(objectives) && objectives >= 1 && Number.isInteger(divisions))) {
    throw new InputError(
      `simplexLattice: expected whole numbers, got ${objectives} objectives and ${divisions} divisions.`,
    );
  }
  if (divisions < 1) {
    throw new InputError(`simplexLattice: expected at least 1 division, got ${divisions}.`);
  }
  const points = matrix(latticeSize(objectives, divisions), objectives);
  const parts = new Float64Array(objectives);
  let filled = 0;
  const place = (k: number, left: number): void => {
    if (k === objectives - 1) {
      parts[k] = left / divisions;
      points.data.set(parts, filled++ * objectives);
      return;
    }
    for (let part = 0; part <= left; part++) {
      parts[k] = part / divisions;
      place(k + 1, left - part);
    }
  };
  place(0, divisions);
  return points;
}

/**
 * As many directions as a population of this size can follow: the finest lattice that fits. Where that has
 * no inner point (fewer divisions than objectives), a second lattice at half the distance from the middle
 * joins it if there is room.
 */
export function referenceDirections(objectives: number, most: number): Matrix {
  const finest = (room: number): number => {
    let divisions = 0;
    while (latticeSize(objectives, divisions + 1) <= room) divisions++;
    return divisions;
  };
  const outer = Math.max(1, finest(most));
  const shell = simplexLattice(objectives, outer);
  const inner = outer < objectives ? Math.min(outer, finest(most - shell.rows)) : 0;
  if (inner === 0) return shell;
  const core = simplexLattice(objectives, inner).data.map((x) => (x + 1 / objectives) / 2);
  const data = new Float64Array(shell.data.length + core.length);
  data.set(shell.data);
  data.set(core, shell.data.length);
  return matrix(data.length / objectives, objectives, data);
}

/** How many points a lattice has. */
function latticeSize(objectives: number, divisions: number): number {
  let size = 1;
  for (let k = 1; k < objectives; k++) size = (size * (divisions + k)) / k;
  return objectives === 1 ? 1 : Math.round(size);
}
