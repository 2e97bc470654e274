import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { pow } from "../../core/elementary.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { FitInput, SavedSurrogate, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { dealFolds, rowsOfFold } from "../folds.ts";
import { loadScaling } from "../linear/ridge-regression.ts";
import { planeGradient } from "../gradients.ts";
import { planeOf } from "../linear/plane.ts";
import { readState } from "../saved-state.ts";
import { columnScaling, scaleColumns, standardise, type ColumnScaling } from "../standardise.ts";
import {
  answersOf,
  elasticNet,
  largestPenalty,
  momentsOf,
  penaltyPath,
  type CentredPlane,
  type Moments,
} from "./elastic-net.ts";

/** Options of `lasso`; plain JSON. */
export interface LassoOptions {
  /** Share of the absolute penalty, above 0: 1 is the lasso, less the elastic net. */
  readonly mix: number;
  /** Weight of the penalty in standardised units; null = chosen by cross-validation. */
  readonly penalty: number | null;
  /** Penalties that are tried. */
  readonly penalties: number;
  /**
   * Smallest penalty tried, as a share of the largest useful one; null = 0.001, or 0.01 where there are
   * no more rows than inputs, since less would only repeat the rows.
   */
  readonly smallest: number | null;
  /** Folds of the cross-validation; at most the rows. */
  readonly folds: number;
}

/**
 * Linear regression that leaves out inputs (lasso), or shares their weight (elastic net), for numbers.
 * Inputs and target are standardised inside. The penalty is the one of a path with the smallest
 * cross-validated squared error. The epistemic variance is the delete-a-group jackknife over the models of
 * the folds, so that it knows of the choice among inputs; the aleatoric variance is what the
 * cross-validated squared error has beyond it.
 * Source: R. Tibshirani, J. R. Stat. Soc. B 58, 267 (1996); H. Zou, T. Hastie, J. R. Stat. Soc. B 67, 301
 * (2005), doi:10.1111/j.1467-9868.2005.00503.x; jackknife: B. Efron, R. J. Tibshirani, An Introduction to
 * the Bootstrap (1993), section 11.5.
 */
export const lasso = {
  name: "lasso",
  title: "Lasso or elastic net",
  supports: {
    regression: true,
    classification: false,
    epistemic: true,
    aleatoric: true,
    structure: "plane",
  },
  defaults: { mix: 1, penalty: null, penalties: 100, smallest: null, folds: 10 },
  tunable: { mix: { kind: "number", min: 0.05, max: 1 } },
  fit: fitLasso,
  version: 1,
  load: loadLasso,
} as const satisfies SurrogateSpec<LassoOptions>;

/** See `lasso`. */
export async function fitLasso(input: FitInput, given?: Partial<LassoOptions>): Promise<Surrogate> {
  const { name, defaults } = lasso;
  checkFitInput(lasso, input);
  const options = withDefaults<LassoOptions>(name, defaults, given);
  checkOptions(options);
  const { x, y, rng, work = {} } = input;
  const scaling = columnScaling(x);
  const scaled = scaleColumns(x, scaling);
  const target = standardise(y);
  const moments = momentsOf(scaled, target.values);
  const penalties = penaltiesOf(moments, x.rows, options);
  const { fold } = dealFolds(input, options.folds, rng.fork("folds"));
  const judged = await crossValidate(scaled, target.values, fold, penalties, options.mix, work);
  const best = judged.squaredErrors.indexOf(Math.min(...judged.squaredErrors));
  const path = elasticNet(moments, penalties.subarray(0, best + 1), options.mix);
  const { inputMeans, targetMean } = moments;
  const coefficients = rowOf(path.coefficients, best).slice();
  const planes = judged.folds.map(({ inputMeans, targetMean, paths }) => ({
    inputMeans,
    targetMean,
    coefficients: rowOf(paths, best).slice(),
  }));
  const known = jackknife(planes, scaled).reduce((sum, variance) => sum + variance / x.rows, 0);
  const noise = Math.sqrt(Math.max(0, judged.squaredErrors[best] - known));
  const state: State = {
    scaling,
    target: { mean: target.mean, scale: target.scale },
    plane: { inputMeans, targetMean, coefficients },
    folds: planes,
    noise,
  };
  return surrogateOf(state, {
    rows: x.rows,
    penalty: penalties[best],
    mix: options.mix,
    usedInputs: coefficients.filter((c) => c !== 0).length,
    noiseStd: target.scale * noise,
    sweeps: path.sweeps,
    converged: path.converged && judged.converged ? "yes" : "no",
  });
}

/** All that predictions follow from, in standardised units. */
interface State {
  readonly scaling: ColumnScaling;
  readonly target: { readonly mean: number; readonly scale: number };
  readonly plane: CentredPlane;
  /** The planes fitted without each fold. */
  readonly folds: readonly CentredPlane[];
  readonly noise: number;
}

function surrogateOf(state: State, summary: Surrogate["summary"]): Surrogate {
  const { name } = lasso;
  const { scaling, target, plane, folds, noise } = state;
  const inputs = scaling.mean.length;
  // The rows are centred already, up to rounding.
  const origin = answersOf(plane, matrix(1, inputs))[0];
  const centre = { mean: target.mean + target.scale * origin, scale: target.scale };
  const ownPlane = planeOf(plane.coefficients, centre, scaling);
  return {
    name,
    task: { kind: "regression" },
    inputs,
    summary,
    plane: ownPlane,
    gradient: (rows) => {
      checkPredictInput(name, inputs, rows);
      return planeGradient(ownPlane, rows);
    },
    predict: (given) => {
      checkPredictInput(name, inputs, given);
      const rows = scaleColumns(given, scaling);
      const column = (values: Float64Array) => matrix(rows.rows, 1, values);
      return {
        mean: column(answersOf(plane, rows).map((z) => target.mean + target.scale * z)),
        epistemicStd: column(jackknife(folds, rows).map((v) => target.scale * Math.sqrt(v))),
        aleatoricStd: column(new Float64Array(rows.rows).fill(target.scale * noise)),
      };
    },
    save: () => ({
      settings: {
        targetMean: target.mean,
        targetScale: target.scale,
        noise,
        centres: [plane, ...folds].map(({ targetMean }) => targetMean),
      },
      arrays: {
        inputMeans: scaling.mean,
        inputScales: scaling.scale,
        planeMeans: Float64Array.from([plane, ...folds].flatMap((p) => [...p.inputMeans])),
        coefficients: Float64Array.from([plane, ...folds].flatMap((p) => [...p.coefficients])),
      },
    }),
  };
}

/** @throws InputError for a damaged state */
export function loadLasso(saved: SavedSurrogate): Surrogate {
  const state = readState(`${lasso.name}.load`, saved);
  const d = saved.inputs;
  const centres = state.json("centres");
  if (!Array.isArray(centres) || centres.length < 2) {
    throw new InputError(`${lasso.name}.load: expected the means of several planes.`, {
      path: "centres",
    });
  }
  const means = state.matrix("planeMeans", centres.length, d);
  const coefficients = state.matrix("coefficients", centres.length, d);
  const [plane, ...folds] = centres.map((targetMean, k) => ({
    inputMeans: rowOf(means, k),
    targetMean: Number(targetMean),
    coefficients: rowOf(coefficients, k),
  }));
  return surrogateOf(
    {
      scaling: loadScaling(state, d),
      target: { mean: state.number("targetMean"), scale: state.number("targetScale") },
      plane,
      folds,
      noise: state.number("noise"),
    },
    saved.summary,
  );
}

/** What cross-validation says of each penalty. */
export interface CrossValidation {
  /** Mean squared error of held-out rows for each penalty. */
  readonly squaredErrors: Float64Array;
  /** Means without each fold, with the coefficients for each penalty. */
  readonly folds: readonly (Pick<Moments, "inputMeans" | "targetMean"> & {
    readonly paths: Matrix;
  })[];
  readonly converged: boolean;
}

/** Fits the path without each fold, and judges it inside. @param fold of each row, 0 ... k - 1 */
export async function crossValidate(
  x: Matrix,
  y: Float64Array,
  fold: Int32Array,
  penalties: Float64Array,
  mix: number,
  work: Work,
): Promise<CrossValidation> {
  const count = fold.reduce((largest, f) => Math.max(largest, f), 0) + 1;
  const squaredErrors = new Float64Array(penalties.length);
  const folds: CrossValidation["folds"][number][] = [];
  let converged = true;
  for (let f = 0; f < count; f++) {
    await checkpoint(work, { label: lasso.name, done: f, total: count });
    const { inside, outside } = rowsOfFold(fold, f);
    const pick = (rows: Int32Array) => Float64Array.from(rows, (row) => y[row]);
    const moments = momentsOf(takeRows(x, outside), pick(outside));
    const path = elasticNet(moments, penalties, mix);
    converged &&= path.converged;
    const [held, measured] = [takeRows(x, inside), pick(inside)];
    for (let p = 0; p < penalties.length; p++) {
      const plane = { ...moments, coefficients: rowOf(path.coefficients, p) };
      const answers = answersOf(plane, held);
      for (let i = 0; i < answers.length; i++) {
        const error = measured[i] - answers[i];
        squaredErrors[p] += (error * error) / x.rows;
      }
    }
    const { inputMeans, targetMean } = moments;
    folds.push({ inputMeans, targetMean, paths: path.coefficients });
  }
  return { squaredErrors, folds, converged };
}

function penaltiesOf(moments: Moments, rows: number, options: LassoOptions): Float64Array {
  const { mix, penalty, penalties } = options;
  const smallest = options.smallest ?? (rows > moments.correlation.length ? 1e-3 : 1e-2);
  if (penalty !== null) return Float64Array.of(penalty);
  const largest = largestPenalty(moments, mix);
  if (largest === 0) return Float64Array.of(0);
  return penaltyPath(largest, penalties, pow(smallest, 1 / (penalties - 1)));
}

/** Delete-a-group variance of k planes at rows, `(k - 1) / k` times their squared deviations. */
function jackknife(planes: readonly CentredPlane[], rows: Matrix): Float64Array {
  const answers = planes.map((plane) => answersOf(plane, rows));
  const k = answers.length;
  return answers[0].map((_, i) => {
    let mean = 0;
    for (const values of answers) mean += values[i] / k;
    let squares = 0;
    for (const values of answers) squares += (values[i] - mean) * (values[i] - mean);
    return ((k - 1) / k) * squares;
  });
}

function checkOptions({ mix, penalty, penalties, smallest, folds }: LassoOptions): void {
  const { name } = lasso;
  checkNumberOption(name, "mix", mix, { min: 0, max: 1 });
  if (mix === 0) {
    throw new InputError(`${name}: expected mix above 0, got 0.`, {
      path: "mix",
      hint: "Without the absolute penalty this is ridge regression: choose the family ridge.",
    });
  }
  if (penalty !== null) checkNumberOption(name, "penalty", penalty, { min: 0 });
  checkNumberOption(name, "penalties", penalties, { min: 2, max: 10_000, integer: true });
  if (smallest !== null) {
    checkNumberOption(name, "smallest", smallest, { min: Number.MIN_VALUE, max: 1 });
  }
  checkNumberOption(name, "folds", folds, { min: 2, integer: true });
}
