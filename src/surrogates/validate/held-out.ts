import { ShapeError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, stage, type Work } from "../../core/work.ts";
import type { Split } from "../../data/split.ts";
import type { FitInput, InputColumn, Surrogate, SurrogateSpec, Task } from "../contract.ts";
import { checkNumberOption } from "../fit-input.ts";
import { splitsOf, type ProtocolSettings } from "./protocol.ts";
import { scoresOf, type Judged } from "./scores.ts";

/** Rows with known targets to judge a surrogate on. */
export interface ValidationData {
  /** Inputs, n x d. */
  readonly x: Matrix;
  /** n numbers; for classification class indices. */
  readonly y: Float64Array;
  readonly task: Task;
  /** Key of each row for the grouped protocol, such as its chemical system. */
  readonly groups?: readonly string[] | undefined;
  /** Time of each row for the chronological protocol. */
  readonly times?: ArrayLike<number> | undefined;
  /** For the published protocol. */
  readonly split?: Split | undefined;
  /** What the d columns hold, for `fit`. */
  readonly columns?: readonly InputColumn[] | undefined;
  /** Known standard deviation of each target; given to families that take it. */
  readonly noiseStd?: Float64Array | undefined;
}

/** A family with the options it is judged with. */
export interface Candidate<Options extends object = object> {
  readonly spec: SurrogateSpec<Options>;
  readonly options?: Partial<Options> | undefined;
}

/** One split of one repeat. */
export interface PlannedSplit extends Split {
  readonly repeat: number;
  readonly fold: number;
  /** Key of each row that the split keeps together, if any. */
  readonly keys?: readonly string[];
}

export interface PlanSettings extends ProtocolSettings {
  /** Runs with fresh splits and fits (the same splits where nothing is drawn). Default 5. */
  readonly repeats?: number;
  readonly rng: Rng;
}

/**
 * All splits of all repeats. Repeat r is split with the stream `rng.fork("repeat r").fork("split")`, so
 * that the splits do not depend on what is judged.
 * @throws InputError as `splitsOf`; ShapeError for lists that do not have an entry per row
 */
export function planSplits(data: ValidationData, settings: PlanSettings): PlannedSplit[] {
  const { repeats = 5, rng } = settings;
  checkNumberOption("validate", "repeats", repeats, { min: 1, max: 1000, integer: true });
  const { rows } = data.x;
  const lists = { target: data.y, group: data.groups, time: data.times, noise: data.noiseStd };
  for (const [what, list] of Object.entries(lists)) {
    if (list === undefined || list.length === rows) continue;
    throw new ShapeError(
      `validate: expected one ${what} per row, got ${list.length} for ${rows} rows.`,
    );
  }
  return Array.from({ length: repeats }, (_, r) => r).flatMap((r) => {
    const { splits, keys } = splitsOf(data, settings, rng.fork(`repeat ${r}`).fork("split"));
    return splits.map((split, f): PlannedSplit => ({
      repeat: r,
      fold: f,
      train: split.train,
      test: split.test,
      ...(keys === undefined ? {} : { keys }),
    }));
  });
}

/** What a model of the training part says of the test part. */
export interface JudgedSplit {
  readonly split: PlannedSplit;
  readonly judged: Judged;
}

/**
 * Fits on the training part of every split and predicts its test part; all scaling and choosing happens
 * inside `fit`, which never sees a test row. Fold f of repeat r is fitted with
 * `rng.fork("repeat r").fork("fold f")`.
 */
export async function judgeSplits(
  data: ValidationData,
  { spec, options }: Candidate,
  plan: readonly PlannedSplit[],
  rng: Rng,
  work: Work = {},
): Promise<JudgedSplit[]> {
  const judged: JudgedSplit[] = [];
  for (const split of plan) {
    const label = `validate ${spec.name}`;
    const [done, total] = [judged.length, plan.length];
    await checkpoint(work, { label, done, total });
    const surrogate = await spec.fit(
      {
        ...trainingPart(data, spec, split.train, split.keys),
        rng: rng.fork(`repeat ${split.repeat}`).fork(`fold ${split.fold}`),
        work: stage(work, done / total, (done + 1) / total, label),
      },
      options,
    );
    judged.push({ split, judged: judge(surrogate, data, split.test) });
  }
  return judged;
}

/** The chosen rows as input of `fit`; `keys` say which rows its inner folds keep together. */
export function trainingPart(
  data: ValidationData,
  { supports }: Pick<SurrogateSpec, "supports">,
  rows: Int32Array,
  keys?: readonly string[],
): Omit<FitInput, "rng"> {
  const { x, y, task, columns, noiseStd } = data;
  return {
    x: takeRows(x, rows),
    y: pick(y, rows),
    task,
    ...(columns === undefined ? {} : { columns }),
    ...(noiseStd === undefined || supports.noise !== true
      ? {}
      : { noiseStd: pick(noiseStd, rows) }),
    ...(keys === undefined ? {} : { groups: Array.from(rows, (row) => keys[row]) }),
  };
}

/** What the surrogate says of the chosen rows, with what was measured. */
export function judge(
  surrogate: Surrogate,
  { x, y }: Pick<ValidationData, "x" | "y">,
  rows: Int32Array,
): Judged {
  const { mean, epistemicStd, aleatoricStd } = surrogate.predict(takeRows(x, rows));
  const std = matrix(mean.rows, mean.columns);
  for (let k = 0; k < std.data.length; k++) {
    const [e, a] = [epistemicStd.data[k], aleatoricStd.data[k]];
    std.data[k] = Math.sqrt(e * e + a * a);
  }
  return { measured: pick(y, rows), mean, std };
}

/** The test rows of several splits as one list. */
export function pool(parts: readonly Judged[]): Judged {
  const join = (arrays: Float64Array[]): Float64Array => {
    const all = new Float64Array(arrays.reduce((sum, array) => sum + array.length, 0));
    let at = 0;
    for (const array of arrays) {
      all.set(array, at);
      at += array.length;
    }
    return all;
  };
  const measured = join(parts.map((part) => part.measured));
  const columns = parts[0].mean.columns;
  return {
    measured,
    mean: matrix(measured.length, columns, join(parts.map((part) => part.mean.data))),
    std: matrix(measured.length, columns, join(parts.map((part) => part.std.data))),
  };
}

/** Mean over the repeats and sample standard deviation between them (0 for one repeat). */
export interface MetricSummary {
  readonly mean: number;
  readonly std: number;
}

/** Every metric, computed once over the pooled folds of each repeat and summarised over the repeats. */
export function metricsOf(
  judged: readonly JudgedSplit[],
  task: Task,
): Record<string, MetricSummary> {
  const repeats = [...new Set(judged.map(({ split }) => split.repeat))];
  const scores = repeats.map((r) =>
    scoresOf(pool(judged.filter(({ split }) => split.repeat === r).map((one) => one.judged)), task),
  );
  return Object.fromEntries(
    Object.keys(scores[0]).map((name) => [name, meanAndStd(scores.map((score) => score[name]))]),
  );
}

/** Mean and sample standard deviation; 0 for one number. */
export function meanAndStd(values: readonly number[]): MetricSummary {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, std: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

/** What models that had not seen them said of rows; the mean over the repeats that held a row out. */
export interface HeldOutPredictions {
  /** Rows that were held out at least once, ascending. */
  readonly rows: Int32Array;
  /** Rows x outputs. */
  readonly mean: Matrix;
  /** Rows x outputs: total standard deviation (root mean square over the repeats). */
  readonly std: Matrix;
}

/** The held-out predictions of each row, averaged over the repeats. */
export function averageByRow(rowCount: number, judged: readonly JudgedSplit[]): HeldOutPredictions {
  const columns = judged[0].judged.mean.columns;
  const times = new Int32Array(rowCount);
  const mean = matrix(rowCount, columns);
  const std = matrix(rowCount, columns);
  for (const { split, judged: part } of judged) {
    split.test.forEach((row, i) => {
      times[row]++;
      for (let k = 0; k < columns; k++) {
        const spread = part.std.data[i * columns + k];
        mean.data[row * columns + k] += part.mean.data[i * columns + k];
        std.data[row * columns + k] += spread * spread;
      }
    });
  }
  const rows = Int32Array.from(times.keys()).filter((row) => times[row] > 0);
  for (const row of rows) {
    const rowMean = rowOf(mean, row);
    const rowStd = rowOf(std, row);
    for (let k = 0; k < columns; k++) {
      rowMean[k] = rowMean[k] / times[row];
      rowStd[k] = Math.sqrt(rowStd[k] / times[row]);
    }
  }
  return { rows, mean: takeRows(mean, rows), std: takeRows(std, rows) };
}

export const pick = (values: Float64Array, rows: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: rows.length }, (_, i) => values[rows[i]]);
