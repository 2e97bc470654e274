import { InputError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { stage } from "../../core/work.ts";
import type {
  FitInput,
  Prediction,
  SavedState,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
} from "../contract.ts";
import { checkNumberOption } from "../fit-input.ts";
import { rmse } from "../metrics/regression.ts";
import { nestStates, unnestState } from "../nested-state.ts";
import { loadSurrogate, readState, saveSurrogate } from "../saved-state.ts";
import { outOfFold, totalStd } from "./out-of-fold.ts";
import { conformalQuantile } from "./quantile.ts";
import { spreadFactor } from "./spread-factor.ts";
import { applyTemperature, fitTemperature, type Temperature } from "./temperature.ts";

export interface CalibrationSettings {
  /** Folds whose held-out rows calibrate. Default 5. */
  readonly folds?: number;
}

/** A surrogate whose stated uncertainty agrees with its errors on rows held out in training. */
export interface CalibratedSurrogate extends Surrogate {
  /**
   * For numbers: half the width of the central interval of each row at a level, from the ranks of the
   * held-out errors and not from the normal curve; infinite where there are too few rows for the level.
   */
  halfWidths(x: Matrix, level: number): Float64Array;
}

/** Fewest rows that calibrate. */
export const leastCalibrationRows = 20;

/** A model's std below this share of its root mean square error counts as that share. */
const leastStdShare = 1e-3;

/**
 * The same family with calibrated uncertainty. The model itself learns from all rows; what calibrates are
 * predictions of rows by models that were fitted without their fold (and without the other rows of their
 * groups). For numbers both standard deviations are multiplied by one factor, so that the normal 90 %
 * interval holds as many held-out rows as the conformal rank asks for; the mean stays. For classes the
 * probabilities are raised to one power (temperature). A fit costs `folds + 1` of the family's.
 * Source: normalised conformal scores: H. Papadopoulos, V. Vovk, A. Gammerman, J. Artif. Intell. Res. 40,
 * 815 (2011); errors of folds: V. Vovk, Ann. Math. Artif. Intell. 74, 9 (2015),
 * doi:10.1007/s10472-013-9368-4.
 */
export function calibrated<Options extends object>(
  spec: SurrogateSpec<Options>,
  { folds = 5 }: CalibrationSettings = {},
): SurrogateSpec<Options> {
  checkNumberOption("calibrated", "folds", folds, { min: 2, max: 1000, integer: true });
  const name = `calibrated-${spec.name}`;
  // No checkpoints: a training of several models has no one state to go on from.
  const { checkpoints: _, ...supports } = spec.supports;
  return {
    ...spec,
    name,
    title: `${spec.title}, calibrated`,
    supports,
    fit: (input, options) => fitCalibrated(name, spec, folds, input, options),
    ...(spec.load === undefined || spec.version === undefined
      ? {}
      : { version: 1, load: (saved: SavedSurrogate) => loadCalibrated(name, spec, saved) }),
  };
}

/** The calibrated family of each family by its name, as `loadSurrogate` needs them. */
export function calibratedFamilies(
  specs: Readonly<Record<string, SurrogateSpec>>,
  settings: CalibrationSettings = {},
): Record<string, SurrogateSpec> {
  const families = Object.values(specs).map((spec) => calibrated(spec, settings));
  return Object.fromEntries(families.map((family) => [family.name, family]));
}

/** What was learned from the held-out rows. */
interface Adjustment {
  /** For numbers: errors in standard deviations, ascending; empty for classes. */
  readonly scores: Float64Array;
  readonly leastStd: number;
  /** What standard deviations are multiplied by; 1 for classes. */
  readonly factor: number;
  /** For classes. */
  readonly temperature: Temperature;
  readonly folds: number;
}

async function fitCalibrated(
  name: string,
  spec: SurrogateSpec,
  k: number,
  input: FitInput,
  options: object | undefined,
): Promise<CalibratedSurrogate> {
  const { x, rng, work = {}, checkpoints } = input;
  if (x.rows < leastCalibrationRows) {
    throw new InputError(
      `${name}.fit: expected at least ${leastCalibrationRows} rows to calibrate, got ${x.rows}.`,
      { path: "x", hint: `Use ${spec.name} as it is.` },
    );
  }
  if (checkpoints !== undefined) {
    throw new InputError(`${name}.fit: a calibrated model keeps no checkpoints.`, {
      path: "checkpoints",
    });
  }
  const share = k / (k + 1);
  const { prediction, models } = await outOfFold(spec, options, input, k, share);
  const inner = await spec.fit(
    { ...input, rng: rng.fork("fit"), work: stage(work, share, 1) },
    options,
  );
  const adjustment =
    input.task.kind === "regression"
      ? adjustNumbers(input.y, prediction, models.length)
      : adjustClasses(input.y, prediction.mean, models.length);
  return assemble(name, spec, inner, adjustment);
}

function adjustNumbers(y: Float64Array, prediction: Prediction, folds: number): Adjustment {
  const { mean } = prediction;
  const leastStd = leastStdShare * rmse(y, mean.data);
  const std = totalStd(prediction);
  const scores = y
    .map((value, i) => {
      const error = Math.abs(value - mean.data[i]);
      return error === 0 ? 0 : error / Math.max(leastStd, std[i]);
    })
    .sort();
  const factor = spreadFactor(scores);
  return { scores, leastStd, factor, temperature: { temperature: 1, least: 0 }, folds };
}

function adjustClasses(y: Float64Array, probabilities: Matrix, folds: number): Adjustment {
  const temperature = fitTemperature(y, probabilities);
  return { scores: new Float64Array(0), leastStd: 0, factor: 1, temperature, folds };
}

function assemble(
  name: string,
  spec: SurrogateSpec,
  inner: Surrogate,
  adjustment: Adjustment,
): CalibratedSurrogate {
  const { task, inputs, trees, plane, layers } = inner;
  const isNumber = task.kind === "regression";
  const predict = (x: Matrix): Prediction =>
    isNumber
      ? scaleSpread(inner.predict(x), adjustment)
      : heat(inner.predict(x), adjustment.temperature);
  return {
    name,
    task,
    inputs,
    summary: {
      ...inner.summary,
      calibrationFolds: adjustment.folds,
      ...(isNumber
        ? { calibrationFactor: adjustment.factor }
        : { temperature: adjustment.temperature.temperature }),
    },
    // The mean of numbers stays what it was, and so does what it is made of.
    ...(isNumber && trees !== undefined ? { trees } : {}),
    ...(isNumber && plane !== undefined ? { plane } : {}),
    ...(isNumber && inner.gradient !== undefined
      ? { gradient: (x: Matrix) => inner.gradient!(x) }
      : {}),
    ...(isNumber && layers !== undefined ? { layers } : {}),
    predict,
    halfWidths: (x, wanted) => {
      if (!isNumber || !(wanted > 0 && wanted < 1)) {
        throw new InputError(`${name}: intervals are for numbers, at a level between 0 and 1.`, {
          path: "level",
          received: `${wanted}`,
        });
      }
      const rank = conformalQuantile(adjustment.scores, wanted);
      return totalStd(inner.predict(x)).map((std) => rank * Math.max(adjustment.leastStd, std));
    },
    ...(inner.save === undefined ? {} : { save: () => saveCalibrated(spec, inner, adjustment) }),
  };
}

/** Both parts of the spread times the factor, raised together where the total is below its least. */
function scaleSpread(prediction: Prediction, { factor, leastStd }: Adjustment): Prediction {
  const { mean, epistemicStd, aleatoricStd } = prediction;
  const total = totalStd(prediction);
  const scaled = (part: Matrix, ofNone: number): Matrix =>
    matrix(
      part.rows,
      part.columns,
      part.data.map((std, k) => {
        if (total[k] >= leastStd) return factor * std;
        return factor * (total[k] === 0 ? ofNone : (std * leastStd) / total[k]);
      }),
    );
  return {
    mean,
    epistemicStd: scaled(epistemicStd, 0),
    aleatoricStd: scaled(aleatoricStd, leastStd),
  };
}

/** Probabilities at the temperature; p (1 - p) is shared between the two parts as it was. */
function heat(prediction: Prediction, temperature: Temperature): Prediction {
  const { epistemicStd, aleatoricStd } = prediction;
  const mean = applyTemperature(prediction.mean, temperature);
  const total = totalStd(prediction);
  const part = (std: Matrix, ofNone: number): Matrix =>
    matrix(
      std.rows,
      std.columns,
      std.data.map((value, k) => {
        const p = mean.data[k];
        return Math.sqrt(p * (1 - p)) * (total[k] === 0 ? ofNone : value / total[k]);
      }),
    );
  return { mean, epistemicStd: part(epistemicStd, 0), aleatoricStd: part(aleatoricStd, 1) };
}

/** Before the inner model's place in the state. */
const prefix = "inner ";

function saveCalibrated(
  spec: SurrogateSpec,
  inner: Surrogate,
  { leastStd, factor, temperature, folds, scores }: Adjustment,
): SavedState {
  const saved = saveSurrogate(spec, inner);
  if (saved === undefined) {
    throw new InputError(`${spec.name} cannot be saved.`, { path: "family" });
  }
  const nested = nestStates(prefix, [saved]);
  return {
    settings: {
      leastStd,
      factor,
      temperature: temperature.temperature,
      leastProbability: temperature.least,
      folds,
      scores: scores.length,
      inner: nested.settings,
    },
    arrays: { scores, ...nested.arrays },
  };
}

function loadCalibrated(
  name: string,
  spec: SurrogateSpec,
  saved: SavedSurrogate,
): CalibratedSurrogate {
  const state = readState(name, saved);
  const { task, inputs } = saved;
  const inner = unnestState(name, prefix, state.json("inner"), saved, { task, inputs });
  return assemble(name, spec, loadSurrogate({ [spec.name]: spec }, inner), {
    leastStd: state.number("leastStd"),
    factor: state.number("factor"),
    temperature: {
      temperature: state.number("temperature"),
      least: state.number("leastProbability"),
    },
    folds: state.number("folds"),
    scores: state.float64("scores", state.number("scores")),
  });
}
