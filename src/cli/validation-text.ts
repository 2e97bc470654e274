import type { DatasetComparison } from "../campaign/judging/compare-models.ts";
import type { DatasetTuning } from "../campaign/judging/tune-model.ts";
import type { DatasetValidation, JudgedData } from "../campaign/judging/validate-dataset.ts";
import { countOf, formatNumber, formatWithStd } from "../core/format.ts";
import type { Comparison, RankedFamily } from "../surrogates/validate/compare.ts";
import type { MetricSummary } from "../surrogates/validate/held-out.ts";
import type { LearningCurve } from "../surrogates/validate/learning-curve.ts";
import type { NoiseFloor } from "../surrogates/validate/noise-floor.ts";
import { pipelineText, unusedLines } from "./recipe-text.ts";
import { textTable, type TextColumn } from "./text-table.ts";

/** How far a model may be trusted, against the baselines, for the terminal. */
export function validationText(result: DatasetValidation): string {
  const { model, metrics, baseline } = result;
  const others = Object.entries(baseline).filter(([name]) => name !== model);
  const scores = [[model, metrics] as const, ...others];
  return [
    ...heading(result, result.repeats),
    "",
    textTable(Object.keys(metrics), [
      { title: "metric", text: (name) => name },
      ...scores.map(([title, values]): TextColumn<string> => ({
        title,
        align: "right",
        text: (name) => summaryText(values[name]),
      })),
    ]),
    ...(result.learningCurve === null ? [] : curveLines(result.learningCurve)),
  ].join("\n");
}

/** Families ranked, with what cannot be told apart, for the terminal. */
export function comparisonText(result: DatasetComparison): string {
  const { ranking, metric, task } = result;
  const [best] = ranking;
  const like = ranking.slice(1).filter((one) => one.isLikeBest);
  const words =
    like.length === 0
      ? `${best!.model} is better than every other at the 95 % level.`
      : `Not told apart from ${best!.model} at the 95 % level: ${like.map((one) => one.model).join(", ")}.`;
  const others =
    task === "regression"
      ? ["rmse", "mae", "r2", "crps", "coverage90"]
      : ["brier", "accuracy", "balancedAccuracy", "rocAuc", "logLoss", "ece"];
  const base = (name: string) => (result.baselines.includes(name) ? ` (baseline)` : "");
  return [
    ...heading(result, result.repeats),
    "",
    rankingTable(
      result,
      (one) => `${one.model}${base(one.model)}`,
      others.filter((name) => name !== metric),
    ),
    "",
    words,
    methodLine(result),
    ...(result.isCalibrated
      ? ["Uncertainty calibrated on rows held out inside each training part."]
      : []),
    ...result.skipped.map(({ model, reason }) => `left out: ${model}, ${reason}`),
  ].join("\n");
}

/** The best options of a family and what they are worth, for the terminal. */
export function tuningText(result: DatasetTuning): string {
  const { tuning, outer, bestMethod, metric } = result;
  const failed = tuning.trials.filter(({ score }) => score === null).length;
  const tried = `${countOf(tuning.trials.length, "trial")}${failed === 0 ? "" : `, ${failed} of them failed`}`;
  return [
    ...heading(result, outer.repeats),
    "",
    `Tuned anew in each of ${countOf(outer.splits, "outer training part")}, judged on rows that no choice has seen:`,
    "",
    rankingTable(outer, (one) => one.model, []),
    "",
    methodLine(outer),
    ...outer.skipped.map(({ model: name, reason }) => `left out: ${name}, ${reason}`),
    "",
    `Best options on all rows (${bestMethod}, ${tried}, ${countOf(result.innerFolds, "inner fold")}):`,
    ...Object.entries(tuning.options).map(
      ([name, value]) =>
        `  --option ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    ),
    `inner ${metric} ${formatNumber(tuning.score)}${tuning.defaultScore === null ? "" : `, with the defaults ${formatNumber(tuning.defaultScore)}`}: the best of many trials, so too good; the table above is honest.`,
    ...worthLine(result),
  ].join("\n");
}

/** Whether tuning was worth it on unseen rows, where the defaults are not clearly worse. */
function worthLine({ outer, model, bestMethod }: DatasetTuning): string[] {
  const defaults = outer.ranking.find((one) => one.model === `${model}, defaults`);
  if (defaults === undefined) return [];
  if (defaults.difference === null) {
    return ["Tuning did not help on unseen rows: keep the defaults."];
  }
  return defaults.isLikeBest
    ? [`On unseen rows ${bestMethod} is not told apart from the defaults at the 95 % level.`]
    : [];
}

function heading(result: JudgedData, repeats: number): string[] {
  return [
    `${result.target}${inUnit(result.unit)}: ${countOf(result.rows, "row")}, ${result.protocolText}, ${countOf(repeats, "repeat")}, seed ${result.seed}`,
    `inputs: ${[...result.features, ...result.process].join(", ")}`,
    ...(result.pipeline.length === 0
      ? []
      : [`pipeline, fitted in every fold: ${pipelineText(result.pipeline)}`]),
    ...unusedLines(result.unused),
    ...result.dropped.map(({ reason, rows }) => `left out: ${countOf(rows, "row")}, ${reason}`),
    noiseLine(result.noiseFloor, result.unit),
  ];
}

/** What replicates say of the best that any model can reach, in a sentence. */
export function noiseLine(floor: NoiseFloor | null, unit: string): string {
  if (floor === null) return "noise floor: not known, no two rows have equal inputs";
  const from = `from ${countOf(floor.rows, "row")} in ${countOf(floor.sets, "set")} of equal inputs`;
  if (!floor.isEnough) return `noise floor: not known, too few replicates (${from})`;
  if (floor.pooledStd === undefined) {
    return `noise floor: no model of these inputs gets more than ${formatNumber(100 * floor.accuracyCeiling!, 3)} % of the replicates right (${from})`;
  }
  return `noise floor: pooled std of replicates ${formatWithStd(floor.pooledStd, floor.pooledStdError!)}${suffix(unit)}, so R2 of at most about ${formatNumber(floor.r2Ceiling!, 2)} (${from})`;
}

function rankingTable(
  { ranking, metric }: Comparison,
  nameOf: (one: RankedFamily) => string,
  others: readonly string[],
): string {
  return textTable(ranking, [
    { title: "model", text: nameOf },
    { title: metric, align: "right", text: (one) => formatNumber(one.score) },
    {
      title: "minus the best",
      align: "right",
      text: ({ difference }) =>
        difference === null ? "" : formatWithStd(difference.mean, difference.standardError),
    },
    {
      title: "95 % interval",
      align: "right",
      text: ({ difference }) =>
        difference === null
          ? ""
          : `${formatNumber(difference.low, 3)} ... ${formatNumber(difference.high, 3)}`,
    },
    {
      title: "",
      text: ({ difference, isLikeBest }) =>
        difference === null ? "best" : isLikeBest ? "like the best" : "",
    },
    ...others.map((name): TextColumn<RankedFamily> => ({
      title: name,
      align: "right",
      text: (one) => summaryText(one.metrics[name]),
    })),
  ]);
}

const methodLine = ({ method, splits, metric }: Comparison): string =>
  method === "bootstrap"
    ? `Differences of ${metric} by a paired bootstrap over the test rows.`
    : `Differences of ${metric}, mean of ${countOf(splits, "split")}, by the corrected resampled t-test.`;

function curveLines({ metric, points }: LearningCurve): string[] {
  return [
    "",
    textTable(points, [
      {
        title: "learned from",
        align: "right",
        text: ({ rows }) => countOf(Math.round(rows), "row"),
      },
      {
        title: `${metric} (± between splits)`,
        align: "right",
        text: ({ score }) => summaryText(score),
      },
    ]),
  ];
}

function summaryText(metric: MetricSummary | undefined): string {
  if (metric === undefined) return "-";
  const spread = metric.std > 0 ? ` ± ${formatNumber(metric.std, 2)}` : "";
  return `${formatNumber(metric.mean, 4)}${spread}`;
}

const inUnit = (unit: string): string => (unit === "1" ? "" : `, ${unit}`);
const suffix = (unit: string): string => (unit === "1" ? "" : ` ${unit}`);
