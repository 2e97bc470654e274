import { InputError, ShapeError } from "../core/errors.ts";
import { matrix, type Matrix } from "../core/matrix.ts";
import { suggest } from "../core/nearest-name.ts";
import { canonicalUnit, converter, isSameDimension } from "../core/units.ts";

/** A number that a model made elsewhere takes or gives. */
export interface DeclaredNumber {
  readonly name: string;
  /** `1` for plain numbers. */
  readonly unit: string;
}

/**
 * The declared numbers with their units in canonical spelling.
 * @throws InputError for none, two of one name, or an unknown unit
 */
export function checkDeclared(
  who: string,
  inputs: readonly DeclaredNumber[],
): readonly DeclaredNumber[] {
  if (inputs.length === 0) {
    throw new InputError(`${who}: expected at least one declared input.`, { path: "inputs" });
  }
  const seen = new Set<string>();
  return inputs.map(({ name, unit }) => {
    if (seen.has(name)) {
      throw new InputError(`${who}: the input "${name}" is declared twice.`, { path: "inputs" });
    }
    seen.add(name);
    return { name, unit: unitOf(who, name, unit) };
  });
}

/** Canonical unit of a declared number. @throws InputError naming it */
export function unitOf(who: string, name: string, unit: string): string {
  try {
    return canonicalUnit(unit);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`${who}: unit of "${name}": ${reason}`, { path: name, cause });
  }
}

/**
 * Brings columns into the order and units that a model declares; others are left out.
 * @param given what the columns of a matrix hold
 * @throws InputError for a declared input that is not given, or in a unit of another dimension
 */
export function arrangeInputs(
  who: string,
  declared: readonly DeclaredNumber[],
  given: readonly DeclaredNumber[],
): (x: Matrix) => Matrix {
  const columns = declared.map(({ name, unit }) => {
    const index = given.findIndex((column) => column.name === name);
    if (index < 0) {
      const names = given.map((column) => column.name);
      throw new InputError(`${who}: the input "${name}" is missing.`, {
        path: name,
        hint: suggest(name, names),
      });
    }
    const from = unitOf(who, name, given[index].unit);
    if (!isSameDimension(from, unit)) {
      throw new InputError(`${who}: expected "${name}" in ${unit}, got ${from}.`, {
        path: name,
        expected: unit,
        received: from,
      });
    }
    return { index, convert: converter(from, unit) };
  });
  return (x) => {
    if (x.columns !== given.length) {
      throw new ShapeError(`${who}: expected ${given.length} columns, got ${x.columns}.`, {
        path: "x",
      });
    }
    const result = matrix(x.rows, columns.length);
    for (let i = 0; i < x.rows; i++) {
      columns.forEach(({ index, convert }, j) => {
        result.data[i * columns.length + j] = convert(x.data[i * x.columns + index]);
      });
    }
    return result;
  };
}

/** @throws ShapeError for another number of columns; InputError for a number that is not finite, by row and name */
export function checkDeclaredRows(
  who: string,
  declared: readonly DeclaredNumber[],
  x: Matrix,
): void {
  if (x.columns !== declared.length) {
    const names = declared.map(({ name }) => name).join(", ");
    throw new ShapeError(
      `${who}: expected ${declared.length} columns (${names}), got ${x.columns}.`,
      { path: "x", expected: `${declared.length} columns`, received: `${x.columns}` },
    );
  }
  for (let k = 0; k < x.data.length; k++) {
    if (Number.isFinite(x.data[k])) continue;
    const place = `row ${Math.floor(k / x.columns)}, input "${declared[k % x.columns].name}"`;
    throw new InputError(`${who}: expected a finite number in ${place}, got ${x.data[k]}.`, {
      path: place,
    });
  }
}
