import { covarianceMatrix } from "../../core/correlation.ts";
import { InputError } from "../../core/errors.ts";
import { multiply } from "../../core/linalg/multiply.ts";
import { symmetricEigen } from "../../core/linalg/symmetric-eigen.ts";
import { joinColumns, matrix, type Matrix } from "../../core/matrix.ts";
import type { InputColumn } from "../contract.ts";
import { checkNumberOption, withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { columnScaling } from "../standardise.ts";
import { numberColumn, numberColumns, otherColumns, takeColumns } from "./columns.ts";
import type { FeatureStep, FeatureStepSpec } from "./contract.ts";

export interface PcaOptions {
  /** Most components that are kept. */
  readonly components: number;
  /** Least share of the variance, 0 ... 1, that the components together explain, as far as `components` allows. */
  readonly variance: number;
}

/** Components below this share of the largest variance are rounding. */
const roundingShare = 1e-12;

const defaults: PcaOptions = { components: 1000, variance: 0.99 };

/**
 * Principal components of the numbers, centred and not scaled (put `standardise` before it where units
 * differ); the largest entry of every direction is positive.
 * Source: I. T. Jolliffe, Principal Component Analysis, 2nd ed. (2002).
 */
export const pca = {
  name: "pca",
  title: "Principal components",
  defaults,
  takesMissing: false,
  fillsMissing: false,
  async fit({ x, columns }, options) {
    const { components, variance } = withDefaults<PcaOptions>("pca", defaults, options);
    checkNumberOption("pca", "components", components, { min: 1, integer: true });
    checkNumberOption("pca", "variance", variance, { min: 0, max: 1 });
    const numbers = takeColumns(x, numberColumns(columns));
    if (numbers.columns === 0) {
      throw new InputError("pca: there is no column of numbers.", { path: "x" });
    }
    const { mean } = columnScaling(numbers);
    const { values, vectors } = symmetricEigen(covarianceMatrix(numbers));
    const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
    const last = values.length - 1;
    let kept = 0;
    let explained = 0;
    while (
      kept < Math.min(components, values.length, x.rows - 1) &&
      (kept === 0 ||
        (explained < variance * total && values[last - kept] > roundingShare * values[last]))
    ) {
      explained += Math.max(0, values[last - kept++]);
    }
    const directions = matrix(kept, values.length);
    for (let k = 0; k < kept; k++) {
      const from = (last - k) * values.length;
      directions.data.set(vectors.data.subarray(from, from + values.length), k * values.length);
    }
    return fitted({ mean, directions, share: total > 0 ? explained / total : 1 }, columns);
  },
  load(saved, columns) {
    const state = readState("pca", saved);
    const count = numberColumns(columns).length;
    const kept = state.number("components");
    return fitted(
      {
        mean: state.float64("mean", count),
        directions: state.matrix("directions", kept, count),
        share: state.number("share"),
      },
      columns,
    );
  },
} as const satisfies FeatureStepSpec<PcaOptions>;

interface State {
  readonly mean: Float64Array;
  /** Components x numbers, each of length one. */
  readonly directions: Matrix;
  /** Share of the variance that is kept. */
  readonly share: number;
}

function fitted({ mean, directions, share }: State, columns: readonly InputColumn[]): FeatureStep {
  const numbers = numberColumns(columns);
  const others = otherColumns(columns);
  const kept = directions.rows;
  return {
    name: "pca",
    outputs: [
      ...Array.from({ length: kept }, (_, k) => numberColumn(`component ${k + 1}`)),
      ...others.map((j) => columns[j]),
    ],
    summary: { components: kept, "variance kept": share },
    apply(x) {
      const centred = takeColumns(x, numbers);
      for (let k = 0; k < centred.data.length; k++) centred.data[k] -= mean[k % numbers.length];
      const scores =
        x.rows === 0 ? matrix(0, kept) : multiply(centred, directions, { transposeB: true });
      return others.length === 0 ? scores : joinColumns([scores, takeColumns(x, others)]);
    },
    save: () => ({
      settings: { components: kept, share },
      arrays: { mean, directions: directions.data },
    }),
  };
}
