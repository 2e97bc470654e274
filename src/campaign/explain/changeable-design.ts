import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import { standardDeviation, variance } from "../../core/statistics.ts";
import { columnsWithRole } from "../../data/table.ts";
import { roundToSum } from "../../space/repair/round-to-sum.ts";
import type { EncodedDesign } from "./explained-design.ts";
import type { LearningTask } from "../learning/learning-task.ts";
import type { ProcessValues } from "../learning/model-inputs.ts";

/** Rows of the data from which a search starts beside random ones. */
const mostStarts = 100;
/** Fractions are told in steps of 1 / grid, settings with so many digits; from coarse to fine. */
const grids = [1e3, 1e4, 1e5, 1e6];
const digits = [3, 4, 5, 6];
export const roundings = grids.length;

/** The part of a design that may change, as rows: fractions, then process variables. */
export interface ChangeableDesign {
  readonly elements: readonly string[];
  readonly process: readonly { readonly name: string; readonly unit: string }[];
  readonly row: Float64Array;
  readonly bounds: readonly { readonly low: number; readonly high: number }[];
  readonly scale: Float64Array;
  readonly starts: Matrix;
  readonly repair: (row: Float64Array) => void;
  /** Rows as the model takes them. */
  readonly encode: (rows: Matrix) => Matrix;
  readonly fractionsOf: (row: Float64Array) => Record<string, number>;
  /** The row in the steps of the g-th grid. */
  readonly rounded: (row: Float64Array, g: number) => Float64Array;
}

/**
 * The amounts of a design's elements and its numeric process variables as rows that may change inside the ranges
 * of the data; words stay as they are, and elements that may not change keep their proportions.
 * @param only names of what may change; all when absent
 * @throws InputError for a name that is nothing of the design
 */
export function changeableDesign(
  { set, inputs, data }: LearningTask,
  design: EncodedDesign,
  only: readonly string[] | undefined,
): ChangeableDesign {
  const { symbols } = inputs;
  const own = design.fractions.data;
  const present = symbols.filter((_, j) => own[j]! > 0);
  const numbers = inputs.process.flatMap(({ name, kind }, p) =>
    kind === "number" ? [{ name, p }] : [],
  );
  const possible = [...present, ...numbers.map(({ name }) => name)];
  for (const name of only ?? []) {
    if (possible.includes(name)) continue;
    throw new InputError(`"${name}" is nothing of the design that can change.`, {
      path: "--change",
      received: name,
      expected: `some of ${possible.join(", ")}`,
      hint: suggest(name, possible),
    });
  }
  const isFree = (name: string): boolean => only?.includes(name) ?? true;
  const places = present.filter(isFree).map((symbol) => symbols.indexOf(symbol));
  const columns = columnsWithRole(data.dataset.table, "process");
  const process = numbers
    .filter(({ name }) => isFree(name))
    .map(({ name, p }) => {
      const column = columns.find((one) => one.name === name)!;
      const values = set.rows
        .map((row) => column.values[row] as number)
        .filter((value) => !Number.isNaN(value));
      return { name, p, unit: column.kind === "number" ? column.unit : "1", values };
    })
    .filter(({ values }) => standardDeviation(values, 0) > 0);
  const k = places.length;
  const row = Float64Array.from([
    ...places.map((j) => own[j]!),
    ...process.map(({ p }) => design.process[p]![0] as number),
  ]);
  const measured = data.fractionsOf(set.rows, symbols);
  const amounts = places.map((j) =>
    Array.from({ length: measured.rows }, (_, i) => rowOf(measured, i)[j]!),
  );
  // An atomic percent counts the same for every element.
  const square = amounts.reduce((sum, list) => sum + variance(list, 0), 0);
  const elementScale = square > 0 ? Math.sqrt(square / k) : 1;
  const largest = (values: readonly number[], or: number): number =>
    values.reduce((a, b) => Math.max(a, b), or);
  const lowest = (values: readonly number[], or: number): number =>
    values.reduce((a, b) => Math.min(a, b), or);
  const bounds = [
    ...amounts.map((list, e) => ({ low: 0, high: largest(list, row[e]!) })),
    ...process.map(({ values }, q) => ({
      low: lowest(values, row[k + q]!),
      high: largest(values, row[k + q]!),
    })),
  ];
  const scale = Float64Array.from([
    ...places.map(() => elementScale),
    ...process.map(({ values }) => standardDeviation(values, 0)),
  ]);
  const total = own.reduce((sum, value) => sum + value, 0);
  const free = places.reduce((sum, j) => sum + own[j]!, 0);
  const isWhole = k === present.length;
  const repair = (trial: Float64Array): void => {
    if (k === 0) return;
    const sum = trial.subarray(0, k).reduce((a, b) => a + b, 0);
    // The others, in their proportions, take what is left.
    if (isWhole ? sum > 0 : sum > total) {
      for (let e = 0; e < k; e++) trial[e]! *= total / sum;
    } else if (isWhole) trial.set(row.subarray(0, k));
  };
  const composition = (trial: Float64Array): Float64Array => {
    const sum = trial.subarray(0, k).reduce((a, b) => a + b, 0);
    const rest = isWhole ? 1 : Math.max(0, total - sum) / (total - free);
    const result = own.map((value) => value * rest);
    places.forEach((j, e) => (result[j] = trial[e]!));
    return result;
  };
  const encode = (rows: Matrix): Matrix => {
    const fractions = matrix(rows.rows, symbols.length);
    for (let i = 0; i < rows.rows; i++) fractions.data.set(composition(rowOf(rows, i)), i * symbols.length); // prettier-ignore
    const values = design.process.map((value, p): ProcessValues => {
      const q = process.findIndex((one) => one.p === p);
      if (q >= 0) return Float64Array.from({ length: rows.rows }, (_, i) => rowOf(rows, i)[k + q]!);
      return typeof value[0] === "number"
        ? new Float64Array(rows.rows).fill(value[0])
        : Array.from({ length: rows.rows }, () => (value[0] as string | null) ?? null);
    });
    return inputs.encode(fractions, values);
  };
  const known = Array.from({ length: measured.rows }, (_, i) => i).filter((i) => {
    const inside = places.reduce((sum, j) => sum + rowOf(measured, i)[j]!, 0);
    const isComplete = process.every(
      ({ name }) => !Number.isNaN(columns.find((one) => one.name === name)!.values[set.rows[i]!]),
    );
    return isComplete && (!isWhole || inside > 0.999 * total);
  });
  const starts = matrix(Math.min(known.length, mostStarts), row.length);
  for (let s = 0; s < starts.rows; s++) {
    const i = known[Math.floor((s * known.length) / starts.rows)]!;
    rowOf(starts, s).set([
      ...places.map((j) => rowOf(measured, i)[j]!),
      ...process.map(({ name }) => columns.find((one) => one.name === name)!.values[set.rows[i]!] as number), // prettier-ignore
    ]);
  }
  return {
    elements: places.map((j) => symbols[j]!),
    process,
    row,
    bounds,
    scale,
    starts,
    repair,
    encode,
    fractionsOf(trial) {
      const values = composition(trial);
      return Object.fromEntries(
        symbols.flatMap((symbol, j) => (values[j]! > 0 ? [[symbol, values[j]!]] : [])),
      );
    },
    rounded(trial, g) {
      const grid = grids[g]!;
      const result = trial.slice();
      if (isWhole && k > 0) {
        const units = new Int32Array(k);
        roundToSum(trial.subarray(0, k), new Float64Array(k), new Float64Array(k).fill(1), units, grid); // prettier-ignore
        units.forEach((unit, e) => (result[e] = unit / grid));
      } else {
        for (let e = 0; e < k; e++) result[e] = Math.round(trial[e]! * grid) / grid;
      }
      for (let j = 0; j < result.length; j++) {
        if (trial[j] === row[j]) result[j] = row[j]!;
        else if (j >= k) result[j] = Number(trial[j]!.toPrecision(digits[g]));
      }
      return result;
    },
  };
}
