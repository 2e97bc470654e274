import { createRng } from "../../core/rng.ts";
import type { SurrogateName } from "../../surrogates/registry.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import { compareFamilies, type Comparison } from "../../surrogates/validate/compare.ts";
import { calibratedFamily } from "../learning/calibrated-family.ts";
import type { Dataset } from "../dataset.ts";
import { familyFor, judgingTask, requireMetric, type JudgingOptions } from "./judging-task.ts";
import { baselines, judgedData, type JudgedData } from "./validate-dataset.ts";

export interface CompareOptions extends JudgingOptions {
  /** Families to compare; the baselines always take part. */
  readonly models: readonly SurrogateName[];
  /** What families are ranked by; see `defaultMetric`. */
  readonly metric?: string;
  /** Whether every family's uncertainty is calibrated on rows held out inside each training part. */
  readonly calibrate?: boolean;
}

/** Families ranked on one property of a data set. */
export interface DatasetComparison extends Comparison, JudgedData {
  /** Names of the families that every useful model must beat. */
  readonly baselines: readonly string[];
  /** Whether every family's uncertainty was calibrated. */
  readonly isCalibrated: boolean;
}

/** Ranks families of surrogates on the same splits of one property of a data set. */
export async function compareModels(
  dataset: Dataset,
  options: CompareOptions,
): Promise<DatasetComparison> {
  const task = judgingTask(dataset, options);
  const { models, metric, work = {}, seed } = options;
  requireMetric(task.set, metric);
  const chosen = new Map<string, SurrogateSpec>();
  const names = baselines.map(({ name }) => name as SurrogateName);
  for (const name of [...models, ...names]) chosen.set(name, familyFor(task, name, options));
  const candidates = [...chosen.values()].map((spec) => ({
    spec: options.calibrate === true ? calibratedFamily(spec, spec.name) : spec,
  }));
  const comparison = await compareFamilies(task.data, candidates, {
    ...task.settings,
    rng: createRng(seed),
    work,
    ...(metric === undefined ? {} : { metric }),
  });
  return {
    ...comparison,
    ...judgedData(dataset, task, options),
    baselines: baselines.map(({ name }) => name),
    isCalibrated: options.calibrate === true,
  };
}
