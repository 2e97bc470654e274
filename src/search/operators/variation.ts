import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { mixCompositions, mutateComposition } from "./composition.ts";
import { layoutOf } from "./layout.ts";
import { mutateListed, otherThan } from "./list.ts";
import { crossReal, mutateReal } from "./real.ts";
import { tidyComposition } from "./tidy.ts";

export interface VariationSettings {
  /** Chance that two parents are mixed rather than copied. */
  readonly crossoverProbability: number;
  /** Distribution index of the crossover: the larger, the nearer the children are to their parents. */
  readonly crossoverIndex: number;
  /** Distribution index of the mutation: the larger, the smaller its steps. */
  readonly mutationIndex: number;
}

/** Makes new designs of two known ones. Rows may leave the feasible designs until they are repaired. */
export interface Variation {
  /** Turns copies of two parents into two children; both rows are written to. */
  cross(a: Float64Array, b: Float64Array): void;
  /** Changes a row a little, in place. */
  mutate(row: Float64Array): void;
}

/** Chance that a composition is changed, beside the chance 1/n of each of the n other variables. */
const compositionChance = 0.7;

/** Variation for the kinds of variables that a space has. */
export function createVariation(
  space: SearchSpace,
  { crossoverProbability, crossoverIndex, mutationIndex }: VariationSettings,
  rng: Rng,
): Variation {
  const { reals, lists, categories, compositions } = layoutOf(space);
  const chance = 1 / Math.max(1, reals.length + lists.length + categories.length);
  const swapped = [...lists, ...categories].map(({ column }) => column);

  return {
    cross(a, b) {
      if (rng.uniform() >= crossoverProbability) return;
      for (const { column, min, max } of reals) {
        if (rng.uniform() < 0.5) crossReal(a, b, column, min, max, crossoverIndex, rng);
      }
      for (const column of swapped) {
        if (a[column] === b[column] || rng.uniform() < 0.5) continue;
        const kept = a[column];
        a[column] = b[column];
        b[column] = kept;
      }
      for (const variable of compositions) mixCompositions(a, b, variable, rng);
    },
    mutate(row) {
      for (const { column, min, max } of reals) {
        if (rng.uniform() < chance) {
          row[column] = mutateReal(row[column], min, max, mutationIndex, rng);
        }
      }
      for (const { column, values } of lists) {
        if (rng.uniform() < chance) row[column] = mutateListed(row[column], values, rng);
      }
      for (const { column, count } of categories) {
        if (rng.uniform() < chance) row[column] = otherThan(row[column], count, rng);
      }
      for (const variable of compositions) {
        if (rng.uniform() < compositionChance) {
          mutateComposition(row, variable, mutationIndex, rng);
        }
        tidyComposition(row, variable);
      }
    },
  };
}
