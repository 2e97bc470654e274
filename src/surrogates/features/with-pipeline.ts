import { checkFitInput, checkPredictInput } from "../fit-input.ts";
import type {
  FitInput,
  InputColumn,
  JsonValue,
  SavedState,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
  SurrogateSupport,
} from "../contract.ts";
import { InputError } from "../../core/errors.ts";
import { stage } from "../../core/work.ts";
import { arraysUnder, prefixed } from "../nested-state.ts";
import { readState } from "../saved-state.ts";
import { numberColumn } from "./columns.ts";
import type { PipelineStep } from "./contract.ts";
import {
  fitPipeline,
  loadPipeline,
  missingInputs,
  stepSpec,
  type FeaturePipeline,
} from "./pipeline.ts";

/** Share of the progress that fitting the steps takes. */
const pipelineShare = 0.3;

/**
 * A family of surrogates behind a feature pipeline, as a family with the same contract: `fit` fits the
 * steps and the model on the same rows only, so that validation of it does not leak. It keeps the name
 * and the options of the family. Trees and planes are not handed on: they speak of other columns.
 * @param names what the input columns hold, for callers of `fit` that do not say it
 * @throws InputError for a step that is none
 */
export function withPipeline<Options extends object>(
  spec: SurrogateSpec<Options>,
  steps: readonly PipelineStep[],
  names?: readonly InputColumn[],
): SurrogateSpec<Options> {
  for (const { step } of steps) stepSpec(step);
  if (steps.length === 0) return spec;
  const supports = supportsOf(spec, steps);
  const own = { name: spec.name, supports };
  const build = (inputs: Pick<Built, "columns">, pipeline: FeaturePipeline, inner: Surrogate) =>
    surrogateOf({ ...inputs, pipeline, inner, supports });
  return {
    ...spec,
    supports,
    title: `${spec.title} behind ${steps.map(({ step }) => step).join(", ")}`,
    async fit(given: FitInput, options?: Partial<Options>): Promise<Surrogate> {
      const input = names === undefined ? given : { columns: names, ...given };
      checkFitInput(own, input);
      const { x, y, task, rng, work = {} } = input;
      const columns =
        input.columns ?? Array.from({ length: x.columns }, (_, j) => numberColumn(`column ${j}`));
      const pipeline = await fitPipeline(steps, {
        x,
        y,
        task,
        columns,
        rng: rng.fork("pipeline"),
        work: stage(work, 0, pipelineShare),
      });
      const inner = await spec.fit(
        {
          ...input,
          x: pipeline.apply(x),
          columns: pipeline.outputs,
          work: stage(work, pipelineShare, 1),
        },
        options,
      );
      return build({ columns: input.columns }, pipeline, inner);
    },
    ...(spec.version === undefined || spec.load === undefined
      ? {}
      : { version: spec.version, load: (saved: SavedSurrogate) => loadWith(spec, saved, build) }),
  };
}

interface Built {
  /** As given to `fit`. */
  readonly columns: readonly InputColumn[] | undefined;
  readonly pipeline: FeaturePipeline;
  readonly inner: Surrogate;
  readonly supports: SurrogateSupport;
}

function surrogateOf({ columns, pipeline, inner, supports }: Built): Surrogate {
  const { name, task } = inner;
  const inputs = pipeline.inputs.length;
  const notes = pipeline.steps.flatMap((step, k) =>
    Object.entries(step.summary).map(([key, value]) => [`${k + 1} ${step.name}: ${key}`, value]),
  );
  return {
    name,
    task,
    inputs,
    summary: { ...(Object.fromEntries(notes) as Surrogate["summary"]), ...inner.summary },
    predict(x) {
      checkPredictInput(name, inputs, x, columns, supports);
      return inner.predict(pipeline.apply(x));
    },
    ...(inner.save === undefined
      ? {}
      : { save: () => stateOf(columns, pipeline, inner, inner.save!()) }),
  };
}

function stateOf(
  columns: readonly InputColumn[] | undefined,
  pipeline: FeaturePipeline,
  inner: Surrogate,
  model: SavedState,
): SavedState {
  const steps = pipeline.save();
  return {
    settings: {
      columns: pipeline.inputs.map((column) => ({ ...column })),
      hasColumns: columns !== undefined,
      pipeline: steps.settings,
      model: model.settings,
      modelInputs: inner.inputs,
      modelSummary: inner.summary,
    },
    arrays: { ...prefixed(steps.arrays, "pipeline/"), ...prefixed(model.arrays, "model/") },
  };
}

function loadWith<Options extends object>(
  spec: SurrogateSpec<Options>,
  saved: SavedSurrogate,
  build: (inputs: Pick<Built, "columns">, pipeline: FeaturePipeline, inner: Surrogate) => Surrogate,
): Surrogate {
  const state = readState(spec.name, saved);
  const columns = columnsOf(spec.name, state.json("columns"));
  const record = (key: string): Readonly<Record<string, JsonValue>> => {
    const value = state.json(key);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, JsonValue>>;
    }
    throw damaged(spec.name, key);
  };
  const pipeline = loadPipeline(
    { settings: record("pipeline"), arrays: arraysUnder(saved.arrays, "pipeline/") },
    columns,
  );
  const inner = spec.load!({
    ...saved,
    inputs: state.number("modelInputs"),
    summary: record("modelSummary") as Surrogate["summary"],
    settings: record("model"),
    arrays: arraysUnder(saved.arrays, "model/"),
  });
  if (inner.inputs !== pipeline.outputs.length || saved.inputs !== columns.length) {
    throw damaged(spec.name, "columns");
  }
  return build({ columns: state.flag("hasColumns") ? columns : undefined }, pipeline, inner);
}

function columnsOf(who: string, value: JsonValue): InputColumn[] {
  if (!Array.isArray(value)) throw damaged(who, "columns");
  return (value as readonly JsonValue[]).map((entry) => {
    const { name, kind, levels } = entry as { [key: string]: JsonValue };
    const isLevels =
      levels === undefined ||
      (Array.isArray(levels) && levels.every((one) => typeof one === "string"));
    if (
      typeof name !== "string" ||
      (kind !== "number" && kind !== "category" && kind !== "source") ||
      !isLevels
    ) {
      throw damaged(who, "columns");
    }
    return { name, kind, ...(levels === undefined ? {} : { levels: levels }) };
  });
}

const damaged = (who: string, path: string): InputError =>
  new InputError(`${who}: "${path}" of the saved model is damaged.`, {
    path,
    hint: "Train the model again.",
  });

/** Missing inputs may be filled by a step; checkpoints and structure would be of other columns. */
function supportsOf(
  { supports }: Pick<SurrogateSpec, "supports">,
  steps: readonly PipelineStep[],
): SurrogateSupport {
  const fate = missingInputs(steps);
  const { checkpoints: _, structure: _of, missing, ...others } = supports;
  const takes = fate === "filled" || (fate === "kept" && missing === true);
  return { ...others, ...(takes ? { missing: true } : {}) };
}
