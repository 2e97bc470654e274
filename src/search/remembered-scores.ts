import { matrix, rowOf, takeRows } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Evaluation } from "./contract.ts";
import { createRowSet } from "./row-set.ts";
import type { SearchRun } from "./run.ts";

/** Scores with a memory, for searches that come to the same design again and again. */
export interface RememberedScores {
  /**
   * The scores of the first rows, in order: known ones from memory, new ones as long as the budget
   * lasts. It has fewer rows than were given when the budget ends.
   */
  score(rows: Matrix): Promise<Evaluation>;
  /** Designs scored so far. */
  readonly known: number;
}

/** A memory of all scores of a run of `objectives` numbers each. */
export function rememberScores(
  run: SearchRun,
  dimension: number,
  objectives: number,
): RememberedScores {
  const seen = createRowSet(dimension);
  const scores: number[] = [];
  const missed: number[] = [];

  return {
    get known() {
      return seen.size;
    },
    async score(rows) {
      const place = new Int32Array(rows.rows);
      const fresh: number[] = [];
      let count = 0;
      for (; count < rows.rows; count++) {
        const size = seen.size;
        if (fresh.length === run.remaining && !seen.has(rowOf(rows, count))) break;
        place[count] = seen.place(rowOf(rows, count));
        if (place[count] === size) fresh.push(count);
      }
      if (fresh.length > 0) {
        const { objectives: values, violation } = await run.score(takeRows(rows, fresh));
        for (const value of values.data) scores.push(value);
        for (const value of violation) missed.push(value);
      }
      const answer = matrix(count, objectives);
      const violation = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        violation[i] = missed[place[i]];
        for (let k = 0; k < objectives; k++) {
          answer.data[i * objectives + k] = scores[place[i] * objectives + k];
        }
      }
      return { objectives: answer, violation };
    },
  };
}
