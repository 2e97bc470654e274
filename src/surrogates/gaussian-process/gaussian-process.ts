import { log } from "../../core/elementary.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import type { FitInput, Prediction, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { columnScaling, scaleColumns, standardise } from "../standardise.ts";
import { fitHyperParameters } from "./fit-hyper-parameters.ts";
import { condition, type Posterior } from "./posterior.ts";

/** Options of `gaussian-process`; plain JSON. */
export interface GaussianProcessOptions {
  /** Starts of the hyper-parameter search. */
  readonly starts: number;
  /** Most quasi-Newton steps of one start. */
  readonly maxIterations: number;
}

/**
 * Exact Gaussian process for numbers: Matern 5/2 covariance with one length scale per input, constant
 * mean, fitted noise; hyper-parameters by marginal likelihood (`fitHyperParameters`). Inputs and targets
 * are standardised inside. The epistemic std is that of the noise-free function, the aleatoric std the
 * fitted noise. Targets that are all equal are predicted as that number with std 0.
 */
export const gaussianProcess = {
  name: "gaussian-process",
  title: "Gaussian process",
  supports: {
    regression: true,
    classification: false,
    epistemic: true,
    aleatoric: true,
    maxRows: 3000,
  },
  defaults: { starts: 3, maxIterations: 100 },
  fit: fitGaussianProcess,
} as const satisfies SurrogateSpec<GaussianProcessOptions>;

/** See `gaussianProcess`. The summary's `logMarginalLikelihood` is of the targets in the caller's unit. */
export async function fitGaussianProcess(
  input: FitInput,
  options?: Partial<GaussianProcessOptions>,
): Promise<Surrogate> {
  const { name, defaults } = gaussianProcess;
  checkFitInput(gaussianProcess, input);
  const { starts, maxIterations } = withDefaults<GaussianProcessOptions>(name, defaults, options);
  checkNumberOption(name, "starts", starts, { min: 1, max: 1000, integer: true });
  checkNumberOption(name, "maxIterations", maxIterations, { min: 1, integer: true });
  const { x, y, task, rng, work = {} } = input;
  const inputs = x.columns;

  const target = standardise(y);
  if (target.values.every((value) => value === 0)) {
    const predict = (rows: Matrix): Prediction => {
      checkPredictInput(name, inputs, rows);
      return toPrediction(
        new Float64Array(rows.rows).fill(target.mean),
        new Float64Array(rows.rows),
        0,
      );
    };
    return { name, task, inputs, predict, summary: { rows: x.rows, constantTarget: target.mean } };
  }

  const scaling = columnScaling(x);
  const scaled = scaleColumns(x, scaling);
  const hyper = await fitHyperParameters(
    { x: scaled, y: target.values },
    { starts, maxIterations },
    rng,
    work,
  );
  const posterior = condition(scaled, target.values, hyper);
  const noiseStd = target.scale * Math.sqrt(posterior.noiseVariance);
  return {
    name,
    task,
    inputs,
    predict: (rows) => {
      checkPredictInput(name, inputs, rows);
      const { mean, variance } = inBlocks(posterior, scaleColumns(rows, scaling));
      return toPrediction(
        mean.map((m) => target.mean + target.scale * m),
        variance.map((v) => target.scale * Math.sqrt(v)),
        noiseStd,
      );
    },
    summary: {
      rows: x.rows,
      logMarginalLikelihood: hyper.likelihood - x.rows * log(target.scale),
      lengthScales: Array.from(hyper.lengthScales, (l, j) =>
        (l * scaling.scale[j]).toPrecision(4),
      ).join(" "),
      signalStd: target.scale * Math.sqrt(posterior.signalVariance),
      noiseStd,
      jitter: posterior.jitter,
      iterations: hyper.iterations,
      converged: hyper.converged ? "yes" : "no",
    },
  };
}

/** Rows predicted at once: keeps the n x block matrices small. */
const blockRows = 512;

function inBlocks(posterior: Posterior, x: Matrix): { mean: Float64Array; variance: Float64Array } {
  const mean = new Float64Array(x.rows);
  const variance = new Float64Array(x.rows);
  for (let first = 0; first < x.rows; first += blockRows) {
    const rows = Math.min(blockRows, x.rows - first);
    const block = matrix(
      rows,
      x.columns,
      x.data.subarray(first * x.columns, (first + rows) * x.columns),
    );
    const part = posterior.at(block);
    mean.set(part.mean, first);
    variance.set(part.variance, first);
  }
  return { mean, variance };
}

function toPrediction(mean: Float64Array, epistemic: Float64Array, noiseStd: number): Prediction {
  const n = mean.length;
  return {
    mean: matrix(n, 1, mean),
    epistemicStd: matrix(n, 1, epistemic),
    aleatoricStd: matrix(n, 1, new Float64Array(n).fill(noiseStd)),
  };
}
