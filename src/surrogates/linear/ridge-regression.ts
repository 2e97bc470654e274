import { pow } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import type { FitInput, SavedSurrogate, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { readState, type StateReader } from "../saved-state.ts";
import { columnScaling, scaleColumns, standardise, type ColumnScaling } from "../standardise.ts";
import { planeGradient } from "../gradients.ts";
import { answersOf, planeOf } from "./plane.ts";
import { ridge, ridgeVariance, type Ridge, type RidgeState } from "./ridge.ts";

/** Options of `ridge`; plain JSON. */
export interface RidgeOptions {
  /**
   * Weight of the squared coefficients (of standardised inputs) per training row; null = the one of 25 between
   * 1e-6 and 100 with the smallest leave-one-out error.
   */
  readonly penalty: number | null;
}

/**
 * Ridge regression for numbers. Inputs and target are standardised inside. The epistemic std is that of the
 * fitted plane (given its penalty), the aleatoric std that of the residuals. With fewer rows than inputs it
 * is solved through the rows, and the summary says so.
 */
export const ridgeRegression = {
  name: "ridge",
  title: "Ridge regression",
  supports: {
    regression: true,
    classification: false,
    epistemic: true,
    aleatoric: true,
    structure: "plane",
  },
  defaults: { penalty: null },
  tunable: { penalty: { kind: "number", min: 1e-6, max: 100, scale: "log" } },
  fit: fitRidgeRegression,
  version: 1,
  load: (saved: SavedSurrogate): Surrogate => loadRidge("ridge", saved),
} as const satisfies SurrogateSpec<RidgeOptions>;

/** See `ridgeRegression`. */
export async function fitRidgeRegression(
  input: FitInput,
  given?: Partial<RidgeOptions>,
): Promise<Surrogate> {
  const { name, defaults } = ridgeRegression;
  checkFitInput(ridgeRegression, input);
  const { penalty } = withDefaults<RidgeOptions>(name, defaults, given);
  if (penalty !== null) checkNumberOption(name, "penalty", penalty, { min: 0 });
  return fitRidge(name, input, penalty);
}

const penalties = Array.from({ length: 25 }, (_, k) => pow(10, -6 + k / 3));

interface State {
  readonly scaling: ColumnScaling;
  readonly target: { readonly mean: number; readonly scale: number };
  readonly ridge: RidgeState;
}

/** Fits a checked input for the family of the given name; null chooses the penalty. */
export async function fitRidge(
  name: string,
  { x, y, work = {} }: FitInput,
  penalty: number | null,
): Promise<Surrogate> {
  if (penalty === 0 && x.columns > x.rows) {
    throw new InputError(
      `${name}: expected a penalty above 0 for ${x.columns} inputs and ${x.rows} rows, got 0.`,
      { path: "penalty", hint: "Without one, many planes fit such rows exactly." },
    );
  }
  const scaling = columnScaling(x);
  const scaled = scaleColumns(x, scaling);
  const { values, mean, scale } = standardise(y);
  const tried = penalty === null ? penalties : [penalty];
  let best: Ridge | undefined;
  for (const [at, value] of tried.entries()) {
    await checkpoint(work, { label: name, done: at, total: tried.length });
    const found = ridge(scaled, values, value);
    if (best === undefined || found.leaveOneOut < best.leaveOneOut) best = found;
  }
  const { state, leaveOneOut } = best!;
  return ridgeSurrogate(
    name,
    { scaling, target: { mean, scale }, ridge: state },
    {
      rows: x.rows,
      penalty: state.penalty,
      leaveOneOutError: scale * Math.sqrt(leaveOneOut),
      noiseStd: scale * Math.sqrt(state.noiseVariance),
      solvedThrough: state.solved,
      jitter: state.jitter,
    },
  );
}

function ridgeSurrogate(name: string, state: State, summary: Surrogate["summary"]): Surrogate {
  const { scaling, target } = state;
  const { coefficients, noiseVariance } = state.ridge;
  const inputs = coefficients.length;
  const variance = ridgeVariance(state.ridge);
  const noiseStd = target.scale * Math.sqrt(noiseVariance);
  const plane = planeOf(coefficients, target, scaling);
  return {
    name,
    task: { kind: "regression" },
    inputs,
    summary,
    plane,
    gradient: (rows) => {
      checkPredictInput(name, inputs, rows);
      return planeGradient(plane, rows);
    },
    predict: (given) => {
      checkPredictInput(name, inputs, given);
      const rows = scaleColumns(given, scaling);
      const column = (values: Float64Array): Matrix => matrix(rows.rows, 1, values);
      return {
        mean: column(answersOf(coefficients, rows).map((z) => target.mean + target.scale * z)),
        epistemicStd: column(variance(rows).map((v) => target.scale * Math.sqrt(v))),
        aleatoricStd: column(new Float64Array(rows.rows).fill(noiseStd)),
      };
    },
    save: () => ({
      settings: {
        targetMean: target.mean,
        targetScale: target.scale,
        noiseVariance,
        rows: state.ridge.rows,
        penalty: state.ridge.penalty,
        solved: state.ridge.solved,
        jitter: state.ridge.jitter,
      },
      arrays: {
        inputMeans: scaling.mean,
        inputScales: scaling.scale,
        coefficients,
        basis: state.ridge.basis.data,
      },
    }),
  };
}

/** Loads the state of a ridge regression for the family of the given name. */
export function loadRidge(name: string, saved: SavedSurrogate): Surrogate {
  const state = readState(`${name}.load`, saved);
  const d = saved.inputs;
  const rows = state.number("rows");
  const solved = state.text("solved") === "rows" ? "rows" : "inputs";
  return ridgeSurrogate(
    name,
    {
      scaling: loadScaling(state, d),
      target: { mean: state.number("targetMean"), scale: state.number("targetScale") },
      ridge: {
        coefficients: state.float64("coefficients", d),
        noiseVariance: state.number("noiseVariance"),
        rows,
        penalty: state.number("penalty"),
        solved,
        basis: state.matrix("basis", solved === "rows" ? rows : d, d),
        jitter: state.number("jitter"),
      },
    },
    saved.summary,
  );
}

/** Means and scales of d inputs. */
export function loadScaling(state: StateReader, d: number): ColumnScaling {
  return { mean: state.float64("inputMeans", d), scale: state.float64("inputScales", d) };
}
