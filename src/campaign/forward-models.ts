import { matrix, type Matrix } from "../core/matrix.ts";
import type { Quantity, SearchSpace } from "../space/contract.ts";
import { quantityValues } from "../space/quantity.ts";
import type { Prediction, Surrogate } from "../surrogates/contract.ts";
import type { ForwardModel, PropertySpec } from "../surrogates/forward-model.ts";
import type { ModelInputs } from "./model-inputs.ts";
import { elementsOf, fractionsOfRows, processOfRows } from "./space-rows.ts";

/**
 * A computed property. It has no epistemic part; where its rule was compared with measurement the
 * spread is its aleatoric part.
 */
export function physicsModel(quantity: Quantity, space: SearchSpace): ForwardModel {
  const symbols = elementsOf(space);
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
      const values = quantityValues(quantity, fractionsOfRows(space, rows, symbols), symbols);
      return {
        mean: matrix(rows.rows, 1, values),
        epistemicStd: matrix(rows.rows, 1),
        aleatoricStd: matrix(
          rows.rows,
          1,
          new Float64Array(rows.rows).fill(quantity.modelStd?.value ?? 0),
        ),
      };
    },
  };
}

/** A learned property over encoded designs; for a class the probability of a yes. */
export function learnedModel(
  property: PropertySpec,
  surrogate: Surrogate,
  inputs: ModelInputs,
  space: SearchSpace,
): ForwardModel {
  return {
    property,
    model: surrogate.name,
    predict(rows) {
      const fractions = fractionsOfRows(space, rows, inputs.symbols);
      const prediction = surrogate.predict(
        inputs.encode(fractions, processOfRows(space, rows, inputs)),
      );
      return property.kind === "class" ? lastColumn(prediction) : prediction;
    },
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
