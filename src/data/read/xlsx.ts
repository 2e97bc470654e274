import readWorkbook from "read-excel-file/universal";
import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { Cell, CellGrid } from "./cells.ts";

export interface XlsxOptions {
  /** Name of the sheet, or its number from 1; the first that holds a table when absent. */
  readonly sheet?: string | number;
}

/**
 * Rows and headers of one sheet of an XLSX workbook. The header is the first row with as many filled
 * cells as the rows below it have; titles above it are skipped with a note. Dates become ISO texts.
 * @throws InputError for a broken workbook, an unknown sheet, an empty sheet
 */
export async function readXlsx(
  bytes: Uint8Array,
  source: string,
  options: XlsxOptions = {},
): Promise<CellGrid> {
  const sheets = await openWorkbook(bytes, source);
  const filled = sheets.filter((sheet) =>
    sheet.data.some((row) => row.some((cell) => cell !== null)),
  );
  const names = sheets.map((sheet) => sheet.sheet);
  const chosen =
    options.sheet === undefined
      ? filled[0]
      : typeof options.sheet === "number"
        ? sheets[options.sheet - 1]
        : sheets.find((sheet) => sheet.sheet === options.sheet);
  if (chosen === undefined) {
    throw new InputError(
      options.sheet === undefined
        ? "the workbook has no filled sheet."
        : `the workbook has no sheet ${typeof options.sheet === "number" ? options.sheet : `"${options.sheet}"`}.`,
      {
        file: source,
        path: "sheet",
        expected: names.map((name) => `"${name}"`).join(", "),
        ...(typeof options.sheet === "string" ? { hint: suggest(options.sheet, names) } : {}),
      },
    );
  }
  const data = chosen.data.map((row) => row.map(toCell));
  const width = Math.max(0, ...data.map(filledWidth));
  const top = data.findIndex(
    (row) => filledWidth(row) > Math.max(1, width / 2) || (width === 1 && filledWidth(row) === 1),
  );
  if (top < 0) {
    throw new InputError(`sheet "${chosen.sheet}" is empty.`, {
      file: source,
      path: `sheet "${chosen.sheet}"`,
      expected: "a header row and at least one row of data",
      hint: `Sheets: ${names.join(", ")}.`,
    });
  }
  const headerRow = data[top]!;
  const columns = headerRow.reduce<number[]>((kept, cell, j) => {
    if (cell !== null || data.some((row, i) => i > top && (row[j] ?? null) !== null)) kept.push(j);
    return kept;
  }, []);
  const rows: Cell[][] = [];
  const sheetRows: number[] = [];
  data.forEach((row, i) => {
    if (i <= top || filledWidth(row) === 0) return;
    rows.push(columns.map((j) => row[j] ?? null));
    sheetRows.push(i + 1);
  });
  const others = filled.filter((sheet) => sheet !== chosen).map((sheet) => `"${sheet.sheet}"`);
  return {
    source,
    headers: columns.map((j) => String(headerRow[j] ?? "")),
    rows,
    place: (row) => `sheet row ${sheetRows[row]}`,
    notes: [
      ...(options.sheet === undefined && others.length > 0
        ? [`read sheet "${chosen.sheet}"; other sheets: ${others.join(", ")}`]
        : []),
      ...(top === 0 ? [] : [`skipped ${top} row${top === 1 ? "" : "s"} above the header`]),
    ],
  };
}

async function openWorkbook(bytes: Uint8Array, source: string) {
  try {
    return await readWorkbook(new Uint8Array(bytes).buffer);
  } catch (cause) {
    throw new InputError("the workbook cannot be read.", {
      file: source,
      expected: "an XLSX workbook",
      received: cause instanceof Error ? cause.message : "an unknown failure",
      hint: "Open it in a spreadsheet program and save it again as XLSX or CSV.",
      cause,
    });
  }
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string")
    return value;
  // The reader makes dates of cells with a date format.
  return (value as { toISOString(): string }).toISOString().slice(0, 10);
}

const filledWidth = (row: readonly Cell[]): number =>
  row.reduce<number>((count, cell) => count + (cell === null ? 0 : 1), 0);
