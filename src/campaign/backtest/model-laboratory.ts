import { InputError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import type { ExperimentProblem } from "../../search/planning/contract.ts";
import type { ForwardModel } from "../../surrogates/forward-model.ts";
import type { Laboratory } from "./contract.ts";

/**
 * A simulated laboratory: forward models (formulas, physics, surrogates) are the truth, and a measurement adds normal
 * noise. With `backtest` this simulates campaigns on a space that no table covers.
 * @param models one per goal of the problem; a class gives the chance of its first column
 * @param noiseStd standard deviation of one measurement of each, in its unit; null = what the model says itself
 */
export function modelLaboratory(
  problem: ExperimentProblem,
  models: readonly Pick<ForwardModel, "predict">[],
  noiseStd: readonly (number | null)[],
): Laboratory {
  const m = problem.goals.length;
  if (models.length !== m || noiseStd.length !== m) {
    throw new InputError(
      `modelLaboratory: expected one model and one noise for each of ${m} goals, got ${models.length} and ${noiseStd.length}.`,
    );
  }
  const wrong = noiseStd.find(
    (std) => std !== null && !(std >= 0 && std < Number.POSITIVE_INFINITY),
  );
  if (wrong !== undefined) {
    throw new InputError(`modelLaboratory: expected noise of 0 or more, got ${wrong}.`);
  }
  const predict = (rows: Matrix) => {
    const values = matrix(rows.rows, m);
    const stds = matrix(rows.rows, m);
    models.forEach((model, g) => {
      const { mean, aleatoricStd } = model.predict(rows);
      for (let i = 0; i < rows.rows; i++) {
        values.data[i * m + g] = mean.data[i * mean.columns]!;
        stds.data[i * m + g] = noiseStd[g] ?? aleatoricStd.data[i * mean.columns]!;
      }
    });
    return { values, stds };
  };
  return {
    problem,
    truth: (rows) => predict(rows).values,
    measure(rows, rng) {
      const { values, stds } = predict(rows);
      values.data.forEach((value, at) => {
        values.data[at] = value + stds.data[at]! * rng.normal();
      });
      return values;
    },
  };
}
