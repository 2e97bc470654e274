import { matrix, type Matrix } from "../../core/matrix.ts";
import type { InputColumn } from "../contract.ts";

/** Positions of the columns that hold numbers. */
export const numberColumns = (columns: readonly InputColumn[]): number[] =>
  columns.flatMap(({ kind }, j) => (kind === "number" ? [j] : []));

/** Positions of categories and sources, which steps hand on as they are. */
export const otherColumns = (columns: readonly InputColumn[]): number[] =>
  columns.flatMap(({ kind }, j) => (kind === "number" ? [] : [j]));

/** A column of numbers. */
export const numberColumn = (name: string): InputColumn => ({ name, kind: "number" });

/** The chosen columns, copied, in the order given. */
export function takeColumns(x: Matrix, chosen: ArrayLike<number>): Matrix {
  const result = matrix(x.rows, chosen.length);
  for (let i = 0, at = 0; i < x.rows; i++) {
    for (let j = 0; j < chosen.length; j++, at++) {
      result.data[at] = x.data[i * x.columns + chosen[j]];
    }
  }
  return result;
}

/** Names of columns without repeats of names that are taken: a repeat gets `'` behind it. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  while (taken.has(free)) free = `${free}'`;
  return free;
}
