import { InputError, ShapeError } from "../../core/errors.ts";
import { joinColumns, matrix, type Matrix } from "../../core/matrix.ts";
import type { Featuriser } from "../../domains/contract.ts";

/** A process variable as a model input: a number as it is, a word as one column per known level. */
export type ProcessInput =
  | { readonly name: string; readonly kind: "number" }
  | { readonly name: string; readonly kind: "category"; readonly levels: readonly string[] };

/** Values of one process variable for n designs; a missing or unknown word sets no level. */
export type ProcessValues = Float64Array | readonly (string | null)[];

/** The recipe that turns compositions and process values into the columns of a model. */
export interface ModelInputs {
  /** Elements of the fraction matrices, in order. */
  readonly symbols: readonly string[];
  readonly process: readonly ProcessInput[];
  /** One name per column. */
  readonly labels: readonly string[];
  /**
   * @param fractions n x symbols
   * @param process one entry per process input, n values each
   * @returns n x labels
   */
  encode(fractions: Matrix, process: readonly ProcessValues[]): Matrix;
}

/** Composition features of the given featurisers, then the process variables. */
export function createModelInputs(
  symbols: readonly string[],
  featurisers: readonly Featuriser[],
  process: readonly ProcessInput[],
): ModelInputs {
  const labels = [
    ...featurisers.flatMap((one) => one.features(symbols).map((feature) => feature.name)),
    ...process.flatMap((input) =>
      input.kind === "number"
        ? [input.name]
        : input.levels.map((level) => `${input.name}=${level}`),
    ),
  ];
  return {
    symbols,
    process,
    labels,
    encode(fractions, values) {
      if (values.length !== process.length) {
        throw new ShapeError(
          `encode: expected values of ${process.length} process variables, got ${values.length}.`,
        );
      }
      return joinColumns([
        ...featurisers.map((one) => featuresOf(one, fractions, symbols)),
        ...process.map((input, i) => encodeProcess(input, values[i]!, fractions.rows)),
      ]);
    },
  };
}

/** @throws InputError that names the feature set where it has no values for an element */
function featuresOf(featuriser: Featuriser, fractions: Matrix, symbols: readonly string[]): Matrix {
  try {
    return featuriser.compute(fractions, symbols);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { name } = featuriser;
    throw new InputError(`The feature set ${name} does not cover all elements: ${error.message}`, {
      ...error.details,
      path: "--features",
      hint: `Leave out designs with ${error.details.received ?? "it"}, or choose other feature sets, such as --features fractions.`,
      cause: error,
    });
  }
}

/**
 * The same inputs with their columns chosen by name and put in this order, whatever order the feature
 * sets give them in today.
 * @throws InputError naming the first column that the feature sets do not have
 */
export function inputsInOrder(inputs: ModelInputs, labels: readonly string[]): ModelInputs {
  const from = labels.map((label) => {
    const at = inputs.labels.indexOf(label);
    if (at >= 0) return at;
    throw new InputError(
      `The model needs a column "${label}", which its feature sets do not give.`,
      {
        path: `column "${label}"`,
        expected: `${labels.length} columns as in training`,
        received: inputs.labels.join(", "),
        hint: "The feature sets have changed since; train the model again.",
      },
    );
  });
  if (from.length === inputs.labels.length && from.every((at, j) => at === j)) return inputs;
  return {
    ...inputs,
    labels,
    encode(fractions, values) {
      const all = inputs.encode(fractions, values);
      const result = matrix(all.rows, from.length);
      for (let i = 0, at = 0; i < all.rows; i++) {
        for (const j of from) result.data[at++] = all.data[i * all.columns + j]!;
      }
      return result;
    },
  };
}

function encodeProcess(input: ProcessInput, values: ProcessValues, rows: number): Matrix {
  if (values.length !== rows) {
    throw new ShapeError(`encode: ${input.name} has ${values.length} values for ${rows} designs.`);
  }
  if (input.kind === "number") return matrix(rows, 1, Float64Array.from(values as Float64Array));
  const result = matrix(rows, input.levels.length);
  for (let i = 0; i < rows; i++) {
    const level = input.levels.indexOf(String(values[i]));
    if (level >= 0) result.data[i * input.levels.length + level] = 1;
  }
  return result;
}
