import { matrix, type Matrix } from "../../core/matrix.ts";
import type { Quantity, SearchSpace } from "../../space/contract.ts";
import { quantityValues } from "../../space/model/quantity.ts";
import { convertDifference, converter } from "../../core/units.ts";
import type { Prediction, Surrogate } from "../../surrogates/contract.ts";
import type { ForwardModel, PropertySpec } from "../../surrogates/forward-model.ts";
import type { DomainOfValidity } from "../../surrogates/validity/contract.ts";
import { objectionsTo } from "../learning/known-designs.ts";
import { gradientByDifferences, gradientThroughInputs } from "./model-gradients.ts";
import type { ModelInputs, ProcessValues } from "../learning/model-inputs.ts";
import { elementsOf, fractionsOfRows, processOfRows } from "./space-rows.ts";
import { inputsOf, type TrainedModel } from "../trained/trained-model.ts";

/**
 * A computed property. It has no epistemic part; where its rule was compared with measurement the
 * spread is its aleatoric part.
 */
export function physicsModel(quantity: Quantity, space: SearchSpace): ForwardModel {
  const symbols = elementsOf(space);
  const valuesOf = (rows: Matrix): Float64Array =>
    quantityValues(quantity, fractionsOfRows(space, rows, symbols), symbols);
  return {
    property: {
      name: quantity.name,
      title: quantity.title,
      unit: quantity.unit,
      kind: "number",
      classes: [],
    },
    model: "physics",
    predict(rows) {
      return {
        mean: matrix(rows.rows, 1, valuesOf(rows)),
        epistemicStd: matrix(rows.rows, 1),
        aleatoricStd: matrix(
          rows.rows,
          1,
          new Float64Array(rows.rows).fill(quantity.modelStd?.value ?? 0),
        ),
      };
    },
    gradient: (rows) => gradientByDifferences(space, rows, valuesOf),
  };
}

/** What a learned property rests on. */
export interface LearnedParts {
  readonly surrogate: Surrogate;
  readonly inputs: ModelInputs;
  readonly validity: DomainOfValidity;
  /** Elements of the training rows. */
  readonly elements: readonly string[];
}

/** A learned property over encoded designs; for a class the probability of a yes. */
export function learnedModel(
  property: PropertySpec,
  parts: LearnedParts,
  space: SearchSpace,
): ForwardModel {
  const { predict, validity, gradient } = overRows(parts, space, (rows) =>
    processOfRows(space, rows, parts.inputs),
  );
  return {
    property,
    model: parts.surrogate.name,
    predict: (rows) => {
      const prediction = predict(rows);
      return property.kind === "class" ? lastColumn(prediction) : prediction;
    },
    validity,
    ...(gradient === undefined ? {} : { gradient }),
  };
}

/**
 * A property over encoded designs by a model from a file. A class gives the probability that the design
 * is of one of the wished classes; the std of a sum of classes takes them for independent, which is too
 * much rather than too little for shares of one whole.
 * @param property as the problem has it; numbers are converted to its unit
 * @param units of the problem's numeric process variables
 */
export function savedModel(
  property: PropertySpec,
  model: TrainedModel,
  wished: readonly string[],
  units: Readonly<Record<string, string>>,
  space: SearchSpace,
): ForwardModel {
  const inputs = inputsOf(model, elementsOf(space));
  const converters = model.process.map((one) =>
    one.kind === "number" ? converter(units[one.name] ?? one.unit, one.unit) : undefined,
  );
  const { predict, validity, gradient } = overRows({ ...model, inputs }, space, (rows) =>
    processOfRows(space, rows, inputs).map((values, p): ProcessValues => {
      const convert = converters[p];
      return convert === undefined ? values : (values as Float64Array).map(convert);
    }),
  );
  const { task } = model;
  const toUnit = converter(model.property.unit, property.unit);
  const factor = convertDifference(1, model.property.unit, property.unit);
  const chosen = task.kind === "regression" ? [] : wished.map((name) => task.classes.indexOf(name));
  return {
    property,
    model: model.family,
    predict: (rows) => {
      const prediction = predict(rows);
      return task.kind === "regression"
        ? mapped(prediction, toUnit, (std) => factor * std)
        : sumOfColumns(prediction, chosen);
    },
    validity,
    ...(gradient === undefined
      ? {}
      : { gradient: (rows: Matrix) => scaledBy(gradient(rows), factor) }),
  };
}

/** Predictions, verdicts and, where the surrogate has one, the gradient over encoded designs. */
function overRows(
  { surrogate, inputs, validity, elements }: LearnedParts,
  space: SearchSpace,
  processOf: (rows: Matrix) => readonly ProcessValues[],
): Required<Pick<ForwardModel, "validity">> &
  Pick<ForwardModel, "gradient"> & { readonly predict: (rows: Matrix) => Prediction } {
  const { symbols } = inputs;
  const encode = (rows: Matrix): Matrix =>
    inputs.encode(fractionsOfRows(space, rows, symbols), processOf(rows));
  return {
    predict: (rows) => surrogate.predict(encode(rows)),
    ...(surrogate.gradient === undefined
      ? {}
      : {
          gradient: (rows: Matrix) =>
            gradientThroughInputs(space, rows, encode, (x) => surrogate.gradient!(x)),
        }),
    validity: (rows) => {
      const fractions = fractionsOfRows(space, rows, symbols);
      const process = processOf(rows);
      const x = inputs.encode(fractions, process);
      return validity.judge(
        x,
        surrogate.predict(x).epistemicStd,
        objectionsTo(elements, symbols, fractions, inputs.process, process),
      );
    },
  };
}

const scaledBy = ({ rows, columns, data }: Matrix, factor: number): Matrix =>
  matrix(
    rows,
    columns,
    data.map((value) => factor * value),
  );

/** Numbers and their standard deviations in another unit. */
export const mapped = (
  { mean, epistemicStd, aleatoricStd }: Prediction,
  value: (mean: number) => number,
  spread: (std: number) => number,
): Prediction => ({
  mean: matrix(mean.rows, mean.columns, mean.data.map(value)),
  epistemicStd: matrix(mean.rows, mean.columns, epistemicStd.data.map(spread)),
  aleatoricStd: matrix(mean.rows, mean.columns, aleatoricStd.data.map(spread)),
});

/** Probability of any of the chosen classes, n x 1. */
export function sumOfColumns(prediction: Prediction, chosen: readonly number[]): Prediction {
  const total = (m: Matrix, power: 1 | 2): Matrix =>
    matrix(
      m.rows,
      1,
      Float64Array.from({ length: m.rows }, (_, i) => {
        const values = chosen.map((c) => m.data[i * m.columns + c]!);
        return power === 1
          ? values.reduce((sum, value) => sum + value, 0)
          : Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
      }),
    );
  return {
    mean: total(prediction.mean, 1),
    epistemicStd: total(prediction.epistemicStd, 2),
    aleatoricStd: total(prediction.aleatoricStd, 2),
  };
}

/** Predictions of the last class only, "yes" of yes and no. */
function lastColumn({ mean, epistemicStd, aleatoricStd }: Prediction): Prediction {
  const take = (m: Matrix): Matrix =>
    matrix(
      m.rows,
      1,
      Float64Array.from({ length: m.rows }, (_, i) => m.data[(i + 1) * m.columns - 1]!),
    );
  return {
    mean: take(mean),
    epistemicStd: take(epistemicStd),
    aleatoricStd: take(aleatoricStd),
  };
}
