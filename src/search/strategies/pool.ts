import { matrix } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Evaluation } from "../contract.ts";

/** Scored designs of one generation and the next in one piece of memory. */
export interface Pool {
  /** Views of what is held, n x dimension and n x objectives: valid until the next change. */
  readonly rows: Matrix;
  readonly evaluation: Evaluation;
  add(rows: Matrix, evaluation: Evaluation): void;
  /** Leaves these rows only, given ascending; row number `chosen[k]` becomes row number k. */
  keep(chosen: Int32Array): void;
}

/** An empty pool for up to `capacity` designs. */
export function createPool(capacity: number, dimension: number, objectives: number): Pool {
  const rows = new Float64Array(capacity * dimension);
  const scores = new Float64Array(capacity * objectives);
  const violation = new Float64Array(capacity);
  let size = 0;

  return {
    get rows() {
      return matrix(size, dimension, rows.subarray(0, size * dimension));
    },
    get evaluation() {
      return {
        objectives: matrix(size, objectives, scores.subarray(0, size * objectives)),
        violation: violation.subarray(0, size),
      };
    },
    add(added, evaluation) {
      rows.set(added.data, size * dimension);
      scores.set(evaluation.objectives.data, size * objectives);
      violation.set(evaluation.violation, size);
      size += added.rows;
    },
    keep(chosen) {
      for (let k = 0; k < chosen.length; k++) {
        const i = chosen[k];
        if (i === k) continue;
        rows.copyWithin(k * dimension, i * dimension, (i + 1) * dimension);
        scores.copyWithin(k * objectives, i * objectives, (i + 1) * objectives);
        violation[k] = violation[i];
      }
      size = chosen.length;
    },
  };
}
