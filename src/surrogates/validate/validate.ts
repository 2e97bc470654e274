import { ShapeError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { Split } from "../../data/split.ts";
import type { Surrogate, SurrogateSpec, Task } from "../contract.ts";
import { dummy } from "../dummy/dummy.ts";
import { withPipeline } from "../features/with-pipeline.ts";
import { checkNumberOption } from "../fit-input.ts";
import { linear } from "../linear/linear.ts";
import type { CalibrationPoint } from "../metrics/calibration.ts";
import { splitsOf, type Protocol } from "./protocol.ts";
import { calibrationOf, scoresOf, type Judged } from "./scores.ts";

/** Rows with known targets to judge a surrogate on. */
export interface ValidationData {
  /** Inputs, n x d. */
  readonly x: Matrix;
  /** n numbers; for classification class indices. */
  readonly y: Float64Array;
  readonly task: Task;
  /** Key of each row for the grouped protocol, such as its chemical system. */
  readonly groups?: readonly string[] | undefined;
  /** For the published protocol. */
  readonly split?: Split | undefined;
}

export interface ValidationSettings {
  readonly protocol: Protocol;
  /** Runs with fresh splits and fits (for `published` fresh fits only). Default 5. */
  readonly repeats?: number;
  /** For `kfold` and `grouped`. Default 5. */
  readonly folds?: number;
  /** Share held out by `holdout`. Default 0.15. */
  readonly testFraction?: number;
  readonly rng: Rng;
  readonly work?: Work;
}

/** Mean over the repeats and sample standard deviation between them (0 for one repeat). */
export interface MetricSummary {
  readonly mean: number;
  readonly std: number;
}

export interface Validation {
  /** Name of the surrogate family. */
  readonly model: string;
  readonly protocol: Protocol;
  readonly repeats: number;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** The same metrics of models that every useful one must beat, on the same splits. */
  readonly baseline: Readonly<Record<string, Readonly<Record<string, MetricSummary>>>>;
  /** All repeats together. */
  readonly calibration: readonly CalibrationPoint[];
  readonly predictions: HeldOutPredictions;
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

const baselines: readonly SurrogateSpec[] = [dummy, linear];

/** The baselines, behind a step that fills missing inputs where there are some. */
const baselinesFor = (x: Matrix): readonly SurrogateSpec[] =>
  x.data.some((value) => Number.isNaN(value))
    ? baselines.map((spec) => withPipeline(spec, [{ step: "impute" }]))
    : baselines;

/**
 * How far to trust a surrogate on rows that it has not seen. Each repeat splits the rows, fits on the
 * training part (all scaling inside), predicts the test part, pools the folds and computes every
 * metric once; metrics are summarised over repeats. Repeat r splits with the stream
 * `rng.fork("repeat r").fork("split")` and fits fold f with `rng.fork("repeat r").fork("fold f")`, so
 * that the splits do not depend on the model.
 * @throws InputError when the protocol lacks its keys or split, or a test set has a single class
 */
export async function validate<Options extends object>(
  data: ValidationData,
  spec: SurrogateSpec<Options>,
  options: Partial<Options> | undefined,
  settings: ValidationSettings,
): Promise<Validation> {
  const { protocol, repeats = 5, folds = 5, testFraction = 0.15, rng, work = {} } = settings;
  checkNumberOption("validate", "repeats", repeats, { min: 1, max: 1000, integer: true });
  if (data.groups !== undefined && data.groups.length !== data.x.rows) {
    throw new ShapeError(
      `validate: expected one group per row, got ${data.groups.length} for ${data.x.rows} rows.`,
    );
  }

  const families = [
    { spec, options },
    ...baselinesFor(data.x).map((baseline) => ({ spec: baseline, options: undefined })),
  ];
  const scores = families.map((): Record<string, number>[] => []);
  const judged: { rows: Int32Array; part: Judged }[] = [];
  for (let r = 0; r < repeats; r++) {
    const repeatRng = rng.fork(`repeat ${r}`);
    const splits = splitsOf(data, { protocol, testFraction, folds }, repeatRng.fork("split"));
    const parts = families.map((): Judged[] => []);
    for (const [f, split] of splits.entries()) {
      await checkpoint(work, {
        label: `validate ${spec.name}`,
        done: r * splits.length + f,
        total: repeats * splits.length,
      });
      for (const [m, family] of families.entries()) {
        const surrogate = await (family.spec as SurrogateSpec).fit(
          {
            x: takeRows(data.x, split.train),
            y: pick(data.y, split.train),
            task: data.task,
            rng: repeatRng.fork(`fold ${f}`),
            work: { signal: work.signal },
          },
          family.options,
        );
        const part = judge(surrogate, data, split.test);
        parts[m].push(part);
        if (m === 0) judged.push({ rows: split.test, part });
      }
    }
    parts.forEach((part, m) => scores[m].push(scoresOf(pool(part), data.task)));
  }
  await checkpoint(work, {
    label: `validate ${spec.name}`,
    done: judged.length,
    total: judged.length,
  });

  const [metrics, ...others] = scores.map(summarise);
  return {
    model: spec.name,
    protocol,
    repeats,
    metrics: metrics,
    baseline: Object.fromEntries(others.map((summary, m) => [baselines[m].name, summary])),
    calibration: calibrationOf(pool(judged.map(({ part }) => part)), data.task),
    predictions: averageByRow(data, judged),
  };
}

function judge(surrogate: Surrogate, { x, y }: ValidationData, test: Int32Array): Judged {
  const { mean, epistemicStd, aleatoricStd } = surrogate.predict(takeRows(x, test));
  const std = matrix(mean.rows, mean.columns);
  for (let k = 0; k < std.data.length; k++) {
    const [e, a] = [epistemicStd.data[k], aleatoricStd.data[k]];
    std.data[k] = Math.sqrt(e * e + a * a);
  }
  return { measured: pick(y, test), mean, std };
}

function pool(parts: readonly Judged[]): Judged {
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

function averageByRow(
  { x }: ValidationData,
  judged: readonly { rows: Int32Array; part: Judged }[],
): HeldOutPredictions {
  const columns = judged[0].part.mean.columns;
  const times = new Int32Array(x.rows);
  const mean = matrix(x.rows, columns);
  const std = matrix(x.rows, columns);
  for (const { rows, part } of judged) {
    rows.forEach((row, i) => {
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

function summarise(scores: readonly Record<string, number>[]): Record<string, MetricSummary> {
  return Object.fromEntries(
    Object.keys(scores[0]).map((name) => {
      const values = scores.map((score) => score[name]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
      return [name, { mean, std: Math.sqrt(squares / Math.max(1, values.length - 1)) }];
    }),
  );
}

const pick = (values: Float64Array, rows: Int32Array): Float64Array =>
  Float64Array.from(rows, (row) => values[row]);
