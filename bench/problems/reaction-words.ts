import { exp } from "../../src/core/elementary.ts";
import { createRng } from "../../src/core/rng.ts";
import type { CategoricalParameter, Encoding, Parameter } from "../../src/space/contract.ts";

/** Solvents and ligands that are numbers to the outcome: where they lie decides, and two numbers say where. */
const words = 12;
const rng = createRng("words of a reaction");
const hidden = ["solvent", "ligand"].map((name) => ({
  name,
  first: Array.from({ length: words }, () => rng.uniform()),
  second: Array.from({ length: words }, () => rng.uniform()),
  /** Known too, and of no effect. */
  third: Array.from({ length: words }, () => rng.uniform()),
}));

/** Descriptors that are those of another word: numbers that say nothing of the outcome. */
const shuffled = createRng("shuffled words").permutation(words);

const bump = (gap: number, width: number): number => exp(-(gap * gap) / (2 * width * width));

/** Minus a yield: best for words near (0.7, 0.3) at a temperature that follows the solvent's first number. */
export function yieldAt(row: ArrayLike<number>): number {
  const [solvent, ligand, temperature, time] = Array.from(row);
  const [s, l] = hidden;
  const [su, sv, lu, lv] = [s.first[solvent], s.second[solvent], l.first[ligand], l.second[ligand]];
  return -(
    bump(su - 0.7, 0.35) *
    bump(sv - 0.3, 0.35) *
    bump(lu - 0.7, 0.35) *
    bump(lv - 0.3, 0.35) *
    bump(temperature - (0.2 + 0.6 * su), 0.25) *
    bump(time - 0.5, 0.4)
  );
}

/** The least value, taken at the best words and their temperature. */
export const leastYield = Math.min(
  ...Array.from({ length: words * words }, (_, at) => {
    const solvent = at % words;
    return yieldAt([solvent, Math.floor(at / words), 0.2 + 0.6 * hidden[0].first[solvent], 0.5]);
  }),
);

/** @param mislead whether the descriptors are those of other words */
export function reactionParameters(encoding: Encoding, mislead: boolean): Parameter[] {
  const categories = hidden.map(({ name, first, second, third }): CategoricalParameter => {
    const told = (values: readonly number[]): number[] =>
      mislead ? values.map((_, k) => values[shuffled[k]]) : [...values];
    return {
      kind: "categorical",
      name,
      values: Array.from({ length: words }, (_, k) => `${name} ${k + 1}`),
      encoding,
      descriptors: [
        { name: "first", unit: "1", values: told(first) },
        { name: "second", unit: "1", values: told(second) },
        { name: "third", unit: "1", values: told(third) },
      ],
    };
  });
  const share = (name: string): Parameter => ({
    kind: "continuous",
    name,
    unit: "1",
    min: 0,
    max: 1,
  });
  return [...categories, share("temperature"), share("time")];
}
