import { rowOf, type Matrix } from "../../../core/matrix.ts";
import type { SearchSpace } from "../../../space/contract.ts";

/**
 * What the experiments shall tell apart.
 *
 * | model | terms |
 * |---|---|
 * | linear | a constant and each variable; for a composition its fractions, which need no constant |
 * | interactions | and the products of two variables (Scheffe's quadratic polynomial for a composition) |
 * | quadratic | and the squares of numbers |
 *
 * A category of c words counts as c - 1 variables.
 */
export type ModelKind = "linear" | "interactions" | "quadratic";

/** A linear model over designs. */
export interface ModelTerms {
  readonly labels: readonly string[];
  /** Labels of terms that follow from others in this space. */
  readonly dropped: readonly string[];
  /** Writes the terms of one row. */
  readonly expand: (row: ArrayLike<number>, out: Float64Array) => void;
}

interface Variable {
  readonly label: string;
  /** Column of the space; variables of one column are never multiplied. */
  readonly column: number;
  readonly hasSquare: boolean;
  value(row: ArrayLike<number>): number;
}

type Term = readonly Variable[];

/** Share of a term's length below which what other terms leave of it counts as nothing. */
const rankTolerance = 1e-7;

/**
 * The terms of a model on a space, numbers coded to -1 ... 1. Terms that the others determine on all of `sample`
 * are left out, the later ones first.
 */
export function createTerms(space: SearchSpace, kind: ModelKind, sample: Matrix): ModelTerms {
  const variables = space.columns.flatMap((column, j) => variablesOf(space, column, j));
  const hasMixture = variables.some(({ column }) => space.columns[column].kind === "fraction");
  const terms: Term[] = hasMixture ? [] : [[]];
  for (const variable of variables) terms.push([variable]);
  if (kind !== "linear") {
    variables.forEach((a, i) => {
      for (const b of variables.slice(i + 1)) if (a.column !== b.column) terms.push([a, b]);
    });
  }
  if (kind === "quadratic") for (const one of variables) if (one.hasSquare) terms.push([one, one]);
  const isKept = independent(terms, sample);
  const kept = terms.filter((_, k) => isKept[k]);
  return {
    labels: kept.map(labelOf),
    dropped: terms.filter((_, k) => !isKept[k]).map(labelOf),
    expand: (row, out) => expandInto(kept, row, out),
  };
}

function variablesOf(
  { parameters }: SearchSpace,
  { label, kind, min, max, parameter }: SearchSpace["columns"][number],
  column: number,
): Variable[] {
  if (max === min) return [];
  if (kind === "fraction") {
    return [{ label, column, hasSquare: false, value: (row) => row[column] }];
  }
  if (kind === "number") {
    const own = parameters.find(({ name }) => name === parameter);
    const levels = own?.kind === "discrete" ? own.values.length : Number.POSITIVE_INFINITY;
    const value = (row: ArrayLike<number>): number => (2 * row[column] - min - max) / (max - min);
    return [{ label, column, hasSquare: levels > 2, value }];
  }
  // Effects against the first word.
  const words = parameters.find(({ name }) => name === parameter);
  return Array.from({ length: max - min }, (_, k): Variable => {
    const at = min + k + 1;
    const word = words?.kind === "categorical" ? words.values[at] : `${at}`;
    return {
      label: `${label} ${word}`,
      column,
      hasSquare: false,
      value: (row) => (row[column] === at ? 1 : row[column] === min ? -1 : 0),
    };
  });
}

const labelOf = (term: Term): string =>
  term.length === 0
    ? "1"
    : term.length === 2 && term[0] === term[1]
      ? `${term[0].label}^2`
      : term.map(({ label }) => label).join(" * ");

function expandInto(terms: readonly Term[], row: ArrayLike<number>, out: Float64Array): void {
  for (let k = 0; k < terms.length; k++) {
    let product = 1;
    for (const variable of terms[k]) product *= variable.value(row);
    out[k] = product;
  }
}

/** Which terms are not determined by those before them, by orthogonalising one after the other, twice. */
function independent(terms: readonly Term[], sample: Matrix): boolean[] {
  const n = sample.rows;
  const values = new Float64Array(terms.length);
  const columns = terms.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    expandInto(terms, rowOf(sample, i), values);
    columns.forEach((column, k) => (column[i] = values[k]));
  }
  const basis: Float64Array[] = [];
  return columns.map((column) => {
    const size = Math.sqrt(dot(column, column));
    for (let pass = 0; pass < 2; pass++) {
      for (const direction of basis) {
        const along = dot(column, direction);
        for (let i = 0; i < n; i++) column[i] -= along * direction[i];
      }
    }
    const left = Math.sqrt(dot(column, column));
    if (!(left > rankTolerance * size)) return false;
    basis.push(column.map((value) => value / left));
    return true;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
