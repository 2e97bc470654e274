import assert from "node:assert/strict";
import { test } from "node:test";
import { kernels } from "./instance.ts";
import { networkKernels, type Precision } from "./networks.ts";

const k = kernels();

test("the random bits of dropout are those of Random123", () => {
  // Known answers of philox2x32-10 in the library's file kat_vectors: counter (2), key, result (2).
  for (const [low, high, key, first, second] of [
    [0, 0, 0, 0xff1dae59, 0x6cd10df2],
    [0xffffffff, 0xffffffff, 0xffffffff, 0x2c3f628b, 0xab4fd7ad],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0xdd7ce038, 0xf62a4c12],
  ]) {
    const bits = BigInt.asUintN(64, k.functions.philox(low, high, key));
    assert.equal(bits, (BigInt(second) << 32n) | BigInt(first));
  }
});

function maskOf(precision: Precision, n: number, keep: number, stream: number, key: number) {
  return k.heap.scope(() => {
    const address = k.heap.allocate(n);
    networkKernels(k, precision).dropoutMask(n, keep, stream, key, address);
    const view =
      precision === "f64"
        ? k.heap.view(address, n)
        : new Float32Array(k.heap.view(0, 0).buffer, address, n);
    return Array.from(view);
  });
}

test("a dropout mask keeps its share and divides by it", () => {
  const n = 100_001;
  for (const precision of ["f64", "f32"] as const) {
    const mask = maskOf(precision, n, 0.7, 0, 12345);
    const values = new Set(mask);
    assert.deepEqual(
      [...values].sort((a, b) => a - b),
      [0, precision === "f64" ? 1 / 0.7 : Math.fround(1 / 0.7)],
    );
    const kept = mask.filter((value) => value > 0).length / n;
    // Five standard deviations of a share of n.
    assert.ok(Math.abs(kept - 0.7) < 5 * Math.sqrt((0.7 * 0.3) / n));
  }
});

test("a dropout mask depends on key and stream, and its numbers not on its length", () => {
  const mask = maskOf("f64", 999, 0.5, 0, 7);
  assert.deepEqual(maskOf("f64", 500, 0.5, 0, 7), mask.slice(0, 500));
  assert.notDeepEqual(maskOf("f64", 999, 0.5, 1, 7), mask);
  assert.notDeepEqual(maskOf("f64", 999, 0.5, 0, 8), mask);
});
