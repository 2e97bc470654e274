import assert from "node:assert/strict";
import { test } from "node:test";
import { exp } from "../core/elementary.ts";
import { kernels } from "./instance.ts";
import { networkKernels, unaryCodes, type Precision } from "./networks.ts";

const k = kernels();

function silu(precision: Precision, numbers: number[]): number[] {
  return k.heap.scope(() => {
    const n = numbers.length;
    const view = (address: number): Float64Array | Float32Array =>
      precision === "f64"
        ? k.heap.view(address, n)
        : new Float32Array(k.heap.view(0, 0).buffer as ArrayBuffer, address, n);
    const [x, y] = [k.heap.allocate(n), k.heap.allocate(n)];
    view(x).set(numbers);
    networkKernels(k, precision).unaryForward(unaryCodes.silu, n, 0, 0, x, y);
    return Array.from(view(y));
  });
}

for (const [precision, unit, most] of [
  ["f64", 2 ** -53, 700],
  ["f32", 2 ** -24, 80],
] as const) {
  test(`silu in ${precision} is x / (1 + e^-x) to the last places`, () => {
    const count = 4001;
    const numbers = Array.from({ length: count }, (_, i) =>
      Math.fround(((2 * i) / (count - 1) - 1) * most),
    );
    silu(precision, numbers).forEach((value, i) => {
      const expected = numbers[i] / (1 + exp(-numbers[i]));
      assert.ok(
        Math.abs(value - expected) <= 8 * unit * Math.abs(expected),
        `${numbers[i]}: ${value} and not ${expected}`,
      );
    });
  });

  test(`silu in ${precision} has the same bits wherever a number stands`, () => {
    const numbers = Array.from({ length: 7 }, (_, i) => Math.fround(i * 1.7 - 5));
    const together = silu(precision, numbers);
    assert.deepEqual(
      together,
      numbers.map((number) => silu(precision, [number])[0]),
    );
  });

  test(`silu in ${precision} ends at 0 and x, and NaN stays`, () => {
    const [low, lower, high, none] = silu(precision, [-1e4, -1e30, 1e4, NaN]);
    assert.ok(low === 0 && lower === 0 && high === 1e4 && Number.isNaN(none));
  });
}
