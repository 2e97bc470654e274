import { spearman } from "../../core/correlation.ts";
import { rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { stage, type Work } from "../../core/work.ts";
import { groupedKFold } from "../../data/split.ts";
import type { Explanation } from "../../explain/contract.ts";
import { meanAbsolute } from "../../explain/importance.ts";
import {
  lossFor,
  permutationImportance,
  type HeldOutPart,
} from "../../explain/permutation-importance.ts";
import { explainers, type ExplainerName } from "../../explain/registry.ts";
import type { Surrogate } from "../../surrogates/contract.ts";
import { measuredFormula } from "../candidates/design-text.ts";
import { encodeDesign, type EncodedDesign } from "./explained-design.ts";
import { valueOf, type ExplainedFeature } from "./explained-features.ts";
import type { ExplainedSource } from "./explained-source.ts";
import type { DatasetExplanation, DesignExplanation, ExplainedRows } from "./explanation.ts";

const folds = 5;
/** Rows explained for the whole picture: a quick explainer takes more. */
const mostRows = { quick: 300, slow: 50 };

/** What the whole picture needs beside the rows. */
export interface OverallSetting {
  readonly source: ExplainedSource;
  readonly surrogate: Surrogate;
  /** Positions in the set of the rows without a missing input. */
  readonly complete: readonly number[];
  readonly features: readonly ExplainedFeature[];
  readonly method: ExplainerName;
  readonly explain: (x: Matrix, work: Work) => Promise<Explanation>;
  /** Turns row i of an explanation into words and numbers. */
  readonly describe: (
    design: EncodedDesign,
    explanation: Explanation,
    i: number,
  ) => DesignExplanation;
  readonly rng: Rng;
  readonly work: Work;
}

/** What moves the property over the data: contributions of many rows, and shuffling of rows held out. */
export async function explainOverall(
  setting: OverallSetting,
): Promise<NonNullable<DatasetExplanation["overall"]>> {
  const { source, complete, features, method, explain, describe, rng, work } = setting;
  const { task } = source;
  const { set, data } = task;
  const isQuick = explainers[method].supports.model !== "any";
  const most = isQuick ? mostRows.quick : mostRows.slow;
  const chosen = rng
    .fork("rows")
    .permutation(complete.length)
    .slice(0, Math.min(complete.length, most))
    .sort()
    .map((place) => complete[place]!);
  const x = takeRows(set.x, chosen);
  const explanation = await explain(x, stage(work, 0.3, 0.6, "explaining the data"));
  const { contributions, predictions } = explanation;
  const columnOf = (g: number): number[] =>
    Array.from({ length: x.rows }, (_, i) => contributions.data[i * features.length + g]!);
  const values = features.map((feature) =>
    Array.from({ length: x.rows }, (_, i) => {
      const value = valueOf(feature, rowOf(x, i));
      return typeof value === "number" ? value : feature.levels.indexOf(value);
    }),
  );

  const parts = await heldOut(setting, rng.fork("folds"), stage(work, 0.6, 0.9));
  const loss = lossFor(set.task);
  const shuffled = await permutationImportance(parts, {
    loss,
    groups: features.map(({ columns }) => columns),
    rng: rng.fork("shuffle"),
    work: stage(work, 0.9, 1, "shuffling features"),
  });

  const size = meanAbsolute(contributions);
  const order = Array.from(features.keys()).sort((a, b) => size[b]! - size[a]! || a - b);
  const points: ExplainedRows = {
    rows: Array.from(chosen, (i) => set.rows[i]! + 1),
    formulas: Array.from(chosen, (i) => measuredFormula(data, set.rows[i]!)),
    features: order.map((g) => ({
      name: features[g]!.name,
      unit: features[g]!.unit,
      levels: features[g]!.levels,
      values: values[g]!,
      contributions: columnOf(g),
    })),
  };
  const outermost = [Math.max(...predictions), Math.min(...predictions)];
  return {
    explainedRows: x.rows,
    protocol: source.learnsRows
      ? `${parts.length} folds grouped by ${source.task.data.identity}`
      : "data that the model has not learned from",
    loss: {
      name: loss.name,
      value: shuffled.loss,
      unit: set.task.kind === "regression" ? set.property.unit : "1",
    },
    importance: order.map((g, place) => ({
      name: features[g]!.name,
      unit: features[g]!.unit,
      meanAbsolute: size[g]!,
      trend:
        features[g]!.levels.length > 0
          ? null
          : trendOf(values[g]!, points.features[place]!.contributions),
      permutation: { mean: shuffled.increase[g]!, std: shuffled.std[g]! },
    })),
    points,
    examples: outermost.map((prediction) => {
      const i = predictions.indexOf(prediction);
      return describe(encodeDesign(task, { row: points.rows[i]! }), explanation, i);
    }),
  };
}

/** Rows that a model has not seen: one model per fold, or all rows for a model of other data. */
async function heldOut(
  { source, surrogate }: OverallSetting,
  rng: Rng,
  work: Work,
): Promise<HeldOutPart[]> {
  const { set, inputs } = source.task;
  if (!source.learnsRows) {
    return [{ predict: (x) => surrogate.predict(x).mean, x: set.x, y: set.y }];
  }
  const groups = new Set(set.compositions).size;
  const splits = groupedKFold(set.compositions, Math.min(folds, groups), rng.fork("split"));
  const parts: HeldOutPart[] = [];
  for (const [f, { train, test }] of splits.entries()) {
    const model = await source.spec.fit(
      {
        x: takeRows(set.x, train),
        y: Float64Array.from(train, (row) => set.y[row]!),
        task: set.task,
        columns: inputs.labels.map((name) => ({ name, kind: "number" })),
        groups: Array.from(train, (row) => set.compositions[row]!),
        rng: rng.fork(`fold ${f}`),
        work: stage(work, f / splits.length, (f + 1) / splits.length, "learning without some rows"),
      },
      source.options,
    );
    parts.push({
      predict: (x) => model.predict(x).mean,
      x: takeRows(set.x, test),
      y: Float64Array.from(test, (row) => set.y[row]!),
    });
  }
  return parts;
}

/** Rank correlation of values and contributions; null where either does not vary. */
function trendOf(values: readonly number[], contributions: readonly number[]): number | null {
  const varies = (list: readonly number[]): boolean => list.some((value) => value !== list[0]);
  return varies(values) && varies(contributions) ? spearman(values, contributions) : null;
}
