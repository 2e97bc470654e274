import assert from "node:assert/strict";
import { describe, it } from "node:test";
import reference from "../../../test/reference/convolution.json" with { type: "json" };
import { InputError, ShapeError } from "../errors.ts";
import { matrix } from "../matrix.ts";
import { createRng } from "../rng.ts";
import { multiply } from "./arithmetic.ts";
import { convolve, convolveTransposed } from "./convolution.ts";
import { applyConvolution, convolution } from "./convolution-layer.ts";
import { bindParameters, ParameterBuilder } from "./parameters.ts";
import { testGradient } from "./fixtures/test-gradient.ts";
import { maxPool, meanPool, upsample } from "./pooling.ts";
import { sum } from "./reduce.ts";
import { withTape, type Tape, type Tensor } from "./tape.ts";
import type { Padding, Windows } from "./windows.ts";

const place = (values: readonly number[]): string => values.join(" x ");

function assertClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number) {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) =>
    assert.ok(
      Math.abs(actual[i] - value) <= tolerance,
      `${i}: expected ${value}, got ${actual[i]}`,
    ),
  );
}

const variable = (tape: Tape, rows: number, values: readonly number[]): Tensor =>
  tape.variable(matrix(rows, values.length / rows, Float64Array.from(values)));

describe("a convolution has the values and gradients of torch", () => {
  for (const item of reference.convolutions) {
    const { extent, channels, window, stride, margin } = item;
    const padding = item.padding as Padding;
    for (const precision of ["f64", "f32"] as const) {
      it(`${place(extent)}, window ${place(window)}, stride ${place(stride)}, ${padding}, ${precision}`, () => {
        // The reference is rounded to 12 digits; sums of some hundred numbers in f32.
        const tolerance = precision === "f64" ? 1e-10 : 2e-4;
        withTape({ precision }, (tape) => {
          const numbers = window.reduce((a, b) => a * b, channels);
          const x = variable(tape, 2, item.x);
          const w = variable(tape, numbers, item.w);
          const b = variable(tape, 1, item.b);
          const windows: Windows = { extent, channels, size: window, stride, margin, padding };
          const y = convolve(x, w, b, windows);
          assertClose(tape.copy(y), item.y, tolerance);
          const count = item.y.length;
          const weights = item.y.map((_, i) => -1 + (2 * i) / (count - 1));
          tape.backward(sum(multiply(y, tape.constant(2, count / 2, weights))));
          assertClose(tape.gradientOf(x), item.gx, tolerance);
          assertClose(tape.gradientOf(w), item.gw, tolerance);
          assertClose(tape.gradientOf(b), item.gb, tolerance);
        });
      });
    }
  }
});

describe("a transposed convolution", () => {
  for (const item of reference.transposed) {
    const { extent, channels, window, stride, margin, inputs } = item;
    it(`has the values of torch (${place(extent)}, window ${place(window)})`, () =>
      withTape({}, (tape) => {
        const [x, w, b] = [
          variable(tape, 2, item.x),
          variable(tape, inputs, item.w),
          variable(tape, 1, item.b),
        ];
        const y = convolveTransposed(x, w, b, { extent, channels, size: window, stride, margin });
        assertClose(tape.copy(y), item.y, 1e-10);
      }));
  }

  it("is the transpose of the convolution, with periodic edges too", () => {
    const draw = createRng(3);
    const random = (n: number): number[] => Array.from({ length: n }, () => draw.normal());
    for (const padding of ["zero", "periodic"] as const) {
      withTape({}, (tape) => {
        const windows: Windows = {
          extent: [5, 4],
          channels: 2,
          size: [3, 3],
          stride: 2,
          padding,
        };
        const [x, y] = [variable(tape, 1, random(40)), variable(tape, 1, random(3 * 2 * 3))];
        const w = random(18 * 3);
        const zeros = (n: number): Tensor => tape.constant(1, n, new Float64Array(n));
        const turned = Array.from({ length: 54 }, (_, k) => w[(k % 18) * 3 + Math.floor(k / 18)]);
        const forth = sum(multiply(convolve(x, variable(tape, 18, w), zeros(3), windows), y));
        const back = sum(
          multiply(x, convolveTransposed(y, variable(tape, 3, turned), zeros(2), windows)),
        );
        assert.ok(Math.abs(tape.scalar(forth) - tape.scalar(back)) < 1e-12);
      });
    }
  });
});

it("pools and upsampling have the values of torch", () => {
  for (const { extent, channels, size, x, mean, max, up } of reference.pools) {
    withTape({}, (tape) => {
      const input = variable(tape, 2, x);
      const grid = { extent, channels };
      assertClose(tape.copy(meanPool(input, grid, size)), mean, 1e-11);
      assertClose(tape.copy(maxPool(input, grid, size)), max, 1e-11);
      assertClose(tape.copy(upsample(input, grid, size)), up, 1e-11);
    });
  }
});

const windows2: Windows = { extent: [4, 5], channels: 2, size: [3, 3] };
const windows3: Windows = { extent: [3, 2, 3], channels: 1, size: [2, 2, 3], stride: [1, 2, 1] };
for (const padding of ["zero", "periodic"] as const) {
  testGradient({
    name: `convolve in 2-D, ${padding}`,
    inputs: [
      [2, 40],
      [18, 3],
      [1, 3],
    ],
    apply: (x, w, b) => convolve(x, w, b, { ...windows2, padding }),
  });
  testGradient({
    name: `convolve in 3-D, ${padding}`,
    inputs: [
      [2, 18],
      [12, 2],
      [1, 2],
    ],
    apply: (x, w, b) => convolve(x, w, b, { ...windows3, margin: [1, 0, 1], padding }),
  });
  testGradient({
    name: `convolveTransposed in 2-D, ${padding}`,
    inputs: [
      [2, 2 * 3 * 3],
      [3, 18],
      [1, 2],
    ],
    apply: (x, w, b) => convolveTransposed(x, w, b, { ...windows2, stride: 2, padding }),
  });
}
testGradient({
  name: "convolve in 1-D with a window wider than the line",
  inputs: [
    [1, 6],
    [10, 2],
    [1, 2],
  ],
  apply: (x, w, b) =>
    convolve(x, w, b, { extent: [3], channels: 2, size: [5], padding: "periodic" }),
});
testGradient({
  name: "meanPool",
  inputs: [[2, 30]],
  apply: (x) => meanPool(x, { extent: [3, 5], channels: 2 }, [2, 2]),
});
testGradient({
  name: "maxPool",
  inputs: [[2, 30]],
  apply: (x) => maxPool(x, { extent: [3, 5], channels: 2 }, [2, 2]),
});
testGradient({
  name: "upsample",
  inputs: [[2, 12]],
  apply: (x) => upsample(x, { extent: [2, 3], channels: 2 }, [2, 1]),
});

it("a volume of many blocks gives the same as one of few", () => {
  // 40^3 places x 27 numbers are more than are laid out at a time.
  withTape({ precision: "f32" }, (tape) => {
    const n = 40;
    const x = tape.constant(
      1,
      n ** 3,
      Float32Array.from({ length: n ** 3 }, (_, i) => i % 7),
    );
    const w = tape.constant(27, 1, new Float32Array(27).fill(1));
    const y = convolve(x, w, tape.constant(1, 1, [0.5]), {
      extent: [n, n, n],
      channels: 1,
      size: [3, 3, 3],
      padding: "periodic",
    });
    const sums = tape.copy(y);
    const at = (a: number, b: number, c: number): number =>
      ((((a + n) % n) * n + ((b + n) % n)) * n + ((c + n) % n)) % 7;
    for (const [a, b, c] of [
      [0, 0, 0],
      [39, 39, 39],
      [20, 0, 39],
      [13, 17, 23],
    ]) {
      let expected = 0.5;
      for (let k = 0; k < 27; k++) {
        expected += at(a + Math.floor(k / 9) - 1, b + (Math.floor(k / 3) % 3) - 1, c + (k % 3) - 1);
      }
      assert.equal(sums[(a * n + b) * n + c], expected);
    }
  });
});

it("layers of convolutions keep the size of numbers on the way, and give the extents back", () => {
  const builder = new ParameterBuilder(createRng(3));
  const down: Windows = { extent: [8, 8], channels: 3, size: [3, 3], stride: 2 };
  const layers = [
    convolution(builder, "down", down, 16),
    convolution(builder, "up", down, 16, { isTransposed: true }),
  ];
  const parameters = builder.build();
  withTape({}, (tape) => {
    const p = bindParameters(tape, parameters);
    const draw = createRng(1);
    const x = tape.constant(
      50,
      192,
      Array.from({ length: 9600 }, () => draw.normal()),
    );
    const variance = (t: Tensor): number => {
      const values = tape.copy(t);
      return values.reduce((sum, v) => sum + v * v, 0) / values.length;
    };
    const small = applyConvolution(layers[0], p, x);
    assert.deepEqual([small.rows, small.columns], [50, 4 * 4 * 16]);
    // 2 before the activation, less what zeros at the edges take; half as much again is far beyond chance.
    assert.ok(variance(small) > 1 && variance(small) < 3, `${variance(small)}`);
    const back = applyConvolution(layers[1], p, small);
    assert.deepEqual([back.rows, back.columns], [50, 192]);
    const ratio = variance(back) / variance(small);
    assert.ok(ratio > 1 && ratio < 3, `${ratio}`);
  });
});

describe("a wrong convolution is refused with the layer's name", () => {
  const zeros = (tape: Tape, rows: number, columns: number): Tensor =>
    tape.constant(rows, columns, new Float64Array(rows * columns));
  const refuse = (
    message: RegExp,
    kind: typeof ShapeError | typeof InputError,
    changes: Partial<Windows>,
    [columns, weights, bias]: readonly [number, number, number] = [40, 18, 3],
  ): Promise<void> =>
    it(String(message), () => {
      assert.throws(
        () =>
          withTape({}, (tape) =>
            convolve(
              zeros(tape, 2, columns),
              zeros(tape, weights, 3),
              zeros(tape, 1, bias),
              { ...windows2, ...changes },
              "encoder 1",
            ),
          ),
        (error: unknown) => error instanceof kind && message.test(error.message),
      );
    });
  void refuse(
    /encoder 1: expected rows of 4 x 5 places x 2 channels = 40 numbers, got 2 x 41/,
    ShapeError,
    {},
    [41, 18, 3],
  );
  void refuse(
    /encoder 1: expected weights of 18 x outputs .* got 17 x 3/,
    ShapeError,
    {},
    [40, 17, 3],
  );
  void refuse(/encoder 1: expected a bias of 1 x 3, got 1 x 2/, ShapeError, {}, [40, 18, 2]);
  void refuse(/encoder 1: a window of 7 x 3 does not fit into 4 x 5/, ShapeError, {
    size: [7, 3],
    margin: 0,
  });
  void refuse(/encoder 1: .* at least 1 as stride, got 0 x 0/, InputError, { stride: 0 });
  void refuse(/encoder 1: .* as size, got 3/, InputError, { size: [3], margin: [0, 0] });
  void refuse(/encoder 1: expected 1 to 3 extents, got 4/, InputError, { extent: [1, 4, 5, 1] });
});
