import { InputError, ShapeError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { missingValue, tabulatedValue } from "../../materials/elements.ts";
import type { ElementColumnName } from "../../materials/element-columns.ts";
import {
  missingPairs,
  tabulatedMixingEnthalpy,
  type MixingEnthalpySetName,
} from "../../materials/mixing-enthalpies.ts";
import { blockRows, type RowKernel } from "./row-kernels.ts";

/** Rounding and the six digits of data files stay below this. */
const sumTolerance = 1e-5;

/** Compositions to be described: checked fractions, and which elements occur in any of them. */
export interface Alloys {
  /** n x symbols.length atomic fractions. */
  readonly fractions: Matrix;
  readonly symbols: readonly string[];
  /** For each symbol, whether any row contains it. */
  readonly isPresent: readonly boolean[];
}

/**
 * Checks fractions once for all descriptors.
 * @throws ShapeError when the columns do not match the symbols; InputError naming row and element for
 * a fraction that is negative or no number, and the row for fractions that do not sum to one
 */
export function checkAlloys(fractions: Matrix, symbols: readonly string[]): Alloys {
  const m = symbols.length;
  if (fractions.columns !== m) {
    throw new ShapeError(
      `alloy descriptors: expected one column per element (${m}: ${symbols.join(", ")}), got ${fractions.columns}.`,
    );
  }
  const total = new Float64Array(m);
  const { data } = fractions;
  for (let i = 0, at = 0; i < fractions.rows; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++, at++) {
      const fraction = data[at]!;
      if (!(fraction >= 0)) throw badFraction(i, symbols[j]!, fraction);
      sum += fraction;
      total[j] = total[j]! + fraction;
    }
    if (!(Math.abs(sum - 1) <= sumTolerance)) {
      throw new InputError(
        `alloy descriptors: the fractions of row ${i + 1} sum to ${sum}, not 1.`,
        {
          path: `row ${i + 1}`,
          expected: "atomic fractions that sum to 1",
          received: `${sum}`,
        },
      );
    }
  }
  return { fractions, symbols, isPresent: Array.from(total, (amount) => amount > 0) };
}

function badFraction(row: number, symbol: string, fraction: number): InputError {
  return new InputError(
    `alloy descriptors: the fraction of ${symbol} in row ${row + 1} must be 0 ... 1, got ${fraction}.`,
    { path: `row ${row + 1}, ${symbol}`, expected: "0 ... 1", received: `${fraction}` },
  );
}

/**
 * Tabulated values of the elements, in the order of the symbols; 0 for elements that occur in no row.
 * @throws InputError naming the elements that occur and have no value
 */
export function valuesFor({ symbols, isPresent }: Alloys, column: ElementColumnName): Float64Array {
  const values = symbols.map((symbol) => tabulatedValue(symbol, column));
  const missing = symbols.filter((_, j) => isPresent[j] && values[j] === undefined);
  if (missing.length > 0) throw missingValue(missing, column);
  return Float64Array.from(values, (value) => value ?? 0);
}

/**
 * Mixing enthalpies as a symmetric matrix, row-major, kJ/mol; 0 for pairs that occur in no row.
 * @throws InputError naming the pairs that occur in a row together and have no value
 */
export function enthalpiesFor(alloys: Alloys, set: MixingEnthalpySetName): Float64Array {
  const { symbols, isPresent } = alloys;
  const m = symbols.length;
  const values = new Float64Array(m * m);
  const missing: [number, number][] = [];
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < a; b++) {
      const value = tabulatedMixingEnthalpy(symbols[a]!, symbols[b]!, set);
      values[a * m + b] = value ?? 0;
      values[b * m + a] = value ?? 0;
      if (value === undefined && isPresent[a] && isPresent[b]) missing.push([a, b]);
    }
  }
  const needed = missing.filter(([a, b]) => occurTogether(alloys.fractions, a, b));
  if (needed.length > 0) {
    throw missingPairs(
      needed.map(([a, b]) => [symbols[b]!, symbols[a]!]),
      set,
    );
  }
  return values;
}

function occurTogether({ data, rows, columns }: Matrix, a: number, b: number): boolean {
  for (let i = 0; i < rows; i++) {
    if (data[i * columns + a]! > 0 && data[i * columns + b]! > 0) return true;
  }
  return false;
}

/** The numbers of every kernel for every row: n x kernels.length, in one pass over the fractions. */
export function runKernels(kernels: readonly RowKernel[], fractions: Matrix): Matrix {
  const result = matrix(fractions.rows, kernels.length);
  const stride = kernels.length;
  for (let first = 0; first < fractions.rows; first += blockRows) {
    const count = Math.min(blockRows, fractions.rows - first);
    kernels.forEach((kernel, k) => {
      kernel(fractions.data, first, count, result.data, first * stride + k, stride);
    });
  }
  return result;
}
