import { parse } from "csv-parse/browser/esm/sync";
import { InputError } from "../../core/errors.ts";
import type { CellGrid } from "./cells.ts";
import { decodeText } from "./decode-text.ts";

export interface CsvOptions {
  /** Found from the first lines when absent. */
  readonly delimiter?: "," | ";" | "\t" | "|";
}

/**
 * Longest line read, in bytes. A row of ten thousand columns is well below it; a longer line is a file
 * without line breaks, which is refused before it is parsed.
 */
export const longestLineBytes = 2 ** 20;

/**
 * Refuses text with a line longer than `longestLineBytes`; needs no copy and stops at the first such line.
 * @param size bytes of the whole file when `bytes` is only its beginning
 * @throws InputError naming the line and its length
 */
export function checkLineLengths(bytes: Uint8Array, source: string, size = bytes.length): void {
  let start = 0;
  let line = 1;
  while (start < bytes.length) {
    let end = bytes.subarray(start, start + longestLineBytes + 1).indexOf(10);
    // Old line ends are a lone carriage return.
    if (end < 0) end = bytes.subarray(start, start + longestLineBytes + 1).indexOf(13);
    if (end < 0) {
      if (bytes.length - start <= longestLineBytes) return;
      const next = bytes.indexOf(10, start);
      const length = (next < 0 ? size : next) - start;
      throw new InputError(
        `line ${line} is ${(length / 1e6).toFixed(length < 1e7 ? 1 : 0)} MB long, the limit is ${longestLineBytes / 2 ** 20} MiB a line.`,
        {
          file: source,
          path: `line ${line}`,
          expected: `lines of at most ${longestLineBytes} bytes`,
          received: `${length} bytes`,
          hint: "Is this a table with one row per line? Check the line breaks and how the file was exported.",
        },
      );
    }
    start += end + 1;
    line++;
  }
}

/**
 * Rows and headers of CSV text; the delimiter is found from the first lines. Lines at the top that
 * begin with `#` and titles above the header are skipped with a note, lines without a value are skipped.
 * @throws InputError for an empty file, no data rows, rows of another width than the header, quotes
 *   that do not close, lines beyond `longestLineBytes`, binary data
 */
export function readCsv(bytes: Uint8Array, source: string, options: CsvOptions = {}): CellGrid {
  checkLineLengths(bytes, source);
  const { text, notes } = decodeText(bytes, source);
  const comments = withoutComments(text);
  const titles = withoutTitles(comments.body);
  const { body } = titles;
  const skipped = comments.skipped + titles.skipped;
  const delimiter = options.delimiter ?? findDelimiter(body);
  const lines: number[] = [];
  const records = parseRecords(body, delimiter, source, skipped, lines);
  const [headers, ...rows] = records;
  if (headers === undefined) {
    throw new InputError("the file has no rows.", {
      file: source,
      expected: "a header row and at least one row of data",
      received: "an empty file",
      hint: "Put the column names in the first row.",
    });
  }
  while (headers.length > 1 && headers.at(-1)!.trim() === "") headers.pop();
  rows.forEach((row, i) => {
    while (row.length > headers.length && row.at(-1)!.trim() === "") row.pop();
    if (row.length === headers.length) return;
    throw new InputError(
      `row ${i + 1} (line ${lines[i + 1]}) has ${row.length} cells, the header has ${headers.length}.`,
      {
        file: source,
        path: `row ${i + 1}, line ${lines[i + 1]}`,
        expected: `${headers.length} cells`,
        received: `${row.length} cells`,
        hint: `The cells are divided by ${delimiterWords[delimiter]}; put quotes around texts that contain one.`,
      },
    );
  });
  return {
    source,
    headers,
    rows,
    place: (row) => `line ${lines[row + 1]}`,
    notes: [
      ...notes,
      ...skippedNote(comments.skipped, "comment line"),
      ...skippedNote(titles.skipped, "line", "above the header"),
    ],
  };
}

function parseRecords(
  body: string,
  delimiter: Delimiter,
  source: string,
  skipped: number,
  lines: number[],
): string[][] {
  try {
    return parse(body, {
      delimiter,
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      on_record: (record: string[], context: { lines: number }) => {
        lines.push(context.lines + skipped);
        return record;
      },
    });
  } catch (cause) {
    const { code, lines: line } = cause as { code?: string; lines?: number };
    const place = line === undefined ? "" : ` at line ${line + skipped}`;
    const quotes = code?.includes("QUOTE") ?? false;
    throw new InputError(
      code === "CSV_QUOTE_NOT_CLOSED"
        ? `a quoted text is not closed${place}.`
        : `the text is not valid CSV${place}.`,
      {
        file: source,
        ...(line === undefined ? {} : { path: `line ${line + skipped}` }),
        hint: quotes
          ? 'Quotes enclose a whole cell; inside it write two of them: "5"" pipe".'
          : "Check the file at this line.",
        cause,
      },
    );
  }
}

function withoutComments(text: string): { body: string; skipped: number } {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let skipped = 0;
  while (text[at] === "#") {
    const end = text.indexOf("\n", at);
    if (end < 0) break;
    at = end + 1;
    skipped++;
  }
  return { body: text.slice(at), skipped };
}

const skippedNote = (count: number, what: string, where = "at the top"): string[] =>
  count === 0 ? [] : [`skipped ${count} ${what}${count === 1 ? "" : "s"} ${where}`];

/** Lines that may stand above the header, and lines that tell whether they do. */
const mostTitles = 10;
const linesLookedAt = 30;

/**
 * The text from the header on, where lines stand above it that nothing divides while all below are divided: titles,
 * as spreadsheets have them. A table of one column has none.
 */
function withoutTitles(text: string): { body: string; skipped: number } {
  const lines = text.split("\n", linesLookedAt);
  const isDivided = lines.map((line) => delimiters.some((delimiter) => line.includes(delimiter)));
  const skipped = isDivided.indexOf(true);
  const isTable = lines.every((line, i) => i < skipped || isDivided[i]! || line.trim() === "");
  if (skipped < 1 || skipped > mostTitles || !isTable) return { body: text, skipped: 0 };
  const titles = lines.slice(0, skipped);
  return { body: text.slice(titles.reduce((sum, line) => sum + line.length + 1, 0)), skipped };
}

const delimiters = [",", ";", "\t", "|"] as const;
type Delimiter = (typeof delimiters)[number];
const delimiterWords: Readonly<Record<Delimiter, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "vertical bars",
};

/** The mark that divides the header and, most often, equally the lines below it. */
function findDelimiter(text: string): Delimiter {
  const counts = countDelimiters(text.slice(0, 2 ** 18), 100);
  let best: Delimiter = ",";
  let bestScore = 0;
  delimiters.forEach((delimiter, k) => {
    const inHeader = counts[0]?.[k] ?? 0;
    if (inHeader === 0) return;
    const agreeing = counts.filter((line) => line[k] === inHeader).length / counts.length;
    const score = agreeing + inHeader / (1000 + inHeader);
    if (score > bestScore) {
      bestScore = score;
      best = delimiter;
    }
  });
  return best;
}

/** Marks outside quotes on each of the first lines. */
function countDelimiters(text: string, limit: number): number[][] {
  const lines: number[][] = [];
  let line = [0, 0, 0, 0];
  let filled = false;
  let quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "\n" || char === "\r")) {
      if (filled) lines.push(line);
      if (lines.length >= limit) return lines;
      line = [0, 0, 0, 0];
      filled = false;
      continue;
    } else if (!quoted) {
      const k = delimiters.indexOf(char as Delimiter);
      if (k >= 0) line[k]!++;
    }
    filled = true;
  }
  if (filled) lines.push(line);
  return lines;
}
