import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrixOf, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { createSpace } from "../../space/create-space.ts";
import { freeSpace, levels } from "../fixtures/spaces.ts";
import type { InverseProblem } from "./contract.ts";
import { likelihoodDefaults, logLikelihoodOf } from "./likelihood.ts";
import { samplePosterior } from "./sample-posterior.ts";
import { normaliseLog } from "./tempering.ts";

/** A number to be matched, known up to a standard deviation. */
const problemOf = (
  space: SearchSpace,
  value: number,
  std: number,
  model: (row: Float64Array) => number,
): InverseProblem => ({
  space,
  goals: [{ label: "y", kind: "match", low: value, high: value, scale: 1 }],
  predict: (rows: Matrix) => [
    {
      mean: Float64Array.from({ length: rows.rows }, (_, i) => model(rowOf(rows, i))),
      epistemicStd: new Float64Array(rows.rows),
      aleatoricStd: new Float64Array(rows.rows).fill(std),
    },
  ],
});

/** So small that the noise alone counts. */
const exact = { tolerance: 1e-6 };

/** Mean share of designs with a property over some seeds. */
async function shareOf(
  problem: InverseProblem,
  has: (row: Float64Array) => boolean,
  particles = 500,
): Promise<number> {
  const seeds = 4;
  let share = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const { rows, weights, method } = await samplePosterior(
      problem,
      { rng: createRng(seed) },
      { ...exact, particles },
    );
    assert.equal(method, "sequential Monte Carlo");
    weights.forEach((w, i) => (share += has(rowOf(rows, i)) ? w / seeds : 0));
  }
  return share;
}

const near = (found: number, expected: number): void =>
  assert.ok(Math.abs(found / expected - 1) < 0.1, `${found} for ${expected}`);

describe("posterior over designs with different parts", () => {
  it("gives two and three ingredients their shares within 10 %", async () => {
    const space = await createSpace({
      parameters: [
        {
          kind: "composition",
          name: "composition",
          elements: [
            { symbol: "Al", min: 0.05, max: 1, required: true },
            { symbol: "Ti", min: 0.05, max: 1, required: true },
            { symbol: "V", min: 0.05, max: 1 },
          ],
        },
      ],
      constraints: [],
      quantities: [],
    });
    const problem = problemOf(space, 0.7, 0.002, ([al]) => al);
    // Both sets of elements are equally probable at first. The density of Al at 0.7 is 1 / 0.9 of two elements, and
    // 2 (s - 0.65) / s^2 of three, s = 0.85 being what their least fractions leave.
    const two = 1 / 0.9;
    const three = (2 * (0.85 - 0.65)) / (0.85 * 0.85);
    const share = await shareOf(problem, (row) => row[2] > 0);
    near(share, three / (two + three));
    near(1 - share, two / (two + three));
  });

  it("gives a number that may be absent its share within 10 %", async () => {
    const space = await freeSpace([
      { kind: "continuous", name: "heat", unit: "1", min: 0, max: 1 },
      { kind: "continuous", name: "dopant", unit: "1", min: 0.2, max: 1, zeroOr: true },
    ]);
    // Without the dopant the heat is 0.9, density 1; with it the dopant is 0.2 ... 0.45, 0.25 of its range of 0.8.
    const problem = problemOf(space, 0.9, 0.002, ([heat, dopant]) => heat + 2 * dopant);
    const share = await shareOf(problem, (row) => row[1] > 0);
    near(share, 0.3125 / 1.3125);
    near(1 - share, 1 / 1.3125);
  });

  it("gives conditional parameters their shares within 10 %", async () => {
    const space = await freeSpace([
      { kind: "categorical", name: "route", values: ["cast", "wrought"] },
      levels("heat", 30),
      {
        ...levels("passes", 30),
        when: {
          text: "route is wrought",
          alternatives: [[{ kind: "is", parameter: "route", values: ["wrought"] }]],
        },
      },
      levels("time", 5),
    ]);
    const problem = problemOf(space, 22, 0.3, ([, heat, passes]) => heat + passes);
    const all = matrixOf([...space.enumerate()]);
    assert.equal(all.rows, 30 * 5 + 30 * 30 * 5);
    const { weights } = normaliseLog(
      logLikelihoodOf(problem.goals, await problem.predict(all), {
        ...likelihoodDefaults,
        ...exact,
      }),
    );
    const cast = weights.reduce((sum, w, i) => sum + (all.data[4 * i] === 0 ? w : 0), 0);
    near(await shareOf(problem, (row) => row[0] === 0, 300), cast);
  });
});
