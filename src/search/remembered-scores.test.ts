import assert from "node:assert/strict";
import { it } from "node:test";
import { matrix, matrixOf } from "../core/matrix.ts";
import type { Evaluation } from "./contract.ts";
import { rememberScores } from "./remembered-scores.ts";
import type { SearchRun } from "./run.ts";

/** A run that scores a row by its sum and counts what it is given. */
function runOf(budget: number): SearchRun & { readonly scored: number[] } {
  const scored: number[] = [];
  return {
    scored,
    count: "uncountable",
    start: matrix(0, 1),
    get remaining() {
      return budget - scored.length;
    },
    score(rows): Promise<Evaluation> {
      scored.push(...rows.data);
      return Promise.resolve({
        objectives: matrix(
          rows.rows,
          1,
          rows.data.map((x) => 10 * x),
        ),
        violation: rows.data.map((x) => x / 2),
      });
    },
    finish: () => assert.fail("not asked"),
  };
}

it("rows that were scored before, or stand twice, are scored once", async () => {
  const run = runOf(10);
  const scores = rememberScores(run, 1, 1);
  const first = await scores.score(matrixOf([[1], [2], [1]]));
  assert.deepEqual([...first.objectives.data], [10, 20, 10]);
  const again = await scores.score(matrixOf([[3], [2]]));
  assert.deepEqual([...again.objectives.data], [30, 20]);
  assert.deepEqual([...again.violation], [1.5, 1]);
  assert.deepEqual(run.scored, [1, 2, 3]);
  assert.equal(scores.known, 3);
});

it("the answer ends where the budget does, known rows excepted", async () => {
  const run = runOf(2);
  const scores = rememberScores(run, 1, 1);
  const cut = await scores.score(matrixOf([[1], [2], [1], [3], [1]]));
  assert.deepEqual([...cut.objectives.data], [10, 20, 10]);
  const known = await scores.score(matrixOf([[2], [1]]));
  assert.deepEqual([...known.objectives.data], [20, 10]);
});
