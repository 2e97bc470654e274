import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrixOf, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { createSpace } from "../../space/create-space.ts";
import { moonProblem, moonWeights, signsOf } from "../fixtures/moons.ts";
import { freeSpace, levels, unitBox } from "../fixtures/spaces.ts";
import type { TargetGoal } from "../objectives.ts";
import type { InverseProblem } from "./contract.ts";
import { likelihoodDefaults, logLikelihoodOf } from "./likelihood.ts";
import { findModes } from "./modes.ts";
import { credibleLevel, samplePosterior } from "./sample-posterior.ts";
import { normaliseLog } from "./tempering.ts";

const match = (value: number): TargetGoal => ({
  label: "y",
  kind: "match",
  low: value,
  high: value,
  scale: 1,
});

/** A problem with one goal, and noise of this standard deviation. */
const problemOf = (
  space: SearchSpace,
  goal: TargetGoal,
  std: number,
  model: (row: Float64Array) => number,
): InverseProblem => ({
  space,
  goals: [goal],
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

const alloy = await createSpace({
  parameters: [
    {
      kind: "composition",
      name: "composition",
      elements: ["Al", "Ti", "V", "Cr", "Nb"].map((symbol) => ({ symbol, min: 0.05, max: 0.5 })),
      step: 0.05,
      count: { min: 2, max: 4 },
    },
    { kind: "categorical", name: "route", values: ["cast", "wrought"] },
  ],
  constraints: [
    {
      kind: "linear",
      text: "Al + Cr <= 0.4",
      coefficients: { Al: 1, Cr: 1 },
      relation: "<=",
      bound: 0.4,
    },
  ],
  quantities: [],
});
/** Different for the two routes, and not linear. */
const alloyModel = (row: Float64Array): number =>
  row[0] + 2 * row[1] * row[1] - row[4] + (row[5] === 1 ? 0.3 : 0);

describe("posterior", () => {
  it("is a normal distribution about the value for y = x, with its evidence", async () => {
    const problem = problemOf(await unitBox(1), match(0.4), 0.05, (row) => row[0]);
    const posterior = await samplePosterior(problem, { rng: createRng(1) }, exact);
    const { rows, weights, logEvidence } = posterior;
    const mean = weights.reduce((sum, w, i) => sum + w * rows.data[i], 0);
    const square = weights.reduce(
      (sum, w, i) => sum + w * (rows.data[i] - mean) * (rows.data[i] - mean),
      0,
    );
    assert.ok(Math.abs(mean - 0.4) < 0.005, `${mean}`);
    assert.ok(Math.abs(Math.sqrt(square) - 0.05) < 0.004, `${Math.sqrt(square)}`);
    // The density integrates to one inside the box.
    assert.ok(Math.abs(logEvidence) < 0.1, `${logEvidence}`);
  });

  it("is exact where the space can be gone through", async () => {
    const space = await freeSpace([levels("a", 9), levels("b", 7)]);
    const problem = problemOf(space, match(6), 0.7, (row) => row[0] + row[1] * row[1] * 0.3);
    const posterior = await samplePosterior(problem, { rng: createRng(1) });
    assert.equal(posterior.method, "enumeration");
    assert.equal(posterior.rows.rows, 63);
    const at = posterior.rows.data.indexOf(6);
    assert.ok(at >= 0);
    const predictions = await problem.predict(posterior.rows);
    const { weights, logMean } = normaliseLog(
      logLikelihoodOf(problem.goals, predictions, likelihoodDefaults),
    );
    assert.deepEqual(posterior.weights, weights);
    assert.equal(posterior.logEvidence, logMean);
  });

  it("has the exact shares of a lattice with limits and a category when it is sampled", async () => {
    const problem = problemOf(alloy, match(0.35), 0.05, alloyModel);
    const all = matrixOf([...alloy.enumerate()]);
    const { weights } = normaliseLog(
      logLikelihoodOf(problem.goals, await problem.predict(all), {
        ...likelihoodDefaults,
        ...exact,
      }),
    );
    const wrought = weights.reduce((sum, w, i) => sum + (all.data[i * 6 + 5] === 1 ? w : 0), 0);
    const withAl = weights.reduce((sum, w, i) => sum + (all.data[i * 6] > 0 ? w : 0), 0);
    const niobium = weights.reduce((sum, w, i) => sum + w * all.data[i * 6 + 4], 0);
    const particles = 200;
    assert.ok(all.rows > particles * 8, "more designs than first draws");
    const sampled = { wrought: 0, withAl: 0, niobium: 0 };
    const seeds = 4;
    for (let seed = 1; seed <= seeds; seed++) {
      const {
        rows,
        weights: own,
        method,
      } = await samplePosterior(problem, { rng: createRng(seed) }, { ...exact, particles });
      assert.equal(method, "sequential Monte Carlo");
      own.forEach((w, i) => {
        const row = rowOf(rows, i);
        assert.ok(alloy.isFeasible(row));
        sampled.wrought += (row[5] === 1 ? w : 0) / seeds;
        sampled.withAl += (row[0] > 0 ? w : 0) / seeds;
        sampled.niobium += (w * row[4]) / seeds;
      });
    }
    assert.ok(Math.abs(sampled.wrought - wrought) < 0.05, `${sampled.wrought} ${wrought}`);
    assert.ok(Math.abs(sampled.withAl - withAl) < 0.05, `${sampled.withAl} ${withAl}`);
    assert.ok(Math.abs(sampled.niobium - niobium) < 0.02, `${sampled.niobium} ${niobium}`);
  });

  it("agrees with weighted draws from the space where fractions are continuous and may be absent", async () => {
    const space = await createSpace({
      parameters: [
        {
          kind: "composition",
          name: "composition",
          elements: ["Al", "Ti", "V", "Cr"].map((symbol) => ({ symbol, min: 0.1, max: 0.8 })),
        },
        { kind: "continuous", name: "temperature", unit: "K", min: 0, max: 1 },
        { kind: "categorical", name: "route", values: ["cast", "wrought"] },
      ],
      constraints: [
        {
          kind: "linear",
          text: "Al + Cr <= 0.6",
          coefficients: { Al: 1, Cr: 1 },
          relation: "<=",
          bound: 0.6,
        },
      ],
      quantities: [],
    });
    const problem = problemOf(
      space,
      match(0.8),
      0.05,
      ([al, ti, , cr, heat, route]) => al + 2 * ti * ti - cr + heat * (route === 1 ? 0.6 : -0.2),
    );
    const draws = space.sample(60_000, createRng("draws"));
    const { weights } = normaliseLog(
      logLikelihoodOf(problem.goals, await problem.predict(draws), {
        ...likelihoodDefaults,
        ...exact,
      }),
    );
    /** Shares of wrought designs and of those with Al and V, and the mean of Ti and of the temperature. */
    const summary = ({ data, rows }: Matrix, w: Float64Array): number[] => {
      const sums = [0, 0, 0, 0, 0];
      for (let i = 0; i < rows; i++) {
        const [al, ti, v, , heat, route] = data.subarray(6 * i, 6 * i + 6);
        [route, Number(al > 0), Number(v > 0), ti, heat].forEach((x, k) => (sums[k] += w[i] * x));
      }
      return sums;
    };
    const expected = summary(draws, weights);
    const found = [0, 0, 0, 0, 0];
    const seeds = 4;
    for (let seed = 1; seed <= seeds; seed++) {
      const posterior = await samplePosterior(problem, { rng: createRng(seed) }, exact);
      summary(posterior.rows, posterior.weights).forEach((x, k) => (found[k] += x / seeds));
    }
    found.forEach((x, k) =>
      assert.ok(Math.abs(x - expected[k]) < 0.05, `${k}: ${x} ${expected[k]}`),
    );
  });

  it("holds the true design in its 90 % credible set 90 times of 100", async () => {
    const space = await freeSpace([
      { kind: "continuous", name: "x1", unit: "1", min: -1, max: 1 },
      { kind: "continuous", name: "x2", unit: "1", min: -1, max: 1 },
      { kind: "categorical", name: "route", values: ["cast", "wrought"] },
    ]);
    const model = (row: Float64Array): number =>
      row[0] * row[0] + (row[2] === 1 ? 0.5 : -0.3) * row[1];
    const std = 0.15;
    const trials = 200;
    const ranks: number[] = [];
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const rng = createRng(`trial ${trial}`);
      const truth = space.sample(1, rng.fork("truth"));
      const value = model(rowOf(truth, 0)) + std * rng.fork("noise").normal();
      const problem = problemOf(space, match(value), std, model);
      const posterior = await samplePosterior(
        problem,
        { rng: rng.fork("posterior") },
        { ...exact, particles: 60, sweeps: 5, finalSweeps: 20 },
      );
      const settings = { ...likelihoodDefaults, ...exact };
      const own = logLikelihoodOf(problem.goals, await problem.predict(truth), settings)[0];
      if (own >= credibleLevel(posterior, 0.9)) held++;
      const { rows, weights } = posterior;
      ranks.push(
        weights.reduce((sum, w, i) => sum + (rows.data[i * 3] < truth.data[0] ? w : 0), 0),
      );
    }
    // Three standard deviations of a share of 0.9 among 200 are 0.064.
    assert.ok(Math.abs(held / trials - 0.9) < 0.064, `${held} of ${trials}`);
    // Ranks of the truth among the draws are uniform: chi-square of 10 bins, 9 degrees, 0.1 %: 27.88.
    const bins = new Float64Array(10);
    for (const rank of ranks) bins[Math.min(9, Math.floor(10 * rank))]++;
    const expected = trials / 10;
    const chi = bins.reduce((sum, n) => sum + ((n - expected) * (n - expected)) / expected, 0);
    assert.ok(chi < 27.88, [...bins].join(" "));
  });

  it("finds four crescents with their weights within 10 %", async () => {
    const problem = await moonProblem();
    const settings = { ...likelihoodDefaults, tolerance: 0.001 };
    const posterior = await samplePosterior(
      problem,
      { rng: createRng(1) },
      { tolerance: 0.001, particles: 2000 },
    );
    const modes = await findModes(posterior, problem.space, async (rows) =>
      logLikelihoodOf(problem.goals, await problem.predict(rows), settings),
    );
    assert.deepEqual(
      modes.map(({ representative }) => signsOf(representative)),
      moonWeights.map(({ signs }) => signs),
    );
    modes.forEach((mode, k) => {
      const { weight } = moonWeights[k];
      assert.ok(Math.abs(mode.weight / weight - 1) < 0.1, `${mode.weight} for ${weight}`);
    });
  });

  it("is the same for the same seed, and another for another", async () => {
    const problem = problemOf(alloy, match(0.35), 0.05, alloyModel);
    const run = (seed: number) =>
      samplePosterior(problem, { rng: createRng(seed) }, { particles: 100, finalSweeps: 4 });
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    assert.deepEqual(one, again);
    assert.notDeepEqual(one.rows, other.rows);
  });

  it("refuses settings that cannot be used, and stops when it is cancelled", async () => {
    const problem = problemOf(await unitBox(1), match(0.4), 0.05, (row) => row[0]);
    await assert.rejects(
      samplePosterior(problem, { rng: createRng(1) }, { particles: 3 }),
      /particles.*>= 10/,
    );
    await assert.rejects(
      samplePosterior(problem, { rng: createRng(1) }, { keptShare: 1 }),
      /keptShare/,
    );
    const controller = new AbortController();
    const reason = new Error("enough");
    const work = { signal: controller.signal, report: () => controller.abort(reason) };
    await assert.rejects(samplePosterior(problem, { rng: createRng(1), work }), reason);
  });
});
