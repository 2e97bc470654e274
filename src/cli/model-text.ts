import type { ModelDescription } from "../campaign/trained/describe-model.ts";
import { countOf, formatNumber } from "../core/format.ts";
import { pipelineText, settingsText, unusedText } from "./recipe-text.ts";
import { textTable } from "./text-table.ts";

/** Input columns and elements that are listed before the rest is counted. */
const mostListed = 24;

/** A trained model for the terminal: what it predicts, from what, and how far to trust it. */
export function modelText(model: ModelDescription): string {
  const { property, card, process, pipeline, labels, elements, data, options, summary, unused } =
    model;
  const unit = property.unit === "1" ? "" : ` in ${property.unit}`;
  const facts: [string, string][] = [
    [
      "predicts",
      property.kind === "class"
        ? `${property.name}: ${classText(model)}`
        : `${property.name}${unit}`,
    ],
    [
      "from",
      `${[...model.features, ...(process.length === 0 ? [] : ["settings"])].join(", ")} (${model.domain}), ${countOf(labels.length, "column")}`,
    ],
    ...(elements.length === 0 ? [] : [["elements", listText(elements)] as [string, string]]),
    ...process.map((one): [string, string] => [
      one.name,
      one.kind === "number"
        ? `${formatNumber(one.low)} ... ${formatNumber(one.high)}${one.unit === "1" ? "" : ` ${one.unit}`}, usually ${formatNumber(one.usual)}`
        : `${listText(one.levels)}; usually ${one.usual}`,
    ]),
    ["pipeline", pipeline.length === 0 ? "none" : pipelineText(pipeline)],
    ["model", `${model.family} ${settingsText(options)}`.trim()],
    ["uncertainty", model.isCalibrated ? "calibrated on rows held out" : "as the model gives it"],
    ["learned", `${countOf(card.rows, "row")} of ${data.name}, seed ${model.seed}`],
    ["data hash", data.sha256],
    ...card.dropped.map(({ reason, rows }): [string, string] => [
      "left out",
      `${countOf(rows, "row")}, ${reason}`,
    ]),
    ...unused.map((one): [string, string] => ["not an input", unusedText(one)]),
    ...Object.entries(summary).map(([name, value]): [string, string] => [
      name,
      typeof value === "number" ? formatNumber(value) : value,
    ]),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const scores = [[model.family, card.metrics] as const, ...Object.entries(card.baseline)];
  return [
    ...facts.map(([name, text]) => `${name.padEnd(width)}  ${text}`),
    "",
    `How far to trust it (${card.protocol}):`,
    "",
    textTable(Object.keys(card.metrics), [
      { title: "metric", text: (name) => name },
      ...scores.map(([title, values]) => ({
        title,
        align: "right" as const,
        text: (name: string) =>
          values[name] === undefined ? "-" : formatNumber(values[name].mean, 4),
      })),
    ]),
  ].join("\n");
}

const classText = ({ task }: ModelDescription): string =>
  task.kind === "classification" ? task.classes.join(", ") : "";

const listText = (names: readonly string[]): string =>
  names.length <= mostListed
    ? names.join(", ")
    : `${names.slice(0, mostListed).join(", ")} and ${names.length - mostListed} more`;
