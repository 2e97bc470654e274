import { open, stat } from "node:fs/promises";
import { InputError } from "../core/errors.ts";
import type { Table } from "../data/contract.ts";
import { checkLineLengths, longestLineBytes } from "../data/read/csv.ts";
import { readTable } from "../data/read/read-table.ts";
import type { ReadOptions } from "../data/read/read-table.ts";
import { tableFormat } from "../data/read/sniff.ts";

/** Largest table file that is read, in bytes; more belongs into a database. */
export const largestTableBytes = 512 * 2 ** 20;

/** A table with the bytes it came from, for hashing. */
export interface ReadFile {
  readonly table: Table;
  readonly bytes: Uint8Array;
}

/**
 * Reads a table from a CSV, XLSX, JSON or Parquet file.
 * @throws InputError naming the file for one that is missing, unreadable, a folder, too large, or no
 *   table; a text without line breaks is refused after its first MiB
 */
export async function readTableFile(path: string, options: ReadOptions = {}): Promise<ReadFile> {
  const bytes = await readTableBytes(path);
  return { table: await readTable(bytes, path, options), bytes };
}

/**
 * The bytes of a table file.
 * @throws InputError as `readTableFile`
 */
export async function readTableBytes(path: string): Promise<Uint8Array> {
  const size = await fileSize(path);
  if (size > largestTableBytes) {
    throw new InputError(
      `the file is ${Math.round(size / 2 ** 20)} MiB, the limit is ${largestTableBytes / 2 ** 20} MiB.`,
      { file: path, received: `${size} bytes`, hint: "Keep the rows and columns that matter." },
    );
  }
  const file = await open(path);
  try {
    const bytes = new Uint8Array(size);
    // The beginning first: a file that is no table is refused before the rest is read.
    const headSize = Math.min(size, 2 * longestLineBytes);
    const { bytesRead } = await file.read(bytes, 0, headSize, 0);
    const head = bytes.subarray(0, bytesRead);
    if (tableFormat(head, path) === "csv" && size > headSize) {
      checkLineLengths(head, path, size);
    }
    for (let at = bytesRead; at < size;) {
      const { bytesRead: more } = await file.read(bytes, at, size - at, at);
      if (more === 0) return bytes.subarray(0, at);
      at += more;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function fileSize(path: string): Promise<number> {
  try {
    const info = await stat(path);
    if (info.isFile()) return info.size;
  } catch (cause) {
    const missing = (cause as { code?: string }).code === "ENOENT";
    throw new InputError(missing ? `there is no file "${path}".` : `"${path}" cannot be read.`, {
      file: path,
      expected: "a CSV, XLSX, JSON or Parquet file",
      ...(missing ? { hint: "Check the path; it is taken from the folder you are in." } : {}),
      cause,
    });
  }
  throw new InputError(`"${path}" is not a file.`, {
    file: path,
    expected: "a CSV, XLSX, JSON or Parquet file",
    received: "a folder or a device",
  });
}
