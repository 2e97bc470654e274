import { exp, sin } from "../../src/core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { quantile } from "../../src/core/statistics.ts";
import { fitBelief } from "../../src/search/belief/fit-belief.ts";
import { fitLogOdds } from "../../src/search/belief/log-odds.ts";
import type { TargetGoal } from "../../src/search/objectives.ts";
import { spreadDesigns } from "../../src/search/planning/maximise/raw-designs.ts";
import { planners, type PlannerName } from "../../src/search/planning/registry.ts";
import type { SearchSpace } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import type { Bench, BenchRow } from "../harness.ts";

const seeds = 20;
const initial = 6;
const rounds = 12;
const batch = 2;
const level = 0.5;
/** Cells of the two outcomes, a side, that novelty is to visit. */
const cells = 12;

type Outcomes = (x: Float64Array) => number[];

/** Smooth function of two variables. Source: R. Franke, Naval Postgraduate School report NPS-53-79-003 (1979). */
const franke: Outcomes = (x) => {
  const [u, v] = [9 * x[0], 9 * x[1]];
  return [
    0.75 * exp(-((u - 2) * (u - 2) + (v - 2) * (v - 2)) / 4) +
      0.75 * exp((-(u + 1) * (u + 1)) / 49 - (v + 1) / 10) +
      0.5 * exp(-((u - 7) * (u - 7) + (v - 3) * (v - 3)) / 4) -
      0.2 * exp(-(u - 4) * (u - 4) - (v - 7) * (v - 7)),
  ];
};
/** A class inside a circle. */
const ringed: Outcomes = ([x, y]) => [Number((x - 0.5) * (x - 0.5) + (y - 0.4) * (y - 0.4) < 0.09)];
/** Two outcomes of which most designs give nearly the same and few something else. */
const corner: Outcomes = (x) => [
  exp(-6 * x[0]) + 0.1 * sin(5 * x[1]),
  exp(-6 * x[1]) + 0.1 * sin(5 * x[0]),
];

interface Score {
  readonly name: string;
  readonly outcomes: Outcomes;
  readonly goals: readonly TargetGoal[];
  /** What is wrong with what was learned; smaller is better. */
  readonly judge: (
    space: SearchSpace,
    rows: Matrix,
    outcomes: Matrix,
    seed: number,
  ) => Promise<number>;
}

const goal = (label: string, given: Partial<TargetGoal> = {}): TargetGoal => ({
  label,
  kind: "minimise",
  low: null,
  high: null,
  scale: 0.3,
  ...given,
});

const error: Score = {
  name: "error of the predictions",
  outcomes: franke,
  goals: [goal("y")],
  async judge(space, rows, outcomes, seed) {
    const { mean, exact } = await predicted(space, rows, outcomes, seed);
    let sum = 0;
    mean.forEach((value, i) => (sum += (value - exact[i]) * (value - exact[i])));
    return Math.sqrt(sum / mean.length);
  },
};
const misplaced: Score = {
  name: `share on the wrong side of ${level}`,
  outcomes: franke,
  goals: [goal("y", { kind: "range", low: level })],
  async judge(space, rows, outcomes, seed) {
    const { mean, exact } = await predicted(space, rows, outcomes, seed);
    let wrong = 0;
    mean.forEach((value, i) => (wrong += value >= level === exact[i] >= level ? 0 : 1));
    return wrong / mean.length;
  },
};
const unseen: Score = {
  name: "share of outcomes not seen",
  outcomes: corner,
  goals: [goal("y1"), goal("y2")],
  judge(space, _, outcomes) {
    const cellsOf = (values: Matrix): Set<string> =>
      new Set(
        Array.from({ length: values.rows }, (_, i) =>
          Array.from(rowOf(values, i), (value) => Math.floor(value * cells)).join(" "),
        ),
      );
    const all = cellsOf(measured(corner, space.sample(20_000, createRng("all outcomes"))));
    return Promise.resolve(1 - cellsOf(outcomes).size / all.size);
  },
};

const misclassified: Score = {
  name: "share taken for the other class",
  outcomes: ringed,
  goals: [goal("class", { kind: "class", low: 0.5, scale: 1 })],
  async judge(space, rows, outcomes, seed) {
    const designs = space.sample(1000, createRng("designs to judge by"));
    const rng = createRng(`judge ${seed}`);
    const { mean } = (await fitLogOdds(space.columns, rows, outcomes.data, { rng })).marginal(
      designs,
    );
    const exact = measured(ringed, designs).data;
    let wrong = 0;
    mean.forEach((value, i) => (wrong += value > 0 === (exact[i] === 1) ? 0 : 1));
    return wrong / mean.length;
  },
};

const cases: readonly (readonly [string, PlannerName, Score])[] = [
  ["uncertainty-sampling", "uncertainty-sampling", error],
  ["query-by-committee", "query-by-committee", error],
  ["expected-model-change", "expected-model-change", error],
  ["expected-error-reduction", "expected-error-reduction", error],
  ["boundary-learning", "boundary-learning", misplaced],
  ["class-boundary", "boundary-learning", misclassified],
  ["novelty", "novelty", unseen],
];

/** What planners that learn have learned after as many measurements as random designs. */
export const activeLearningBench: Bench = {
  name: "active-learning",
  summary: `what is learned of smooth functions in ${initial} + ${rounds} x ${batch} measurements, against random designs (${seeds} seeds)`,
  cases: cases.map(([name]) => name),
  async run(log, only) {
    const space = await createSpace({
      parameters: ["x", "y"].map((name) => ({
        kind: "continuous",
        name,
        unit: "1",
        min: 0,
        max: 1,
      })),
      constraints: [],
      quantities: [],
    });
    const rows: BenchRow[] = [];
    const byRandom = new Map<Score, number>();
    for (const [name, planner, score] of cases) {
      if (only !== undefined && name !== only) continue;
      const medianOf = async (by: PlannerName): Promise<number[]> => {
        const found: number[] = [];
        for (let seed = 1; seed <= seeds; seed++) found.push(await learned(space, by, score, seed));
        return [0.25, 0.5, 0.75].map((share) => quantile(found, share));
      };
      log(name);
      const random = byRandom.get(score) ?? (await medianOf("random"))[1];
      byRandom.set(score, random);
      const [low, median, high] = await medianOf(planner);
      rows.push({
        case: `${planner}: ${score.name}`,
        value: median,
        spread: (high - low) / 2,
        unit: "1",
        repeats: seeds,
        peer: "random",
        peerValue: random,
        ratio: random / median,
        target: "below random",
        pass: median < random,
      });
    }
    return rows;
  },
};

/** Judges what one campaign learned. */
async function learned(
  space: SearchSpace,
  planner: PlannerName,
  { outcomes: f, goals, judge }: Score,
  seed: number,
): Promise<number> {
  const rng = createRng(`active learning ${seed}`);
  let rows = spreadDesigns(space, initial, rng.fork("initial"));
  let outcomes = measured(f, rows);
  for (let round = 0; round < rounds; round++) {
    const { proposals } = await planners[planner].plan(
      { space, goals },
      { rows, outcomes },
      { batchSize: batch, rng: rng.fork(`round ${round}`) },
    );
    const next = matrix(proposals.length, space.dimension);
    proposals.forEach(({ row }, i) => rowOf(next, i).set(row));
    rows = below(rows, next);
    outcomes = below(outcomes, measured(f, next));
  }
  return judge(space, rows, outcomes, seed);
}

/** Means of the same model for every planner, and the exact values, at designs over the space. */
async function predicted(
  space: SearchSpace,
  rows: Matrix,
  outcomes: Matrix,
  seed: number,
): Promise<{ mean: Float64Array; exact: Float64Array }> {
  const { belief } = await fitBelief(space.columns, rows, outcomes.data, {
    rng: createRng(`judge ${seed}`),
  });
  const designs = space.sample(1000, createRng("designs to judge by"));
  return { mean: belief.marginal(designs).mean, exact: measured(franke, designs).data };
}

function measured(f: Outcomes, rows: Matrix): Matrix {
  const values = Array.from({ length: rows.rows }, (_, i) => f(rowOf(rows, i)));
  return matrix(rows.rows, values[0].length, Float64Array.from(values.flat()));
}

const below = (a: Matrix, b: Matrix): Matrix =>
  matrix(a.rows + b.rows, a.columns, Float64Array.of(...a.data, ...b.data));
