import { z } from "zod";
import { InputError, YstarError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { decodeTensors, encodeTensors, type TensorArray } from "../../core/safetensors.ts";
import { sha256 } from "../../core/sha256.ts";
import { domains } from "../../domains/registry.ts";
import type { JsonValue, SavedState, SurrogateSpec } from "../../surrogates/contract.ts";
import { arraysUnder, prefixed } from "../../surrogates/nested-state.ts";
import { calibrated } from "../../surrogates/conformal/calibrated.ts";
import { withPipeline } from "../../surrogates/features/with-pipeline.ts";
import { surrogates } from "../../surrogates/registry.ts";
import { loadSurrogate, saveSurrogate } from "../../surrogates/saved-state.ts";
import { loadDomain } from "../../surrogates/validity/domain-of-validity.ts";
import { inputsOf, type DomainName, type TrainedModel } from "./trained-model.ts";

/** Stands in the metadata of every model file. */
export const modelFormat = "ystar-model";
/** Version of the layout described at `encodeModel`; a file of a newer one is refused. */
export const modelFormatVersion = 1;

const checksumDigits = 64;

export interface EncodeOptions {
  /** Version of ystar, to be recorded. */
  readonly ystarVersion: string;
  readonly families?: Readonly<Record<string, SurrogateSpec>>;
}

/**
 * A trained model as the bytes of one file in the safetensors layout, which other programs can read.
 * Metadata (texts): `format` and `version`; `checksum`, the SHA-256 of the file with zeros in place of its
 * 64 digits; `model`, JSON with property, unit, classes, domain, feature sets, process variables, input
 * labels in order, pipeline, family, options, seed, data and their hash, and the model card; `surrogate`
 * and `validity`, the settings of both. Arrays: `surrogate/...` and `validity/...`.
 * @throws InputError for a family that cannot be saved, and for a part that no file can hold, such as NaN
 */
export async function encodeModel(
  model: TrainedModel,
  { ystarVersion, families = surrogates }: EncodeOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { surrogate, validity, ...document } = model;
  const family = families[model.family];
  const spec = family === undefined ? undefined : recipeOf(family, model);
  const saved = spec === undefined ? undefined : saveSurrogate(spec, surrogate);
  if (saved === undefined) {
    throw new InputError(`Models of the family "${model.family}" cannot be saved.`, {
      path: "family",
      received: model.family,
    });
  }
  const { arrays, ...state } = saved;
  const own = validity.save();
  const text = JSON.stringify(document);
  // What could not be read again (a metric that is no number) is not written.
  parse("model", documentSchema, text);
  const bytes = encodeTensors({
    metadata: {
      format: modelFormat,
      version: String(modelFormatVersion),
      checksum: "0".repeat(checksumDigits),
      ystar: ystarVersion,
      model: text,
      surrogate: JSON.stringify(state),
      validity: JSON.stringify(own.settings),
    },
    tensors: { ...prefixed(arrays, "surrogate/"), ...prefixed(own.arrays, "validity/") },
  });
  bytes.set(new TextEncoder().encode(await sha256(bytes)), checksumPlace(bytes));
  return bytes;
}

/**
 * The model in the bytes of a file.
 * @param file named in errors
 * @throws InputError saying which part is wrong: bytes that are no model file, one that was cut off, one
 *   of a newer version, one that was changed (checksum), a family or feature set that this ystar does not
 *   have, input columns that the feature sets do not give
 */
export async function decodeModel(
  bytes: Uint8Array,
  file: string,
  families: Readonly<Record<string, SurrogateSpec>> = surrogates,
): Promise<TrainedModel> {
  try {
    return await decode(bytes, families);
  } catch (error) {
    if (!(error instanceof YstarError) || error.details.file !== undefined) throw error;
    throw new InputError(error.message, { ...error.details, file, cause: error });
  }
}

async function decode(
  bytes: Uint8Array,
  families: Readonly<Record<string, SurrogateSpec>>,
): Promise<TrainedModel> {
  const { metadata, tensors } = decodeTensors(bytes);
  if (metadata["format"] !== modelFormat) {
    throw new InputError("The file holds arrays of another program, not a model of ystar.", {
      path: "format",
      expected: modelFormat,
      received: metadata["format"] ?? "none",
      hint: "Write model files with `ystar train ... --out model.ystar`.",
    });
  }
  const version = Number(metadata["version"]);
  if (!(version >= 1 && version <= modelFormatVersion)) {
    throw new InputError(`The model file is of version ${metadata["version"] ?? "?"}.`, {
      path: "version",
      expected: `a version up to ${modelFormatVersion}`,
      received: metadata["version"] ?? "none",
      hint: "Update ystar, or train the model again.",
    });
  }
  await requireChecksum(bytes, metadata["checksum"]);
  const document = parse("model", documentSchema, metadata["model"]);
  const state = parse("surrogate", surrogateSchema, metadata["surrogate"]);
  const settings = parse("validity", settingsSchema, metadata["validity"]);
  const family = Object.hasOwn(families, document.family) ? families[document.family] : undefined;
  if (family === undefined) {
    throw new InputError(`The model is of the family "${document.family}", which is not known.`, {
      path: "family",
      received: document.family,
      hint: suggest(document.family, Object.keys(families)),
    });
  }
  const surrogate = loadSurrogate(
    { [state.family]: recipeOf(family, document) },
    {
      ...state,
      arrays: under(tensors, "surrogate/"),
    },
  );
  const validity = loadDomain({ settings, arrays: under(tensors, "validity/") });
  const model = { ...document, surrogate, validity } as unknown as TrainedModel;
  requireInputs(model);
  return model;
}

/** The family as the model was fitted. */
function recipeOf(
  family: SurrogateSpec,
  { pipeline, isCalibrated }: Pick<TrainedModel, "pipeline" | "isCalibrated">,
): SurrogateSpec {
  const spec = withPipeline(family, pipeline);
  return isCalibrated ? calibrated(spec) : spec;
}

const under = (
  tensors: Readonly<Record<string, TensorArray>>,
  prefix: string,
): SavedState["arrays"] => arraysUnder(tensors, prefix);

/** Every part agrees on the number and the names of the input columns. */
function requireInputs(model: TrainedModel): void {
  const { labels, surrogate, validity } = model;
  if (surrogate.inputs !== labels.length || validity.inputs !== labels.length) {
    throw new InputError("The parts of the model file are of different models.", {
      path: "labels",
      expected: `${surrogate.inputs} input columns`,
      received: `${labels.length} names, ${validity.inputs} columns of the domain of validity`,
    });
  }
  inputsOf(model);
}

async function requireChecksum(bytes: Uint8Array, given: string | undefined): Promise<void> {
  const place = checksumPlace(bytes);
  if (given === undefined || place === undefined) {
    throw new InputError("The model file has no checksum.", {
      path: "checksum",
      hint: "It was written by another program; train the model again.",
    });
  }
  const blank = Uint8Array.from(bytes);
  blank.fill(0x30, place, place + checksumDigits);
  const actual = await sha256(blank);
  if (actual === given) return;
  throw new InputError("The model file was changed or damaged: its checksum does not fit.", {
    path: "checksum",
    expected: given,
    received: actual,
    hint: "Copy the file again, or train the model again.",
  });
}

/** Where the digits of the checksum begin: in the header, behind the two keys that stand before it. */
function checksumPlace(bytes: Uint8Array): number | undefined {
  const head = `{"__metadata__":{"format":"${modelFormat}","version":"${modelFormatVersion}","checksum":"`;
  const start = 8;
  const text = new TextDecoder().decode(bytes.subarray(start, start + head.length));
  return text === head ? start + head.length : undefined;
}

const json: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(json),
    z.record(z.string(), json),
  ]),
);
const settingsSchema = z.record(z.string(), json);
const summarySchema = z.record(z.string(), z.union([z.string(), z.number()]));
const taskSchema = z.union([
  z.object({ kind: z.literal("regression") }),
  z.object({ kind: z.literal("classification"), classes: z.array(z.string()).min(2) }),
]);
const surrogateSchema = z.object({
  family: z.string(),
  version: z.number(),
  task: taskSchema,
  inputs: z.int().positive(),
  summary: summarySchema,
  settings: settingsSchema,
});
const metrics = z.record(z.string(), z.object({ mean: z.number(), std: z.number() }));
const documentSchema = z.object({
  property: z.object({
    name: z.string(),
    title: z.string(),
    unit: z.string(),
    kind: z.enum(["number", "class"]),
    classes: z.array(z.string()),
  }),
  task: taskSchema,
  domain: z.enum(Object.keys(domains) as [DomainName, ...DomainName[]]),
  features: z.array(z.string()),
  symbols: z.array(z.string()),
  elements: z.array(z.string()),
  process: z.array(
    z.union([
      z.object({
        name: z.string(),
        kind: z.literal("number"),
        unit: z.string(),
        low: z.number(),
        usual: z.number(),
        high: z.number(),
      }),
      z.object({
        name: z.string(),
        kind: z.literal("category"),
        levels: z.array(z.string()),
        usual: z.string(),
      }),
    ]),
  ),
  // Files of earlier versions do not say it.
  unused: z
    .array(z.object({ name: z.string(), missing: z.number(), kind: z.enum(["number", "text"]) }))
    .default([]),
  takesMissing: z.boolean(),
  labels: z.array(z.string()).min(1),
  family: z.string(),
  options: settingsSchema,
  pipeline: z.array(z.object({ step: z.string(), options: settingsSchema.optional() })),
  // Files of earlier versions do not say it: they are not.
  isCalibrated: z.boolean().default(false),
  seed: z.number(),
  data: z.object({ name: z.string(), sha256: z.string(), rows: z.number() }),
  spread: z.number().positive(),
  card: z.object({
    property: z.string(),
    unit: z.string(),
    surrogate: z.string(),
    task: z.enum(["regression", "classification"]),
    classes: z.array(z.string()),
    features: z.array(z.string()),
    rows: z.number(),
    dropped: z.array(z.object({ reason: z.string(), rows: z.number() })),
    protocol: z.string(),
    metrics,
    baseline: z.record(z.string(), metrics),
    parity: z.array(
      z.object({
        measured: z.number(),
        predicted: z.number(),
        std: z.number(),
        formula: z.string(),
      }),
    ),
    calibration: z.array(
      z.object({ nominal: z.number(), observed: z.number(), count: z.number() }),
    ),
  }),
});

/** A part of the metadata as JSON of the expected shape. */
function parse<T>(part: string, schema: z.ZodType<T>, text: string | undefined): T {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch (cause) {
    throw new InputError(`The part "${part}" of the model file is no JSON.`, {
      path: part,
      cause,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new InputError(`The part "${part}" of the model is damaged.`, {
    path: [part, ...issue.path].map(String).join("."),
    received: issue.message,
  });
}
