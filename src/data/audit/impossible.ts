import { convert, isSameDimension } from "../../core/units.ts";
import type { NumberColumn } from "../contract.ts";
import { finding, rowList } from "./context.ts";
import type { AuditCheck } from "./context.ts";

interface Limit {
  /** Name of the finding's rule, for the message. */
  readonly rule: string;
  applies(column: NumberColumn): boolean;
  /** Lowest and highest possible value in `unit`. */
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
}

const nonNegative =
  /strength|hardness|density|modulus|elongation|ductility|toughness|grain_size|thickness|diameter|price|cost|mass|weight|time|duration|pressure|band_gap|conductivity|resistivity|viscosity|count|capacity/;

/** Differences and logarithms of such quantities may have any sign. */
const signed =
  /change|difference|delta|shift|offset|gain|loss|hysteresis|log|residual|thermal|current|charge/;

/** What no material can have. The first limit that a column breaks is reported. */
const limits: readonly Limit[] = [
  {
    rule: "no temperature is below 0 K",
    applies: ({ name, unit }) => isSameDimension(unit, "K") && !signed.test(name),
    min: 0,
    unit: "K",
  },
  {
    // Osmium, the densest element, has 22.59 g/cm3 (CRC Handbook of Chemistry and Physics).
    rule: "no solid at ambient pressure is denser than osmium, 22.6 g/cm3",
    applies: ({ unit }) => isSameDimension(unit, "g/cm3"),
    min: 0,
    max: 23,
    unit: "g/cm3",
  },
  {
    rule: "a probability lies between 0 and 1",
    applies: ({ name, unit }) => /probability|likelihood/.test(name) && isSameDimension(unit, "1"),
    min: 0,
    max: 1,
    unit: "1",
  },
  {
    rule: "it cannot be negative",
    applies: ({ name, unit }) =>
      (nonNegative.test(name) && !signed.test(name)) ||
      isSameDimension(unit, "HV") ||
      isSameDimension(unit, "USD/kg"),
    min: 0,
  },
];

/** Values outside what is physically possible; their rows are left out. */
export const impossibleCheck: AuditCheck = {
  title: "Impossible values",
  find({ table }) {
    return table.columns.flatMap((column) => {
      const { kind } = column.role;
      if (column.kind !== "number" || (kind !== "property" && kind !== "process")) return [];
      for (const limit of limits) {
        if (!limit.applies(column)) continue;
        const rows: number[] = [];
        column.values.forEach((value, i) => {
          const inUnit = limit.unit === undefined ? value : convert(value, column.unit, limit.unit);
          if (inUnit < (limit.min ?? -Infinity) || inUnit > (limit.max ?? Infinity)) rows.push(i);
        });
        if (rows.length === 0) continue;
        const first = `${column.values[rows[0]!]}${column.unit === "1" ? "" : ` ${column.unit}`}`;
        const message = `${column.name} is impossible in ${rowList(rows)} (${first}): ${limit.rule}.`;
        return [finding("impossible", "error", "drop", message, rows, [column.name])];
      }
      return [];
    });
  },
};
