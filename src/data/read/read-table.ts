import { buildTable } from "../build-table.ts";
import type { TableOptions } from "../build-table.ts";
import type { Table } from "../contract.ts";
import type { CellGrid } from "./cells.ts";
import { readCsv } from "./csv.ts";
import type { CsvOptions } from "./csv.ts";
import { readJson } from "./json.ts";
import { readParquet } from "./parquet.ts";
import { tableFormat } from "./sniff.ts";
import type { TableFormat } from "./sniff.ts";
import { readXlsx } from "./xlsx.ts";
import type { XlsxOptions } from "./xlsx.ts";

/** Options of all formats; those of another format than the file's are not used. */
export interface ReadOptions extends TableOptions, CsvOptions, XlsxOptions {}

/**
 * Reads a table from the bytes of a CSV, XLSX, JSON or Parquet file; the name's ending says which, the
 * first bytes are checked. Units come from headers, roles are inferred unless declared.
 * @param source file name, shown in messages
 * @throws InputError naming file, row and column, what was expected and what came
 */
export async function readTable(
  bytes: Uint8Array,
  source: string,
  options: ReadOptions = {},
): Promise<Table> {
  return buildTable(await readGrid(bytes, source, options), options);
}

/**
 * The cells of a CSV, XLSX, JSON or Parquet file below their headers, as they are.
 * @throws InputError as `readTable`
 */
export async function readGrid(
  bytes: Uint8Array,
  source: string,
  options: ReadOptions = {},
): Promise<CellGrid> {
  return gridReaders[tableFormat(bytes, source)](bytes, source, options);
}

type GridReader = (
  bytes: Uint8Array,
  source: string,
  options: ReadOptions,
) => CellGrid | Promise<CellGrid>;

const gridReaders: Readonly<Record<TableFormat, GridReader>> = {
  csv: readCsv,
  xlsx: readXlsx,
  json: readJson,
  parquet: readParquet,
};
