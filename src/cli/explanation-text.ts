import type {
  DatasetExplanation,
  DesignChange,
  DesignExplanation,
} from "../campaign/explain/explanation.ts";
import { countOf, formatNumber, formatWithStd } from "../core/format.ts";
import { explainers, type ExplainerName } from "../explain/registry.ts";
import type { ExplainerSupport } from "../explain/contract.ts";
import { signed } from "../explain/sentence.ts";
import { unusedLines } from "./recipe-text.ts";
import { textTable } from "./text-table.ts";

/** What moves a property over the data, or why one design is predicted as it is, for the terminal. */
export function explanationText(result: DatasetExplanation, top: number): string {
  return [
    ...heading(result),
    ...(result.design === null
      ? overallLines(result, top)
      : designLines(result, result.design, top)),
    ...(result.change === null ? [] : changeLines(result.change)),
  ].join("\n");
}

/** What holds for the method of the result. */
const supportsOf = ({ method }: DatasetExplanation): ExplainerSupport =>
  explainers[method as ExplainerName].supports;

/** What shares of a method that is no Shapley value add up to. */
function whereTo(result: DatasetExplanation): string {
  if (result.contributionUnit === "score") {
    return "to the score of the class (logarithm of its odds)";
  }
  return supportsOf(result).hasLocalFit === true ? "to a local model" : "to a prediction";
}

function changeLines({ sentence, formula, validity }: DesignChange): string[] {
  return [
    "",
    sentence,
    ...(formula === null ? [] : [`changed: ${formula}${validity === null ? "" : `, ${validity.verdict}`}`]), // prettier-ignore
  ];
}

function heading(result: DatasetExplanation): string[] {
  const method = explainers[result.method as ExplainerName].title;
  return [
    `${result.title}${inUnit(result.unit)}: ${result.model} of ${countOf(result.rows, "row")}, ${method}, seed ${result.seed}`,
    `inputs: ${[...result.features, ...result.process].join(", ")}`,
    ...unusedLines(result.unused),
    ...result.dropped.map(({ reason, rows }) => `left out: ${countOf(rows, "row")}, ${reason}`),
  ];
}

function overallLines(result: DatasetExplanation, top: number): string[] {
  const overall = result.overall!;
  const { importance, loss, explainedRows, protocol } = overall;
  const { isLocallyAccurate } = supportsOf(result);
  const shown = importance.slice(0, top);
  return [
    `average prediction ${formatNumber(result.base)}${suffix(result.unit)}; ${loss.name} ${formatNumber(loss.value)}${suffix(loss.unit)} on rows held out (${protocol})`,
    "",
    textTable(shown, [
      { title: "feature", text: ({ name }) => name },
      {
        title: `mean |${isLocallyAccurate ? "SHAP" : "share"}|${inUnit(result.contributionUnit)}`,
        align: "right",
        text: (one) => formatNumber(one.meanAbsolute, 3),
      },
      { title: "larger values", text: ({ trend }) => trendText(trend) },
      {
        title: `shuffled, ${loss.name} grows by`,
        align: "right",
        text: ({ permutation }) => formatWithStd(permutation.mean, permutation.std),
      },
    ]),
    ...moreLine(importance.length - shown.length),
    "",
    `${isLocallyAccurate ? "SHAP: what a feature adds to a prediction" : `Share: what a feature adds ${whereTo(result)}`}, over ${countOf(explainedRows, "row")}. Shuffling counts what only this feature tells; features that go together share it.`,
  ];
}

function designLines(result: DatasetExplanation, design: DesignExplanation, top: number): string[] {
  const { contributions } = design;
  const shown = contributions.slice(0, top);
  const rest = contributions.slice(top).reduce((sum, one) => sum + one.contribution, 0);
  const std = Math.sqrt(design.epistemicStd ** 2 + design.aleatoricStd ** 2);
  const where = design.row === null ? "" : `, row ${design.row}`;
  const unit = suffix(result.unit);
  const stated =
    result.class === null
      ? `${formatWithStd(design.prediction, std)}${unit}`
      : formatNumber(design.prediction, 3);
  return [
    ...design.assumed.map(
      ({ name, value, unit: own, why }) =>
        `taken for granted: ${name} ${typeof value === "number" ? formatNumber(value) : value}${suffix(own)} (${why} of the data; set it with --at)`,
    ),
    "",
    `${design.formula}${where}: ${stated}${design.measured === null ? "" : `, measured ${design.measured}${unit}`}`,
    ...(design.isTrainingRow ? ["The model has learned from this row."] : []),
    "",
    textTable(
      [
        ...shown.map((one) => ({
          name: one.name,
          value: valueText(one.value, one.unit),
          contribution: signed(one.contribution),
          words: one.words,
        })),
        ...(rest === 0 && shown.length === contributions.length
          ? []
          : [
              {
                name: `${contributions.length - shown.length} more`,
                value: "",
                contribution: signed(rest),
                words: "",
              },
            ]),
        { name: startName(result), value: "", contribution: formatNumber(design.base), words: "" },
        ...sumRows(result, design),
      ],
      [
        { title: "feature", text: ({ name }) => name },
        { title: "value", align: "right", text: ({ value }) => value },
        {
          title: `adds${inUnit(result.contributionUnit)}`,
          align: "right",
          text: ({ contribution }) => contribution,
        },
        { title: "", text: ({ words }) => words },
      ],
    ),
    "",
    design.sentence,
  ];
}

const startName = (result: DatasetExplanation): string =>
  supportsOf(result).isLocallyAccurate ? "average" : "start";

/** What the rows above add up to, and the prediction where that is something else. */
function sumRows(
  result: DatasetExplanation,
  { sum, prediction, localFit }: DesignExplanation,
): { name: string; value: string; contribution: string; words: string }[] {
  const row = (name: string, value: number, words = "") => ({
    name,
    value: "",
    contribution: formatNumber(value),
    words,
  });
  if (sum === prediction) return [row("prediction", prediction)];
  if (result.contributionUnit === "score") return [row("score of the class", sum)];
  const fit = localFit === null ? "" : `follows with a weighted R2 of ${formatNumber(localFit, 2)}`;
  return [row("local model", sum, fit), row("prediction", prediction)];
}

const moreLine = (more: number): string[] =>
  more > 0 ? [`... and ${countOf(more, "feature")} more (--top, --json)`] : [];

/** A correlation of ranks below this is no trend worth a word. */
const leastTrend = 0.3;

function trendText(trend: number | null): string {
  if (trend === null || Math.abs(trend) < leastTrend) return "";
  return trend > 0 ? "raise it" : "lower it";
}

const valueText = (value: number | string, unit: string): string =>
  typeof value === "string" ? value || "-" : `${formatNumber(value, 3)}${suffix(unit)}`;

const inUnit = (unit: string): string => (unit === "1" ? "" : `, ${unit}`);
const suffix = (unit: string): string => (unit === "1" ? "" : ` ${unit}`);
