import { matrix } from "../../core/matrix.ts";
import type { InputColumn } from "../contract.ts";
import { withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { columnScaling, type ColumnScaling } from "../standardise.ts";
import { numberColumns, takeColumns } from "./columns.ts";
import type { FeatureStep, FeatureStepSpec } from "./contract.ts";

/** Numbers with mean 0 and (population) standard deviation 1 over the training rows; constant ones become 0. */
export const standardiseColumns = {
  name: "standardise",
  title: "Mean 0 and standard deviation 1",
  defaults: {},
  takesMissing: false,
  fillsMissing: false,
  async fit({ x, columns }, options) {
    withDefaults("standardise", {}, options);
    return fitted(columnScaling(takeColumns(x, numberColumns(columns))), columns);
  },
  load(saved, columns) {
    const state = readState("standardise", saved);
    const count = numberColumns(columns).length;
    return fitted(
      { mean: state.float64("mean", count), scale: state.float64("scale", count) },
      columns,
    );
  },
} as const satisfies FeatureStepSpec;

function fitted({ mean, scale }: ColumnScaling, columns: readonly InputColumn[]): FeatureStep {
  const numbers = numberColumns(columns);
  return {
    name: "standardise",
    outputs: columns,
    summary: { standardised: numbers.length },
    apply(x) {
      const result = matrix(x.rows, x.columns, x.data.slice());
      for (let at = 0; at < result.data.length; at += x.columns) {
        numbers.forEach((j, k) => {
          result.data[at + j] = (result.data[at + j] - mean[k]) / scale[k];
        });
      }
      return result;
    },
    save: () => ({ settings: {}, arrays: { mean, scale } }),
  };
}
