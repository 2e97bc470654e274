import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { it } from "node:test";
import { UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { aim, waves } from "../fixtures/acquisition-context.ts";
import type { TargetGoal } from "../objectives.ts";
import type { AcquisitionContext, AcquisitionSpec } from "./contract.ts";
import { acquisitions, type AcquisitionName } from "./registry.ts";

const rng = createRng("goals");
const random = (rows: number, columns: number) =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.uniform()),
  );
const reference = random(12, 2);
const rows = random(5, 2);

/** Every kind of goal, alone and together; where beliefs are of a class, of its log odds. */
const kinds: Readonly<Record<string, readonly TargetGoal[]>> = {
  minimise: [aim("minimise")],
  maximise: [aim("maximise")],
  match: [aim("match", 0.4, 0.5)],
  range: [aim("range", 0.2, 0.8)],
  class: [aim("class", 0.5)],
  "with a limit": [aim("minimise", null, 0.5), aim("range", -1, null), aim("class", null, 0.2)],
  "2 objectives": [aim("minimise", null, 1), aim("maximise")],
  "match + 1": [aim("match", 0.4, 0.4), aim("maximise")],
  "6 objectives": Array.from({ length: 6 }, () => aim("minimise")),
};
const contextOf = (goals: readonly TargetGoal[]): AcquisitionContext =>
  waves(goals, { reference, rng: createRng("draws") });

/** What a function makes of goals: `yes` with finite values and slopes, else the function to take. */
function answer(spec: AcquisitionSpec, goals: readonly TargetGoal[]): string {
  try {
    const acquisition = spec.create(contextOf(goals));
    const values = acquisition.values(rows);
    for (let i = 0; i < rows.rows; i++) {
      const gradient = new Float64Array(2);
      const value = acquisition.slope(rowOf(rows, i), gradient);
      assert.ok(
        Number.isFinite(value) && gradient.every(Number.isFinite),
        `${spec.name}: ${value}`,
      );
      assert.ok(Math.abs(value - values[i]) <= 1e-7 * (1 + Math.abs(value)));
    }
    return "yes";
  } catch (error) {
    assert.ok(error instanceof UnsupportedError, String(error));
    const { hint = "" } = error.details;
    const other = /^Take ([a-z-]+)/.exec(hint)?.[1] ?? "";
    assert.ok(Object.hasOwn(acquisitions, other), `${spec.name}: ${hint}`);
    assert.equal(answer(acquisitions[other as AcquisitionName], goals), "yes");
    return other;
  }
}

it("every acquisition function takes every kind of goal or names one that does, as the documentation says", async () => {
  const names = Object.keys(kinds);
  const cells = [
    ["acquisition function", ...names],
    ...Object.values<AcquisitionSpec>(acquisitions).map((spec) => [
      `\`${spec.name}\``,
      ...names.map((name) => answer(spec, kinds[name])),
    ]),
  ];
  const page = await readFile(new URL("../../../docs/planning.md", import.meta.url), "utf8");
  const written = page
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
  const first = written.findIndex(([cell]) => cell === cells[0][0]);
  assert.ok(first >= 0);
  const table = written.slice(first, first + cells.length + 1).toSpliced(1, 1);
  assert.deepEqual(table, cells);
});
