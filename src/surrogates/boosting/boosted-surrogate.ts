import { matrix, type Matrix } from "../../core/matrix.ts";
import type { InputColumn, Prediction, Surrogate, Task } from "../contract.ts";
import { checkPredictInput } from "../fit-input.ts";
import { joinForests, treesOf } from "../forest/forest.ts";
import type { TreeEnsemble } from "../structure.ts";
import {
  answers,
  combine,
  layOut,
  scoresAfter,
  type Boosted,
  type JoinedTrees,
} from "./ensemble.ts";
import { saveBoosting } from "./saved-boosting.ts";
import { spreadOf, type SpreadState } from "./spread.ts";

/** All that a boosted model needs to predict. */
export interface BoostingState {
  readonly task: Task;
  readonly inputs: number;
  readonly columns: readonly InputColumn[] | undefined;
  readonly models: readonly JoinedTrees[];
  /** Rounds after which the models are asked; the last is what they say. */
  readonly rounds: readonly number[];
  /** Epistemic variance over the squares of the answers about their mean. */
  readonly factor: number;
  /** Whether inputs were missing in training. */
  readonly hadMissing: boolean;
  /** For numbers only: their spread, and what turns scores into the caller's unit. */
  readonly numbers?: {
    readonly spread: SpreadState;
    readonly shift: number;
    readonly offset: number;
    readonly scale: number;
  };
  readonly summary: Surrogate["summary"];
}

const name = "gradient-boosting";
/** What boosted trees take besides numbers. */
const supports = { missing: true, categories: true };

/**
 * The surrogate of a state. Its `trees` are there for numbers where thresholds alone send rows left and
 * right: no split on a category, and no missing inputs in training.
 */
export function boostedSurrogate(state: BoostingState): Surrogate {
  const { task, inputs, columns, models, rounds, factor, numbers, summary } = state;
  const outputs = task.kind === "classification" ? task.classes.length : 1;
  const spread = numbers && spreadOf(numbers.spread);
  const trees = plainTrees(state);
  let laidOut: readonly Boosted[] | undefined;
  return {
    name,
    task,
    inputs,
    summary,
    ...(trees === undefined ? {} : { trees }),
    save: () => saveBoosting(state),
    predict: (rows) => {
      checkPredictInput(name, inputs, rows, columns, supports);
      laidOut ??= models.map(layOut);
      const { mean, variance } = predictMean(laidOut, rows, rounds, outputs, factor);
      if (numbers === undefined || spread === undefined) {
        const total = mean.data.map((p) => p * (1 - p));
        return divideSpread(mean, variance, total);
      }
      const { shift, offset, scale } = numbers;
      const total = spread(rows).map((std) => std * std);
      const { epistemicStd, aleatoricStd } = divideSpread(mean, variance, total);
      const scaled = (part: Matrix) =>
        matrix(
          rows.rows,
          1,
          part.data.map((z) => scale * z),
        );
      return {
        mean: matrix(
          rows.rows,
          1,
          mean.data.map((z) => offset + scale * (z + shift)),
        ),
        epistemicStd: scaled(epistemicStd),
        aleatoricStd: scaled(aleatoricStd),
      };
    },
  };
}

/** The trees that the mean is a sum of, where plain thresholds are all their splits. */
function plainTrees({ models, numbers, hadMissing }: BoostingState): TreeEnsemble | undefined {
  const hasSets = models.some(({ sets }) => sets.length > 0);
  if (numbers === undefined || hadMissing || hasSets) return undefined;
  const { shift, offset, scale } = numbers;
  const joined = joinForests(models.map(({ forest }) => forest));
  const start = models.reduce((sum, model) => sum + model.start[0], 0) / models.length;
  return {
    ...treesOf(joined, { offset: offset + scale * (start + shift), scale: 1 }),
    scale: scale / models.length,
  };
}

/** Mean and epistemic variance, m x outputs; for states of one model the mean is its last. */
function predictMean(
  models: readonly Boosted[],
  rows: Matrix,
  rounds: readonly number[],
  outputs: number,
  factor: number,
): { mean: Matrix; variance: Float64Array } {
  const parts = models.flatMap((model) =>
    scoresAfter(model, rows, rounds).map((scores) => answers(scores, outputs)),
  );
  const { mean, variance } = combine(parts, factor);
  return { mean: rounds.length > 1 ? parts.at(-1)! : mean, variance };
}

/** Epistemic and aleatoric std: the latter is what the former leaves of the total variance. */
function divideSpread(mean: Matrix, epistemic: Float64Array, total: Float64Array): Prediction {
  const { rows, columns } = mean;
  return {
    mean,
    epistemicStd: matrix(rows, columns, epistemic.map(Math.sqrt)),
    aleatoricStd: matrix(
      rows,
      columns,
      total.map((variance, k) => Math.sqrt(Math.max(0, variance - epistemic[k]))),
    ),
  };
}
