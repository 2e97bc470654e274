import { countOf, formatNumber, percent } from "../../core/format.ts";
import { createRng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import { calibrated } from "../../surrogates/conformal/calibrated.ts";
import type { CalibrationPoint } from "../../surrogates/metrics/calibration.ts";
import type { SurrogateName } from "../../surrogates/registry.ts";
import type { Difference } from "../../surrogates/validate/difference.ts";
import type { MetricSummary } from "../../surrogates/validate/held-out.ts";
import { lossSign } from "../../surrogates/validate/scores.ts";
import { validate } from "../../surrogates/validate/validate.ts";
import type { DatasetComparison } from "./compare-models.ts";
import type { Dataset } from "../dataset.ts";
import { familyFor, judgingTask, type JudgingOptions, type JudgingTask } from "./judging-task.ts";
import type { JudgedData } from "./validate-dataset.ts";

type Scores = Readonly<Record<string, MetricSummary>>;

/** What is known of the best family for a property: who should trust it, where, and how far. */
export interface DatasetModelCard {
  readonly model: { readonly family: string; readonly title: string };
  readonly target: {
    readonly name: string;
    readonly unit: string;
    readonly task: "regression" | "classification";
    readonly classes: readonly string[];
  };
  readonly data: {
    readonly source: string;
    /** SHA-256 of the file's bytes. */
    readonly fileHash: string;
    /** SHA-256 of the table's content. */
    readonly tableHash: string;
    readonly rows: number;
    readonly dropped: JudgedData["dropped"];
    readonly reference: string | null;
    readonly license: string | null;
  };
  readonly inputs: {
    readonly features: readonly string[];
    readonly process: readonly string[];
    readonly columns: readonly string[];
  };
  readonly protocol: {
    readonly text: string;
    readonly repeats: number;
    readonly splits: number;
    readonly seed: number;
  };
  readonly metrics: Scores;
  readonly baselines: Readonly<Record<string, Scores>>;
  readonly calibration: {
    readonly points: readonly CalibrationPoint[];
    /** The same metrics of the same family with calibrated uncertainty; null where it could not be had. */
    readonly calibrated: Scores | null;
  };
  readonly ranking: {
    readonly metric: string;
    readonly method: string;
    readonly families: readonly {
      readonly model: string;
      readonly score: number;
      readonly difference: Difference | null;
      readonly isLikeBest: boolean;
    }[];
    readonly skipped: DatasetComparison["skipped"];
  };
  readonly noiseFloor: JudgedData["noiseFloor"];
  readonly validity: ModelValidity;
  readonly caveats: readonly string[];
}

/** What the model has seen; outside of it, it guesses. */
export interface ModelValidity {
  readonly elements: readonly {
    readonly symbol: string;
    readonly rows: number;
    /** Largest atomic fraction. */
    readonly most: number;
  }[];
  /** Least and most elements in one composition. */
  readonly elementCount: readonly [number, number];
  /** Ranges and words of the process variables. */
  readonly process: readonly {
    readonly name: string;
    readonly unit?: string;
    readonly low?: number;
    readonly high?: number;
    readonly words?: readonly string[];
  }[];
  /** Range of the measured target; null for a class. */
  readonly target: readonly [number, number] | null;
}

/**
 * The card of the best family of a comparison. It judges that family once more with calibrated uncertainty,
 * on the same splits.
 */
export async function modelCard(
  dataset: Dataset,
  comparison: DatasetComparison,
  options: JudgingOptions,
  { tableHash, work = {} }: { readonly tableHash: string; readonly work?: Work },
): Promise<DatasetModelCard> {
  const task = judgingTask(dataset, options);
  const best = comparison.ranking[0]!;
  const { set, learning } = task;
  const spec = familyFor(task, best.model as SurrogateName, options);
  const settings = { ...task.settings, rng: createRng(options.seed), baselines: [], work };
  const leastRows = 25;
  const calibratedScores =
    set.y.length < leastRows
      ? null
      : (await validate(task.data, calibrated(spec), {}, settings)).metrics;
  const validity = validityOf(task);
  const others = comparison.ranking.filter(
    ({ model }) => comparison.baselines.includes(model) && model !== best.model,
  );
  const { provenance } = dataset;
  const card = {
    model: { family: best.model, title: spec.title },
    target: {
      name: comparison.target,
      unit: comparison.unit,
      task: comparison.task,
      classes: set.task.kind === "classification" ? set.task.classes : [],
    },
    data: {
      source: dataset.name,
      fileHash: dataset.sha256,
      tableHash,
      rows: comparison.rows,
      dropped: comparison.dropped,
      reference:
        provenance === undefined
          ? null
          : `${provenance.authors}, ${provenance.reference}${provenance.doi === "" ? "" : `, doi:${provenance.doi}`}`,
      license: provenance?.license ?? null,
    },
    inputs: {
      features: comparison.features,
      process: comparison.process,
      columns: learning.inputs.labels,
    },
    protocol: {
      text: comparison.protocolText,
      repeats: comparison.repeats,
      splits: comparison.splits,
      seed: comparison.seed,
    },
    metrics: best.metrics,
    baselines: Object.fromEntries(others.map(({ model, metrics }) => [model, metrics])),
    calibration: { points: best.calibration, calibrated: calibratedScores },
    ranking: {
      metric: comparison.metric,
      method: comparison.method,
      families: comparison.ranking.map(({ model, score, difference, isLikeBest }) => ({
        model,
        score,
        difference,
        isLikeBest,
      })),
      skipped: comparison.skipped,
    },
    noiseFloor: comparison.noiseFloor,
    validity,
  };
  return { ...card, caveats: caveatsOf(card, comparison) };
}

function validityOf({ learning, set }: JudgingTask): ModelValidity {
  const { data, process } = learning;
  const compositions = set.rows.map((row) => data.fractions(row));
  const elements = data.symbols.flatMap((symbol) => {
    const amounts = compositions.flatMap((one) => one[symbol] ?? []);
    if (amounts.length === 0) return [];
    return [{ symbol, rows: amounts.length, most: amounts.reduce((a, b) => Math.max(a, b), 0) }];
  });
  const counts = compositions.map((one) => Object.keys(one).length);
  const columns = data.dataset.table.columns;
  return {
    elements: elements.sort((a, b) => b.rows - a.rows),
    elementCount: rangeOf(counts),
    process: process.map((input) => {
      const column = columns.find(({ name }) => name === input.name)!;
      if (input.kind === "category" || column.kind === "text") {
        return { name: input.name, words: input.kind === "category" ? input.levels : [] };
      }
      const [low, high] = rangeOf(set.rows.map((row) => column.values[row]!));
      return { name: input.name, unit: column.unit, low, high };
    }),
    target: set.task.kind === "regression" ? rangeOf([...set.y]) : null,
  };
}

const rangeOf = (values: readonly number[]): [number, number] => [
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
];

/** Fewer rows than this say little about the tails of errors. */
const fewRows = 100;
/** Coverage of nominal 90 % intervals outside of this is worth a word. */
const coverageRange = [0.87, 0.93] as const;
/** An error within this factor of the replicates' spread is as good as noise lets it be. */
const nearNoise = 1.15;
/** Elements in fewer rows than this are hardly known. */
const rareRows = 5;

function caveatsOf(
  card: Omit<DatasetModelCard, "caveats">,
  { task, ranking, protocol, baselines }: DatasetComparison,
): string[] {
  const { metrics, noiseFloor, validity, data, inputs, calibration } = card;
  const caveats: string[] = [];
  const say = (when: boolean | undefined, text: () => string): void => {
    if (when === true) caveats.push(text());
  };
  const best = ranking[0]!;
  const { metric } = card.ranking;
  const sign = lossSign({ kind: task }, metric);
  const like = ranking.slice(1).filter((one) => one.isLikeBest);
  const likeBaselines = like.filter(({ model }) => model in card.baselines);
  say(likeBaselines.length > 0, () => {
    const names = likeBaselines.map(({ model }) => model).join(", ");
    return `It is not told apart from a simple baseline (${names}) by ${metric}.`;
  });
  say(like.length > likeBaselines.length, () => {
    const names = like.filter((one) => !likeBaselines.includes(one)).map(({ model }) => model);
    return `Chosen as the ${sign > 0 ? "lowest" : "highest"} ${metric} of ${countOf(ranking.length, "family", "families")}; ${names.join(", ")} ${names.length === 1 ? "is" : "are"} not told apart from it, and the score of a winner is a little too good.`;
  });
  say(
    baselines.includes(best.model),
    () => "The best family is itself a baseline: the inputs say little about the property.",
  );
  say(
    protocol === "holdout" || protocol === "kfold",
    () =>
      "Rows were split at random: relatives of a tested alloy were learned from, so new chemical systems will be predicted worse. Validate with --protocol grouped or cluster.",
  );
  const coverage = metrics["coverage90"]?.mean;
  say(
    coverage !== undefined && (coverage < coverageRange[0] || coverage > coverageRange[1]),
    () => {
      const after = calibration.calibrated?.["coverage90"]?.mean;
      return `Its 90 % intervals hold ${percent(coverage!, 3)} of the held-out values${after === undefined ? "" : `; calibrated they hold ${percent(after, 3)}`}.`;
    },
  );
  const rmse = metrics["rmse"]?.mean;
  const noise = noiseFloor?.isEnough === true ? noiseFloor.pooledStd : undefined;
  say(
    rmse !== undefined && noise !== undefined && rmse < nearNoise * noise,
    () =>
      `Its error is near the spread of replicates (${formatNumber(noise!, 3)}): better data help more than a better model.`,
  );
  say(
    noiseFloor === null,
    () => "No two rows have equal inputs, so the noise of the measurements is not known.",
  );
  say(
    data.rows < fewRows,
    () =>
      `It was learned and judged on ${countOf(data.rows, "row")}: every figure here is uncertain.`,
  );
  say(
    inputs.columns.length > data.rows,
    () => `It has more inputs (${inputs.columns.length}) than rows (${data.rows}).`,
  );
  const rare = validity.elements.filter(({ rows }) => rows < rareRows);
  say(
    rare.length > 0,
    () =>
      `${rare.map(({ symbol }) => symbol).join(", ")} ${rare.length === 1 ? "occurs" : "occur"} in fewer than ${rareRows} rows each: hardly known.`,
  );
  return caveats;
}
