import { InputError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { Task } from "../contract.ts";
import {
  expectedCalibrationError,
  intervalCalibration,
  reliability,
  type CalibrationPoint,
} from "../metrics/calibration.ts";
import {
  accuracy,
  balancedAccuracy,
  brier,
  confusion,
  f1Of,
  logLoss,
  mostProbable,
  precisionOf,
  recallOf,
} from "../metrics/classification.ts";
import { prAuc, rocAuc } from "../metrics/ranking.ts";
import {
  coverage,
  crps,
  intervalWidth,
  mae,
  meanLogLikelihood,
  medianAbsoluteError,
  r2,
  rmse,
} from "../metrics/regression.ts";

/** Test rows with what was measured (number or class index) and predicted, n x outputs. */
export interface Judged {
  readonly measured: Float64Array;
  readonly mean: Matrix;
  /** Total standard deviation, epistemic and aleatoric together. */
  readonly std: Matrix;
}

interface Score {
  /** `null`: neither; a coverage is best at its nominal level. */
  readonly better: "low" | "high" | null;
  of(judged: Judged): number;
}

/** For the log likelihood, a std below this share of the root mean square error counts as that share. */
const leastStdShare = 1e-3;

const regressionScores: Readonly<Record<string, Score>> = {
  rmse: { better: "low", of: ({ measured, mean }) => rmse(measured, mean.data) },
  mae: { better: "low", of: ({ measured, mean }) => mae(measured, mean.data) },
  medianAbsoluteError: {
    better: "low",
    of: ({ measured, mean }) => medianAbsoluteError(measured, mean.data),
  },
  r2: { better: "high", of: ({ measured, mean }) => r2(measured, mean.data) },
  coverage90: {
    better: null,
    of: ({ measured, mean, std }) => coverage(measured, mean.data, std.data, 0.9),
  },
  width90: { better: "low", of: ({ std }) => intervalWidth(std.data, 0.9) },
  meanLogLikelihood: {
    better: "high",
    of: ({ measured, mean, std }) => {
      const error = rmse(measured, mean.data);
      const leastStd = error > 0 ? leastStdShare * error : Number.MIN_VALUE;
      return meanLogLikelihood(
        measured,
        mean.data,
        std.data.map((s) => Math.max(s, leastStd)),
      );
    },
  },
  crps: {
    better: "low",
    of: ({ measured, mean, std }) => crps(measured, mean.data, std.data),
  },
};

/** For two classes of the second one ("positive"), for more the mean over those that occur. */
const classificationScores: Readonly<Record<string, Score>> = {
  accuracy: { better: "high", of: (judged) => accuracy(confusionOf(judged)) },
  balancedAccuracy: { better: "high", of: (judged) => balancedAccuracy(confusionOf(judged)) },
  precision: { better: "high", of: (judged) => averageCalls(judged, precisionOf) },
  recall: { better: "high", of: (judged) => averageCalls(judged, recallOf) },
  f1: { better: "high", of: (judged) => averageCalls(judged, f1Of) },
  rocAuc: { better: "high", of: (judged) => averageRanking(judged, rocAuc) },
  prAuc: { better: "high", of: (judged) => averageRanking(judged, prAuc) },
  logLoss: { better: "low", of: ({ measured, mean }) => logLoss(measured, mean) },
  brier: { better: "low", of: ({ measured, mean }) => brier(measured, mean) },
  ece: {
    better: "low",
    of: ({ measured, mean }) => expectedCalibrationError(reliability(measured, mean)),
  },
};

const scoresFor = (task: Pick<Task, "kind">) =>
  task.kind === "regression" ? regressionScores : classificationScores;

/** All metrics of one repeat, by name. */
export function scoresOf(judged: Judged, task: Task): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scoresFor(task)).map(([name, score]) => [name, score.of(judged)]),
  );
}

/** One metric. @throws InputError for a name that the task has not */
export function scoreOf(judged: Judged, task: Task, metric: string): number {
  return scoreNamed(task, metric).of(judged);
}

/** Names of the metrics that say which of two models is better. */
export function rankingMetrics(task: Pick<Task, "kind">): string[] {
  return Object.entries(scoresFor(task)).flatMap(([name, { better }]) =>
    better === null || name === "width90" ? [] : [name],
  );
}

/** What models are ranked and tuned by unless told otherwise; defined for every test part. */
export const defaultMetric = (task: Pick<Task, "kind">): string =>
  task.kind === "regression" ? "rmse" : "brier";

/**
 * +1 where a lower value of the metric is better, -1 where a higher one is.
 * @throws InputError for a metric that does not say which of two models is better, such as a coverage
 */
export function lossSign(task: Pick<Task, "kind">, metric: string): 1 | -1 {
  if (!rankingMetrics(task).includes(metric)) throw unknownMetric(task, metric);
  return scoresFor(task)[metric].better === "high" ? -1 : 1;
}

function scoreNamed(task: Pick<Task, "kind">, metric: string): Score {
  const scores = scoresFor(task);
  if (Object.hasOwn(scores, metric)) return scores[metric];
  throw unknownMetric(task, metric);
}

const unknownMetric = (task: Pick<Task, "kind">, metric: string): InputError =>
  new InputError(`"${metric}" is not a metric that ranks models of ${task.kind}.`, {
    path: "metric",
    received: metric,
    hint: suggest(metric, rankingMetrics(task)),
  });

/** Points of the calibration plot: intervals for numbers, reliability bins for classes. */
export function calibrationOf(judged: Judged, task: Task): CalibrationPoint[] {
  return task.kind === "regression"
    ? intervalCalibration(judged.measured, judged.mean.data, judged.std.data)
    : reliability(judged.measured, judged.mean);
}

const confusionOf = ({ measured, mean }: Judged): Matrix =>
  confusion(measured, mostProbable(mean), mean.columns);

/** The positive class of two; of more, those that occur. */
const judgedClasses = ({ measured, mean }: Judged): number[] =>
  mean.columns === 2 ? [1] : [...new Set(measured)].sort((a, b) => a - b);

function averageCalls(judged: Judged, score: (table: Matrix, k: number) => number): number {
  const table = confusionOf(judged);
  const classes = judgedClasses(judged);
  return classes.reduce((sum, k) => sum + score(table, k), 0) / classes.length;
}

function averageRanking(
  judged: Judged,
  score: (positive: boolean[], scores: Float64Array) => number,
): number {
  const { measured, mean } = judged;
  const classes = judgedClasses(judged);
  const sum = classes.reduce((total, k) => {
    const column = Float64Array.from(
      { length: mean.rows },
      (_, i) => mean.data[i * mean.columns + k],
    );
    return (
      total +
      score(
        Array.from(measured, (label) => label === k),
        column,
      )
    );
  }, 0);
  return sum / classes.length;
}
