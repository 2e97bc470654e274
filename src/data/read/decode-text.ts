import { InputError } from "../../core/errors.ts";
import { isUtf16, looksBinary } from "./sniff.ts";

export interface DecodedText {
  readonly text: string;
  readonly notes: readonly string[];
}

/** Bytes that Windows-1252 leaves undefined. */
const undefinedIn1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/**
 * Text of a file: UTF-8 (with or without mark), UTF-16, or, where the bytes are no UTF-8 but can be
 * it, Windows-1252 as spreadsheets save it; anything but UTF-8 leaves a note.
 * @throws InputError for binary data, and for UTF-8 that is broken in places
 */
export function decodeText(bytes: Uint8Array, source: string): DecodedText {
  const utf16 = isUtf16(bytes);
  if (utf16 !== undefined) {
    return {
      text: new TextDecoder(utf16).decode(bytes),
      notes: [`read as ${utf16.toUpperCase()} text`],
    };
  }
  if (looksBinary(bytes)) {
    throw new InputError("expected text, but the file holds binary data.", {
      file: source,
      expected: "CSV or JSON text",
      received: "binary data",
      hint: "Export the table as CSV, XLSX, JSON or Parquet.",
    });
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), notes: [] };
  } catch (cause) {
    const { valid, invalid, first, impossible } = surveyUtf8(bytes);
    if (valid > invalid || impossible) {
      let line = 1;
      for (let i = 0; i < first; i++) if (bytes[i] === 10) line++;
      throw new InputError(`line ${line} holds bytes that are not valid UTF-8.`, {
        file: source,
        path: `line ${line}, byte ${first + 1}`,
        expected: "UTF-8 text",
        received: `byte 0x${bytes[first]!.toString(16)}`,
        hint: "Save the file again with the encoding UTF-8.",
        cause,
      });
    }
    return {
      text: new TextDecoder("windows-1252").decode(bytes),
      notes: ["read as Windows-1252 text because it is not UTF-8; check accents and symbols"],
    };
  }
}

/** Counts good and bad multi-byte sequences and finds the first bad one. */
function surveyUtf8(bytes: Uint8Array) {
  let valid = 0;
  let invalid = 0;
  let first = -1;
  let impossible = false;
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i]!;
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    let good = length > 0 && byte < 0xf5;
    for (let k = 1; k < length; k++) good &&= (bytes[i + k] ?? 0) >> 6 === 2;
    if (good) {
      if (length > 1) valid++;
      i += length;
    } else {
      invalid++;
      if (first < 0) first = i;
      impossible ||= undefinedIn1252.has(byte);
      i++;
    }
  }
  return { valid, invalid, first: Math.max(0, first), impossible };
}
