import { matrix, rowOf, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { quantile } from "../../src/core/statistics.ts";
import type { TargetGoal } from "../../src/search/objectives.ts";
import { hypervolume } from "../../src/search/pareto/hypervolume.ts";
import type { ExperimentProblem } from "../../src/search/planning/contract.ts";
import { spreadDesigns } from "../../src/search/planning/maximise/raw-designs.ts";
import { planners, type PlannerName } from "../../src/search/planning/registry.ts";
import type { BenchRow } from "../harness.ts";
import { braninCurrin } from "../problems/branin-currin.ts";
import { c2Dtlz2 } from "../problems/dtlz.ts";
import { searchProblemOf, violationOf, type TestProblem } from "../problems/problem.ts";
import type { BoCase } from "./bo.ts";

/** One closed loop on a test function. */
export interface LoopCase {
  readonly name: string;
  readonly problem: TestProblem;
  /** Sobol designs to begin with. */
  readonly initial: number;
  readonly rounds: number;
  readonly batch: number;
  /** Standard deviation of the noise of each objective, told to the planner. */
  readonly noiseStd?: readonly number[];
  /** Least median of the largest hypervolume's unit. */
  readonly atLeast?: number;
  readonly peer: string;
  readonly peerValue: number;
}

const seeds = 20;

const cases: readonly LoopCase[] = [
  {
    name: "BraninCurrin",
    problem: braninCurrin,
    initial: 6,
    rounds: 20,
    batch: 4,
    atLeast: 58.9,
    peer: "BoTorch qNEHVI, published, one seed, noisy",
    peerValue: 57.77,
  },
  {
    name: "BraninCurrin, noisy",
    problem: braninCurrin,
    initial: 6,
    rounds: 20,
    batch: 4,
    noiseStd: [15.19, 0.63],
    atLeast: 57.8,
    peer: "BoTorch qNEHVI, published, one seed",
    peerValue: 57.77,
  },
  {
    name: "C2-DTLZ2",
    problem: c2Dtlz2(),
    initial: 10,
    rounds: 20,
    batch: 2,
    peer: "BoTorch qNEHVI, published, one seed",
    peerValue: 0.38,
  },
];

/** Hypervolume of what was measured in closed loops with several objectives, without its noise. */
export const multiObjectiveCases: readonly BoCase[] = cases.map((one) => ({
  name: one.name,
  run: (log) => measureCase(one, log),
}));

async function measureCase(one: LoopCase, log: (line: string) => void): Promise<BenchRow[]> {
  const found: Record<"bayesian" | "random", number[]> = { bayesian: [], random: [] };
  for (let seed = 1; seed <= seeds; seed++) {
    for (const planner of ["bayesian", "random"] as const) {
      found[planner].push(await closedLoop(one, planner, seed));
    }
    log(`${one.name}, seed ${seed}: ${found.bayesian.at(-1)!.toPrecision(5)}`);
  }
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(found.bayesian, share));
  const { atLeast, problem, initial, rounds, batch } = one;
  return [
    {
      case: `${one.name}: hypervolume`,
      value: median,
      spread: (high - low) / 2,
      unit: `of ${problem.reference!.hypervolume.toPrecision(6)}`,
      repeats: seeds,
      peer: one.peer,
      peerValue: one.peerValue,
      ...(atLeast === undefined ? {} : { target: `>= ${atLeast}`, pass: median >= atLeast }),
      note:
        `median of ${initial} + ${rounds} x ${batch} measurements, quartiles ${low.toPrecision(5)} and ` +
        `${high.toPrecision(5)}; random designs ${quantile(found.random, 0.5).toPrecision(4)}`,
    },
  ];
}

/** Hypervolume, without noise, of the allowed designs that one closed loop measured. */
export async function closedLoop(
  { problem, initial, rounds, batch, noiseStd }: LoopCase,
  planner: PlannerName,
  seed: number,
  settings: object = {},
): Promise<number> {
  const { space } = await searchProblemOf(problem);
  const rng = createRng(`bo-multi ${problem.name} ${seed}`);
  const noise = rng.fork("noise");
  const m = problem.objectives;
  const limits = problem.constraints?.(new Float64Array(space.dimension)).length ?? 0;
  const experiment: ExperimentProblem = { space, goals: goalsOf(problem, limits) };
  let rows = spreadDesigns(space, initial, rng.fork("initial"));
  let outcomes = measured(problem, rows, limits);
  const blur = (exact: Matrix): Matrix => {
    const values = exact.data.map(
      (value, at) => value + (noiseStd?.[at % exact.columns] ?? 0) * noise.normal(),
    );
    return matrix(exact.rows, exact.columns, values);
  };
  let seen = blur(outcomes);
  for (let round = 0; round < rounds; round++) {
    const plan = await planners[planner].plan(
      experiment,
      {
        rows,
        outcomes: seen,
        ...(noiseStd === undefined ? {} : { noiseStd: known(seen, noiseStd) }),
      },
      { batchSize: batch, rng: rng.fork(`round ${round}`) },
      settings,
    );
    const next = matrix(plan.proposals.length, space.dimension);
    plan.proposals.forEach(({ row }, i) => rowOf(next, i).set(row));
    const exact = measured(problem, next, limits);
    rows = below(rows, next);
    outcomes = below(outcomes, exact);
    seen = below(seen, blur(exact));
  }
  const allowed = Array.from({ length: rows.rows }, (_, i) => i).filter(
    (i) => violationOf(problem, rowOf(rows, i)) === 0,
  );
  const objectives = matrix(allowed.length, m);
  allowed.forEach((i, at) => rowOf(objectives, at).set(rowOf(outcomes, i).subarray(0, m)));
  return hypervolume(objectives, problem.reference!.point);
}

/** Objectives that count below the reference point; limits are met at 0 or less. */
function goalsOf({ objectives, reference }: TestProblem, limits: number): TargetGoal[] {
  const wanted = Array.from({ length: objectives }, (_, k): TargetGoal => {
    const high = reference!.point[k];
    return { label: `f${k + 1}`, kind: "minimise", low: null, high, scale: Math.abs(high) };
  });
  const kept = Array.from({ length: limits }, (_, k): TargetGoal => {
    return { label: `c${k + 1}`, kind: "range", low: null, high: 0, scale: 1 };
  });
  return [...wanted, ...kept];
}

function measured(problem: TestProblem, rows: Matrix, limits: number): Matrix {
  const outcomes = matrix(rows.rows, problem.objectives + limits);
  for (let i = 0; i < rows.rows; i++) {
    const x = rowOf(rows, i);
    rowOf(outcomes, i).set([...problem.evaluate(x), ...(problem.constraints?.(x) ?? [])]);
  }
  return outcomes;
}

const known = ({ rows, columns }: Matrix, noiseStd: readonly number[]): Matrix =>
  matrix(
    rows,
    columns,
    new Float64Array(rows * columns).map((_, at) => noiseStd[at % columns]),
  );

const below = (a: Matrix, b: Matrix): Matrix =>
  matrix(a.rows + b.rows, a.columns, Float64Array.of(...a.data, ...b.data));
