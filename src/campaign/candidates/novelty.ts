import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { isMissingAt, textAt } from "../../data/table.ts";
import { extrapolationLimit, nearestMeasured } from "../../search/novelty.ts";
import type { CategoricalParameter, SearchSpace } from "../../space/contract.ts";
import type { Neighbour } from "../contract.ts";
import { measuredFormula, short } from "./design-text.ts";
import type { PreparedData } from "../learning/prepared-data.ts";
import { elementsOf, fractionsOfRows } from "../models/space-rows.ts";

/** How proposed designs stand to what was measured. */
export interface Novelty {
  /** Distance from which a design counts as extrapolation. */
  readonly limit: number;
  readonly distance: Float64Array;
  readonly isFar: readonly boolean[];
  readonly nearest: readonly Neighbour[];
}

/** Compares designs with every measured composition that the models may have seen. */
export function compositionNovelty(rows: Matrix, space: SearchSpace, data: PreparedData): Novelty {
  const symbols = [...new Set([...data.symbols, ...elementsOf(space)])];
  const kept = data.isKept.flatMap((isKept, row) => (isKept ? [row] : []));
  const known = data.fractionsOf(kept, symbols);
  const proposed = fractionsOfRows(space, rows, symbols);
  const limit = extrapolationLimit(known);
  const { index, distance } =
    rows.rows === 0
      ? { index: new Int32Array(), distance: new Float64Array() }
      : nearestMeasured({ fractions: proposed }, { fractions: known });
  const isSeen = symbols.map((symbol) => data.symbols.includes(symbol));
  return {
    limit,
    distance,
    isFar: Array.from({ length: rows.rows }, (_, i) => {
      const row = rowOf(proposed, i);
      return distance[i]! > limit || symbols.some((_, j) => row[j]! > 0 && !isSeen[j]!);
    }),
    nearest: Array.from({ length: rows.rows }, (_, i): Neighbour => {
      const row = kept[index[i]!]!;
      return {
        formula: measuredFormula(data, row),
        row: row + 1,
        difference: differenceText(rowOf(proposed, i), rowOf(known, index[i]!), symbols),
      };
    }),
  };
}

const largestDifferences = 4;

/** The largest differences of two compositions in atomic percent: `Nb +5, Ti -5 at%`. */
function differenceText(
  row: Float64Array,
  other: Float64Array,
  symbols: readonly string[],
): string {
  const parts = symbols
    .map((symbol, j) => ({ symbol, percent: 100 * (row[j]! - other[j]!) }))
    .filter(({ percent }) => Math.abs(percent) >= 0.05)
    .sort((a, b) => Math.abs(b.percent) - Math.abs(a.percent) || (a.symbol < b.symbol ? -1 : 1));
  if (parts.length === 0) return "the same composition";
  const texts = parts.slice(0, largestDifferences).map(({ symbol, percent }) => {
    const size = Math.abs(percent).toFixed(1).replace(/\.0$/, "");
    return `${symbol} ${percent > 0 ? "+" : "−"}${size}`;
  });
  return `${texts.join(", ")}${parts.length > largestDifferences ? ", ..." : ""} at%`;
}

/**
 * Compares designs with every measured one by all of their settings: the mean over what the space varies
 * of the differences, numbers as share of the searched range, a composition by the share to exchange, a
 * category 0 or 1.
 * Source: J. C. Gower, Biometrics 27, 857 (1971), doi:10.2307/2528823.
 */
export function experimentNovelty(rows: Matrix, space: SearchSpace, data: PreparedData): Novelty {
  const { known, index: from } = experimentRows(space, data);
  const knownShares = gowerShares(space, known);
  const limit = extrapolationLimit(knownShares);
  const { index, distance } =
    rows.rows === 0
      ? { index: new Int32Array(), distance: new Float64Array() }
      : nearestMeasured({ fractions: gowerShares(space, rows) }, { fractions: knownShares });
  return {
    limit,
    distance,
    isFar: Array.from(distance, (one) => one > limit),
    nearest: Array.from(index, (k, i): Neighbour => ({
      formula: measuredFormula(data, from[k]!),
      row: from[k]! + 1,
      difference: settingsDifference(space, rowOf(rows, i), rowOf(known, k)),
    })),
  };
}

/** Kept rows of the data whose settings are all known and of the space's words, as encoded designs. */
export function experimentRows(
  space: SearchSpace,
  data: PreparedData,
): { readonly known: Matrix; readonly index: readonly number[] } {
  const { columns } = data.dataset.table;
  const index: number[] = [];
  const values: number[] = [];
  data.isKept.forEach((isKept, row) => {
    if (!isKept) return;
    const fractions = data.fractions(row);
    const encoded = space.columns.map(({ kind, label }) => {
      if (kind === "fraction") return fractions[label] ?? 0;
      const column = columns.find((one) => one.name === label)!;
      if (isMissingAt(column, row)) return Number.NaN;
      if (kind === "number") return column.values[row] as number;
      const parameter = space.parameters.find((one) => one.name === label) as CategoricalParameter;
      const word = parameter.values.indexOf(textAt(column, row));
      return word < 0 ? Number.NaN : word;
    });
    if (encoded.some(Number.isNaN)) return;
    index.push(row);
    values.push(...encoded);
  });
  return { known: matrix(index.length, space.dimension, Float64Array.from(values)), index };
}

/** Columns whose L1 distance is twice Gower's. */
function gowerShares(space: SearchSpace, rows: Matrix): Matrix {
  const varied = space.columns.filter(({ kind, min, max }) => kind !== "fraction" && max > min);
  const hasComposition = space.columns.some(({ kind }) => kind === "fraction");
  const parts = Math.max(1, varied.length + (hasComposition ? 1 : 0));
  const columns = space.columns.flatMap(
    ({ kind, min, max }, j): ((row: Float64Array) => number)[] => {
      if (kind === "fraction") return [(row) => row[j]! / parts];
      if (max === min) return [];
      if (kind === "number") return [(row) => (2 * row[j]!) / (parts * (max - min))];
      return Array.from(
        { length: max + 1 },
        (_, word) => (row: Float64Array) => (row[j] === word ? 1 / parts : 0),
      );
    },
  );
  const result = matrix(rows.rows, columns.length);
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i);
    columns.forEach((share, k) => {
      result.data[i * columns.length + k] = share(row);
    });
  }
  return result;
}

/** `temperature +20 K, solvent water instead of ethanol`. */
function settingsDifference(space: SearchSpace, row: Float64Array, other: Float64Array): string {
  const parts = space.columns.flatMap(({ kind, label, unit, min, max }, j) => {
    const gap = row[j]! - other[j]!;
    const name = label.replaceAll("_", " ");
    if (kind === "category") {
      const { values } = space.parameters.find((one) => one.name === label) as CategoricalParameter;
      return gap === 0
        ? []
        : [{ size: 1, text: `${name} ${values[row[j]!]} instead of ${values[other[j]!]}` }];
    }
    const size = Math.abs(gap) / (kind === "fraction" ? 1 : max - min || 1);
    if (size < 5e-4) return [];
    const sign = gap > 0 ? "+" : "−";
    const tail = unit === "1" ? "" : ` ${unit}`;
    return [{ size, text: `${name} ${sign}${short(Math.abs(gap))}${tail}` }];
  });
  if (parts.length === 0) return "the same settings";
  const texts = parts.sort((a, b) => b.size - a.size).map(({ text }) => text);
  return `${texts.slice(0, largestDifferences).join(", ")}${texts.length > largestDifferences ? ", ..." : ""}`;
}
