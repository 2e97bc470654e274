import { rowOf, type Matrix } from "../../core/matrix.ts";
import type { Objection } from "../../surrogates/validity/contract.ts";
import type { ModelInputs, ProcessValues } from "./model-inputs.ts";
import type { PreparedData } from "./prepared-data.ts";
import type { TrainingSet } from "./training-set.ts";

/** Elements that occur in the training rows, in the order of the data. */
export function elementsSeen(data: PreparedData, set: Pick<TrainingSet, "rows">): string[] {
  const fractions = data.fractionsOf(set.rows, data.symbols);
  return data.symbols.filter((_, j) => set.rows.some((_row, i) => rowOf(fractions, i)[j]! > 0));
}

/**
 * What speaks against designs before any feature is computed: an element that no training row has, a
 * word that no training row has, a setting that is not known.
 * @param elements those of the training rows
 * @param fractions n x symbols
 * @param values one entry per process input, n values each
 */
export function objectionsTo(
  elements: readonly string[],
  symbols: readonly string[],
  fractions: Matrix,
  process: ModelInputs["process"],
  values: readonly ProcessValues[],
): (readonly Objection[])[] {
  const isSeen = symbols.map((symbol) => elements.includes(symbol));
  return Array.from({ length: fractions.rows }, (_, i): readonly Objection[] => {
    const row = rowOf(fractions, i);
    const strange = symbols.filter((_symbol, j) => row[j]! > 0 && !isSeen[j]!);
    const words = process.flatMap((input, p): Objection[] => {
      if (input.kind === "number") {
        return Number.isNaN(values[p]![i])
          ? [{ verdict: "edge", reason: `${input.name} is not known` }]
          : [];
      }
      const word = (values[p] as readonly (string | null)[])[i] ?? null;
      if (word !== null && input.levels.includes(word)) return [];
      return word === null || word === ""
        ? [{ verdict: "edge", reason: `${input.name} is not known` }]
        : [{ verdict: "outside", reason: `no training row has ${input.name} ${word}` }];
    });
    return strange.length === 0
      ? words
      : [{ verdict: "outside", reason: `no training row has ${strange.join(", ")}` }, ...words];
  });
}
