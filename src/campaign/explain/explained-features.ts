import { formatNumber } from "../../core/format.ts";
import { rowOf, type Matrix } from "../../core/matrix.ts";
import type { FeatureGroup } from "../../explain/contract.ts";
import { levelWord } from "../../explain/sentence.ts";
import type { LearningTask } from "../learning/learning-task.ts";
import { columnsWithRole } from "../../data/table.ts";

/** A feature of a learning task with the columns of the model that carry it. */
export interface ExplainedFeature {
  readonly name: string;
  readonly unit: string;
  readonly columns: FeatureGroup;
  /** Words of a category, one per column; empty for a number. */
  readonly levels: readonly string[];
  /** Whether it is the amount of an element. */
  readonly isAmount: boolean;
}

/** The features of a model, composition before process; a word is one feature. */
export function explainedFeatures({
  data,
  featurisers,
  inputs,
}: LearningTask): readonly ExplainedFeature[] {
  const numbers = featurisers.flatMap((one) =>
    one.features(inputs.symbols).map(({ name, unit }) => ({ name, unit, levels: [] as string[] })),
  );
  const columns = columnsWithRole(data.dataset.table, "process");
  const process = inputs.process.map((input) => {
    const column = columns.find((one) => one.name === input.name);
    return input.kind === "number"
      ? { name: input.name, unit: column?.kind === "number" ? column.unit : "1", levels: [] }
      : { name: input.name, unit: "1", levels: [...input.levels] };
  });
  // A saved model may have its columns in another order, and none for an element that it has never met.
  const columnsOf = new Map<string, number[]>();
  inputs.labels.forEach((label, j) => columnsOf.set(label, [...(columnsOf.get(label) ?? []), j]));
  return [...numbers, ...process].flatMap(({ name, unit, levels }): ExplainedFeature[] => {
    const labels = levels.length === 0 ? [name] : levels.map((level) => `${name}=${level}`);
    const own = labels.flatMap((label) => columnsOf.get(label)?.shift() ?? []);
    if (own.length === 0) return [];
    return [{ name, unit, columns: own, levels, isAmount: inputs.symbols.includes(name) }];
  });
}

/** The value of a feature in a row of model inputs: a number, or a word (empty = not known). */
export function valueOf(feature: ExplainedFeature, row: Float64Array): number | string {
  if (feature.levels.length === 0) return row[feature.columns[0]!]!;
  return feature.levels[feature.columns.findIndex((j) => row[j] === 1)] ?? "";
}

/**
 * How a value stands among those of the data: `Al is low`, `there is no Al`, `route is CAST`; one in the
 * middle is given itself: `test temperature is 25.0 degC`.
 */
export function wordsFor(feature: ExplainedFeature, value: number | string, usual: Matrix): string {
  const title = titleOf(feature.name);
  if (typeof value === "string") {
    return value === "" ? `${title} is not known` : `${title} is ${value}`;
  }
  const unit = feature.unit === "1" ? "" : ` ${feature.unit}`;
  const say = (level: string): string =>
    `${title} is ${level === "medium" ? `${formatNumber(value, 3)}${unit}` : level}`;
  const all = Array.from({ length: usual.rows }, (_, i) => rowOf(usual, i)[feature.columns[0]!]!);
  if (!feature.isAmount) return say(levelWord(value, all));
  if (value === 0) return `there is no ${title}`;
  // The level of an element counts among the alloys that have it.
  const present = all.filter((amount) => amount > 0);
  return say(levelWord(value, present.length === 0 ? [0] : present));
}

/** A name for people: `melting_temperature` is `melting temperature`. */
export const titleOf = (name: string): string => name.replaceAll("_", " ");
