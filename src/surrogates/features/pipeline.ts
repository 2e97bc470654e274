import { InputError, UnsupportedError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import { stage } from "../../core/work.ts";
import type { InputColumn, JsonValue, SavedState } from "../contract.ts";
import { arraysUnder, prefixed } from "../nested-state.ts";
import { readState } from "../saved-state.ts";
import type { FeatureStep, FeatureStepSpec, PipelineStep, StepInput } from "./contract.ts";
import { featureSteps } from "./registry.ts";

/** Steps that were fitted one after the other, each on what the one before made of the training rows. */
export interface FeaturePipeline {
  /** What goes in. */
  readonly inputs: readonly InputColumn[];
  /** What comes out. */
  readonly outputs: readonly InputColumn[];
  readonly steps: readonly FeatureStep[];
  /** n x inputs into n x outputs. */
  apply(x: Matrix): Matrix;
  save(): SavedState;
}

/**
 * The kind of step with this name.
 * @throws InputError with the nearest name
 */
export function stepSpec(name: string): FeatureStepSpec {
  if (Object.hasOwn(featureSteps, name))
    return (featureSteps as Record<string, FeatureStepSpec>)[name];
  throw new InputError(`"${name}" is no step of a feature pipeline.`, {
    path: "pipeline",
    expected: `one of ${Object.keys(featureSteps).join(", ")}`,
    received: name,
    hint: suggest(name, Object.keys(featureSteps)),
  });
}

/**
 * What becomes of missing inputs: `filled` by a step, `kept` for the model behind the pipeline, or
 * `refused` because a step cannot work on them.
 */
export function missingInputs(steps: readonly PipelineStep[]): "filled" | "kept" | "refused" {
  for (const { step } of steps) {
    const spec = stepSpec(step);
    if (!spec.takesMissing) return "refused";
    if (spec.fillsMissing) return "filled";
  }
  return "kept";
}

/**
 * Fits the steps one after the other.
 * @throws InputError for an unknown step or option; UnsupportedError for missing inputs that meet a step
 *   which cannot work on them
 */
export async function fitPipeline(
  steps: readonly PipelineStep[],
  input: StepInput,
): Promise<FeaturePipeline> {
  const fitted: FeatureStep[] = [];
  let { x, columns } = input;
  for (const [k, { step, options }] of steps.entries()) {
    const spec = stepSpec(step);
    requireComplete(spec, x, columns);
    const own = await spec.fit(
      {
        ...input,
        x,
        columns,
        rng: input.rng.fork(`${k} ${step}`),
        work: stage(input.work ?? {}, k / steps.length, (k + 1) / steps.length),
      },
      options,
    );
    x = own.apply(x);
    columns = own.outputs;
    fitted.push(own);
  }
  return pipelineOf(input.columns, fitted);
}

/**
 * The pipeline that was saved.
 * @param inputs what goes in
 * @throws InputError for a state that is damaged or has a step that this version does not know
 */
export function loadPipeline(saved: SavedState, inputs: readonly InputColumn[]): FeaturePipeline {
  const list = readState("pipeline", saved).json("steps");
  const fitted: FeatureStep[] = [];
  let columns = inputs;
  for (const [k, entry] of (Array.isArray(list) ? (list as readonly JsonValue[]) : []).entries()) {
    const { step, settings } = entry as { step?: JsonValue; settings?: JsonValue };
    if (typeof step !== "string" || typeof settings !== "object" || settings === null) {
      throw new InputError(`pipeline: step ${k + 1} of the saved model is damaged.`, {
        path: `steps[${k}]`,
        hint: "Train the model again.",
      });
    }
    const own = stepSpec(step).load(
      {
        settings: settings as Readonly<Record<string, JsonValue>>,
        arrays: arraysUnder(saved.arrays, `${k}/`),
      },
      columns,
    );
    columns = own.outputs;
    fitted.push(own);
  }
  return pipelineOf(inputs, fitted);
}

function pipelineOf(
  inputs: readonly InputColumn[],
  steps: readonly FeatureStep[],
): FeaturePipeline {
  return {
    inputs,
    outputs: steps.at(-1)?.outputs ?? inputs,
    steps,
    apply: (x) => steps.reduce((rows, step) => step.apply(rows), x),
    save() {
      const saved = steps.map((step) => step.save());
      return {
        settings: {
          steps: saved.map(({ settings }, k) => ({ step: steps[k].name, settings })),
        },
        arrays: Object.assign({}, ...saved.map(({ arrays }, k) => prefixed(arrays, `${k}/`))),
      };
    },
  };
}

function requireComplete(spec: FeatureStepSpec, x: Matrix, columns: readonly InputColumn[]): void {
  if (spec.takesMissing) return;
  const at = x.data.findIndex((value) => Number.isNaN(value));
  if (at < 0) return;
  const { name } = columns[at % x.columns];
  throw new UnsupportedError(
    `The step "${spec.name}" cannot work on missing values, and "${name}" has some.`,
    { path: `column "${name}"`, hint: "Put the step impute before it." },
  );
}
