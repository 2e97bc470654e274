import { InputError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { stage, type Work } from "../../core/work.ts";
import type { Task } from "../contract.ts";
import {
  judgeSplits,
  meanAndStd,
  pick,
  planSplits,
  type Candidate,
  type MetricSummary,
  type PlannedSplit,
  type PlanSettings,
  type ValidationData,
} from "./held-out.ts";
import { defaultMetric, scoreOf } from "./scores.ts";

/** How good a model is that has learned from part of the training rows. */
export interface LearningCurvePoint {
  /** Share of the training rows (of the keys, where rows are kept together). */
  readonly fraction: number;
  /** Training rows, mean over the splits. */
  readonly rows: number;
  /** The metric over the test rows of each split: mean and standard deviation over the splits. */
  readonly score: MetricSummary;
}

export interface LearningCurve {
  readonly metric: string;
  readonly points: readonly LearningCurvePoint[];
}

export interface LearningCurveSettings extends PlanSettings {
  /** Shares of the training rows, ascending, in (0, 1]. Default 0.1, 0.2, 0.4, 0.7, 1. */
  readonly fractions?: readonly number[];
  /** Default: `defaultMetric`. */
  readonly metric?: string;
  readonly work?: Work;
}

const defaultFractions = [0.1, 0.2, 0.4, 0.7, 1];

/**
 * The score on the same test rows as the training part grows; each smaller part lies inside the larger
 * ones. Where the protocol keeps rows together, whole keys are added. A part too small to learn from (two
 * rows, for classes two of them) is refused.
 * @throws InputError for a fraction out of range, and as `planSplits`
 */
export async function learningCurve(
  data: ValidationData,
  candidate: Candidate,
  settings: LearningCurveSettings,
): Promise<LearningCurve> {
  const { fractions = defaultFractions, rng, work = {} } = settings;
  const metric = settings.metric ?? defaultMetric(data.task);
  if (fractions.length === 0 || fractions.some((share) => !(share > 0 && share <= 1))) {
    throw new InputError(
      `learningCurve: expected shares above 0 and up to 1, got ${fractions.join(", ")}.`,
      { path: "fractions" },
    );
  }
  const plan = planSplits(data, settings);
  const points: LearningCurvePoint[] = [];
  for (const [k, fraction] of fractions.entries()) {
    const parts = plan.map((split) => partOf(split, fraction, data, rng));
    const judged = await judgeSplits(
      data,
      candidate,
      parts,
      rng,
      stage(work, k / fractions.length, (k + 1) / fractions.length, "learning curve"),
    );
    points.push({
      fraction,
      rows: parts.reduce((sum, { train }) => sum + train.length, 0) / parts.length,
      score: meanAndStd(judged.map((one) => scoreOf(one.judged, data.task, metric))),
    });
  }
  return { metric, points };
}

/** The split with the first rows of a fixed random order of its training part. */
function partOf(
  split: PlannedSplit,
  fraction: number,
  { y, task }: ValidationData,
  rng: Rng,
): PlannedSplit {
  if (fraction === 1) return split;
  const draw = rng.fork(`repeat ${split.repeat}`).fork(`curve ${split.fold}`);
  const { train, keys } = split;
  const size = Math.max(2, Math.round(fraction * train.length));
  let rows: number[];
  if (keys === undefined) {
    rows = draw.shuffle([...train]).slice(0, size);
  } else {
    const order = draw.shuffle([...new Set(Array.from(train, (row) => keys[row]))]);
    const kept = new Set(order.slice(0, Math.max(1, Math.round(fraction * order.length))));
    rows = [...train].filter((row) => kept.has(keys[row]));
  }
  checkPart(rows, y, task, fraction);
  return { ...split, train: Int32Array.from(rows).sort() };
}

function checkPart(rows: readonly number[], y: Float64Array, task: Task, fraction: number): void {
  const enough = task.kind === "regression" ? rows.length : new Set(pick(y, rows)).size;
  if (rows.length >= 2 && enough >= 2) return;
  throw new InputError(
    `learningCurve: a share of ${fraction} leaves ${rows.length} rows of ${task.kind === "regression" ? "numbers" : `${enough} class`}, too few to learn from.`,
    { path: "fractions", hint: "Begin with a larger share." },
  );
}
