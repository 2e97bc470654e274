import { InputError, YstarError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { stage, type Work } from "../../core/work.ts";
import type { SurrogateSpec, Task } from "../contract.ts";
import type { CalibrationPoint } from "../metrics/calibration.ts";
import { bootstrapDifference, correctedDifference, type Difference } from "./difference.ts";
import {
  judgeSplits,
  metricsOf,
  planSplits,
  pool,
  type Candidate,
  type JudgedSplit,
  type MetricSummary,
  type PlannedSplit,
  type PlanSettings,
  type ValidationData,
} from "./held-out.ts";
import type { Protocol } from "./protocol.ts";
import { calibrationOf, defaultMetric, lossSign, scoreOf } from "./scores.ts";

export interface ComparisonSettings extends PlanSettings {
  /** What families are ranked by. Default: `defaultMetric`. */
  readonly metric?: string;
  readonly work?: Work;
}

/** A family in the ranking. */
export interface RankedFamily {
  readonly model: string;
  readonly title: string;
  /** The metric: mean over the splits for the t-test, over all test rows for the bootstrap. */
  readonly score: number;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** All repeats together. */
  readonly calibration: readonly CalibrationPoint[];
  /** Score minus that of the best family; null for the best itself. */
  readonly difference: Difference | null;
  /** Not told apart from the best: the 95 % interval of the difference holds 0. */
  readonly isLikeBest: boolean;
}

export interface Comparison {
  readonly protocol: Protocol;
  readonly repeats: number;
  /** Different splits. */
  readonly splits: number;
  readonly metric: string;
  /** How differences were judged. */
  readonly method: "corrected resampled t-test" | "bootstrap";
  /** Best first. */
  readonly ranking: readonly RankedFamily[];
  /** Families that could not be judged, with the reason. */
  readonly skipped: readonly { readonly model: string; readonly reason: string }[];
}

/** Fewest splits from which the t-test says anything. */
const leastSplits = 3;

/**
 * Ranks families on the same splits by one metric. Differences to the best are paired: over the splits by
 * the corrected resampled t-test when there are at least three and the metric is defined on each, else by
 * a bootstrap over the test rows (over keys, where the protocol keeps rows together).
 * @throws InputError when no family can be judged, and as `planSplits`
 */
export async function compareFamilies(
  data: ValidationData,
  candidates: readonly Candidate[],
  settings: ComparisonSettings,
): Promise<Comparison> {
  const { protocol, repeats = 5, rng, work = {} } = settings;
  const { task } = data;
  const metric = settings.metric ?? defaultMetric(task);
  const sign = lossSign(task, metric);
  const plan = planSplits(data, settings);

  const judged: { spec: SurrogateSpec; parts: JudgedSplit[] }[] = [];
  const skipped: { model: string; reason: string }[] = [];
  for (const [m, candidate] of candidates.entries()) {
    const { spec } = candidate;
    const part = stage(work, m / candidates.length, (m + 1) / candidates.length);
    const reason = whyNot(spec, task, plan) ?? (await tryJudge(candidate, part));
    if (reason !== undefined) skipped.push({ model: spec.name, reason });
  }
  work.report?.({ label: "compare", done: 1000, total: 1000 });

  async function tryJudge(candidate: Candidate, part: Work): Promise<string | undefined> {
    try {
      judged.push({
        spec: candidate.spec,
        parts: await judgeSplits(data, candidate, plan, rng, part),
      });
      return undefined;
    } catch (error) {
      if (error instanceof YstarError) return error.message;
      throw error;
    }
  }

  if (judged.length === 0) {
    const [first] = skipped;
    throw new InputError(
      `No family could be judged${first === undefined ? "." : `: ${first.model}: ${first.reason}`}`,
      { path: "models" },
    );
  }
  const distinct = distinctSplits(plan);
  const scores = judged.map(({ parts }) => splitScores(parts, distinct, task, metric));
  const isPerSplit = distinct.length >= leastSplits && scores.every((list) => list !== undefined);
  const entries = judged.map(({ spec, parts }, m) => ({
    spec,
    parts,
    scores: scores[m] ?? [],
    score: isPerSplit
      ? scores[m].reduce((sum, value) => sum + value, 0) / distinct.length
      : scoreOf(pool(parts.map((one) => one.judged)), task, metric),
  }));
  entries.sort((a, b) => sign * (a.score - b.score));
  const best = entries[0];
  const testShare =
    plan.reduce((sum, { train, test }) => sum + test.length / train.length, 0) / plan.length;
  const units = isPerSplit ? [] : unitsOf(plan);
  const ranking = entries.map((entry): RankedFamily => {
    const difference =
      entry === best
        ? null
        : isPerSplit
          ? correctedDifference(
              entry.scores.map((value, k) => value - best.scores[k]),
              testShare,
            )
          : bootstrapDifference(
              pool(entry.parts.map((one) => one.judged)),
              pool(best.parts.map((one) => one.judged)),
              units,
              metric,
              task,
              bootstrapRng(rng),
            );
    return {
      model: entry.spec.name,
      title: entry.spec.title,
      score: entry.score,
      metrics: metricsOf(entry.parts, task),
      calibration: calibrationOf(pool(entry.parts.map((one) => one.judged)), task),
      difference,
      isLikeBest: difference === null || (difference.low <= 0 && difference.high >= 0),
    };
  });
  return {
    protocol,
    repeats,
    splits: distinct.length,
    metric,
    method: isPerSplit ? "corrected resampled t-test" : "bootstrap",
    ranking,
    skipped,
  };
}

/** The same draws for every family. */
const bootstrapRng = (rng: Rng): Rng => rng.fork("bootstrap");

/** Why a family does not take the task or so many rows, before any work. */
function whyNot(
  { supports }: SurrogateSpec,
  task: Task,
  plan: readonly PlannedSplit[],
): string | undefined {
  if (!supports[task.kind]) {
    return `does not learn ${task.kind === "regression" ? "numbers" : "classes"}`;
  }
  const most = Math.max(...plan.map(({ train }) => train.length));
  if (supports.maxRows !== undefined && most > supports.maxRows) {
    return `takes at most ${supports.maxRows} rows, a training part has ${most}`;
  }
  return undefined;
}

/**
 * Positions in the plan of each different split: a protocol that draws nothing gives the same ones again in
 * every repeat, and only the fits differ.
 */
function distinctSplits(plan: readonly PlannedSplit[]): number[][] {
  const found = new Map<string, number[]>();
  plan.forEach(({ train, test }, position) => {
    const key = `${train.join(" ")}|${test.join(" ")}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, [position]);
    else same.push(position);
  });
  return [...found.values()];
}

/**
 * The metric on each different split, mean over its repeats, or undefined where a test part does not define
 * it (a single class).
 */
function splitScores(
  parts: readonly JudgedSplit[],
  distinct: readonly (readonly number[])[],
  task: Task,
  metric: string,
): number[] | undefined {
  try {
    const each = parts.map(({ judged }) => scoreOf(judged, task, metric));
    return distinct.map(
      (same) => same.reduce((sum, position) => sum + each[position], 0) / same.length,
    );
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Positions of the pooled test rows that belong to one row of the data, or to one key. */
function unitsOf(plan: readonly PlannedSplit[]): number[][] {
  const units = new Map<string | number, number[]>();
  let position = 0;
  for (const { test, keys } of plan) {
    for (const row of test) {
      const key = keys === undefined ? row : keys[row];
      const unit = units.get(key);
      if (unit === undefined) units.set(key, [position]);
      else unit.push(position);
      position++;
    }
  }
  return [...units.values()];
}
