import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { defaultDomain } from "../../domains/registry.ts";
import { isSameDimension } from "../../core/units.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import type { Target } from "../../space/contract.ts";
import { located } from "../problem/locate.ts";
import { modelFileEntries, type ParsedProblemFile } from "../problem/problem-file.ts";
import type { ProcessParameter } from "../problem/parameters/process-parameters.ts";
import type { TrainedModel } from "../trained/trained-model.ts";

/** Models from files by the property that they predict. */
export type SavedModels = Readonly<Record<string, TrainedModel>>;

/** What the models of the problem file must fit. */
export interface SavedModelContext {
  readonly elements: readonly string[];
  readonly process: readonly ProcessParameter[];
  /** Properties that the data have. */
  readonly measured: readonly PropertySpec[];
}

/**
 * Checks the models that a problem file names under `models` against the problem before anything is
 * searched.
 * @throws InputError with the place in the file for a model that was not loaded, that predicts another
 *   property, is of another domain or kind, in a unit of another dimension, never met an element of the
 *   space, or needs a process variable that the space does not set
 */
export function requireSavedModels(
  parsed: ParsedProblemFile,
  models: SavedModels,
  context: SavedModelContext,
): void {
  const { content } = parsed;
  for (const [property, { file }] of modelFileEntries(content)) {
    const refuse = (message: string, details: InputError["details"] = {}): unknown =>
      located(parsed, ["models", property], new InputError(message, details));
    const model = Object.hasOwn(models, property) ? models[property] : undefined;
    if (model === undefined) throw refuse(`The model file "${file}" was not loaded.`);
    if (typeof content.model === "object" && Object.hasOwn(content.model, property)) {
      throw refuse(`"${property}" has a family under "model" and a file under "models".`, {
        hint: "Keep one of the two.",
      });
    }
    if (model.property.name !== property) {
      throw refuse(`The model "${file}" predicts ${model.property.name}, not ${property}.`, {
        expected: property,
        received: model.property.name,
      });
    }
    const domain = content.domain ?? defaultDomain;
    if (model.domain !== domain) {
      throw refuse(`The model "${file}" is of the domain ${model.domain}.`, {
        expected: domain,
        received: model.domain,
      });
    }
    const own = context.measured.find((one) => one.name === property);
    if (own !== undefined && own.kind !== model.property.kind) {
      throw refuse(
        `"${property}" is a ${own.kind} in the data and a ${model.property.kind} in "${file}".`,
        {
          expected: own.kind,
          received: model.property.kind,
        },
      );
    }
    if (own !== undefined && !isSameDimension(own.unit, model.property.unit)) {
      throw refuse(
        `"${property}" is in ${own.unit} in the data and in ${model.property.unit} in "${file}".`,
        {
          expected: `a unit that converts to ${own.unit}`,
          received: model.property.unit,
        },
      );
    }
    const strange = context.elements.filter((symbol) => !model.elements.includes(symbol));
    if (strange.length > 0) {
      throw refuse(`The model "${file}" has never met ${strange.join(", ")}.`, {
        expected: `elements among ${model.elements.join(", ")}`,
        received: strange.join(", "),
        hint: "Leave these elements out of the space, or train on data that have them.",
      });
    }
    for (const need of model.process) requireProcess(need, file, context, refuse);
  }
}

function requireProcess(
  need: TrainedModel["process"][number],
  file: string,
  { process }: SavedModelContext,
  refuse: (message: string, details?: InputError["details"]) => unknown,
): void {
  const parameter = process.find((one) => one.name === need.name);
  if (parameter === undefined) {
    const example = need.kind === "number" ? `${need.usual} ${need.unit}` : need.usual;
    throw refuse(`The model "${file}" needs ${need.name}, which the space does not set.`, {
      expected: `space.process.${need.name}`,
      hint: `Add it to space.process, such as ${need.name}: ${example}.`,
    });
  }
  const isNumber = parameter.kind !== "categorical";
  if (isNumber !== (need.kind === "number")) {
    throw refuse(`"${need.name}" is a ${need.kind} in "${file}" and is not in the problem.`, {
      expected: need.kind,
      received: parameter.kind,
    });
  }
  if (isNumber && need.kind === "number" && !isSameDimension(parameter.unit, need.unit)) {
    throw refuse(
      `"${need.name}" is in ${parameter.unit} and the model "${file}" takes ${need.unit}.`,
      {
        expected: `a unit that converts to ${need.unit}`,
        received: parameter.unit,
      },
    );
  }
  if (need.kind !== "category" || isNumber) return;
  const word = parameter.values.find((one) => !need.levels.includes(one));
  if (word === undefined) return;
  throw refuse(`The model "${file}" has never met ${need.name} ${word}.`, {
    expected: `one of ${need.levels.join(", ")}`,
    received: word,
    hint: suggest(word, need.levels),
  });
}

/**
 * Checks that every class that a target wishes for is one that its model knows, and that every model has
 * a target.
 * @throws InputError with the place in the file
 */
export function requireWrittenTargets(
  parsed: ParsedProblemFile,
  models: Readonly<Record<string, Pick<TrainedModel, "task">>>,
  targets: readonly Target[],
): void {
  const { content } = parsed;
  for (const [property, entry] of Object.entries(content.models ?? {})) {
    const target = targets.find((one) => one.property === property);
    const names = targets.map((one) => one.property);
    if (target === undefined) {
      const kind = "file" in entry ? "model file" : "onnx" in entry ? "ONNX file" : "formula";
      const error = new InputError(`"${property}" has a ${kind} but no target.`, {
        received: property,
        hint: suggest(property, names),
      });
      throw located(parsed, ["models", property], error);
    }
    if ("formula" in entry) continue;
    const file = "file" in entry ? entry.file : entry.onnx;
    const { task } = models[property]!;
    if (target.kind !== "class" || task.kind !== "classification") continue;
    const word = target.classes.find((one) => !task.classes.includes(one));
    if (word === undefined) continue;
    const error = new InputError(`The model "${file}" knows no class ${word}.`, {
      expected: `one of ${task.classes.join(", ")}`,
      received: word,
      hint: suggest(word, task.classes),
    });
    throw located(parsed, ["targets", targets.indexOf(target)], error);
  }
}
