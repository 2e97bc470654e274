import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { stage } from "../../core/work.ts";
import type { FitInput, Prediction, Surrogate, SurrogateSpec } from "../contract.ts";
import { dealFolds, rowsOfFold } from "../folds.ts";
import { takeInput } from "../take-input.ts";

/** What models that were fitted without a row's fold say of it. */
export interface OutOfFold {
  /** The fold of each row. */
  readonly fold: Int32Array;
  /** The model without each fold. */
  readonly models: readonly Surrogate[];
  /** Predictions of all n rows, n x outputs. */
  readonly prediction: Prediction;
}

/**
 * Fits without each fold and predicts it. Rows of one group stay together (`dealFolds`). Uses the first
 * `share` of the input's work.
 */
export async function outOfFold<Options extends object>(
  spec: SurrogateSpec<Options>,
  options: Partial<Options> | undefined,
  input: FitInput,
  k: number,
  share = 1,
): Promise<OutOfFold> {
  const { x, rng, work = {} } = input;
  const { fold, folds } = dealFolds(input, k, rng.fork("calibration folds"));
  const models: Surrogate[] = [];
  let parts: readonly Matrix[] | undefined;
  for (let f = 0; f < folds; f++) {
    const { inside, outside } = rowsOfFold(fold, f);
    const model = await spec.fit(
      {
        ...takeInput(input, outside),
        rng: rng.fork(`calibration ${f}`),
        work: stage(work, (share * f) / folds, (share * (f + 1)) / folds, "calibration"),
      },
      options,
    );
    models.push(model);
    const { mean, epistemicStd, aleatoricStd } = model.predict(takeRows(x, inside));
    parts ??= [0, 1, 2].map(() => matrix(x.rows, mean.columns));
    for (const [p, part] of [mean, epistemicStd, aleatoricStd].entries()) {
      const whole = parts[p];
      inside.forEach((row, i) => {
        whole.data.set(
          part.data.subarray(i * part.columns, (i + 1) * part.columns),
          row * part.columns,
        );
      });
    }
  }
  const [mean, epistemicStd, aleatoricStd] = parts!;
  return { fold, models, prediction: { mean, epistemicStd, aleatoricStd } };
}

/** Total standard deviation, epistemic and aleatoric together. */
export function totalStd({ epistemicStd, aleatoricStd }: Prediction): Float64Array {
  return epistemicStd.data.map((e, k) => {
    const a = aleatoricStd.data[k];
    return Math.sqrt(e * e + a * a);
  });
}
