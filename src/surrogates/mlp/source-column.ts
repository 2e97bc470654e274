import { matrix, type Matrix } from "../../core/matrix.ts";
import type { InputColumn, JsonValue } from "../contract.ts";

/** The column that says which source each row comes from. */
export interface SourceColumn {
  readonly index: number;
  readonly levels: readonly string[];
}

/** The source among the columns; undefined when there is none. */
export function sourceOf(columns: readonly InputColumn[] | undefined): SourceColumn | undefined {
  const index = columns?.findIndex(({ kind }) => kind === "source") ?? -1;
  if (columns === undefined || index < 0) return undefined;
  return { index, levels: columns[index].levels ?? [] };
}

/** Rows without the source column, and the source of each; both as they are when there is no such column. */
export function takeSource(
  x: Matrix,
  source: SourceColumn | undefined,
): { readonly inputs: Matrix; readonly heads: Int32Array | undefined } {
  if (source === undefined) return { inputs: x, heads: undefined };
  const columns = x.columns - 1;
  const inputs = matrix(x.rows, columns);
  const heads = new Int32Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    const row = x.data.subarray(i * x.columns, (i + 1) * x.columns);
    inputs.data.set(row.subarray(0, source.index), i * columns);
    inputs.data.set(row.subarray(source.index + 1), i * columns + source.index);
    heads[i] = row[source.index];
  }
  return { inputs, heads };
}

/** Columns from saved settings; undefined when they are none. */
export function readColumns(value: JsonValue): InputColumn[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const isTextList = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((level) => typeof level === "string");
  return value.map((item: unknown): InputColumn => {
    const { name, kind, levels } = Object(item) as Partial<Record<string, unknown>>;
    const label = typeof name === "string" ? name : "";
    const isSource = kind === "source" && isTextList(levels);
    return isSource ? { name: label, kind, levels } : { name: label, kind: "number" };
  });
}
