import { covarianceMatrix } from "../core/correlation.ts";
import { InputError } from "../core/errors.ts";
import { matrix, type Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import { checkpoint } from "../core/work.ts";
import { checkNumberOption, withDefaults } from "../surrogates/fit-input.ts";
import { conditionalCredit, type CreditOptions } from "./conditional-credit.ts";
import type { ExplainerSpec, ExplainInput, Explanation } from "./contract.ts";
import { checkExplainInput, sumGroups } from "./explain-input.ts";

/**
 * Shapley values of a plane when features are replaced independently: coefficient times distance from
 * the background mean.
 * Source: E. Strumbelj, I. Kononenko, Knowl. Inf. Syst. 41, 647 (2014), doi:10.1007/s10115-013-0679-x.
 */
export const linearShap = {
  name: "linear-shap",
  title: "Shapley values of a linear model, features taken as independent",
  supports: { model: "plane", isLocallyAccurate: true, isExact: true },
  defaults: {},
  explain: async (input: ExplainInput, options?: object): Promise<Explanation> => {
    withDefaults("linear-shap", {}, options);
    return explainPlane(linearShap, input, (coefficients) => diagonal(coefficients));
  },
} as const satisfies ExplainerSpec;

/** Options of `linear-shap-correlated`; plain JSON. */
export interface CorrelatedOptions {
  /** Random orders when there are too many features to list all coalitions. */
  readonly orders: number;
}

/**
 * Shapley values of a plane when what is known of a row tells about the rest of it: unknown features
 * take their mean given the known ones, under a normal distribution with the background's covariance.
 * Credit is shared among features that carry the same information.
 * Source: K. Aas, M. Jullum, A. Loland, Artif. Intell. 298, 103502 (2021),
 * doi:10.1016/j.artint.2021.103502, section 3.1.
 */
export const linearShapCorrelated = {
  name: "linear-shap-correlated",
  title: "Shapley values of a linear model, correlations respected",
  supports: { model: "plane", isLocallyAccurate: true, isExact: false },
  defaults: { orders: 500 },
  explain: async (
    input: ExplainInput,
    options?: Partial<CorrelatedOptions>,
  ): Promise<Explanation> => {
    const { name, defaults } = linearShapCorrelated;
    const { orders } = withDefaults<CorrelatedOptions>(name, defaults, options);
    checkNumberOption(name, "orders", orders, { min: 1, max: 1e6, integer: true });
    return explainPlane(linearShapCorrelated, input, (coefficients, rng) => {
      if (input.background.rows < 2) {
        throw new InputError(`${name}.explain: expected at least 2 background rows, got 1.`, {
          path: "background",
          hint: "One row does not tell how features vary together; choose linear-shap.",
        });
      }
      const settings: CreditOptions = { orders, rng };
      return conditionalCredit(coefficients, covarianceMatrix(input.background), settings);
    });
  },
} as const satisfies ExplainerSpec<CorrelatedOptions>;

/** Contributions `T (x - mean)` for a matrix T (d x d) that belongs to the coefficients. */
async function explainPlane(
  spec: Pick<ExplainerSpec, "name" | "supports">,
  input: ExplainInput,
  creditOf: (coefficients: Float64Array, rng: Rng) => Matrix,
): Promise<Explanation> {
  const groups = checkExplainInput(spec, input);
  const { model, x, background, rng, work = {} } = input;
  const { intercept, coefficients } = model.plane!;
  await checkpoint(work, { label: spec.name, done: 0, total: 1 });
  const d = model.inputs;
  const mean = new Float64Array(d);
  for (let k = 0; k < background.data.length; k++) mean[k % d] += background.data[k];
  for (let j = 0; j < d; j++) mean[j] /= background.rows;
  const credit = creditOf(coefficients, rng);
  const perColumn = matrix(x.rows, d);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) {
        sum += credit.data[j * d + k] * (x.data[i * d + k] - mean[k]);
      }
      perColumn.data[i * d + j] = sum;
    }
  }
  const atMean = coefficients.reduce((sum, value, j) => sum + value * mean[j], intercept);
  return {
    method: spec.name,
    base: new Float64Array(x.rows).fill(atMean),
    contributions: sumGroups(perColumn, groups),
    predictions: model.predict(x),
  };
}

function diagonal(values: Float64Array): Matrix {
  const d = values.length;
  const result = matrix(d, d);
  values.forEach((value, j) => (result.data[j * d + j] = value));
  return result;
}
