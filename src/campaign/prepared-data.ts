import { matrix, rowOf, type Matrix } from "../core/matrix.ts";
import { auditTable } from "../data/audit/audit-table.ts";
import { tableCompositions } from "../data/composition.ts";
import type { AuditFinding } from "../data/contract.ts";
import type { Fractions } from "../space/contract.ts";
import type { Dataset } from "./dataset.ts";

/** A data set after the audit, with the composition of every row that is kept. */
export interface PreparedData {
  readonly dataset: Dataset;
  readonly findings: readonly AuditFinding[];
  /** Whether the audit keeps a row and it has a composition; rows are counted from 0. */
  readonly isKept: readonly boolean[];
  readonly keptRows: number;
  /** Elements that occur in kept rows, in order of first appearance. */
  readonly symbols: readonly string[];
  /** Atomic fractions of one row, absent elements left out. */
  fractions(row: number): Fractions;
  /** Atomic fractions of these rows, rows.length x symbols; elements outside `symbols` are left out. */
  fractionsOf(rows: readonly number[], symbols: readonly string[]): Matrix;
}

/** Audits a data set and reads its compositions. */
export function prepareData(dataset: Dataset): PreparedData {
  const { table } = dataset;
  const audit = auditTable(table);
  const compositions = tableCompositions(table);
  const all = compositions.symbols;
  const inAudit = new Set(audit.keep);
  const isKept = Array.from(
    { length: table.rows },
    (_, row) => inAudit.has(row) && compositions.valid[row] === 1,
  );
  const occurs = all.map((_, j) =>
    isKept.some((kept, row) => kept && rowOf(compositions.fractions, row)[j]! > 0),
  );
  return {
    dataset,
    findings: audit.findings,
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
  };
}
