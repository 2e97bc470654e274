import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { auditTable } from "../../data/audit/audit-table.ts";
import { defaultSumTolerance, tableCompositions } from "../../data/composition.ts";
import type { AuditFinding, Table } from "../../data/contract.ts";
import { columnsWithRole, numberColumn, textAt } from "../../data/table.ts";
import { chemicalSystem } from "../../materials/composition.ts";
import type { Fractions } from "../../space/contract.ts";
import type { Dataset } from "../dataset.ts";

/** A data set after the audit, with the composition of every row that is kept. */
export interface PreparedData {
  readonly dataset: Dataset;
  readonly findings: readonly AuditFinding[];
  /** Whether the audit keeps a row and it has a composition (where designs have one); rows are counted from 0. */
  readonly isKept: readonly boolean[];
  readonly keptRows: number;
  /** Elements or ingredients that occur in kept rows, in order of first appearance. */
  readonly symbols: readonly string[];
  /** Atomic fractions of one row, absent elements left out. */
  fractions(row: number): Fractions;
  /** Atomic fractions of these rows, rows.length x symbols; elements outside `symbols` are left out. */
  fractionsOf(rows: readonly number[], symbols: readonly string[]): Matrix;
  /** What rows are told apart by: their composition, or all of their settings. */
  readonly identity: "composition" | "design";
  /** The same text for rows of one identity. */
  keyOf(row: number): string;
  /** The same text for rows of one family: `Al-Nb-Ti`, or the words among the settings. */
  familyOf(row: number): string;
}

/** Audits a data set of materials and reads its compositions. */
export function prepareData(dataset: Dataset): PreparedData {
  const { table } = dataset;
  const audit = auditTable(table);
  const compositions = tableCompositions(table);
  const fractions = (row: number): Fractions => prepared.fractions(row);
  const prepared = prepare(dataset, audit.findings, audit.keep, compositions, {
    identity: "composition",
    keyOf: (row) => compositionKey(fractions(row)),
    familyOf: (row) => chemicalSystem(fractions(row)),
  });
  return prepared;
}

/**
 * Audits the data of an experiment that knows no elements: a row is told apart by its ingredients and
 * all of its settings.
 * @param ingredients names of columns whose numbers sum to one (or to 100); none for a space without
 */
export function prepareExperiments(dataset: Dataset, ingredients: readonly string[]): PreparedData {
  const { table } = dataset;
  const audit = auditTable(table);
  const settings = columnsWithRole(table, "process");
  return prepare(dataset, audit.findings, audit.keep, mixturesOf(table, ingredients), {
    identity: "design",
    keyOf: (row) => settings.map((column) => textAt(column, row)).join("|"),
    familyOf: (row) =>
      settings
        .filter(({ kind }) => kind === "text")
        .map((column) => textAt(column, row))
        .join("|"),
  });
}

interface RowCompositions {
  readonly symbols: readonly string[];
  readonly fractions: Matrix;
  readonly valid: Uint8Array;
}

/** Fractions by named columns; a row whose sum is off has none. */
function mixturesOf(table: Table, ingredients: readonly string[]): RowCompositions {
  const columns = ingredients.map((name) => numberColumn(table, name).values);
  const d = columns.length;
  const fractions = matrix(table.rows, d);
  const valid = new Uint8Array(table.rows).fill(1);
  const sums = Array.from({ length: table.rows }, (_, row) =>
    columns.reduce((sum, values) => sum + (Number.isNaN(values[row]!) ? 0 : values[row]!), 0),
  );
  const middle = [...sums].sort((a, b) => a - b)[sums.length >> 1] ?? 1;
  const whole = Math.abs(middle - 100) <= 100 * defaultSumTolerance ? 100 : 1;
  if (d === 0) return { symbols: [], fractions, valid };
  for (let row = 0; row < table.rows; row++) {
    if (!(Math.abs(sums[row]! / whole - 1) <= defaultSumTolerance)) valid[row] = 0;
    else
      columns.forEach((values, j) => {
        const amount = values[row]!;
        fractions.data[row * d + j] = Number.isNaN(amount) ? 0 : amount / sums[row]!;
      });
  }
  return { symbols: ingredients, fractions, valid };
}

function prepare(
  dataset: Dataset,
  findings: readonly AuditFinding[],
  keep: Int32Array,
  compositions: RowCompositions,
  identity: Pick<PreparedData, "identity" | "keyOf" | "familyOf">,
): PreparedData {
  const { table } = dataset;
  const all = compositions.symbols;
  const inAudit = new Set(keep);
  const isKept = Array.from(
    { length: table.rows },
    (_, row) => inAudit.has(row) && compositions.valid[row] === 1,
  );
  const occurs = all.map((_, j) =>
    isKept.some((kept, row) => kept && rowOf(compositions.fractions, row)[j]! > 0),
  );
  return {
    dataset,
    findings,
    isKept,
    keptRows: isKept.filter(Boolean).length,
    symbols: all.filter((_, j) => occurs[j]),
    fractions(row) {
      const values = rowOf(compositions.fractions, row);
      return Object.fromEntries(
        all.flatMap((symbol, j) => (values[j]! > 0 ? [[symbol, values[j]!]] : [])),
      );
    },
    fractionsOf(rows, symbols) {
      const result = matrix(rows.length, symbols.length);
      const source = symbols.map((symbol) => all.indexOf(symbol));
      rows.forEach((row, i) => {
        const values = rowOf(compositions.fractions, row);
        source.forEach((j, k) => {
          if (j >= 0) result.data[i * symbols.length + k] = values[j]!;
        });
      });
      return result;
    },
    ...identity,
  };
}

/** The same text for the same composition to a tenth of an atomic percent. */
export const compositionKey = (fractions: Fractions): string =>
  Object.keys(fractions)
    .sort()
    .map((symbol) => `${symbol}${(100 * fractions[symbol]!).toFixed(1)}`)
    .join(" ");
