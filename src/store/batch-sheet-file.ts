import { existsSync } from "node:fs";
import writeXlsx, { type SheetData } from "write-excel-file/node";
import type { BatchSheet } from "../campaign/experiments/sheet/batch-sheet.ts";
import { StoreError, UnsupportedError } from "../core/errors.ts";
import type { CellGrid } from "../data/read/cells.ts";
import { readGrid } from "../data/read/read-table.ts";
import { prepareFile, writeFileAtomically } from "./model-file.ts";
import { readTableBytes } from "./read-table.ts";

/** Whether a file of this name is a table for people: a CSV file or an XLSX workbook. */
export const isSheetPath = (path: string): boolean => /\.(csv|xlsx)$/i.test(path);

/**
 * Makes sure before any work that a new sheet can be written; a sheet that is there is never written over, as people
 * may have filled it.
 * @throws UnsupportedError for another ending than .csv and .xlsx, StoreError for what stands in the way
 */
export function prepareSheet(path: string): void {
  if (!isSheetPath(path)) {
    throw new UnsupportedError("A batch sheet is a CSV file or an XLSX workbook.", {
      file: path,
      expected: "a name that ends in .csv or .xlsx",
    });
  }
  if (existsSync(path)) {
    throw new StoreError("The sheet is there already, and may hold results.", {
      file: path,
      hint: "Choose another name, or move the old sheet away.",
    });
  }
  prepareFile(path);
}

/**
 * Writes a batch sheet as the file's ending says.
 * @param csvText rows as CSV
 */
export async function writeSheet(
  path: string,
  sheet: BatchSheet,
  csvText: (rows: readonly (readonly (string | number)[])[]) => string,
): Promise<void> {
  if (/\.csv$/i.test(path)) {
    const rows = sheet.rows.map((row) =>
      row.map((cell) => (typeof cell === "number" ? cell : String(cell ?? ""))),
    );
    // The mark lets spreadsheets see that it is UTF-8.
    writeFileAtomically(path, `\uFEFF${csvText([sheet.header, ...rows])}`);
    return;
  }
  const data: SheetData = [
    sheet.header.map((value) => ({ value, type: String, fontWeight: "bold" as const })),
    ...sheet.rows.map((row) => [...row]),
  ];
  const workbook = writeXlsx(data, {
    sheet: "batch",
    stickyRowsCount: 1,
    columns: sheet.header.map((header) => ({ width: Math.max(10, header.length + 2) })),
  });
  writeFileAtomically(path, await workbook.toBuffer());
}

/**
 * The cells of a filled sheet.
 * @throws InputError for a file that is not there or is no table
 */
export async function readSheet(path: string): Promise<CellGrid> {
  return readGrid(await readTableBytes(path), path);
}
