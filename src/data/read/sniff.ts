import { InputError } from "../../core/errors.ts";

export type TableFormat = "csv" | "xlsx" | "json" | "parquet";

/** First bytes of formats that are mistaken for tables, in words and, where ystar reads it, its format. */
const signatures: readonly { bytes: readonly number[]; looks: string; format?: TableFormat }[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    looks: "a zip archive such as an XLSX workbook",
    format: "xlsx",
  },
  { bytes: [0x50, 0x41, 0x52, 0x31], looks: "a Parquet file", format: "parquet" },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], looks: "an old Excel workbook (.xls)" },
  { bytes: [0x89, 0x50, 0x4e, 0x47], looks: "a PNG picture" },
  { bytes: [0xff, 0xd8, 0xff], looks: "a JPEG picture" },
  { bytes: [0x47, 0x49, 0x46, 0x38], looks: "a GIF picture" },
  { bytes: [0x25, 0x50, 0x44, 0x46], looks: "a PDF document" },
  { bytes: [0x1f, 0x8b], looks: "a gzip archive" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], looks: "a Zstandard archive" },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], looks: "a 7-Zip archive" },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], looks: "an SQLite database" },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], looks: "a program" },
  { bytes: [0x89, 0x48, 0x44, 0x46], looks: "an HDF5 file" },
];

const extensions: Readonly<Record<string, TableFormat>> = {
  csv: "csv",
  tsv: "csv",
  txt: "csv",
  dat: "csv",
  xlsx: "xlsx",
  xlsm: "xlsx",
  json: "json",
  parquet: "parquet",
  pq: "parquet",
};

/**
 * The format of a table file, from its name and checked against its first bytes.
 * @param source file name; without a known extension the content decides
 * @throws InputError for an empty file, and when name and content differ (a workbook named `.csv`)
 */
export function tableFormat(bytes: Uint8Array, source: string): TableFormat {
  if (bytes.length === 0) {
    throw new InputError("the file is empty (0 bytes).", {
      file: source,
      expected: "a header row and at least one row of data",
      received: "0 bytes",
      hint: "Check that the file was saved or downloaded completely.",
    });
  }
  const ending = /\.([^./\\]+)$/.exec(source)?.[1]?.toLowerCase() ?? "";
  const named = Object.hasOwn(extensions, ending) ? extensions[ending] : undefined;
  const found = signatures.find(({ bytes: magic }) => magic.every((byte, i) => bytes[i] === byte));
  if (found === undefined) {
    const content = looksLikeJson(bytes) ? "json" : "csv";
    if (named === "xlsx" || named === "parquet") {
      throw new InputError(`expected ${words[named]}, but the file does not begin like one.`, {
        file: source,
        expected: words[named],
        received: looksBinary(bytes) ? "other binary data" : "text",
        hint: looksBinary(bytes)
          ? "Check how the file was saved."
          : "If it is text, name it .csv or .json.",
      });
    }
    return named ?? content;
  }
  if (found.format !== undefined && (named === undefined || named === found.format)) {
    return found.format;
  }
  throw new InputError(
    `expected ${named === undefined ? "a table" : words[named]}, but the file looks like ${found.looks}.`,
    {
      file: source,
      expected: named === undefined ? "CSV, XLSX, JSON or Parquet" : words[named],
      received: found.looks,
      hint:
        found.format === undefined
          ? "Export the table as CSV, XLSX, JSON or Parquet."
          : `Give it its own ending (.${found.format}), or export it as ${words[named ?? "csv"]}.`,
    },
  );
}

const words: Readonly<Record<TableFormat, string>> = {
  csv: "CSV text",
  xlsx: "an XLSX workbook",
  json: "JSON text",
  parquet: "a Parquet file",
};

/** Whether the first bytes hold what no text does: control characters outside UTF-16. */
export function looksBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 4096);
  if (isUtf16(sample) !== undefined) return false;
  let controls = 0;
  for (const byte of sample) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls++;
  }
  return controls > sample.length / 50;
}

/** UTF-16 by its mark, or by every second byte of the sample being 0 as in Latin text. */
export function isUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const pairs = Math.min(bytes.length, 400) >> 1;
  if (pairs < 4) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < 2 * pairs; i++) if (bytes[i] === 0) zeros[i & 1]!++;
  if (zeros[1]! > 0.8 * pairs && zeros[0] === 0) return "utf-16le";
  if (zeros[0]! > 0.8 * pairs && zeros[1] === 0) return "utf-16be";
  return undefined;
}

function looksLikeJson(bytes: Uint8Array): boolean {
  let i = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (i < bytes.length && bytes[i]! <= 32) i++;
  return bytes[i] === 0x5b || bytes[i] === 0x7b;
}
