import { InputError } from "../../core/errors.ts";
import type { Cell, CellGrid } from "./cells.ts";
import { decodeText } from "./decode-text.ts";

/**
 * Rows of JSON text: a list of records (`[{"a": 1}, ...]`, keys may be absent), or an object of
 * columns of equal length (`{"a": [1, ...]}`).
 * @throws InputError for text that is no JSON, another shape, nested values, columns of unequal length
 */
export function readJson(bytes: Uint8Array, source: string): CellGrid {
  const { text, notes } = decodeText(bytes, source);
  const value = parseJson(text, source);
  if (Array.isArray(value)) return fromRecords(value, source, notes);
  if (typeof value === "object" && value !== null) {
    return fromColumns(value as Record<string, unknown>, source, notes);
  }
  throw wrongShape(source, typeof value);
}

/**
 * Rows of a list of records; the columns are the keys in the order of their first appearance.
 * @throws InputError for an entry that is no record and for nested values
 */
export function fromRecords(
  records: readonly unknown[],
  source: string,
  notes: readonly string[] = [],
): CellGrid {
  const columns = new Map<string, number>();
  records.forEach((record, i) => {
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      throw wrongShape(source, `an entry that is not a record at [${i}]`);
    }
    for (const key of Object.keys(record)) if (!columns.has(key)) columns.set(key, columns.size);
  });
  const headers = [...columns.keys()];
  const rows = records.map((record, i) =>
    headers.map((key) =>
      toCell(
        Object.hasOwn(record as object, key) ? (record as Record<string, unknown>)[key] : null,
        () => `[${i}].${key}`,
        source,
      ),
    ),
  );
  return { source, headers, rows, place: (row) => `record [${row}]`, notes };
}

function fromColumns(
  columns: Record<string, unknown>,
  source: string,
  notes: readonly string[],
): CellGrid {
  const headers = Object.keys(columns);
  const lists = headers.map((key) => {
    const list = columns[key];
    if (!Array.isArray(list)) throw wrongShape(source, `"${key}" is not a list`);
    return list as unknown[];
  });
  const length = lists[0]?.length ?? 0;
  lists.forEach((list, j) => {
    if (list.length === length) return;
    throw new InputError(
      `column "${headers[j]}" has ${list.length} values, column "${headers[0]}" has ${length}.`,
      { file: source, path: headers[j]!, expected: `${length} values`, received: `${list.length}` },
    );
  });
  const rows = Array.from({ length }, (_, i) =>
    lists.map((list, j) => toCell(list[i], () => `${headers[j]}[${i}]`, source)),
  );
  return { source, headers, rows, place: (row) => `index ${row}`, notes };
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InputError("the text is not valid JSON.", {
      file: source,
      expected: "a list of records or an object of columns",
      received: cause instanceof Error ? cause.message : "other text",
      hint: 'For example [{"formula": "CoCrFeNi", "hardness (HV)": 130}].',
      cause,
    });
  }
}

function toCell(value: unknown, path: () => string, source: string): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  throw new InputError("a value is nested; cells are numbers, texts, true or false.", {
    file: source,
    path: path(),
    expected: "a number or a text",
    received: Array.isArray(value) ? "a list" : typeof value,
    hint: "Give each number a column of its own.",
  });
}

const wrongShape = (source: string, received: string): InputError =>
  new InputError("the JSON is not a table.", {
    file: source,
    expected: 'a list of records ([{"a": 1}]) or an object of columns ({"a": [1]})',
    received,
  });
