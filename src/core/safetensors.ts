import { InputError } from "./errors.ts";

/** Arrays that a file holds. */
export type TensorArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Named arrays with texts beside them. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, TensorArray>>;
}

const kinds = { F64: Float64Array, F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;
type Kind = keyof typeof kinds;

/** Bytes of the length that begins the file. */
const prefixBytes = 8;
/** A header of more bytes than this is another file's. */
const mostHeaderBytes = 2 ** 28;

const kindOf = (array: TensorArray): Kind =>
  array instanceof Float64Array
    ? "F64"
    : array instanceof Float32Array
      ? "F32"
      : array instanceof Int32Array
        ? "I32"
        : "U8";

/**
 * Bytes of a file in the safetensors layout: the header's length (8 bytes, little-endian), the header
 * (JSON: for each array type, shape and place of its bytes; texts under `__metadata__`), then the bytes
 * of the arrays without gaps. The header is padded with blanks to a multiple of eight bytes and wider
 * numbers come first, so that every array can be read in place.
 * Source: safetensors format, https://github.com/huggingface/safetensors.
 */
export function encodeTensors({ metadata, tensors }: TensorFile): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors).sort(
    ([, a], [, b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT,
  );
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, array] of entries) {
    const end = offset + array.byteLength;
    header[name] = { dtype: kindOf(array), shape: [array.length], data_offsets: [offset, end] };
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padding = (prefixBytes - (text.length % prefixBytes)) % prefixBytes;
  const start = prefixBytes + text.length + padding;
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length + padding), true);
  bytes.set(text, prefixBytes);
  bytes.fill(0x20, prefixBytes + text.length, start);
  let at = start;
  for (const [, array] of entries) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/**
 * Reads a file in the safetensors layout; the arrays are copies.
 * @throws InputError for bytes that are something else, for a file that ends too early (with the part
 *   that is missing) or goes on too long, and for an array of another type than F64, F32, I32 and U8
 */
export function decodeTensors(bytes: Uint8Array): TensorFile {
  const start = headerEnd(bytes);
  const header = headerOf(bytes, start);
  const tensors: Record<string, TensorArray> = {};
  const ranges: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { kind, length, from, to } = placeOf(name, entry);
    if (start + to > bytes.length) {
      throw new InputError(
        `The file ends within its array "${name}": ${bytes.length} bytes of at least ${start + to}.`,
        { path: name, hint: "The file was cut off; copy it again, or train the model again." },
      );
    }
    ranges.push({ name, from, to });
    // Not `slice`, which is a view where the bytes are Node's.
    const copy = new Uint8Array(bytes.subarray(start + from, start + to));
    const array = kinds[kind];
    tensors[name] = new array(copy.buffer, 0, length);
  }
  const end = ranges
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .reduce((last, { name, from, to }) => {
      if (from !== last)
        throw foreign(`the bytes of "${name}" do not follow the ones before`, name);
      return to;
    }, 0);
  if (start + end !== bytes.length) {
    throw foreign(
      `it goes on for ${bytes.length - start - end} bytes behind its last array`,
      "end",
    );
  }
  return { metadata: metadataOf(header["__metadata__"]), tensors };
}

const foreign = (why: string, path: string): InputError =>
  new InputError(`The file is not in the safetensors layout: ${why}.`, {
    path,
    expected: "a model that ystar has written",
  });

/** Where the header ends and the arrays begin. */
function headerEnd(bytes: Uint8Array): number {
  if (bytes.length < prefixBytes) {
    throw foreign(`it has ${bytes.length} bytes, less than its header's length takes`, "header");
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (bytes.length === prefixBytes || bytes[prefixBytes] !== 0x7b || length > mostHeaderBytes) {
    throw foreign("no header stands at its beginning", "header");
  }
  const end = prefixBytes + Number(length);
  if (end > bytes.length) {
    throw new InputError(
      `The file ends within its header: ${bytes.length} bytes of at least ${end}.`,
      {
        path: "header",
        hint: "The file was cut off; copy it again, or train the model again.",
      },
    );
  }
  return end;
}

function headerOf(bytes: Uint8Array, end: number): Record<string, unknown> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(prefixBytes, end));
    const header: unknown = JSON.parse(text);
    if (typeof header === "object" && header !== null) return header as Record<string, unknown>;
  } catch (cause) {
    throw new InputError("The file is not in the safetensors layout: its header is no JSON.", {
      path: "header",
      expected: "a model that ystar has written",
      cause,
    });
  }
  throw foreign("its header is no object", "header");
}

function placeOf(
  name: string,
  entry: unknown,
): { readonly kind: Kind; readonly length: number; readonly from: number; readonly to: number } {
  const {
    dtype,
    shape,
    data_offsets: place,
  } = (entry ?? {}) as {
    dtype?: unknown;
    shape?: unknown;
    data_offsets?: unknown;
  };
  if (typeof dtype !== "string" || !isCounts(shape) || !isCounts(place) || place.length !== 2) {
    throw foreign(`"${name}" lacks its type, shape or place`, name);
  }
  if (!Object.hasOwn(kinds, dtype)) {
    throw new InputError(`The array "${name}" holds numbers of the type ${dtype}.`, {
      path: name,
      expected: `one of ${Object.keys(kinds).join(", ")}`,
      received: dtype,
    });
  }
  const kind = dtype as Kind;
  const length = shape.reduce((product, size) => product * size, 1);
  const [from, to] = place as [number, number];
  if (to - from !== length * kinds[kind].BYTES_PER_ELEMENT) {
    throw foreign(`"${name}" has ${to - from} bytes for ${length} numbers of ${kind}`, name);
  }
  return { kind, length, from, to };
}

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && (one as number) >= 0);

function metadataOf(value: unknown): Record<string, string> {
  const entries = Object.entries(value ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
