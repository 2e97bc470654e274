import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InputError } from "./errors.ts";
import { decodeTensors, encodeTensors } from "./safetensors.ts";

const tensors = {
  small: Uint8Array.of(1, 2, 3),
  "layer/weights": Float64Array.of(0.1, -2, Number.MAX_VALUE),
  counts: Int32Array.of(-7, 2 ** 31 - 1),
  single: Float32Array.of(1.5),
  none: new Float64Array(),
};
const metadata = { format: "test", text: 'quotes " and umlauts äöü' };
const file = encodeTensors({ metadata, tensors });

/** A file with this header before these bytes. */
function withHeader(header: string, data = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
const array = (dtype: string, shape: number[], from: number, to: number): object => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

test("what was written is read again", () => {
  const read = decodeTensors(file);
  assert.deepEqual(read.tensors, tensors);
  assert.deepEqual(read.metadata, metadata);
});

test("bytes that lie inside a larger buffer are read too, and the arrays are copies", () => {
  const larger = Buffer.concat([Buffer.alloc(3, 1), file]);
  const inside = larger.subarray(3);
  const read = decodeTensors(inside);
  inside.fill(0);
  assert.deepEqual(read.tensors, tensors);
});

test("the same content gives the same bytes", () => {
  assert.deepEqual(encodeTensors({ metadata, tensors }), file);
});

test("the layout is that of safetensors: length, header, arrays in place and aligned", () => {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  assert.equal((8 + length) % 8, 0);
  const text = new TextDecoder().decode(file.subarray(8, 8 + length));
  const header = JSON.parse(text) as Record<string, { dtype: string; data_offsets: number[] }>;
  const { dtype, data_offsets: place } = header["layer/weights"];
  assert.equal(dtype, "F64");
  assert.equal(new DataView(file.buffer).getFloat64(8 + length + place[0], true), 0.1);
  for (const [name, { dtype: kind, data_offsets: at }] of Object.entries(header)) {
    if (name !== "__metadata__") assert.equal(at[0] % { F64: 8, F32: 4, I32: 4, U8: 1 }[kind]!, 0);
  }
});

test("a file written by hand in the layout is read", () => {
  const bytes = withHeader(
    JSON.stringify({ b: array("U8", [2, 2], 8, 12), a: array("F32", [2], 0, 8) }) + "  ",
    Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 192, 1, 2, 3, 4),
  );
  const read = decodeTensors(bytes);
  assert.deepEqual(read.tensors, { a: Float32Array.of(1, -2), b: Uint8Array.of(1, 2, 3, 4) });
});

describe("other bytes are refused", () => {
  const refuse = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(
      () => decodeTensors(bytes),
      (error: unknown) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, message);
        return true;
      },
    );

  test("a file cut off at any byte", () => {
    for (let length = 0; length < file.length; length++) {
      assert.throws(() => decodeTensors(file.subarray(0, length)), InputError, `${length} bytes`);
    }
    refuse(file.subarray(0, file.length - 1), /ends within its array "small"/);
    refuse(file.subarray(0, 40), /ends within its header/);
  });

  test("texts, pictures and nothing", () => {
    refuse(new Uint8Array(), /0 bytes/);
    refuse(new TextEncoder().encode("formula,hardness\nAl,3\n"), /no header/);
    refuse(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0), /no header/);
  });

  test("headers that are none", () => {
    refuse(withHeader("{ not json"), /no JSON/);
    refuse(withHeader('{"a":3}'), /"a" lacks/);
    refuse(withHeader(JSON.stringify({ a: array("BF16", [1], 0, 2) }), new Uint8Array(2)), /BF16/);
    refuse(
      withHeader(JSON.stringify({ a: array("F64", [2], 0, 8) }), new Uint8Array(8)),
      /8 bytes/,
    );
  });

  test("gaps, overlaps and bytes behind the end", () => {
    const two = (b: object) => JSON.stringify({ a: array("U8", [4], 0, 4), b });
    refuse(withHeader(two(array("U8", [2], 5, 7)), new Uint8Array(7)), /do not follow/);
    refuse(withHeader(two(array("U8", [2], 2, 4)), new Uint8Array(4)), /do not follow/);
    refuse(withHeader(two(array("U8", [2], 4, 6)), new Uint8Array(9)), /goes on for 3 bytes/);
  });
});
