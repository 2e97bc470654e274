import { InputError } from "../core/errors.ts";
import { matrix } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import { convert } from "../core/units.ts";
import { atomicFractions } from "../materials/composition.ts";
import type { Composition } from "../materials/composition.ts";
import { atomicNumber, elementSymbols } from "../materials/elements.ts";
import { parseFormula } from "../materials/formula.ts";
import type { Basis } from "../materials/formula.ts";
import type { NumberColumn, Table, TextColumn } from "./contract.ts";

/** Why a row has no composition. */
export interface CompositionProblem {
  /** Counted from 1 below the header. */
  readonly row: number;
  readonly column: string;
  readonly message: string;
  readonly kind: "missing" | "formula" | "sum" | "negative";
}

/** The compositions of a table. */
export interface TableCompositions {
  /** Elements that occur, by atomic number, or as asked for. */
  readonly symbols: readonly string[];
  /** n x symbols atomic fractions, each row summing to one; zeros where a row has a problem. */
  readonly fractions: Matrix;
  /** 1 for rows with a composition. */
  readonly valid: Uint8Array;
  readonly problems: readonly CompositionProblem[];
  /** Where they came from: the formula column's name or `fractions`. */
  readonly from: string;
}

export interface CompositionOptions {
  /** Elements in this order instead of those that occur; a row with another element is a problem. */
  readonly symbols?: readonly string[];
  /** How far a sum of fraction columns may be from one (default 0.02: rounded percents). */
  readonly sumTolerance?: number;
}

/** Sums within this of one are roundings; anything else the audit lists. */
export const defaultSumTolerance = 0.02;

/**
 * Atomic fractions of every row, from the formula column where there is one, else from the columns of
 * fractions (atomic or by mass, 0 ... 1 or percent; a missing amount is 0). Rows that cannot be read
 * are listed, not thrown.
 * @throws InputError when the table has neither
 */
export function tableCompositions(
  table: Table,
  options: CompositionOptions = {},
): TableCompositions {
  const formula = table.columns.find((column) => column.role.kind === "formula");
  const fractions = fractionColumns(table);
  const problems: CompositionProblem[] = [];
  const rows =
    formula?.kind === "text"
      ? fromFormulas(formula, problems)
      : fractions.length > 0
        ? fromFractions(
            table.rows,
            fractions,
            options.sumTolerance ?? defaultSumTolerance,
            problems,
          )
        : undefined;
  if (rows === undefined) {
    throw new InputError(`${table.source} has no composition.`, {
      file: table.source,
      expected: "a column of formulas, or columns of amounts such as x_Al or Al (wt%)",
      received: table.columns
        .map((column) => column.header)
        .slice(0, 8)
        .join(", "),
      hint: 'Declare the column: --column "Alloy=formula", in a problem file columns: { Alloy: formula }.',
    });
  }
  const from = formula?.kind === "text" ? formula.name : "fractions";
  return { ...fillMatrix(rows, from, options.symbols, problems), from };
}

/** Columns whose role is an amount of an element. */
export function fractionColumns(
  table: Table,
): readonly (NumberColumn & { readonly role: FractionRole })[] {
  return table.columns.filter(
    (column): column is NumberColumn & { role: FractionRole } =>
      column.kind === "number" && column.role.kind === "fraction",
  );
}
type FractionRole = Extract<Table["columns"][number]["role"], { kind: "fraction" }>;

type Rows = (Composition | undefined)[];

function fromFormulas(column: TextColumn, problems: CompositionProblem[]): Rows {
  const options = { basis: basisOf(column.header) };
  const known = new Map<string, Composition | InputError>();
  return column.values.map((text, i) => {
    if (text === null) {
      problems.push({ row: i + 1, column: column.name, kind: "missing", message: "no formula" });
      return undefined;
    }
    let read = known.get(text);
    if (read === undefined) {
      read = readFormula(text, options.basis);
      known.set(text, read);
    }
    if (!(read instanceof InputError)) return read;
    const hint = read.details.hint === undefined ? "" : ` ${read.details.hint}`;
    problems.push({
      row: i + 1,
      column: column.name,
      kind: "formula",
      message: `${read.message}${hint}`,
    });
    return undefined;
  });
}

function readFormula(text: string, basis: Basis | undefined): Composition | InputError {
  try {
    return parseFormula(text, basis === undefined ? {} : { basis }).fractions;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** `composition (wt%)` says what the amounts of the formulas count. */
const basisOf = (header: string): Basis | undefined =>
  /(?:wt|mass|weight)[.\s_-]*(?:%|pct|percent|$)/i.test(header) ? "mass" : undefined;

function fromFractions(
  rows: number,
  columns: readonly (NumberColumn & { readonly role: FractionRole })[],
  tolerance: number,
  problems: CompositionProblem[],
): Rows {
  const bases = new Set(columns.map((column) => column.role.basis));
  const basis = bases.has("mass") ? "mass" : "atomic";
  // Where a table gives both, the atomic fractions need no conversion.
  const used =
    bases.size === 2 ? columns.filter((column) => column.role.basis === "atomic") : columns;
  const byMass = bases.size === 1 && basis === "mass";
  const scales = used.map((column) => fractionScale(column.unit));
  const label = used.map((column) => column.name).join(", ");
  const place = used.length > 4 ? `${used[0]!.name} ... ${used.at(-1)!.name}` : label;
  return Array.from({ length: rows }, (_, i) => {
    const amounts: Record<string, number> = {};
    let sum = 0;
    for (let k = 0; k < used.length; k++) {
      const amount = used[k]!.values[i]! * scales[k]!;
      if (Number.isNaN(amount) || amount === 0) continue;
      if (amount < 0) {
        problems.push({
          row: i + 1,
          column: used[k]!.name,
          kind: "negative",
          message: `the amount of ${used[k]!.role.element} is ${used[k]!.values[i]}`,
        });
        return undefined;
      }
      amounts[used[k]!.role.element] = (amounts[used[k]!.role.element] ?? 0) + amount;
      sum += amount;
    }
    if (sum === 0) {
      problems.push({ row: i + 1, column: place, kind: "missing", message: "no amounts" });
      return undefined;
    }
    if (Math.abs(sum - 1) > tolerance) {
      problems.push({
        row: i + 1,
        column: place,
        kind: "sum",
        message: `the fractions sum to ${Number(sum.toPrecision(4))} instead of 1`,
      });
      return undefined;
    }
    if (byMass) return atomicFractions(amounts);
    for (const symbol of Object.keys(amounts)) amounts[symbol]! /= sum;
    return amounts;
  });
}

/** What one unit of the column is as a plain fraction. */
function fractionScale(unit: string): number {
  if (unit === "wt%" || unit === "wppm") return convert(1, unit, "wt%") / 100;
  if (unit === "vol%") {
    throw new InputError("amounts by volume cannot be turned into a composition.", {
      expected: "at% or wt%",
      received: unit,
    });
  }
  return convert(1, unit, "1");
}

function fillMatrix(
  rows: Rows,
  column: string,
  wanted: readonly string[] | undefined,
  problems: CompositionProblem[],
): Omit<TableCompositions, "from"> {
  const present = new Set(rows.flatMap((row) => Object.keys(row ?? {})));
  const symbols = wanted ?? [...present].sort((a, b) => order(a) - order(b));
  const index = new Map(symbols.map((symbol, j) => [symbol, j]));
  const fractions = matrix(rows.length, symbols.length);
  const valid = new Uint8Array(rows.length);
  rows.forEach((row, i) => {
    if (row === undefined) return;
    const entries = Object.entries(row);
    const foreign = entries.find(([symbol]) => !index.has(symbol));
    if (foreign !== undefined) {
      problems.push({
        row: i + 1,
        column,
        kind: "formula",
        message: `${foreign[0]} is not among the elements ${symbols.join(", ")}`,
      });
      return;
    }
    for (const [symbol, fraction] of entries) {
      fractions.data[i * symbols.length + index.get(symbol)!] = fraction;
    }
    valid[i] = 1;
  });
  problems.sort((a, b) => a.row - b.row);
  return { symbols, fractions, valid, problems };
}

const order = (symbol: string): number =>
  elementSymbols.includes(symbol) ? atomicNumber(symbol) : 1;
