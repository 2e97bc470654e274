import { log, log1p } from "../../core/elementary.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { SettingNotes } from "../settings.ts";
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

export const variationNotes: SettingNotes<VariationSettings> = {
  crossoverProbability: "chance that two parents are mixed rather than copied",
  crossoverIndex: "the larger, the nearer the children are to their parents",
  mutationIndex: "the larger, the smaller the steps of mutations",
};

/** Makes new designs of two known ones. Rows may leave the feasible designs until they are repaired. */
export interface Variation {
  /** Turns copies of two parents into two children; both rows are written to. */
  cross(a: Float64Array, b: Float64Array): void;
  /** Changes a row a little, in place. */
  mutate(row: Float64Array): void;
}

/** How one variable that is a column of its own changes. */
interface Change {
  readonly column: number;
  readonly to: (value: number) => number;
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
  const swapped = [...lists, ...categories].map(({ column }) => column);
  const changes: readonly Change[] = [
    ...reals.map(({ column, min, max }): Change => ({
      column,
      to: (value) => mutateReal(value, min, max, mutationIndex, rng),
    })),
    ...lists.map(({ column, values }): Change => ({
      column,
      to: (value) => mutateListed(value, values, rng),
    })),
    ...categories.map(({ column, count }): Change => ({
      column,
      to: (value) => otherThan(value, count, rng),
    })),
  ];
  const rest = log1p(-1 / Math.max(1, changes.length));
  const heads = (): boolean => rng.bits() >= 2 ** 31;

  return {
    cross(a, b) {
      if (rng.uniform() >= crossoverProbability) return;
      for (const { column, min, max } of reals) {
        if (heads()) crossReal(a, b, column, min, max, crossoverIndex, rng);
      }
      for (const column of swapped) {
        if (a[column] === b[column] || heads()) continue;
        const kept = a[column];
        a[column] = b[column];
        b[column] = kept;
      }
      for (const variable of compositions) mixCompositions(a, b, variable, rng);
    },
    mutate(row) {
      // How many variables keep their value before the next that changes is geometric.
      const kept = (): number => Math.floor(log(1 - rng.uniform()) / rest);
      for (let k = kept(); k < changes.length; k += 1 + kept()) {
        const { column, to } = changes[k];
        row[column] = to(row[column]);
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
