import { formatNumber } from "../../core/format.ts";
import { describeDimension, isSameDimension } from "../../core/units.ts";
import type { AuditFinding, NumberColumn } from "../contract.ts";
import { finding, isClassColumn, rowList } from "./context.ts";
import type { AuditCheck } from "./context.ts";
import { robustZ } from "./outliers.ts";

interface Slip {
  /** The true value is the given one times this. */
  readonly factor: number;
  readonly words: string;
}

/** A value in another unit than its column's, both ways, by what the column measures. */
const slips: Readonly<Record<string, readonly Slip[]>> = {
  "pressure or stress": [
    { factor: 1000, words: "GPa in a column of MPa" },
    { factor: 1e-3, words: "a unit 1000 times smaller" },
    { factor: 6.894757, words: "ksi or kgf/mm2 in a column of MPa" },
    { factor: 1 / 145.0377, words: "psi in a column of MPa" },
    { factor: 9.80665, words: "ksi or kgf/mm2 in a column of MPa" },
    { factor: 1e-6, words: "Pa in a column of MPa" },
  ],
  "Vickers hardness": [
    { factor: 101.97, words: "GPa in a column of HV" },
    { factor: 0.10197, words: "MPa in a column of HV" },
  ],
  density: [
    { factor: 1e-3, words: "kg/m3 in a column of g/cm3" },
    { factor: 1000, words: "g/cm3 in a column of kg/m3" },
  ],
  "energy per amount": [
    { factor: 96.485, words: "eV/atom in a column of kJ/mol" },
    { factor: 1 / 96.485, words: "kJ/mol in a column of eV/atom" },
    { factor: 4.184, words: "kcal in a column of kJ" },
    { factor: 1e-3, words: "J in a column of kJ" },
  ],
  length: [
    { factor: 1000, words: "a unit 1000 times larger" },
    { factor: 1e-3, words: "a unit 1000 times smaller" },
    { factor: 0.1, words: "Å in a column of nm" },
  ],
  "plain number or fraction": [
    { factor: 100, words: "a fraction in a column of percent" },
    { factor: 0.01, words: "percent in a column of fractions" },
  ],
};

/** Corrected values have to come this near to the bulk, in robust standard deviations. */
const bulkZ = 2;

/**
 * Outliers that would lie in the bulk of their column were they given in another unit, and are set
 * apart from all other values by a gap of at least the cube root of the factor; and temperatures that
 * are 273.15 off. Listed, never changed.
 */
export const unitSlipsCheck: AuditCheck = {
  title: "Values that look like another unit",
  find({ table, options }) {
    return table.columns.flatMap((column) => {
      const { kind } = column.role;
      if (column.kind !== "number" || (kind !== "property" && kind !== "process")) return [];
      if (isSameDimension(column.unit, "K")) return offsetSlips(column);
      return isClassColumn(column) ? [] : factorSlips(column, options.outlierZ);
    });
  },
};

function factorSlips(column: NumberColumn, outlierZ: number): AuditFinding[] {
  const known = slips[describeDimension(column.unit)];
  if (known === undefined || (known[0]!.factor === 100 && column.unit === "1")) return [];
  const bulk = withoutSlips(column, known);
  const robust = robustZ(bulk);
  if (robust === undefined) return [];
  const candidates = new Map<number, Slip>();
  column.values.forEach((value, i) => {
    if (!(value > 0) || !(Math.abs(robust.zOf(value)) > outlierZ)) return;
    const best = known
      .map((slip) => ({ slip, z: Math.abs(robust.zOf(value * slip.factor)) }))
      .sort((x, y) => x.z - y.z)[0]!;
    if (best.z <= bulkZ) candidates.set(i, best.slip);
  });
  const sorted = column.values.filter((value) => value > 0).sort();
  const byWords = new Map<string, number[]>();
  for (const [i, { factor, words }] of candidates) {
    const gap = widestGap(sorted, column.values[i]!, robust.median);
    // The low end of a wide but unbroken range is no slip.
    if (gap * gap * gap < Math.max(factor, 1 / factor)) continue;
    byWords.set(words, [...(byWords.get(words) ?? []), i]);
  }
  return [...byWords].map(([words, rows]) => {
    const unit = column.unit === "1" ? "" : ` ${column.unit}`;
    const message = `${column.name}: ${rows.length} ${rows.length === 1 ? "value looks" : "values look"} like ${words} (${rowList(rows)}): ${formatNumber(column.values[rows[0]!]!)}${unit} where the median is ${formatNumber(robust.median)}${unit}.`;
    return finding("unit_slip", "warning", "keep", message, rows, [column.name]);
  });
}

/** Largest ratio of neighbours among the sorted values between two of them. */
function widestGap(sorted: Float64Array, a: number, b: number): number {
  let widest = 1;
  for (let k = 1; k < sorted.length; k++) {
    const [low, high] = [sorted[k - 1]!, sorted[k]!];
    if (low >= Math.min(a, b) && high <= Math.max(a, b)) widest = Math.max(widest, high / low);
  }
  return widest;
}

/**
 * The column without values that a factor of 50 or more would bring to its median: slips by large
 * factors would otherwise widen the scale they are judged by.
 */
function withoutSlips(column: NumberColumn, known: readonly Slip[]): NumberColumn {
  const robust = robustZ(column);
  if (robust === undefined) return column;
  const large = known.filter(({ factor }) => factor >= 50 || factor <= 1 / 50);
  const values = column.values.map((value) => {
    const ratio = value / robust.median;
    const isSlip = large.some(({ factor }) => ratio * factor > 0.2 && ratio * factor < 5);
    return isSlip && (ratio > 20 || ratio < 0.05) ? Number.NaN : value;
  });
  return { ...column, values };
}

/** Kelvins among degrees Celsius and the reverse, seen where a common value occurs again 273 higher or lower. */
function offsetSlips(column: NumberColumn): AuditFinding[] {
  const counts = new Map<number, number>();
  let filled = 0;
  for (const value of column.values) {
    if (Number.isNaN(value)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    filled++;
  }
  const common = [...counts].filter(([, count]) => count >= Math.max(3, filled / 10));
  const sign = column.unit === "K" ? 1 : column.unit === "degC" ? -1 : 0;
  if (sign === 0) return [];
  const rows = [...column.values.keys()].filter((i) => {
    const corrected = column.values[i]! + sign * 273.15;
    return common.some(([value]) => Math.abs(corrected - value) <= 0.6);
  });
  if (rows.length === 0 || rows.length > filled / 4) return [];
  const words = column.unit === "K" ? "degC in a column of K" : "K in a column of degC";
  const message = `${column.name}: ${rows.length} ${rows.length === 1 ? "value looks" : "values look"} like ${words} (${rowList(rows)}): ${column.values[rows[0]!]} ${column.unit}.`;
  return [finding("unit_slip", "warning", "keep", message, rows, [column.name])];
}
