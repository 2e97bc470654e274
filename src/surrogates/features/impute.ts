import { InputError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { median } from "../../core/statistics.ts";
import type { InputColumn } from "../contract.ts";
import { withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { freeName, numberColumn } from "./columns.ts";
import type { FeatureStep, FeatureStepSpec } from "./contract.ts";

export interface ImputeOptions {
  /** Adds a column of 0 and 1 for every column that had missing values in training. */
  readonly indicator: boolean;
}

const defaults: ImputeOptions = { indicator: false };

/**
 * Fills missing inputs: a number with the median of the training rows that have it, a category with
 * the most frequent level. The summary says how many were missing and in which columns.
 */
export const impute = {
  name: "impute",
  title: "Missing values filled with the median",
  defaults,
  takesMissing: true,
  fillsMissing: true,
  async fit({ x, columns }, options) {
    const { indicator } = withDefaults<ImputeOptions>("impute", defaults, options);
    if (typeof indicator !== "boolean") {
      throw new InputError(
        `impute: expected indicator to be true or false, got ${String(indicator)}.`,
        {
          path: "indicator",
        },
      );
    }
    const fill = new Float64Array(columns.length);
    const missing = new Int32Array(columns.length);
    columns.forEach((column, j) => {
      const known = knownIn(x, j);
      missing[j] = x.rows - known.length;
      if (known.length === 0) {
        throw new InputError(`impute: "${column.name}" is missing in every training row.`, {
          path: `column "${column.name}"`,
          expected: "at least one known value",
          hint: "Leave the column out.",
        });
      }
      fill[j] = column.kind === "number" ? median(known) : mostFrequent(known);
    });
    return fitted({ fill, missing, indicator, rows: x.rows }, columns);
  },
  load(saved, columns) {
    const state = readState("impute", saved);
    const d = columns.length;
    return fitted(
      {
        fill: state.float64("fill", d),
        missing: state.int32("missing", d),
        indicator: state.flag("indicator"),
        rows: state.number("rows"),
      },
      columns,
    );
  },
} as const satisfies FeatureStepSpec<ImputeOptions>;

interface State {
  readonly fill: Float64Array;
  /** Training rows in which each column is missing. */
  readonly missing: Int32Array;
  readonly indicator: boolean;
  readonly rows: number;
}

function fitted(
  { fill, missing, indicator, rows }: State,
  columns: readonly InputColumn[],
): FeatureStep {
  const d = columns.length;
  const gaps = columns.flatMap((_, j) => (missing[j] > 0 ? [j] : []));
  const flagged = indicator ? gaps : [];
  const taken = new Set(columns.map(({ name }) => name));
  const outputs = [
    ...columns,
    ...flagged.map((j) => numberColumn(freeName(`${columns[j].name} is missing`, taken))),
  ];
  return {
    name: "impute",
    outputs,
    summary: {
      filled: missing.reduce((sum, count) => sum + count, 0),
      "filled columns":
        gaps.map((j) => `${columns[j].name} (${missing[j]} of ${rows} rows)`).join(", ") || "none",
    },
    apply(x) {
      const result = matrix(x.rows, outputs.length);
      for (let i = 0; i < x.rows; i++) {
        const at = i * outputs.length;
        for (let j = 0; j < d; j++) {
          const value = x.data[i * d + j];
          result.data[at + j] = Number.isNaN(value) ? fill[j] : value;
        }
        flagged.forEach((j, k) => {
          result.data[at + d + k] = Number(Number.isNaN(x.data[i * d + j]));
        });
      }
      return result;
    },
    save: () => ({ settings: { indicator, rows }, arrays: { fill, missing } }),
  };
}

function knownIn(x: Matrix, j: number): Float64Array {
  const values = new Float64Array(x.rows);
  let count = 0;
  for (let i = 0; i < x.rows; i++) {
    const value = x.data[i * x.columns + j];
    if (!Number.isNaN(value)) values[count++] = value;
  }
  return values.slice(0, count);
}

/** The level that occurs most, the first among equals. */
function mostFrequent(levels: Float64Array): number {
  const counts = new Map<number, number>();
  for (const level of levels.slice().sort()) counts.set(level, (counts.get(level) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
