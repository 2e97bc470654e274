import type { Matrix } from "../../core/matrix.ts";
import { stage, type Work } from "../../core/work.ts";
import type { SurrogateSpec } from "../contract.ts";
import { dummy } from "../dummy/dummy.ts";
import { withPipeline } from "../features/with-pipeline.ts";
import { linear } from "../linear/linear.ts";
import type { CalibrationPoint } from "../metrics/calibration.ts";
import {
  averageByRow,
  judgeSplits,
  metricsOf,
  planSplits,
  pool,
  type HeldOutPredictions,
  type MetricSummary,
  type PlanSettings,
  type ValidationData,
} from "./held-out.ts";
import type { Protocol } from "./protocol.ts";
import { calibrationOf } from "./scores.ts";

export interface ValidationSettings extends PlanSettings {
  /** Models that every useful one must beat; missing inputs are filled for them. Default: `dummy` and `linear`. */
  readonly baselines?: readonly SurrogateSpec[];
  readonly work?: Work;
}

export interface Validation {
  /** Name of the surrogate family. */
  readonly model: string;
  readonly protocol: Protocol;
  readonly repeats: number;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** The same metrics of the baselines, on the same splits. */
  readonly baseline: Readonly<Record<string, Readonly<Record<string, MetricSummary>>>>;
  /** All repeats together. */
  readonly calibration: readonly CalibrationPoint[];
  readonly predictions: HeldOutPredictions;
}

const usualBaselines: readonly SurrogateSpec[] = [dummy, linear];

/** Baselines behind a step that fills missing inputs, where there are some that they do not take. */
const baselinesFor = (baselines: readonly SurrogateSpec[], x: Matrix): readonly SurrogateSpec[] =>
  x.data.some((value) => Number.isNaN(value))
    ? baselines.map((spec) =>
        spec.supports.missing === true ? spec : withPipeline(spec, [{ step: "impute" }]),
      )
    : baselines;

/**
 * How far to trust a surrogate on rows that it has not seen. Each repeat splits the rows, fits on the
 * training part (all scaling inside), predicts the test part, pools the folds and computes every
 * metric once; metrics are summarised over repeats. The splits depend on the stream and not on the model.
 * @throws InputError when the protocol lacks its keys or split, or a test set has a single class
 */
export async function validate<Options extends object>(
  data: ValidationData,
  spec: SurrogateSpec<Options>,
  options: Partial<Options> | undefined,
  settings: ValidationSettings,
): Promise<Validation> {
  const { protocol, repeats = 5, rng, work = {} } = settings;
  const plan = planSplits(data, settings);
  const baselines = baselinesFor(settings.baselines ?? usualBaselines, data.x);
  const candidates = [
    { spec: spec as SurrogateSpec, options },
    ...baselines.map((one) => ({ spec: one })),
  ];
  const results = [];
  for (const [m, candidate] of candidates.entries()) {
    const part = stage(work, m / candidates.length, (m + 1) / candidates.length);
    results.push(await judgeSplits(data, candidate, plan, rng, part));
  }
  work.report?.({ label: `validate ${spec.name}`, done: 1000, total: 1000 });

  const [judged, ...others] = results;
  return {
    model: spec.name,
    protocol,
    repeats,
    metrics: metricsOf(judged, data.task),
    baseline: Object.fromEntries(
      others.map((other, m) => [baselines[m].name, metricsOf(other, data.task)]),
    ),
    calibration: calibrationOf(pool(judged.map((one) => one.judged)), data.task),
    predictions: averageByRow(data.x.rows, judged),
  };
}
