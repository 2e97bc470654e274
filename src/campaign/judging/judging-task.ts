import { InputError, UnsupportedError } from "../../core/errors.ts";
import { takeRows } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { Work } from "../../core/work.ts";
import { publishedSplit, type Split } from "../../data/split.ts";
import { columnNamed, isMissingAt, textAt } from "../../data/table.ts";
import type { InputColumn, SurrogateSpec } from "../../surrogates/contract.ts";
import type { PipelineStep } from "../../surrogates/features/contract.ts";
import { missingInputs } from "../../surrogates/features/pipeline.ts";
import { withPipeline } from "../../surrogates/features/with-pipeline.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import type { ValidationData } from "../../surrogates/validate/held-out.ts";
import { rankingMetrics } from "../../surrogates/validate/scores.ts";
import type { Protocol } from "../../surrogates/validate/protocol.ts";
import { domainOf } from "../learning/data-domain.ts";
import type { Dataset } from "../dataset.ts";
import {
  learningTask,
  type LearningOptions,
  type LearningTask,
} from "../learning/learning-task.ts";
import type { TrainingSet } from "../learning/training-set.ts";

/** How models of one property of a data set are judged. */
export interface JudgingOptions extends Omit<LearningOptions, "keepMissing"> {
  readonly protocol: Protocol;
  /**
   * What stays together in the grouped protocol: the chemical `system`, the `composition`, or the words of
   * a column such as a source; rows without a word there count as one group.
   */
  readonly groupBy: string;
  /** Column of numbers or ISO dates for the chronological protocol. */
  readonly time?: string;
  readonly clusters?: number;
  /** Which targets the extrapolation protocol holds out. Default `maximise`. */
  readonly best?: "maximise" | "minimise";
  readonly repeats: number;
  readonly folds: number;
  /** Share of the rows that holdout and extrapolation test. */
  readonly testFraction: number;
  readonly seed: number;
  readonly work?: Work;
  /** Steps between features and model, fitted inside every training part; none when absent. */
  readonly pipeline?: readonly PipelineStep[];
}

/** A property of a data set with the rows to judge models on. */
export interface JudgingTask {
  readonly learning: LearningTask;
  /** The rows of `learning.set` that can be judged. */
  readonly set: TrainingSet;
  readonly data: ValidationData;
  /** For `planSplits`, without the stream. */
  readonly settings: {
    readonly protocol: Protocol;
    readonly repeats: number;
    readonly folds: number;
    readonly testFraction: number;
    readonly clusters: number;
    readonly best: "high" | "low";
  };
  /** The protocol in words. */
  readonly protocolText: string;
}

const defaultClusters = 5;

/**
 * Collects the rows and what they are split by, and checks before any work that they can be split as asked.
 * @param family the family that is judged, where it is only one
 * @throws InputError with the option that has to change
 */
export function judgingTask(
  dataset: Dataset,
  given: JudgingOptions,
  family?: SurrogateName,
): JudgingTask {
  // Designs without elements have no chemical system; what is the same of them are all of their settings.
  const isAlloy = (given.domain ?? domainOf(dataset.table)) === "alloy";
  const isOwn = given.groupBy === "system" || given.groupBy === "composition";
  const options = isAlloy || !isOwn ? given : { ...given, groupBy: "design" };
  const { pipeline = [] } = options;
  // Rows that lack process numbers stay where the pipeline fills them or the only family takes them as they are.
  const keepMissing =
    family === undefined
      ? missingInputs(pipeline) === "filled"
      : withPipeline(surrogates[family] as SurrogateSpec, pipeline).supports.missing === true;
  const learning = learningTask(dataset, { ...options, keepMissing });
  const { protocol, repeats, folds, testFraction, clusters = defaultClusters, best } = options;
  const timed =
    protocol === "chronological" ? withTimes(dataset, learning.set, options) : undefined;
  const set = timed?.set ?? learning.set;
  const groups = protocol === "grouped" ? groupsOf(dataset, set, options.groupBy) : undefined;
  requireProtocol(set, groups, timed?.times, dataset, options);
  return {
    learning,
    set,
    data: {
      x: set.x,
      y: set.y,
      task: set.task,
      noiseStd: set.noiseStd,
      groups,
      times: timed?.times,
      split: protocol === "published" ? splitOf(dataset, set) : undefined,
    },
    settings: {
      protocol,
      repeats,
      folds,
      testFraction,
      clusters,
      best: best === "minimise" ? "low" : "high",
    },
    protocolText: `${protocolText(options, clusters)}${set.noiseStd === undefined ? "" : "; families that can take it know the noise of each value"}`,
  };
}

/** A family behind the pipeline of the options, which names the columns of the task. */
export function familyFor(
  { learning }: JudgingTask,
  model: SurrogateName,
  { pipeline = [] }: JudgingOptions,
): SurrogateSpec {
  const columns = learning.inputs.labels.map((name): InputColumn => ({ name, kind: "number" }));
  return withPipeline(surrogates[model] as SurrogateSpec, pipeline, columns);
}

/** @throws UnsupportedError when the family does not learn what the property holds */
export function requireFamily(set: TrainingSet, dataset: Dataset, model: SurrogateName): void {
  const isClass = set.task.kind === "classification";
  const families: Readonly<Record<string, SurrogateSpec>> = surrogates;
  const can = Object.entries(families).filter(([, { supports }]) => supports[set.task.kind]);
  if (can.some(([name]) => name === model)) return;
  const { source } = dataset.table;
  throw new UnsupportedError(
    `The model "${model}" does not learn ${isClass ? "classes" : "numbers"}, and "${set.property.name}" of ${source} holds them.`,
    {
      file: source,
      path: "--model",
      expected: `one of ${can.map(([name]) => name).join(", ")}`,
      received: model,
    },
  );
}

/** @throws InputError for a metric that does not rank models of the task, with the option's name */
export function requireMetric(set: TrainingSet, metric: string | undefined): void {
  if (metric === undefined) return;
  const known = rankingMetrics(set.task);
  if (known.includes(metric)) return;
  throw new InputError(`"${metric}" does not rank models of ${set.property.name}.`, {
    path: "--metric",
    expected: `one of ${known.join(", ")}`,
    received: metric,
    hint: suggest(metric, known),
  });
}

function groupsOf(dataset: Dataset, set: TrainingSet, groupBy: string): readonly string[] {
  if (groupBy === "system") return set.systems;
  if (groupBy === "composition" || groupBy === "design") return set.compositions;
  const column = columnFor(dataset, groupBy, "--group-by");
  return set.rows.map((row) => textAt(column, row));
}

/** The column of an option. @throws InputError with the option's name */
function columnFor({ table }: Dataset, name: string, option: string) {
  try {
    return columnNamed(table, name);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.message, { ...error.details, path: option });
  }
}

/** The rows that have a time, with it; the others count as left out. */
function withTimes(
  dataset: Dataset,
  set: TrainingSet,
  { time }: JudgingOptions,
): { set: TrainingSet; times: Float64Array } {
  const { source } = dataset.table;
  if (time === undefined) {
    throw new InputError("The chronological protocol needs a column with the time of each row.", {
      file: source,
      path: "--time",
      expected: "a column of years, numbers or dates such as 2021-05-30",
    });
  }
  const column = columnFor(dataset, time, "--time");
  const known = set.rows.flatMap((row, i) => (isMissingAt(column, row) ? [] : [i]));
  const times = Float64Array.from(known, (i) => {
    const text = textAt(column, set.rows[i]!);
    const date = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
    const value = date === null ? Number(text) : Number(`${date[1]}${date[2]}${date[3]}`);
    if (Number.isFinite(value)) return value;
    throw new InputError(`"${text}" in "${time}" of ${source} is no time.`, {
      file: source,
      path: `row ${set.rows[i]! + 1}, column "${time}"`,
      expected: "a number or a date such as 2021-05-30",
      received: text,
    });
  });
  const pick = <T>(list: readonly T[]): T[] => known.map((i) => list[i]!);
  const missing = set.rows.length - known.length;
  return {
    times,
    set: {
      ...set,
      x: takeRows(set.x, known),
      y: Float64Array.from(known, (i) => set.y[i]!),
      ...(set.noiseStd === undefined
        ? {}
        : { noiseStd: Float64Array.from(known, (i) => set.noiseStd![i]!) }),
      rows: pick(set.rows),
      compositions: pick(set.compositions),
      systems: pick(set.systems),
      dropped:
        missing === 0
          ? set.dropped
          : [...set.dropped, { reason: `${time} is missing`, rows: missing }],
    },
  };
}

function requireProtocol(
  set: TrainingSet,
  groups: readonly string[] | undefined,
  times: Float64Array | undefined,
  dataset: Dataset,
  options: JudgingOptions,
): void {
  const { protocol, groupBy, folds, repeats, testFraction, clusters = defaultClusters } = options;
  const file = dataset.table.source;
  if (!(repeats >= 1 && repeats <= 1000)) {
    throw new InputError(`Validation cannot be repeated ${repeats} times.`, {
      file,
      path: "--repeats",
      expected: "a whole number from 1 to 1000",
      received: String(repeats),
    });
  }
  const isShare = testFraction > 0 && testFraction < 1;
  if ((protocol === "holdout" || protocol === "extrapolation") && !isShare) {
    throw new InputError(`A hold-out of ${testFraction} is not a share of the rows.`, {
      file,
      path: "--test",
      expected: "a number above 0 and below 1",
      received: String(testFraction),
    });
  }
  const { target } = options;
  switch (protocol) {
    case "grouped":
      return requireCount({
        file,
        target,
        asked: folds,
        most: new Set(groups).size,
        what: wordFor(groupBy),
      });
    case "kfold":
      return requireCount({
        file,
        target,
        asked: folds,
        most: set.y.length,
        what: ["row", "rows"],
      });
    case "chronological":
      return requireCount({
        file,
        target,
        asked: folds,
        most: new Set(times).size - 1,
        least: 1,
        what: ["time", "times after the first"],
      });
    case "cluster":
      return requireCount({
        file,
        target,
        asked: clusters,
        most: set.y.length,
        what: ["row", "rows"],
        option: "--clusters",
      });
    default:
  }
}

function wordFor(groupBy: string): readonly [string, string] {
  if (groupBy === "system") return ["chemical system", "chemical systems"];
  if (groupBy === "composition") return ["composition", "compositions"];
  if (groupBy === "design") return ["design", "designs"];
  return [`value of ${groupBy}`, `values of ${groupBy}`];
}

interface CountCheck {
  readonly file: string;
  readonly target: string;
  readonly asked: number;
  readonly most: number;
  readonly least?: number;
  readonly what: readonly [one: string, many: string];
  readonly option?: "--folds" | "--clusters";
}

function requireCount(check: CountCheck): void {
  const { file, target, asked, most, least = 2, what, option = "--folds" } = check;
  if (asked >= least && asked <= most) return;
  const [one, many] = what;
  const parts = option === "--folds" ? "folds" : "clusters";
  if (most < least) {
    throw new InputError(
      `The rows with ${target} in ${file} are of one ${one}, so they cannot be split by it.`,
      {
        file,
        path: "--protocol",
        expected: `rows of two or more ${many}`,
        received: "one",
        hint: "Choose --protocol kfold, or --group-by composition.",
      },
    );
  }
  throw new InputError(
    `${file} has ${most} ${many} with ${target}, which cannot be split into ${asked} ${parts}.`,
    { file, path: option, expected: `${least} to ${most} ${parts}`, received: String(asked) },
  );
}

/** The split that the data set's source published, as positions in the training set. */
function splitOf(dataset: Dataset, set: TrainingSet): Split {
  const column = dataset.spec?.splitColumn;
  if (column === undefined) {
    throw new InputError(`${dataset.name} has no published split.`, {
      path: "--protocol",
      hint: "Choose holdout, kfold or grouped.",
    });
  }
  const split = publishedSplit(dataset.table, column, ["test"], ["labelled"]);
  const positionOf = new Map(set.rows.map((row, position) => [row, position]));
  const positions = (rows: Int32Array): Int32Array =>
    Int32Array.from([...rows].flatMap((row) => positionOf.get(row) ?? []));
  return { train: positions(split.train), test: positions(split.test) };
}

function protocolText(options: JudgingOptions, clusters: number): string {
  const { protocol, groupBy, folds, testFraction, best = "maximise", time } = options;
  const share = `${Number((100 * testFraction).toPrecision(3))} %`;
  switch (protocol) {
    case "holdout":
      return `${share} of the rows held out at random`;
    case "kfold":
      return `${folds} random folds`;
    case "grouped":
      return `${folds} folds that keep rows of one ${wordFor(groupBy)[0].replace("value of ", "")} together`;
    case "cluster":
      return `${clusters} clusters of similar inputs, each judged by a model of the others`;
    case "chronological":
      return `${folds} blocks in the order of ${time}, each judged by a model of those before it`;
    case "extrapolation":
      return `the ${best === "maximise" ? "highest" : "lowest"} ${share} of the targets held out`;
    default:
      return "the published split";
  }
}
