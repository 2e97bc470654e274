import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import {
  amount,
  experiments,
  oneOf,
  stopRules,
  withSettings,
} from "./settings/experiment-entries.ts";
import { defaultDomain, domains } from "../../domains/registry.ts";
import { planners } from "../../search/planning/registry.ts";
import { strategies } from "../../search/registry.ts";
import { surrogates } from "../../surrogates/registry.ts";

/** Most candidates that one run hands back. */
export const mostCandidates = 1000;

const bounds = z.strictObject({
  min: z.number().optional(),
  max: z.number().optional(),
});
const processValue = z.union([
  amount,
  z.array(amount).min(1),
  z.strictObject({ min: amount, max: amount, step: z.number().positive().optional() }),
]);
/** YAML reads the unit 1 as a number. */
const unitText = z.union([z.string(), z.literal(1)]).transform(String);

/** Words with the numbers that describe them: `water: { dielectric: 78.4, boiling_point: 373 K }`. */
const describedWords = z.record(z.string(), z.record(z.string(), amount));
/** A table of such words, one a row. */
const descriptorFile = z.union([
  z.string().min(1),
  z.strictObject({ file: z.string().min(1), columns: z.array(z.string()).min(1).optional() }),
]);

/** A parameter of its own: a fixed value, a list, a range, or a list with settings. */
const parameterValue = z.union([
  amount,
  z.array(amount).min(1),
  z.strictObject({
    min: amount.optional(),
    max: amount.optional(),
    step: amount.optional(),
    values: z.union([z.array(amount).min(1), describedWords]).optional(),
    unit: unitText.optional(),
    zeroOr: z.boolean().optional(),
    when: z.string().min(1).optional(),
    descriptors: descriptorFile.optional(),
    encoding: z.enum(["one-hot", "descriptors", "learned"]).optional(),
  }),
]);
/** An outcome: the unit of a number, or the names of classes. */
const outcomeValue = z.union([unitText, z.array(z.union([z.string(), z.number()])).min(2)]);
const fractionRange = bounds.extend({ step: z.number().positive().optional() }).optional();
const ownFractions = z
  .record(z.string(), bounds.extend({ required: z.boolean().optional() }))
  .optional();
const countRange = z
  .union([
    z.int().positive(),
    z.strictObject({
      min: z.int().positive().optional(),
      max: z.int().positive().optional(),
    }),
  ])
  .optional();
const mixture = z.strictObject({
  ingredients: z.array(z.string().min(1)).min(1),
  fraction: fractionRange,
  fractions: ownFractions,
  count: countRange,
});

/** A model from a file of ystar or ONNX, or a formula that computes the property. */
const writtenModel = z
  .strictObject({
    file: z.string().min(1).optional(),
    formula: z.string().min(1).optional(),
    unit: unitText.optional(),
    inputs: z.record(z.string(), unitText).optional(),
    std: z.string().min(1).optional(),
    onnx: z.string().min(1).optional(),
    classes: z.array(z.string()).min(2).optional(),
    tensor: z.string().min(1).optional(),
  })
  .transform((given, context): ModelFileEntry | FormulaEntry | OnnxEntry => {
    const { file, formula, onnx, classes, tensor, ...rest } = given;
    const kinds = [file, formula, onnx].filter((one) => one !== undefined).length;
    const isPlain = classes === undefined && tensor === undefined;
    if (file !== undefined && Object.keys(given).length === 1) return { file };
    if (formula !== undefined && kinds === 1 && isPlain) return { formula, ...rest };
    const { inputs, unit } = rest;
    if (onnx !== undefined && kinds === 1 && inputs !== undefined) {
      if (unit !== undefined) return { ...rest, onnx, classes, tensor, inputs, unit };
      if (classes !== undefined) return { ...rest, onnx, classes, tensor, inputs, unit: "1" };
    }
    context.addIssue({
      code: "custom",
      message:
        "either { file }, or { formula } with unit, inputs and std as needed, or { onnx, inputs, unit } with classes, tensor and std as needed",
      input: given,
    });
    return z.NEVER;
  });

/** A saved model that predicts a property. */
export interface ModelFileEntry {
  readonly file: string;
}

/** A formula that computes a property; see `resolveFormulas`. */
export interface FormulaEntry {
  readonly formula: string;
  /** Of the property; needed where the data do not have it. */
  readonly unit?: string | undefined;
  /** Units of the names in the formula; what designs have, in its own units, when absent. */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  /** Formula of the standard deviation. */
  readonly std?: string | undefined;
}

/** The problem file as a person writes it; names are resolved against the data afterwards. */
const schema = z
  .strictObject({
    name: z.string().min(1),
    domain: oneOf(domains).optional(),
    data: z
      .union([
        z.string().min(1),
        z.strictObject({
          source: z.string().min(1),
          sheet: z.string().optional(),
          columns: z.record(z.string(), z.string()).optional(),
        }),
      ])
      .optional(),
    space: z.strictObject({
      elements: z.array(z.string()).min(1).optional(),
      fraction: fractionRange,
      fractions: ownFractions,
      count: countRange,
      mixture: mixture.optional(),
      parameters: z.record(z.string(), parameterValue).optional(),
      process: z.record(z.string(), processValue).optional(),
    }),
    outcomes: z.record(z.string(), outcomeValue).optional(),
    perBatch: z.array(z.string()).min(1).optional(),
    cost: amount.optional(),
    fidelity: z.strictObject({ parameter: z.string().min(1), target: amount }).optional(),
    experiments: experiments.optional(),
    stop: stopRules.optional(),
    constraints: z.array(z.string()).default([]),
    targets: z.array(z.string()).min(1),
    model: z.union([oneOf(surrogates), z.record(z.string(), oneOf(surrogates))]).optional(),
    models: z.record(z.string(), writtenModel).optional(),
    features: z.array(z.string()).min(1).optional(),
    strategy: withSettings(strategies).default("evolutionary"),
    budget: z.int().positive().optional(),
    candidates: z.int().positive().max(mostCandidates).default(20),
    confidence: z.number().min(0).max(5).default(0),
    seed: z.int().nonnegative().default(0),
  })
  .superRefine(({ domain, space }, context) => {
    if (space.elements === undefined || (domain ?? defaultDomain) !== defaultDomain) return;
    context.addIssue({
      code: "custom",
      path: ["domain"],
      input: domain,
      message: "domain: alloy, which knows elements (other ingredients go to space.mixture)",
    });
  });

/** Names of all settings at the top of a problem file. */
export const problemSettings: readonly string[] = Object.keys(schema.shape);

/** An ONNX file that predicts a property; see `importOnnx`. */
export interface OnnxEntry {
  readonly onnx: string;
  /** Units of the input columns by name, in the order of the training. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Of the property, as the model gives it. */
  readonly unit: string;
  /** Classes in the order of the model's probabilities; absent for a number. */
  readonly classes?: readonly string[] | undefined;
  /** Name of the model's output; the first one when absent. */
  readonly tensor?: string | undefined;
  /** Name of the model's output with the standard deviation. */
  readonly std?: string | undefined;
}

export type ProblemFile = z.output<typeof schema>;
export type ProcessValue = z.output<typeof processValue>;
export type ParameterEntry = z.output<typeof parameterValue>;
/** Words with the numbers that describe them. */
export type DescribedWords = z.output<typeof describedWords>;
export type OutcomeEntry = z.output<typeof outcomeValue>;
/** Ingredients or elements with their limits. */
export type CompositionEntry = Pick<z.output<typeof mixture>, "fraction" | "fractions" | "count">;

/** The text of a problem file with its parsed content and a way to point into it. */
export interface ParsedProblemFile {
  readonly file: string;
  readonly text: string;
  readonly content: ProblemFile;
  /** Line of a path such as `["targets", 1]`, counted from 1. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Reads a YAML or JSON problem file and checks its shape; nothing in it is run or looked up yet.
 * @throws InputError that names the file, the line, the path, what was expected, what came and the
 *   nearest valid spelling
 */
export function parseProblemFile(text: string, file: string): ParsedProblemFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const syntax = document.errors[0];
  if (syntax !== undefined) {
    throw new InputError(`The problem file is not valid YAML: ${syntax.message.trim()}`, {
      file,
      path: `line ${syntax.linePos?.[0].line ?? 1}`,
      hint: "Check the indentation; quote texts that contain a colon, a hash or a comma, or write lists one entry a line.",
      cause: syntax,
    });
  }
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    const offset = offsetOf(document, path);
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
  const raw: unknown = document.toJS();
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new InputError("The problem file is empty or holds no named settings.", {
      file,
      expected: `the settings ${Object.keys(schema.shape).slice(0, 5).join(", ")}, ...`,
      received: raw === null ? "an empty file" : Array.isArray(raw) ? "a list" : `a ${typeof raw}`,
      hint: "Start from examples/light-refractory/problem.yaml.",
    });
  }
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (!parsed.success) throw toInputError(parsed.error.issues[0]!, file, lineOf);
  return { file, text, content: parsed.data, lineOf };
}

/** The models that are read from files, by property. */
export const modelFileEntries = ({ models = {} }: ProblemFile): [string, ModelFileEntry][] =>
  Object.entries(models).flatMap(([name, one]) => ("file" in one ? [[name, one]] : []));

/** The models that are formulas, by property. */
export const formulaEntries = ({ models = {} }: ProblemFile): [string, FormulaEntry][] =>
  Object.entries(models).flatMap(([name, one]) => ("formula" in one ? [[name, one]] : []));

/** The models that are read from ONNX files, by property. */
export const onnxEntries = ({ models = {} }: ProblemFile): [string, OnnxEntry][] =>
  Object.entries(models).flatMap(([name, one]) => ("onnx" in one ? [[name, one]] : []));

/** A path as people write it: `space.fraction.min`, `targets[1]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) =>
      typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

type Issue = z.core.$ZodIssue;

function toInputError(
  issue: Issue,
  file: string,
  lineOf: (path: readonly PropertyKey[]) => number | undefined,
): InputError {
  if (issue.code === "invalid_union") {
    // The branch that came farthest says best what is wrong; a union of shapes is named as a whole.
    const deeper = issue.errors.map((branch) => branch[0]!).find((inner) => inner.path.length > 0);
    if (deeper !== undefined) {
      const path = [...issue.path, ...deeper.path];
      return toInputError({ ...deeper, path }, file, lineOf);
    }
  }
  const key = issue.code === "unrecognized_keys" ? issue.keys[0]! : undefined;
  const path = key === undefined ? issue.path : [...issue.path, key];
  const line = lineOf(path);
  const place = `${pathText(path)}${line === undefined ? "" : ` (line ${line})`}`;
  if (key !== undefined) {
    return new InputError(`The problem file has an unknown setting "${key}".`, {
      file,
      path: place,
      hint: suggest(key, knownKeys(issue.path)),
    });
  }
  const missing = issue.input === undefined;
  return new InputError(
    missing
      ? `The problem file lacks the setting "${pathText(path)}".`
      : `The problem file has an unusable value for "${pathText(path)}".`,
    {
      file,
      path: place,
      expected: expectation(issue),
      ...(missing ? {} : { received: JSON.stringify(issue.input) ?? typeof issue.input }),
      ...suggestion(issue),
    },
  );
}

/** The nearest name where one of several was expected. */
function suggestion(issue: Issue): { hint?: string } {
  if (typeof issue.input !== "string") return {};
  const options = issue.code === "invalid_union" ? issue.errors.flat() : [issue];
  const names = options.flatMap((one) =>
    one.code === "invalid_value" ? one.values.map(String) : [],
  );
  return names.length === 0 ? {} : { hint: suggest(issue.input, names) };
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return article(issue.expected);
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    case "too_small":
      return issue.origin === "array"
        ? "at least one entry"
        : `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_union":
      return unionExpectation(issue.path);
    default:
      return issue.message;
  }
}

const article = (kind: string): string =>
  ({
    string: "a text",
    number: "a number",
    int: "a whole number",
    array: "a list",
    object: "named settings",
    record: "named settings",
    boolean: "true or false",
  })[kind] ?? kind;

function unionExpectation(path: readonly PropertyKey[]): string {
  if (path.includes("process")) {
    return "a value (25 degC, CAST), a list of values, or { min, max, step }";
  }
  if (path.includes("parameters")) {
    if (path[3] === "descriptors") return "the name of a file, or { file, columns }";
    if (path[3] === "values" && path.length > 4) {
      return "the numbers that describe the word, such as { dielectric: 78.4, boiling_point: 373 K }";
    }
    return "a value (2 bar, water), a list of values, or { min, max, step, unit }";
  }
  if (path.includes("outcomes")) return 'a unit ("%", USD/kg, 1) or a list of classes';
  if (path.at(-1) === "count") return "a whole number or { min, max }";
  if (path.at(-1) === "data") return "a data set's name, a path, or { source, sheet, columns }";
  const registry = { strategy: strategies, planner: planners }[String(path.at(-1))];
  if (registry !== undefined) {
    return `one of ${Object.keys(registry).join(", ")}, or { name, ... } with its settings`;
  }
  if (path[0] === "stop") return "an amount, a share such as 90 %, or { limit, rounds }";
  if (path.at(-1) === "model") {
    return `one of ${Object.keys(surrogates).join(", ")}, or one for each property`;
  }
  return "another kind of value";
}

const parameterKeys = [
  "min",
  "max",
  "step",
  "values",
  "unit",
  "zeroOr",
  "when",
  "descriptors",
  "encoding",
];
const mixtureKeys = Object.keys(mixture.shape);

/** Names that may stand at this place of the file. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return Object.keys(schema.shape);
  const [first, second] = path;
  if (first === "space") {
    if (second === undefined) return Object.keys(schema.shape.space.shape);
    if (second === "fraction") return ["min", "max", "step"];
    if (second === "fractions") return ["min", "max", "required"];
    if (second === "count") return ["min", "max"];
    if (second === "process") return ["min", "max", "step"];
    if (second === "parameters")
      return path[3] === "descriptors" ? ["file", "columns"] : parameterKeys;
    if (second === "mixture")
      return path.length === 2 ? mixtureKeys : knownKeys(["space", ...path.slice(2)]);
  }
  if (first === "models")
    return ["file", "formula", "onnx", "unit", "inputs", "std", "classes", "tensor"];
  if (first === "stop") {
    return second === undefined ? Object.keys(stopRules.shape) : ["limit", "rounds"];
  }
  if (first === "experiments") return Object.keys(experiments.shape);
  if (first === "fidelity") return ["parameter", "target"];
  return first === "data" ? ["source", "sheet", "columns"] : [];
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part);
      if (pair === undefined) break;
      offset = (pair.key as { range?: [number, number, number] }).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === "number") {
      node = node.items[part];
      offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
