import type { Matrix } from "../../core/matrix.ts";
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

/** All metrics of one repeat, by name. */
export function scoresOf(judged: Judged, task: Task): Record<string, number> {
  return task.kind === "regression"
    ? regressionScores(judged)
    : classificationScores(judged, task.classes.length);
}

/** Points of the calibration plot: intervals for numbers, reliability bins for classes. */
export function calibrationOf(judged: Judged, task: Task): CalibrationPoint[] {
  return task.kind === "regression"
    ? intervalCalibration(judged.measured, judged.mean.data, judged.std.data)
    : reliability(judged.measured, judged.mean);
}

/** For the log likelihood, a std below this share of the root mean square error counts as that share. */
const leastStdShare = 1e-3;

function regressionScores({ measured, mean, std }: Judged): Record<string, number> {
  const error = rmse(measured, mean.data);
  const leastStd = error > 0 ? leastStdShare * error : Number.MIN_VALUE;
  const raised = std.data.map((s) => Math.max(s, leastStd));
  return {
    rmse: error,
    mae: mae(measured, mean.data),
    medianAbsoluteError: medianAbsoluteError(measured, mean.data),
    r2: r2(measured, mean.data),
    coverage90: coverage(measured, mean.data, std.data, 0.9),
    meanLogLikelihood: meanLogLikelihood(measured, mean.data, raised),
    crps: crps(measured, mean.data, std.data),
  };
}

/** For two classes of the second one ("positive"), for more the mean over those that occur. */
function classificationScores({ measured, mean }: Judged, classes: number): Record<string, number> {
  const table = confusion(measured, mostProbable(mean), classes);
  const occurring = new Set(measured);
  const judgedClasses = classes === 2 ? [1] : [...occurring].sort((a, b) => a - b);
  const average = (score: (k: number) => number): number =>
    judgedClasses.reduce((sum, k) => sum + score(k), 0) / judgedClasses.length;
  const positive = (k: number) => Array.from(measured, (label) => label === k);
  const column = (k: number) =>
    Float64Array.from({ length: mean.rows }, (_, i) => mean.data[i * classes + k]);
  return {
    accuracy: accuracy(table),
    balancedAccuracy: balancedAccuracy(table),
    precision: average((k) => precisionOf(table, k)),
    recall: average((k) => recallOf(table, k)),
    f1: average((k) => f1Of(table, k)),
    rocAuc: average((k) => rocAuc(positive(k), column(k))),
    prAuc: average((k) => prAuc(positive(k), column(k))),
    logLoss: logLoss(measured, mean),
    brier: brier(measured, mean),
    ece: expectedCalibrationError(reliability(measured, mean)),
  };
}
