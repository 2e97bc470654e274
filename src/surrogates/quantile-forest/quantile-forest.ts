import { matrix, type Matrix } from "../../core/matrix.ts";
import type {
  FitInput,
  SavedState,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
} from "../contract.ts";
import {
  extraTrees,
  fitExtraTrees,
  loadExtraTrees,
  type ExtraTrees,
  type ExtraTreesOptions,
} from "../extra-trees/extra-trees.ts";
import { checkFitInput, checkNumberOption, withDefaults } from "../fit-input.ts";
import { nestStates, unnestState } from "../nested-state.ts";
import { readState, saveSurrogate } from "../saved-state.ts";
import { leafMembers, neighbourWeights, type LeafMembers } from "./leaf-members.ts";
import type { Splits } from "../forest/forest.ts";

/** Options of `quantile-forest`: those of `extra-trees`, and which quantile is predicted. */
export interface QuantileForestOptions extends ExtraTreesOptions {
  /** Share of the distribution below the predicted number; 0.5 = the median. */
  readonly quantile: number;
}

const defaults: QuantileForestOptions = {
  ...extraTrees.defaults,
  trees: 300,
  maxFeatures: "third",
  quantile: 0.5,
};

/**
 * Extra trees that predict a quantile, by default the median, instead of the mean: the training rows that share
 * a design's leaves, weighted by how often they do, are the distribution of its property. Right where many rows
 * share one value and the others spread (band gaps: metals have none), and where few rows are far out. The
 * column of means holds the quantile; both standard deviations are those of the trees.
 * Source: N. Meinshausen, J. Mach. Learn. Res. 7, 983 (2006).
 */
export const quantileForest = {
  name: "quantile-forest",
  title: "Quantile forest",
  supports: { regression: true, classification: false, epistemic: true, aleatoric: true },
  defaults,
  tunable: extraTrees.tunable,
  rounds: { option: "trees", least: 20, areAveraged: true },
  fit: fitQuantileForest,
  version: 1,
  load: loadQuantileForest,
} as const satisfies SurrogateSpec<QuantileForestOptions>;

/** See `quantileForest`; the same seed gives the same trees. */
export async function fitQuantileForest(
  input: FitInput,
  options?: Partial<QuantileForestOptions>,
): Promise<Surrogate> {
  const { name } = quantileForest;
  checkFitInput(quantileForest, input);
  const { quantile, ...ofTrees } = withDefaults(name, defaults, options);
  checkNumberOption(name, "quantile", quantile, { min: 0, max: 1 });
  const trees = await fitExtraTrees(input, ofTrees);
  const members = leafMembers(trees.forest, input.x);
  return quantileForestOf({ trees, members, target: sortedTarget(input.y), quantile });
}

/** All that a fitted quantile forest consists of. */
interface FittedQuantileForest {
  readonly trees: ExtraTrees;
  readonly members: LeafMembers;
  readonly target: SortedTarget;
  readonly quantile: number;
}

function quantileForestOf(fitted: FittedQuantileForest): Surrogate {
  const { trees, members, target, quantile } = fitted;
  return {
    name: quantileForest.name,
    task: trees.task,
    inputs: trees.inputs,
    summary: { ...trees.summary, quantile },
    predict: (x) => {
      const { epistemicStd, aleatoricStd } = trees.predict(x);
      const mean = quantiles(trees.forest, members, target, x, quantile);
      return { mean, epistemicStd, aleatoricStd };
    },
    save: () => save(fitted),
  };
}

function save({ trees, members, target, quantile }: FittedQuantileForest): SavedState {
  const nested = nestStates("trees ", [saveSurrogate(extraTrees, trees)!]);
  return {
    settings: { quantile, rows: target.row.length, trees: nested.settings },
    arrays: {
      targets: target.values,
      targetRows: target.row,
      leafStart: members.start,
      leafRows: members.rows,
      ...nested.arrays,
    },
  };
}

function loadQuantileForest(saved: SavedSurrogate): Surrogate {
  const { name } = quantileForest;
  const { task, inputs } = saved;
  const state = readState(name, saved);
  const rows = state.number("rows");
  const inner = unnestState(name, "trees ", state.json("trees"), saved, { task, inputs });
  const trees = loadExtraTrees(inner);
  const { roots, feature } = trees.forest;
  const leaves = feature.reduce((count, one) => count + (one < 0 ? 1 : 0), 0);
  return quantileForestOf({
    trees,
    members: {
      start: state.int32("leafStart", leaves + 1),
      rows: state.int32("leafRows", roots.length * rows),
    },
    target: { values: state.float64("targets", rows), row: state.int32("targetRows", rows) },
    quantile: state.number("quantile"),
  });
}

/** The training target in ascending order, and the row of each place. */
interface SortedTarget {
  readonly values: Float64Array;
  readonly row: Int32Array;
}

function sortedTarget(y: Float64Array): SortedTarget {
  const row = Int32Array.from(y.keys()).sort((a, b) => y[a] - y[b] || a - b);
  return { values: Float64Array.from(row, (i) => y[i]), row };
}

/** The least value at which the training rows up to it hold the share of the weight, for each row of x. */
function quantiles(
  splits: Splits,
  members: LeafMembers,
  { values, row }: SortedTarget,
  x: Matrix,
  share: number,
): Matrix {
  const result = matrix(x.rows, 1);
  const weights = new Float64Array(values.length);
  // Weights add up to one but for rounding, which must not pass over the last row that has any.
  const wanted = share * (1 - 1e-12);
  for (let i = 0; i < x.rows; i++) {
    neighbourWeights(splits, members, x.data, i * x.columns, weights);
    let below = 0;
    for (let k = 0; k < values.length; k++) {
      const weight = weights[row[k]];
      below += weight;
      if (weight > 0 && below >= wanted) {
        result.data[i] = values[k];
        break;
      }
    }
  }
  return result;
}
