import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kernels } from "../../kernels/instance.ts";
import { InputError, NumericalError, ShapeError } from "../errors.ts";
import { matrix } from "../matrix.ts";
import { createRng } from "../rng.ts";
import { add, multiply } from "./arithmetic.ts";
import { joinColumns, pickColumns, reshape, sliceColumns } from "./columns.ts";
import { applyDense, dense } from "./dense.ts";
import { affine, clamp, huber, square, tanh } from "./elementwise.ts";
import { linear, matmul } from "./linear.ts";
import { crossEntropy, squaredLoss } from "./losses.ts";
import { dropout } from "./normalise.ts";
import { bindParameters, ParameterBuilder, zeros } from "./parameters.ts";
import { mean, sum } from "./reduce.ts";
import { joinRows, sliceRows } from "./rows.ts";
import { gatherRows, segmentSum } from "./segments.ts";
import { detach, withTape, type Tape, type Tensor } from "./tape.ts";

const constant = (tape: Tape, rows: number, columns: number): Tensor =>
  tape.constant(rows, columns, new Float64Array(rows * columns).fill(0.5));

describe("a tape", () => {
  it("frees what a step allocates at its end, also after an error", () => {
    const { heap } = kernels();
    const top = (): number => heap.scope(() => heap.allocate(1));
    const outside = top();
    withTape({}, (tape) => {
      const x = tape.variable(matrix(50, 50));
      const before = top();
      for (let i = 0; i < 3; i++) {
        tape.step(() => tape.backward(sum(square(tanh(x)))));
        assert.equal(top(), before);
      }
      assert.throws(() =>
        tape.step(() => {
          tanh(x);
          throw new Error("stopped");
        }),
      );
      assert.equal(top(), before);
    });
    assert.equal(top(), outside);
  });

  it("records nothing for constants", () => {
    withTape({}, (tape) => {
      const x = constant(tape, 2, 3);
      assert.equal(tanh(x).needsGradient, false);
      assert.throws(() => tape.backward(mean(tanh(x))), InputError);
    });
  });

  it("sends nothing back through detach", () => {
    withTape({}, (tape) => {
      const x = tape.variable(matrix(1, 2, Float64Array.of(3, 4)));
      tape.backward(sum(multiply(x, detach(x))));
      assert.deepEqual([...tape.gradientOf(x)], [3, 4]);
    });
  });

  it("adds up the gradients of a tensor that is used more than once", () => {
    withTape({}, (tape) => {
      const x = tape.variable(matrix(1, 1, Float64Array.of(3)));
      tape.backward(add(multiply(x, x), affine(x, 5, 0)));
      assert.deepEqual([...tape.gradientOf(x)], [11]);
    });
  });

  it("starts the gradient of a variable anew in every step", () => {
    withTape({}, (tape) => {
      const x = tape.variable(matrix(1, 2, Float64Array.of(3, 4)));
      const gradients = [1, 2].map(() =>
        tape.step(() => {
          tape.backward(sum(square(x)));
          return [...tape.gradientOf(x)];
        }),
      );
      assert.deepEqual(gradients, [
        [6, 8],
        [6, 8],
      ]);
      assert.deepEqual([...tape.gradientOf(x)], [0, 0]);
    });
  });

  it("refuses a tensor of a step that has ended, of another tape, and a step inside a step", () => {
    withTape({}, (tape) => {
      const x = tape.variable(matrix(1, 1));
      const old = tape.step(() => tanh(x));
      assert.throws(() => tanh(old), {
        name: "InputError",
        message: /tanh: .*step that has ended/,
      });
      assert.throws(() => tape.step(() => tanh(old)), InputError);
      assert.throws(() => tape.step(() => tape.step(() => 0)), InputError);
      withTape({}, (other) => {
        assert.throws(() => add(x, other.variable(matrix(1, 1))), /add: .*different tapes/);
      });
    });
  });

  it("refuses a loss that is no single number or not finite", () => {
    withTape({}, (tape) => {
      const x = tape.variable(matrix(2, 1));
      assert.throws(() => tape.backward(x), {
        name: "ShapeError",
        message: /1 x 1 loss, got 2 x 1/,
      });
      const infinite = tape.constant(1, 1, [Number.POSITIVE_INFINITY]);
      assert.throws(() => tape.scalar(infinite), NumericalError);
    });
  });
});

describe("a wrong size is refused with the operation's name and both sizes", () => {
  const cases: Record<string, (tape: Tape) => unknown> = {
    "linear: expected 4 input columns for weights 4 x 2, got 3 x 5": (tape) =>
      linear(constant(tape, 3, 5), constant(tape, 4, 2), constant(tape, 1, 2)),
    "linear: expected a bias of 1 x 2, got 1 x 3": (tape) =>
      linear(constant(tape, 3, 4), constant(tape, 4, 2), constant(tape, 1, 3)),
    "matmul: .* got 3 x 5 and 4 x 2": (tape) => matmul(constant(tape, 3, 5), constant(tape, 4, 2)),
    "add: expected equal rows .* got 3 x 5 and 2 x 5": (tape) =>
      add(constant(tape, 3, 5), constant(tape, 2, 5)),
    "multiply: expected equal columns .* got 3 x 5 and 3 x 4": (tape) =>
      multiply(constant(tape, 3, 5), constant(tape, 3, 4)),
    "sliceColumns: expected columns of 2 x 3, got 1 to 4": (tape) =>
      sliceColumns(constant(tape, 2, 3), 1, 4),
    "sliceRows: expected rows of 2 x 3, got 1 to 3": (tape) =>
      sliceRows(constant(tape, 2, 3), 1, 3),
    "joinRows: expected 3 columns in every part, got 2 x 4": (tape) =>
      joinRows([constant(tape, 2, 3), constant(tape, 2, 4)]),
    "reshape: expected 6 numbers as 2 x 3 has, got 2 x 2": (tape) =>
      reshape(constant(tape, 2, 3), 2, 2),
    "joinColumns: expected 2 rows in every part, got 3 x 1": (tape) =>
      joinColumns([constant(tape, 2, 3), constant(tape, 3, 1)]),
    "pickColumns: expected columns of 0 ... 2, got 3 in row 1": (tape) =>
      pickColumns(constant(tape, 2, 3), Int32Array.of(0, 3)),
    "pickColumns: expected one column per row of 2 x 3, got 1": (tape) =>
      crossEntropy(constant(tape, 2, 3), Int32Array.of(0)),
    "gatherRows: expected indices of 0 ... 1, got 2 at 1": (tape) =>
      gatherRows(constant(tape, 2, 3), Int32Array.of(0, 2)),
    "segmentSum: expected one segment per row of 2 x 3, got 3": (tape) =>
      segmentSum(constant(tape, 2, 3), Int32Array.of(0, 0, 0), 1),
    "squaredLoss: expected targets of 3 x 1, got 1 x 3": (tape) =>
      squaredLoss(constant(tape, 3, 1), constant(tape, 1, 3)),
    "mean: expected numbers, got 0 x 3": (tape) => mean(constant(tape, 0, 3)),
    "Tape.constant: expected 2 x 2 = 4 numbers, got 3": (tape) => tape.constant(2, 2, [1, 2, 3]),
  };
  for (const [message, act] of Object.entries(cases)) {
    it(message, () => {
      assert.throws(
        () => withTape({}, act),
        (error: unknown) => error instanceof ShapeError && new RegExp(message).test(error.message),
      );
    });
  }

  it("a layer is named", () => {
    const builder = new ParameterBuilder(createRng(1));
    const layer = dense(builder, "hidden 2", 4, 3);
    const parameters = builder.build();
    withTape({}, (tape) => {
      const p = bindParameters(tape, parameters);
      assert.throws(() => applyDense(layer, p, constant(tape, 2, 5)), {
        name: "ShapeError",
        message:
          "hidden 2: expected 4 input columns for weights 4 x 3 (hidden 2.weight), got 2 x 5.",
      });
    });
  });
});

it("settings out of range are refused", () => {
  withTape({}, (tape) => {
    const x = constant(tape, 1, 2);
    assert.throws(() => huber(x, 0), InputError);
    assert.throws(() => clamp(x, 1, 0), InputError);
    assert.throws(() => dropout(x, { rate: 1 }, createRng(1)), InputError);
    assert.equal(dropout(x, { rate: 0 }, createRng(1)), x);
  });
  const builder = new ParameterBuilder(createRng(1));
  builder.declare("a", 1, 1, zeros);
  assert.throws(() => builder.declare("a", 1, 1, zeros), InputError);
});
