import type { FitInput, SavedSurrogate, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, withDefaults } from "../fit-input.ts";
import { fitLogistic, loadLogistic } from "./logistic-regression.ts";
import { fitRidge, loadRidge } from "./ridge-regression.ts";

/** Options of `linear`; plain JSON. */
export interface LinearOptions {
  /** Weight of the squared coefficients (of standardised inputs) per training row. */
  readonly penalty: number;
}

/**
 * The linear baseline: the model of `ridge` for numbers and that of `logistic` for classes, with one small
 * fixed penalty.
 */
export const linear = {
  name: "linear",
  title: "Linear or logistic regression",
  supports: {
    regression: true,
    classification: true,
    epistemic: true,
    aleatoric: true,
    structure: "plane",
  },
  defaults: { penalty: 1e-3 },
  tunable: { penalty: { kind: "number", min: 1e-6, max: 10, scale: "log" } },
  fit: fitLinear,
  version: 2,
  load: loadLinear,
} as const satisfies SurrogateSpec<LinearOptions>;

/** See `linear`. */
export async function fitLinear(
  input: FitInput,
  options?: Partial<LinearOptions>,
): Promise<Surrogate> {
  const { name, defaults } = linear;
  checkFitInput(linear, input);
  const { penalty } = withDefaults<LinearOptions>(name, defaults, options);
  checkNumberOption(name, "penalty", penalty, { min: 0 });
  return input.task.kind === "regression"
    ? fitRidge(name, input, penalty)
    : fitLogistic(name, input, { penalty, mix: 0 });
}

/** @throws InputError for a damaged state */
export function loadLinear(saved: SavedSurrogate): Surrogate {
  const load = saved.task.kind === "regression" ? loadRidge : loadLogistic;
  return load(linear.name, saved);
}
