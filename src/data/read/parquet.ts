import { parquetMetadata } from "hyparquet/src/metadata.js";
import { parquetReadObjects } from "hyparquet/src/read.js";
import { InputError } from "../../core/errors.ts";
import type { Cell, CellGrid } from "./cells.ts";

/**
 * Rows of a Parquet file (uncompressed or snappy) with flat columns of numbers, texts, booleans or dates.
 * @throws InputError for a broken file, nested columns and other compressions
 */
export async function readParquet(bytes: Uint8Array, source: string): Promise<CellGrid> {
  const buffer = new Uint8Array(bytes).buffer;
  const file = {
    byteLength: buffer.byteLength,
    slice: (start: number, end?: number) => buffer.slice(start, end),
  };
  try {
    const metadata = parquetMetadata(buffer);
    const compression = metadata.row_groups
      .flatMap((group) => group.columns.map((column) => column.meta_data?.codec ?? "UNCOMPRESSED"))
      .find((codec) => codec !== "UNCOMPRESSED" && codec !== "SNAPPY");
    if (compression !== undefined) {
      throw new InputError(`the Parquet file is compressed with ${compression}.`, {
        file: source,
        expected: "no compression or snappy",
        received: compression,
        hint: 'Write it again with compression "snappy" (the default of most programs).',
      });
    }
    const records = await parquetReadObjects({ file, metadata });
    const headers = topLevelColumns(metadata.schema);
    const rows = records.map((record, i) =>
      headers.map((header) => toCell(record[header], header, i, source)),
    );
    return { source, headers, rows, place: (row) => `record ${row + 1}`, notes: [] };
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError("the Parquet file cannot be read.", {
      file: source,
      expected: "a complete Parquet file",
      received: cause instanceof Error ? cause.message : "an unknown failure",
      hint: "Check that the file was written and copied completely.",
      cause,
    });
  }
}

/** Names of the columns under the root; the schema lists the tree depth first. */
function topLevelColumns(
  schema: readonly { readonly name: string; readonly num_children?: number | undefined }[],
): string[] {
  const names: string[] = [];
  let i = 1;
  const skip = (): void => {
    const children = schema[i++]?.num_children ?? 0;
    for (let k = 0; k < children; k++) skip();
  };
  while (i < schema.length) {
    names.push(schema[i]!.name);
    skip();
  }
  return names;
}

function toCell(value: unknown, column: string, row: number, source: string): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "object" && "toISOString" in value) {
    return (value as { toISOString(): string }).toISOString().slice(0, 10);
  }
  throw new InputError(`row ${row + 1}, column "${column}": the value is nested.`, {
    file: source,
    path: `row ${row + 1}, column "${column}"`,
    expected: "a number, a text, true, false or a date",
    hint: "Write each number into a column of its own.",
  });
}
