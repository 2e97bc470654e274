import { matrix, rowOf, takeRows, type Matrix } from "../core/matrix.ts";
import type { Posterior } from "../search/posterior/contract.ts";
import type { Mode } from "../search/posterior/modes.ts";
import type { SearchSpace } from "../space/contract.ts";
import { predictGoals, type TargetModel } from "./models/target-models.ts";

/** One column in which designs differ. */
export interface SampledColumn {
  readonly label: string;
  readonly unit: string;
  /** A share of a composition, between 0 and 1. */
  readonly isFraction: boolean;
  readonly min: number;
  readonly max: number;
  /** Of a category; null for numbers. */
  readonly words: readonly string[] | null;
}

/** A value for each column; null where the design does not have the parameter. */
export type SampledValues = readonly (number | string | null)[];

/** One design of the posterior. */
export interface SampledDesign {
  readonly values: SampledValues;
  /** Share of the probability. */
  readonly weight: number;
  /** Its family's place in the list of families; null for families too small to be listed. */
  readonly family: number | null;
  /** Of each target, in order: mean and standard deviation with noise; for a class its probability. */
  readonly predictions: readonly { readonly mean: number; readonly std: number }[];
}

/** Designs of the posterior, and of the space for comparison. */
export interface InversionSample {
  readonly columns: readonly SampledColumn[];
  /** Different designs; their weights sum to one. */
  readonly designs: readonly SampledDesign[];
  /** Designs of the space as it is without targets: values, and the mean of each target. */
  readonly prior: readonly { readonly values: SampledValues; readonly means: readonly number[] }[];
}

/** Designs of the space that are shown for comparison. */
const mostPrior = 600;
/** Designs below this share of the most probable one's weight are left out. */
const leastWeight = 1e-9;

/** The posterior's designs, each once, with their families and predictions. */
export async function sampleOf(
  posterior: Posterior,
  modes: readonly Pick<Mode, "members">[],
  models: readonly TargetModel[],
  space: SearchSpace,
): Promise<InversionSample> {
  const varied = space.columns.flatMap(({ min, max }, j) => (max > min ? [j] : []));
  const columns = varied.map((j): SampledColumn => {
    const { label, unit, kind, parameter, min, max } = space.columns[j]!;
    const own = space.parameters.find(({ name }) => name === parameter);
    const words = own?.kind === "categorical" ? own.values : null;
    return { label, unit, isFraction: kind === "fraction", min, max, words };
  });
  const valuesOf = (row: Float64Array): SampledValues => {
    const design = space.decode(row);
    return varied.map((j) => {
      const { kind, parameter } = space.columns[j]!;
      if (kind === "fraction") return row[j]!;
      const value = design[parameter];
      return typeof value === "number" || typeof value === "string" ? value : null;
    });
  };
  const family = new Int32Array(posterior.rows.rows).fill(-1);
  modes.forEach(({ members }, k) => members.forEach((i) => (family[i] = k)));

  const first = new Map<string, number>();
  const weightOf = new Map<number, number>();
  const heaviest = posterior.weights.reduce((most, w) => Math.max(most, w), 0);
  posterior.weights.forEach((weight, i) => {
    if (weight < leastWeight * heaviest) return;
    const key = rowOf(posterior.rows, i).join(" ");
    const at = first.get(key) ?? i;
    first.set(key, at);
    weightOf.set(at, (weightOf.get(at) ?? 0) + weight);
  });
  const designs = [...weightOf].map(([i, weight]): SampledDesign => ({
    values: valuesOf(rowOf(posterior.rows, i)),
    weight,
    family: family[i]! < 0 ? null : family[i]!,
    predictions: posterior.predictions.map(({ mean, epistemicStd, aleatoricStd }, g) => ({
      mean: mean[i]!,
      std:
        models[g]!.target.kind === "class"
          ? epistemicStd[i]!
          : Math.sqrt(epistemicStd[i]! * epistemicStd[i]! + aleatoricStd[i]! * aleatoricStd[i]!),
    })),
  }));
  return { columns, designs, prior: await priorOf(posterior.prior, models, valuesOf) };
}

async function priorOf(
  all: Matrix,
  models: readonly TargetModel[],
  valuesOf: (row: Float64Array) => SampledValues,
): Promise<InversionSample["prior"]> {
  const count = Math.min(mostPrior, all.rows);
  // Evenly spread over what may be a list in order.
  const chosen = Int32Array.from({ length: count }, (_, k) => Math.floor((k * all.rows) / count));
  const rows = count === 0 ? matrix(0, all.columns) : takeRows(all, chosen);
  const predictions = await predictGoals(models, rows);
  return Array.from({ length: count }, (_, i) => ({
    values: valuesOf(rowOf(rows, i)),
    means: predictions.map(({ mean }) => mean[i]!),
  }));
}
