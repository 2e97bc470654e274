import assert from "node:assert/strict";
import { describe, it } from "node:test";
import reference from "../../../test/reference/posterior.json" with { type: "json" };
import { rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { freeSpace, levels, unitBox } from "../fixtures/spaces.ts";
import type { TargetGoal } from "../objectives.ts";
import type { InverseProblem } from "./contract.ts";
import {
  reportIllPosedness,
  type IllPosednessReport,
  type IllPosednessSettings,
} from "./ill-posedness.ts";
import { likelihoodDefaults } from "./likelihood.ts";
import { samplePosterior } from "./sample-posterior.ts";

const match = (label: string, value: number): TargetGoal => ({
  label,
  kind: "match",
  low: value,
  high: value,
  scale: 1,
});

/** The report on computed properties that shall have these values. */
async function reportOn(
  space: SearchSpace,
  goals: readonly TargetGoal[],
  model: (row: Float64Array) => readonly number[],
  tolerance = 0.02,
  seed = 1,
  settings: Partial<IllPosednessSettings> = {},
): Promise<IllPosednessReport> {
  const problem: InverseProblem = {
    space,
    goals,
    predict: (rows: Matrix) =>
      goals.map((_, g) => ({
        mean: Float64Array.from({ length: rows.rows }, (_row, i) => model(rowOf(rows, i))[g]),
        epistemicStd: new Float64Array(rows.rows),
        aleatoricStd: new Float64Array(rows.rows),
      })),
  };
  const posterior = await samplePosterior(problem, { rng: createRng(seed) }, { tolerance });
  const likelihood = { ...likelihoodDefaults, tolerance };
  return reportIllPosedness(
    problem,
    posterior,
    likelihood,
    { rng: createRng(seed) },
    { budget: 1500, ...settings },
  );
}

const line = await unitBox(1);
const cube = await unitBox(3);

describe("ill-posedness", () => {
  it("is unreachable where the value lies outside, with the distance in the property's unit", async () => {
    // (x - 0.5)^2 is at least 0, and -0.5 is asked for.
    const { verdict, reach, sentences } = await reportOn(line, [match("bowl", -0.5)], ([x]) => [
      (x - 0.5) * (x - 0.5),
    ]);
    assert.equal(verdict, "unreachable");
    assert.ok(Math.abs(reach.goals[0].gap - 0.5) < 1e-3, `${reach.goals[0].gap}`);
    assert.ok(Math.abs(reach.nearest[0] - 0.5) < 0.05);
    assert.equal(reach.isReached, false);
    assert.match(sentences[0], /cannot be reached.*"bowl".*too high/);
  });

  it("counts a goal of a class as missed when its probability falls short", async () => {
    const goal: TargetGoal = { label: "P", kind: "class", low: 0.9, high: null, scale: 1 };
    const { verdict, reach } = await reportOn(line, [goal], ([x]) => [0.8 * x]);
    assert.equal(verdict, "unreachable");
    assert.ok(Math.abs(reach.distance - 0.1) < 1e-3);
  });

  it("is unique for a line, several for a parabola, a continuum for a sum", async () => {
    const unique = await reportOn(line, [match("y", 0.3)], ([x]) => [2 * x - 1]);
    assert.equal(unique.verdict, "unique");
    assert.equal(unique.modes.length, 1);
    assert.ok(Math.abs(unique.modes[0].representative[0] - 0.65) < 0.01);

    const several = await reportOn(line, [match("y", 0.4)], ([x]) => [4 * (x - 0.5) * (x - 0.5)]);
    assert.equal(several.verdict, "several");
    assert.equal(several.modes.length, 2);
    for (const { weight } of several.modes) assert.ok(Math.abs(weight - 0.5) < 0.1, `${weight}`);
    assert.match(several.sentences.join(" "), /2 separate families/);

    const sum = await reportOn(cube, [match("y", 1.5)], ([x, y, z]) => [x + y + z]);
    assert.equal(sum.verdict, "a continuum");
    assert.deepEqual(sum.modes[0].freedom, { open: 2, directions: 3 });
    assert.match(sum.sentences.join(" "), /2 of 3 independent directions/);
  });

  it("is unstable where a small change of the value moves the solution far", async () => {
    // The property changes by 0.02 over the whole range, and its spread is said to be 1.
    const { verdict, modes, sentences } = await reportOn(
      line,
      [match("flat", 0.01)],
      ([x]) => [0.02 * x],
      2e-5,
    );
    assert.equal(verdict, "unstable");
    assert.ok(
      Math.abs(modes[0].sensitivity[0].gain / 50 - 1) < 0.1,
      `${modes[0].sensitivity[0].gain}`,
    );
    assert.match(sentences.join(" "), /"flat" by 1 %.*x1 by (4|5)\d % of its range/);
  });

  it("has the inverse of the Jacobian as the sensitivity of a linear model", async () => {
    const { jacobian, inverse } = reference;
    const wide = await freeSpace(
      ["x1", "x2", "x3"].map((name) => ({
        kind: "continuous",
        name,
        unit: "1",
        min: -1,
        max: 1,
      })),
    );
    const goals = [match("a", 0.3), match("b", 0), match("c", -0.2)];
    const sums = goals.map(() => [0, 0, 0]);
    const seeds = 3;
    for (let seed = 1; seed <= seeds; seed++) {
      const { modes } = await reportOn(
        wide,
        goals,
        (row) => jacobian.map((line) => line.reduce((sum, a, j) => sum + a * row[j], 0)),
        0.02,
        seed,
      );
      assert.equal(modes.length, 1);
      assert.equal(modes[0].freedom.open, 0);
      modes[0].sensitivity.forEach(({ shift }, g) =>
        shift.forEach((value, j) => (sums[g][j] += value / seeds)),
      );
    }
    sums.forEach((shift, g) =>
      shift.forEach((value, j) =>
        assert.ok(Math.abs(value - inverse[j][g]) < 0.1, `${g} ${j}: ${value}`),
      ),
    );
  });

  it("is not unique where the probability lies in families too small to be listed", async () => {
    const { verdict, modes, otherWeight, sentences } = await reportOn(
      line,
      [match("y", 0.4)],
      ([x]) => [4 * (x - 0.5) * (x - 0.5)],
      0.02,
      1,
      { leastWeight: 0.7 },
    );
    assert.equal(verdict, "several");
    assert.equal(modes.length, 0);
    assert.ok(otherWeight > 0.99);
    assert.match(sentences.join(" "), /100 % of the probability.*too small to be listed/);
  });

  it("works on spaces of lists and tells the same for the same seed", async () => {
    const space = await freeSpace([levels("a", 30), levels("b", 30)]);
    const run = () => reportOn(space, [match("y", 10)], ([a, b]) => [0.7 * a - 0.2 * b], 0.3);
    assert.deepEqual(await run(), await run());
  });
});
