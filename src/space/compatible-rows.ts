import { InputError, ShapeError } from "../core/errors.ts";
import { matrix, rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Design, ParameterValue, SearchSpace } from "./contract.ts";

/** Designs of a space in another one. */
export interface CompatibleRows {
  /** Those that the other space can encode, m x its dimension; kept whether they lie in it or not. */
  readonly rows: Matrix;
  /** Row of the old space of each. */
  readonly index: Int32Array;
  /** 1 for those that keep everything the other space asks for. */
  readonly isFeasible: Uint8Array;
  /** What speaks against a design, by its row of the old space; designs without objections are left out. */
  readonly objections: readonly Objection[];
}

export interface Objection {
  /** Row of the old space. */
  readonly row: number;
  /** Whether the other space can encode it all the same. */
  readonly isEncoded: boolean;
  readonly reasons: readonly string[];
}

/**
 * Brings designs of a space into a changed one: removed parameters are dropped, new ones get a default
 * (else their only value), everything else keeps its meaning, categories by their words. A design that is
 * out of a new limit is kept and flagged; one with a word or an element that is gone cannot be encoded.
 * @param rows n x dimension of the old space
 * @param defaults values of parameters that the old space does not have
 * @throws ShapeError for rows of another width, InputError for a new parameter without a default
 */
export function compatibleRows(
  from: SearchSpace,
  to: SearchSpace,
  rows: Matrix,
  defaults: Design = {},
): CompatibleRows {
  if (rows.columns !== from.dimension) {
    throw new ShapeError(
      `compatibleRows: expected ${from.dimension} columns, got ${rows.columns}.`,
    );
  }
  const added = addedValues(from, to, defaults);
  const encoded: Float64Array[] = [];
  const index: number[] = [];
  const feasible: number[] = [];
  const objections: Objection[] = [];
  for (let i = 0; i < rows.rows; i++) {
    const old = from.decode(rowOf(rows, i));
    const design: Record<string, ParameterValue> = {};
    const reasons: string[] = [];
    for (const parameter of to.parameters) {
      const value = old[parameter.name] ?? added.get(parameter.name);
      // A parameter that the old design did not have for want of its conditions.
      if (value === undefined) continue;
      design[parameter.name] =
        parameter.kind === "composition" && typeof value === "object"
          ? withoutGone(
              parameter.elements.map(({ symbol }) => symbol),
              value,
              reasons,
            )
          : value;
    }
    let row: Float64Array | null = null;
    if (reasons.length === 0) {
      try {
        row = to.encode(design);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        reasons.push(error.message.replace(/^encode: /, ""));
      }
    }
    const isFeasible = row !== null && to.isFeasible(row);
    if (row !== null) {
      encoded.push(row);
      index.push(i);
      feasible.push(isFeasible ? 1 : 0);
      if (!isFeasible) {
        const failed = to.check(row).filter(({ satisfied }) => !satisfied);
        reasons.push(
          ...failed.map(({ text, value }) => (value === null ? text : `${text} (${value})`)),
        );
      }
    }
    if (reasons.length > 0) objections.push({ row: i, isEncoded: row !== null, reasons });
  }
  const result = matrix(encoded.length, to.dimension);
  encoded.forEach((row, i) => result.data.set(row, i * to.dimension));
  return {
    rows: result,
    index: Int32Array.from(index),
    isFeasible: Uint8Array.from(feasible),
    objections,
  };
}

/** Values of the parameters that the old space does not have. */
function addedValues(
  from: SearchSpace,
  to: SearchSpace,
  defaults: Design,
): Map<string, ParameterValue> {
  const known = new Set(from.parameters.map(({ name }) => name));
  const result = new Map<string, ParameterValue>();
  for (const parameter of to.parameters) {
    const { name } = parameter;
    const given = defaults[name];
    if (given !== undefined) {
      result.set(name, given);
      continue;
    }
    if (known.has(name) || (parameter.kind !== "composition" && parameter.when !== undefined))
      continue;
    const only =
      parameter.kind === "continuous" && parameter.min === parameter.max
        ? parameter.min
        : (parameter.kind === "discrete" || parameter.kind === "categorical") &&
            parameter.values.length === 1
          ? parameter.values[0]
          : undefined;
    if (only === undefined) {
      throw new InputError(`compatibleRows: "${name}" is new and has no default.`, {
        path: name,
        expected: "the value that earlier designs had",
        hint: `Give defaults: { ${name}: ... }.`,
      });
    }
    result.set(name, only);
  }
  return result;
}

/** Fractions of the elements that are still there; one that is gone and was present is a reason. */
function withoutGone(
  symbols: readonly string[],
  fractions: Readonly<Record<string, number>>,
  reasons: string[],
): Readonly<Record<string, number>> {
  const gone = Object.keys(fractions).filter((symbol) => !symbols.includes(symbol));
  if (gone.length > 0) reasons.push(`${gone.join(", ")} is no longer part of the composition`);
  return fractions;
}
