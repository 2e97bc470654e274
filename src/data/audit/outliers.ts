import { log } from "../../core/elementary.ts";
import { formatNumber } from "../../core/format.ts";
import type { NumberColumn } from "../contract.ts";
import { robustScale } from "../statistics.ts";
import { finding, isClassColumn, rowList } from "./context.ts";
import type { AuditCheck } from "./context.ts";

/** Robust z of every value of a column; NaN where the value is missing. */
export interface RobustZ {
  readonly z: Float64Array;
  readonly onLogScale: boolean;
  /** In the column's unit. */
  readonly median: number;
  /** z of any other value on the same scale. */
  zOf(value: number): number;
}

/** Fewest values that tell a bulk from an outlier. */
const fewest = 10;
/** More than this share is no handful of slips. */
const manyShare = 0.02;
/** Positive values that span more than this factor are judged by their logarithms. */
const logSpan = 20;

/**
 * z = (x - median) / (1.4826 MAD), on the logarithms of positive values that span more than a factor
 * of 20. Undefined for fewer than 10 values, or when more than half of them are equal (no width).
 */
export function robustZ(column: NumberColumn): RobustZ | undefined {
  const present = column.values.filter((value) => !Number.isNaN(value));
  if (present.length < fewest) return undefined;
  const sorted = present.toSorted();
  const onLogScale = sorted[0]! > 0 && sorted.at(-1)! > logSpan * sorted[0]!;
  const scale = (value: number): number =>
    onLogScale ? (value > 0 ? log(value) : Number.NaN) : value;
  const { median, sigma } = robustScale(present.map(scale));
  if (!(sigma > 0)) return undefined;
  const zOf = (value: number): number => (scale(value) - median) / sigma;
  return { z: column.values.map(zOf), onLogScale, median: sorted[present.length >> 1]!, zOf };
}

/** Values far from the bulk of their column; listed for a person to judge, never left out. */
export const outliersCheck: AuditCheck = {
  title: "Outliers",
  find({ properties, options }) {
    return properties.flatMap((column) => {
      if (column.kind !== "number" || isClassColumn(column)) return [];
      const robust = robustZ(column);
      if (robust === undefined) return [];
      const rows = [...robust.z.keys()]
        .filter((i) => Math.abs(robust.z[i]!) > options.outlierZ)
        .sort((a, b) => Math.abs(robust.z[b]!) - Math.abs(robust.z[a]!));
      if (rows.length === 0) return [];
      const worst = rows[0]!;
      const known = robust.z.reduce((n, z) => n + (Number.isNaN(z) ? 0 : 1), 0);
      const hint =
        rows.length > Math.max(fewest, manyShare * known)
          ? " So many are rather another family of materials or a long tail than slips."
          : "";
      const unit = column.unit === "1" ? "" : ` ${column.unit}`;
      const message = `${column.name}: ${rows.length} ${rows.length === 1 ? "value lies" : "values lie"} more than ${options.outlierZ} robust standard deviations from the median ${formatNumber(robust.median)}${unit}${robust.onLogScale ? " (on a log scale)" : ""}: ${rowList(rows)}; the farthest is ${formatNumber(column.values[worst]!)}${unit} (z = ${formatNumber(robust.z[worst]!, 2)}).${hint}`;
      return [finding("outlier", "note", "keep", message, rows, [column.name])];
    });
  },
};
