import { InputError } from "../../core/errors.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { stage } from "../../core/work.ts";
import type { FitInput, Prediction, Surrogate, SurrogateSpec, Task } from "../contract.ts";
import { checkNumberOption } from "../fit-input.ts";
import { dealFolds, rowsOfFold } from "../folds.ts";
import { takeInput } from "../take-input.ts";
import { outOfFold, totalStd } from "./out-of-fold.ts";
import { rankOf } from "./quantile.ts";

/** Options of conformal prediction; plain JSON. */
export interface ConformalOptions {
  /**
   * `cross`: a model without each fold, every row calibrates (CV+); `split`: one model, calibrated on one
   * fold that it has not seen.
   */
  readonly method: "cross" | "split";
  /** Folds the rows are dealt to; `split` calibrates on one of them. */
  readonly folds: number;
}

const defaults: ConformalOptions = { method: "cross", folds: 10 };

/** Intervals or sets that hold the right answer with a stated chance, for rows like the training rows. */
export interface ConformalPredictor {
  readonly task: Task;
  /** Scores that calibrate. */
  readonly rows: number;
  /**
   * For numbers: ends of the interval of each row; infinite where there are too few rows for the level.
   * @param level chance in (0, 1)
   */
  intervals(x: Matrix, level: number): { readonly low: Float64Array; readonly high: Float64Array };
  /**
   * For classes: 1 where a class belongs to the set of a row, n x classes; a set may be empty.
   * @param level chance in (0, 1)
   */
  sets(x: Matrix, level: number): Matrix;
}

/**
 * Wraps any family in conformal prediction. Scores are `|y - mean| / std` with the model's own total std
 * for numbers, and one minus the probability of the right class for classes. For exchangeable rows `split`
 * holds the right answer with at least the chance asked for, `cross` with at least `1 - 2 (1 - level)`,
 * in practice near the level. Where rows come in groups, whole groups are left out together.
 * Source: V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World (2005); CV+: R. F.
 * Barber, E. J. Candes, A. Ramdas, R. J. Tibshirani, Ann. Stat. 49, 486 (2021),
 * doi:10.1214/20-AOS1965; classes: Y. Romano, M. Sesia, E. J. Candes, NeurIPS (2020).
 * @throws InputError for options out of range, and as the family's `fit`
 */
export async function conformal<Options extends object>(
  spec: SurrogateSpec<Options>,
  options: Partial<Options> | undefined,
  input: FitInput,
  given: Partial<ConformalOptions> = {},
): Promise<ConformalPredictor> {
  const { method, folds } = { ...defaults, ...given };
  checkNumberOption("conformal", "folds", folds, { min: 2, max: 1000, integer: true });
  if (method !== "cross" && method !== "split") {
    throw new InputError(
      `conformal: expected method to be cross or split, got ${String(method)}.`,
      { path: "method", received: String(method) },
    );
  }
  const { models, modelOf, judged, rows } = await (method === "cross"
    ? crossed(spec, options, input, folds)
    : splitOff(spec, options, input, folds));
  const y = Float64Array.from(rows, (row) => input.y[row]);
  const { task } = input;
  const scores = task.kind === "regression" ? numberScores(y, judged) : classScores(y, judged);
  return {
    task,
    rows: scores.length,
    intervals: (x, level) => {
      requireTask(task, "regression");
      checkLevel(level);
      return intervalsOf(
        models.map((model) => model.predict(x)),
        modelOf,
        scores,
        level,
        x.rows,
      );
    },
    sets: (x, level) => {
      requireTask(task, "classification");
      checkLevel(level);
      return setsOf(
        models.map((model) => model.predict(x).mean),
        modelOf,
        scores,
        level,
      );
    },
  };
}

interface Calibration {
  readonly models: readonly Surrogate[];
  /** The model that judged each calibrating row. */
  readonly modelOf: ArrayLike<number>;
  readonly judged: Prediction;
  /** Calibrating rows. */
  readonly rows: Int32Array;
}

async function crossed(
  spec: SurrogateSpec,
  options: object | undefined,
  input: FitInput,
  folds: number,
): Promise<Calibration> {
  const { fold, models, prediction } = await outOfFold(spec, options, input, folds);
  return {
    models,
    modelOf: fold,
    judged: prediction,
    rows: Int32Array.from({ length: input.x.rows }, (_, i) => i),
  };
}

async function splitOff(
  spec: SurrogateSpec,
  options: object | undefined,
  input: FitInput,
  k: number,
): Promise<Calibration> {
  const { x, rng, work = {} } = input;
  const { fold } = dealFolds(input, k, rng.fork("calibration folds"));
  const { inside, outside } = rowsOfFold(fold, 0);
  const model = await spec.fit(
    { ...takeInput(input, outside), rng: rng.fork("fit"), work: stage(work, 0, 1) },
    options,
  );
  return {
    models: [model],
    modelOf: new Int32Array(inside.length),
    judged: model.predict(takeRows(x, inside)),
    rows: inside,
  };
}

/** Errors in standard deviations; where the model claims none, infinite unless the error is 0 too. */
function numberScores(y: Float64Array, judged: Prediction): Float64Array {
  const std = totalStd(judged);
  return y.map((value, i) => {
    const error = Math.abs(value - judged.mean.data[i]);
    return error === 0 ? 0 : error / std[i];
  });
}

const classScores = (y: Float64Array, { mean }: Prediction): Float64Array =>
  y.map((label, i) => 1 - mean.data[i * mean.columns + label]);

/** Ranks of `mean -+ score std` over the calibrating rows, each with the model that judged it. */
function intervalsOf(
  predictions: readonly Prediction[],
  modelOf: ArrayLike<number>,
  scores: Float64Array,
  level: number,
  rows: number,
): { low: Float64Array; high: Float64Array } {
  const stds = predictions.map(totalStd);
  const n = scores.length;
  const place = rankOf(level * (n + 1));
  const low = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const high = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  if (place > n) return { low, high };
  const ends = new Float64Array(n);
  for (let i = 0; i < rows; i++) {
    const end = (sign: number): Float64Array => {
      for (let k = 0; k < n; k++) {
        const m = modelOf[k];
        const reach = scores[k] === 0 ? 0 : scores[k] * stds[m][i];
        ends[k] = predictions[m].mean.data[i] + sign * reach;
      }
      return ends.sort();
    };
    high[i] = end(1)[place - 1];
    low[i] = end(-1)[n - place];
  }
  return { low, high };
}

/** A class belongs to the set unless too many calibrating rows have a smaller score than it has here. */
function setsOf(
  means: readonly Matrix[],
  modelOf: ArrayLike<number>,
  scores: Float64Array,
  level: number,
): Matrix {
  const [{ rows, columns }] = means;
  const result = matrix(rows, columns);
  const limit = level * (scores.length + 1);
  for (let place = 0; place < result.data.length; place++) {
    let smaller = 0;
    for (let k = 0; k < scores.length; k++) {
      if (scores[k] < 1 - means[modelOf[k]].data[place]) smaller++;
    }
    result.data[place] = smaller < rankOf(limit) ? 1 : 0;
  }
  return result;
}

function requireTask(task: Task, kind: Task["kind"]): void {
  if (task.kind === kind) return;
  throw new InputError(
    kind === "regression"
      ? "conformal: classes have sets, not intervals."
      : "conformal: numbers have intervals, not sets.",
    { path: "task", expected: kind, received: task.kind },
  );
}

function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new InputError(`conformal: expected a level between 0 and 1, got ${level}.`, {
    path: "level",
    received: `${level}`,
  });
}
