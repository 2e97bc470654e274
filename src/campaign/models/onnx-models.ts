import { InputError, ShapeError } from "../../core/errors.ts";
import { convertDifference, converter, isSameDimension } from "../../core/units.ts";
import type { Quantity, SearchSpace } from "../../space/contract.ts";
import { arrangeInputs } from "../../surrogates/declared-inputs.ts";
import type { ForwardModel } from "../../surrogates/forward-model.ts";
import { importOnnx, type OnnxModel } from "../../surrogates/onnx/onnx-model.ts";
import { designNumbers, numbersOverSpace, type DesignContext } from "./design-numbers.ts";
import { mapped, sumOfColumns } from "./forward-models.ts";
import { locate, located } from "../problem/locate.ts";
import { onnxEntries, type OnnxEntry, type ParsedProblemFile } from "../problem/problem-file.ts";

/** ONNX models of a problem file, opened, by the property that they predict. */
export type OnnxModels = Readonly<Record<string, OnnxModel>>;

/**
 * Opens an ONNX model that a problem file names.
 * @param bytes of the file
 * @throws what `importOnnx` throws, with the place in the problem file
 */
export async function openOnnxModel(
  parsed: ParsedProblemFile,
  property: string,
  { inputs, unit, classes, tensor, std }: OnnxEntry,
  bytes: Uint8Array,
  load?: Parameters<typeof importOnnx>[2],
): Promise<OnnxModel> {
  try {
    return await importOnnx(
      bytes,
      {
        inputs: Object.entries(inputs).map(([name, own]) => ({ name, unit: own })),
        output: { name: property, unit },
        ...(classes === undefined ? {} : { classes }),
        ...(tensor === undefined ? {} : { tensor }),
        ...(std === undefined ? {} : { stdTensor: std }),
      },
      load,
    );
  } catch (error) {
    throw ofModel(parsed, ["models", property, "onnx"], error);
  }
}

/** The error with its place in the problem file; a shape that the model has is the user's to mend. */
function ofModel(parsed: ParsedProblemFile, path: readonly PropertyKey[], error: unknown): unknown {
  if (!(error instanceof ShapeError)) return located(parsed, path, error);
  const placed = located(parsed, path, new InputError(error.message, error.details)) as InputError;
  return new ShapeError(error.message, placed.details);
}

/**
 * Checks the ONNX models of a problem file against the problem before anything is searched.
 * @throws InputError with the place in the file for a model that was not opened, an input that designs do not
 *   have or have in another dimension, and a property that is computed already, has a family as well, or is of
 *   another kind or dimension in the data
 */
export function requireOnnxModels(
  parsed: ParsedProblemFile,
  models: OnnxModels,
  context: DesignContext,
): void {
  const { content } = parsed;
  for (const [property, { onnx }] of onnxEntries(content)) {
    const place = ["models", property];
    const refuse = (message: string, details: InputError["details"] = {}): unknown =>
      located(parsed, place, new InputError(message, details));
    const model = Object.hasOwn(models, property) ? models[property] : undefined;
    if (model === undefined) throw refuse(`The ONNX file "${onnx}" was not opened.`);
    if (context.domain.quantities.some(({ name }) => name === property)) {
      throw refuse(`"${property}" is computed already and needs no ONNX file.`, {
        received: property,
        hint: "Give the model's property another name, and target that one.",
      });
    }
    if (typeof content.model === "object" && Object.hasOwn(content.model, property)) {
      throw refuse(`"${property}" has a family under "model" and an ONNX file under "models".`, {
        hint: "Keep one of the two.",
      });
    }
    const { kind, unit } = model.property;
    const own = context.measured.find(({ name }) => name === property);
    if (own !== undefined && own.kind !== kind) {
      throw refuse(`"${property}" is a ${own.kind} in the data and a ${kind} in "${onnx}".`, {
        expected: own.kind,
        received: kind,
        hint: "List the classes of the model: classes: [no, yes].",
      });
    }
    if (own !== undefined && !isSameDimension(own.unit, unit)) {
      throw refuse(`"${property}" is in ${own.unit} in the data and in ${unit} in "${onnx}".`, {
        expected: `a unit that converts to ${own.unit}`,
        received: unit,
      });
    }
    locate(parsed, [...place, "inputs"], () =>
      arrangeInputs(`ONNX model of "${property}"`, model.inputs, designNumbers(context)),
    );
  }
}

/**
 * An ONNX model over encoded designs of a space, which answers later. A class gives the probability of one of
 * the wished classes.
 * @param unit of the property in the problem
 */
export function onnxOverSpace(
  parsed: ParsedProblemFile,
  model: OnnxModel,
  unit: string,
  wished: readonly string[],
  space: SearchSpace,
  quantities: readonly Quantity[],
): ForwardModel {
  const { property, task, inputs } = model;
  const numbers = numbersOverSpace(`ONNX model of "${property.name}"`, inputs, space, quantities);
  const isNumber = task.kind === "regression";
  const chosen = isNumber ? [] : wished.map((name) => task.classes.indexOf(name));
  const toUnit = isNumber ? converter(property.unit, unit) : (value: number) => value;
  const factor = isNumber ? convertDifference(1, property.unit, unit) : 1;
  return {
    property: { ...property, unit },
    model: model.model,
    async predict(rows) {
      try {
        const prediction = await model.predict(numbers(rows));
        return isNumber
          ? mapped(prediction, toUnit, (std) => factor * std)
          : sumOfColumns(prediction, chosen);
      } catch (error) {
        throw ofModel(parsed, ["models", property.name], error);
      }
    },
  };
}
