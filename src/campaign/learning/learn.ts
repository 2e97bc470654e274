import { InputError } from "../../core/errors.ts";
import { rowOf } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { stage, type Work } from "../../core/work.ts";
import type {
  InputColumn,
  Surrogate,
  SurrogateSpec,
  TrainingCheckpoints,
} from "../../surrogates/contract.ts";
import type { DomainOfValidity } from "../../surrogates/validity/contract.ts";
import { fitDomain } from "../../surrogates/validity/domain-of-validity.ts";
import type { HeldOutPredictions } from "../../surrogates/validate/held-out.ts";
import { validate } from "../../surrogates/validate/validate.ts";
import { measuredFormula } from "../candidates/design-text.ts";
import type { ModelCard } from "../contract.ts";
import type { ModelInputs } from "./model-inputs.ts";
import type { PreparedData } from "./prepared-data.ts";
import type { TrainingSet } from "./training-set.ts";

/** A fitted model with what is known about its quality. */
export interface LearnedModel {
  readonly surrogate: Surrogate;
  readonly card: ModelCard;
  readonly validity: DomainOfValidity;
}

/** A family of models as it is to be fitted. */
export interface Learner {
  readonly spec: SurrogateSpec;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What the input columns hold; absent = numbers without names. */
  readonly columns?: readonly InputColumn[];
  /** Where the fit to all rows keeps how far it has come. */
  readonly checkpoints?: TrainingCheckpoints | undefined;
}

const mostFolds = 5;

/**
 * Fits a surrogate to all rows, and validates the same recipe by cross-validation in which rows of one
 * composition stay together, so that no alloy is predicted from its own replicate.
 * @throws InputError for measurements of one composition only
 */
export async function learn(
  set: TrainingSet,
  data: PreparedData,
  inputs: ModelInputs,
  { spec, options, columns, checkpoints }: Learner,
  { rng, work }: { readonly rng: Rng; readonly work: Work },
): Promise<LearnedModel> {
  const { property, task, x, y } = set;
  const noise =
    set.noiseStd === undefined || spec.supports.noise !== true ? {} : { noiseStd: set.noiseStd };
  const distinct = new Set(set.compositions).size;
  if (distinct < 2) {
    const { source } = data.dataset.table;
    const { identity } = data;
    throw new InputError(`"${property.name}" was measured for one ${identity} only in ${source}.`, {
      file: source,
      path: property.name,
      expected: `at least two different ${identity}s, to learn what ${identity === "design" ? "settings change" : "composition changes"}`,
      received: `${measuredFormula(data, set.rows[0]!)} in all ${y.length} rows`,
    });
  }
  const folds = Math.min(mostFolds, distinct);
  const part = (from: number, to: number, doing: string): Work =>
    stage(work, from, to, `${doing} ${property.title}`);
  const surrogate = await spec.fit(
    {
      x,
      y,
      task,
      groups: set.compositions,
      ...noise,
      rng: rng.fork("fit"),
      work: part(0, 1 / (folds + 1), "learning"),
      ...(columns === undefined ? {} : { columns }),
      ...(checkpoints === undefined ? {} : { checkpoints }),
    },
    options,
  );
  const validation = await validate(
    { x, y, task, groups: set.compositions, ...noise },
    spec,
    options as object | undefined,
    {
      protocol: "grouped",
      folds,
      repeats: 1,
      rng: rng.fork("validate"),
      work: part(1 / (folds + 1), 1, "validating"),
    },
  );
  const { epistemicStd } = surrogate.predict(x);
  return {
    surrogate,
    validity: fitDomain({ x, labels: inputs.labels, epistemicStd }),
    card: {
      property: property.name,
      unit: property.unit,
      surrogate: spec.name,
      task: task.kind,
      classes: task.kind === "classification" ? task.classes : [],
      features: inputs.labels,
      rows: y.length,
      dropped: set.dropped,
      protocol: `${folds} folds grouped by ${data.identity}${noise.noiseStd === undefined ? "" : "; the noise of each value is known"}`,
      metrics: validation.metrics,
      baseline: validation.baseline,
      parity: parityOf(set, data, validation.predictions),
      calibration: validation.calibration,
    },
  };
}

/** Held-out predictions against what was measured; for a class 0 or 1 against the probability. */
function parityOf(
  set: TrainingSet,
  data: PreparedData,
  { rows, mean, std }: HeldOutPredictions,
): ModelCard["parity"] {
  const last = mean.columns - 1;
  return Array.from(rows, (row, i) => ({
    measured: set.task.kind === "regression" ? set.y[row]! : Number(set.y[row] === last),
    predicted: rowOf(mean, i)[last]!,
    std: rowOf(std, i)[last]!,
    formula: measuredFormula(data, set.rows[row]!),
  }));
}
