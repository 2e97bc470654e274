import { matrix, rowOf } from "../../src/core/matrix.ts";
import { minimise } from "../../src/core/optimise/minimise.ts";
import { createRng } from "../../src/core/rng.ts";
import { median, quantile } from "../../src/core/statistics.ts";
import { moonProblem, moonWeights, signsOf } from "../../src/search/fixtures/moons.ts";
import type { InverseProblem } from "../../src/search/posterior/contract.ts";
import { likelihoodDefaults, logLikelihoodOf } from "../../src/search/posterior/likelihood.ts";
import { findModes } from "../../src/search/posterior/modes.ts";
import { samplePosterior } from "../../src/search/posterior/sample-posterior.ts";
import type { Bench, BenchRow } from "../harness.ts";

const seeds = 20;
const particles = 2000;
/** The noise of the model is what blurs the crescents. */
const tolerance = 0.001;
const settings = { ...likelihoodDefaults, tolerance };

/** Shares of the crescents that were found, by their signs. */
type Shares = Readonly<Record<string, number>>;

interface Outcome {
  readonly shares: Shares;
  readonly families: number;
  readonly evaluated: number;
  readonly seconds: number;
}

async function sampled(problem: InverseProblem, seed: number): Promise<Outcome> {
  const start = performance.now();
  let extra = 0;
  const posterior = await samplePosterior(
    problem,
    { rng: createRng(seed) },
    { particles, tolerance },
  );
  const modes = await findModes(posterior, problem.space, async (rows) => {
    extra += rows.rows;
    return logLikelihoodOf(problem.goals, await problem.predict(rows), settings);
  });
  return {
    shares: Object.fromEntries(
      modes.map(({ representative, weight }) => [signsOf(representative), weight]),
    ),
    families: modes.length,
    evaluated: posterior.evaluated + extra,
    seconds: (performance.now() - start) / 1000,
  };
}

/**
 * Gradient descent from random designs until the same number of predictions is spent; a crescent's share is that
 * of the descents that end on it. Gradients are differences, forward and back.
 */
async function multiStart(problem: InverseProblem, seed: number, budget: number): Promise<Outcome> {
  const start = performance.now();
  const rng = createRng(seed).fork("multi-start");
  const d = problem.space.dimension;
  const step = 1e-5;
  const counts: Record<string, number> = {};
  const spent = { predictions: 0 };
  let runs = 0;
  // The problem predicts at once; a promise would need another optimiser.
  const heightsOf = (rows: ReturnType<typeof matrix>): Float64Array => {
    const predictions = problem.predict(rows);
    if (predictions instanceof Promise) throw new Error("inverse: expected predictions at once.");
    spent.predictions += rows.rows;
    return logLikelihoodOf(problem.goals, predictions, settings);
  };
  while (spent.predictions < budget) {
    const found = minimise(
      (x, gradient) => {
        const around = matrix(2 * d + 1, d);
        for (let i = 0; i < around.rows; i++) rowOf(around, i).set(x);
        for (let j = 0; j < d; j++) {
          around.data[(1 + 2 * j) * d + j] += step;
          around.data[(2 + 2 * j) * d + j] -= step;
        }
        const heights = heightsOf(around);
        for (let j = 0; j < d; j++) {
          gradient[j] = (heights[2 + 2 * j] - heights[1 + 2 * j]) / (2 * step);
        }
        return -heights[0];
      },
      rowOf(problem.space.sample(1, rng), 0),
      {
        lower: problem.space.columns.map(({ min }) => min),
        upper: problem.space.columns.map(({ max }) => max),
      },
    );
    const signs = signsOf(found.x);
    counts[signs] = (counts[signs] ?? 0) + 1;
    runs++;
  }
  return {
    shares: Object.fromEntries(Object.entries(counts).map(([signs, n]) => [signs, n / runs])),
    families: Object.keys(counts).length,
    evaluated: spent.predictions,
    seconds: (performance.now() - start) / 1000,
  };
}

const worstError = ({ shares }: Outcome): number =>
  Math.max(...moonWeights.map(({ signs, weight }) => Math.abs((shares[signs] ?? 0) / weight - 1)));

const findsAll = ({ shares, families }: Outcome): boolean =>
  families === moonWeights.length && moonWeights.every(({ signs }) => (shares[signs] ?? 0) > 0);

const halfRange = (values: readonly number[]): number =>
  (quantile(values, 0.75) - quantile(values, 0.25)) / 2;

/** Whether posterior sampling returns every family of solutions with its probability. */
export const inverseBench: Bench = {
  name: "inverse",
  summary:
    "four crescents of known weights: families found and their shares, beside multi-start descent",
  async run(log) {
    const problem = await moonProblem();
    const ours: Outcome[] = [];
    const baseline: Outcome[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const own = await sampled(problem, seed);
      const other = await multiStart(problem, seed, own.evaluated);
      ours.push(own);
      baseline.push(other);
      log(
        `seed ${seed}: largest error ${worstError(own).toFixed(3)}, multi-start ${worstError(other).toFixed(3)}`,
      );
    }
    const errors = ours.map(worstError);
    const peer = `multi-start descent, ${Math.round(median(ours.map((one) => one.evaluated)))} predictions each`;
    const rows: BenchRow[] = [
      {
        case: "seeds with exactly the four families",
        value: ours.filter(findsAll).length,
        unit: `of ${seeds}`,
        repeats: seeds,
        peer,
        peerValue: baseline.filter(findsAll).length,
        target: `= ${seeds}`,
        pass: ours.every(findsAll),
      },
      {
        case: "largest relative error of the four weights, median",
        value: median(errors),
        spread: halfRange(errors),
        unit: "1",
        repeats: seeds,
        peer,
        peerValue: median(baseline.map(worstError)),
        ratio: median(baseline.map(worstError)) / median(errors),
        target: "<= 0.1",
        pass: median(errors) <= 0.1,
      },
      {
        case: "seeds with all four weights within 10 %",
        value: errors.filter((error) => error <= 0.1).length,
        unit: `of ${seeds}`,
        repeats: seeds,
        peer,
        peerValue: baseline.filter((one) => worstError(one) <= 0.1).length,
        target: `= ${seeds}`,
        pass: errors.every((error) => error <= 0.1),
        note: `worst seed ${Math.max(...errors).toFixed(3)}; weights are 0.42, 0.28, 0.18 and 0.12`,
      },
      {
        case: "time",
        value: median(ours.map(({ seconds }) => seconds)),
        spread: halfRange(ours.map(({ seconds }) => seconds)),
        unit: "s",
        repeats: seeds,
        peer,
        peerValue: median(baseline.map(({ seconds }) => seconds)),
      },
    ];
    return rows;
  },
};
