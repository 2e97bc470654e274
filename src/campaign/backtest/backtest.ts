import { createRng } from "../../core/rng.ts";
import { quantile } from "../../core/statistics.ts";
import { stage, type Work } from "../../core/work.ts";
import type { TargetGoal } from "../../search/objectives.ts";
import { choosePlanner } from "../experiments/planning/choose-planner.ts";
import { accelerations, accelerationToRandom, enhancementOf } from "./factors.ts";
import { backtestSentence } from "./backtest-sentence.ts";
import type {
  BacktestOptions,
  BacktestResult,
  Band,
  Laboratory,
  ReplayCurves,
} from "./contract.ts";
import { pairedComparison } from "./paired-comparison.ts";
import { replay, type Replay } from "./replay.ts";
import { courseOf, makeYardstick, type Course, type Yardstick } from "./yardstick.ts";

/** Designs of a space without a pool that say what is good there. */
const yardstickSample = 4096;

/**
 * Tries a planner in a laboratory whose answers are known and compares it with random designs: the same budget, the
 * same initial designs, seed by seed. The share of the top found, best value, regret and hypervolume are those of
 * the true outcomes, whatever noise the planner saw.
 * @throws InputError for options that do not go together; the signal's reason when cancelled
 */
export async function backtest(
  laboratory: Laboratory,
  options: BacktestOptions,
): Promise<BacktestResult> {
  const { problem, pool } = laboratory;
  const { goals } = problem;
  const { seeds, seed, budget, batchSize, initial, work = {} } = options;
  const known = pool ?? problem.space.sample(yardstickSample, createRng(seed).fork("yardstick"));
  const yardstick = makeYardstick(goals, await laboratory.truth(known));
  const { planner } = choosePlanner(problem, Number.POSITIVE_INFINITY, options);

  const arms: { readonly planner: Replay[]; readonly random: Replay[] } = {
    planner: [],
    random: [],
  };
  for (let k = 0; k < seeds; k++) {
    const rng = createRng(seed + k).fork("backtest");
    const part = stageOf(work, k, seeds, planner.title);
    arms.planner.push(await replay(laboratory, { ...options, work: part }, rng));
    const { settings: _, ...blind } = options;
    arms.random.push(await replay(laboratory, { ...blind, planner: "random", work: {} }, rng));
  }
  const courses = async (runs: readonly Replay[]): Promise<Course[]> => {
    const all: Course[] = [];
    for (const { rows } of runs) {
      all.push(courseOf(yardstick, goals, await laboratory.truth(rows)));
    }
    return all;
  };
  const own = await courses(arms.planner);
  const blind = await courses(arms.random);

  const isListed = pool !== undefined;
  const curves = (some: readonly Course[]) =>
    some.map((course) => figureCurve(course, yardstick, isListed));
  const [ownCurves, blindCurves] = [curves(own), curves(blind)];
  const comparison = pairedComparison(
    figureOf(yardstick, isListed),
    ownCurves,
    blindCurves,
    createRng(seed).fork("comparison"),
  );
  const size = isListed
    ? { designs: pool.rows, top: yardstick.top, topTitle: yardstick.topTitle }
    : null;
  const facts = {
    planner: planner.name,
    settings: options.settings ?? {},
    budget,
    batchSize,
    initial,
    seeds,
    seed,
    pool: size,
    curves: {
      planner: curvesOf(own, yardstick, goals, isListed),
      random: curvesOf(blind, yardstick, goals, isListed),
    },
    enhancement: size === null || yardstick.objectives > 1 ? null : enhancementOf(own, size),
    acceleration:
      size === null || yardstick.objectives > 1
        ? [accelerationToRandom(ownCurves, blindCurves, yardstick.objectives > 1)]
        : accelerations(own, yardstick, size),
    comparison,
  };
  const warnings = new Set(arms.planner.flatMap((run) => run.warnings));
  return { ...facts, sentence: backtestSentence(facts, planner.title), warnings: [...warnings] };
}

const stageOf = (work: Work, k: number, seeds: number, title: string): Work =>
  stage(work, k / seeds, (k + 1) / seeds, `${title}, repeat ${k + 1} of ${seeds}`);

const figureOf = ({ objectives, topTitle }: Yardstick, isListed: boolean): string => {
  if (objectives > 1) return "share of the hypervolume";
  return isListed ? `share of ${topTitle}` : "regret, its sign turned";
};

/** What arms are compared by, larger is better. */
function figureCurve(course: Course, yardstick: Yardstick, isListed: boolean): Float64Array {
  if (yardstick.objectives > 1) return course.hypervolume;
  if (isListed) return course.share;
  const { reference } = yardstick;
  // Before the first design that meets the requirements, as bad as the worst known one.
  return course.best.map((value) => -(Number.isNaN(value) ? reference[0]! : value));
}

function curvesOf(
  courses: readonly Course[],
  yardstick: Yardstick,
  goals: readonly TargetGoal[],
  isListed: boolean,
): ReplayCurves {
  const { objectives, best } = yardstick;
  const single = objectives === 1 && best !== null;
  // Objectives are minimised; what is maximised is shown with its own sign.
  const own = goals.find(({ kind }) => kind !== "range" && kind !== "class");
  const sign = own?.kind === "maximise" ? -1 : 1;
  const bests = courses.map((course) => course.best);
  return {
    share: isListed ? bandOf(courses.map(({ share }) => share)) : null,
    best: single ? bandOf(bests.map((curve) => curve.map((value) => sign * value))) : null,
    regret: single ? bandOf(bests.map((curve) => curve.map((value) => value - best))) : null,
    hypervolume: objectives > 1 ? bandOf(courses.map((course) => course.hypervolume)) : null,
  };
}

/** Quartiles over the runs; null while more than half of them have no value yet. */
function bandOf(curves: readonly Float64Array[]): Band {
  const steps = Math.min(...curves.map(({ length }) => length));
  const at = (share: number): (number | null)[] =>
    Array.from({ length: steps }, (_, i) => {
      const values = curves.map((curve) => curve[i]!).filter((value) => !Number.isNaN(value));
      return values.length * 2 < curves.length ? null : quantile(values, share);
    });
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
