import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, type Matrix } from "../matrix.ts";
import { createRng } from "../rng.ts";
import { normalCdf } from "../special.ts";
import { add, divide, multiply, subtract } from "./arithmetic.ts";
import { joinColumns, pickColumns, reshape, sliceColumns } from "./columns.ts";
import * as elementwise from "./elementwise.ts";
import { linear, matmul, transpose } from "./linear.ts";
import { crossEntropy, gaussianLoss, huberLoss, squaredLoss } from "./losses.ts";
import { layerNorm } from "./normalise.ts";
import { logSumExp, mean, softmax, sum } from "./reduce.ts";
import { joinRows, sliceRows } from "./rows.ts";
import { gatherRows, segmentSum } from "./segments.ts";
import { withTape, type Tensor } from "./tape.ts";

type Formula = (i: number, j: number) => number;

/** Numbers by row and column; positive ones keep logarithms and quotients in range. */
function random(label: string, rows: number, columns: number, isPositive = false): Matrix {
  const rng = createRng(4).fork(label);
  const draw = (): number => (isPositive ? 0.3 + 2 * rng.uniform() : 2 * rng.normal());
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, draw));
}

const at = (m: Matrix, i: number, j: number): number =>
  m.data[(m.rows === 1 ? 0 : i) * m.columns + (m.columns === 1 ? 0 : j)];

/** Checks an operation in both precisions against its formula, entry by entry. */
function check(
  inputs: readonly Matrix[],
  apply: (...inputs: Tensor[]) => Tensor,
  [rows, columns]: readonly [number, number],
  formula: Formula,
): void {
  for (const precision of ["f64", "f32"] as const) {
    const { result, actual } = withTape({ precision }, (tape) => {
      const result = apply(...inputs.map((m) => tape.constant(m.rows, m.columns, m.data)));
      return { result, actual: tape.copy(result) };
    });
    assert.deepEqual([result.rows, result.columns], [rows, columns]);
    const tolerance = precision === "f64" ? 1e-13 : 4e-6;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const expected = formula(i, j);
        const value = actual[i * columns + j];
        assert.ok(
          Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)),
          `${precision} (${i}, ${j}): expected ${expected}, got ${value}`,
        );
      }
    }
  }
}

const sizes = [
  [1, 1],
  [5, 1],
  [1, 6],
  [3, 7],
  [4, 8],
] as const;

describe("functions of every number", () => {
  const formulas: Record<string, [(x: Tensor) => Tensor, (x: number) => number, boolean?]> = {
    affine: [(x) => elementwise.affine(x, -2, 0.5), (x) => -2 * x + 0.5],
    tanh: [elementwise.tanh, Math.tanh],
    relu: [(x) => elementwise.relu(x, 0.1), (x) => (x > 0 ? x : 0.1 * x)],
    sigmoid: [elementwise.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
    softplus: [elementwise.softplus, (x) => Math.log(1 + Math.exp(x))],
    exp: [elementwise.exp, Math.exp],
    log: [elementwise.log, Math.log, true],
    square: [elementwise.square, (x) => x * x],
    sqrt: [elementwise.sqrt, Math.sqrt, true],
    abs: [elementwise.abs, Math.abs],
    clamp: [(x) => elementwise.clamp(x, -0.5, 1.5), (x) => Math.min(1.5, Math.max(-0.5, x))],
    gelu: [elementwise.gelu, (x) => x * normalCdf(x)],
    silu: [elementwise.silu, (x) => x / (1 + Math.exp(-x))],
    huber: [
      (x) => elementwise.huber(x, 0.7),
      (x) => (Math.abs(x) <= 0.7 ? 0.5 * x * x : 0.7 * (Math.abs(x) - 0.35)),
    ],
  };
  for (const [name, [apply, formula, isPositive]] of Object.entries(formulas)) {
    it(`${name} follows its formula`, () => {
      for (const [rows, columns] of sizes) {
        const x = random(name, rows, columns, isPositive);
        check([x], apply, [rows, columns], (i, j) => formula(at(x, i, j)));
      }
    });
  }

  it("saturate at large numbers without overflow", () => {
    const x = matrix(1, 4, Float64Array.of(-800, -40, 40, 800));
    check([x], elementwise.sigmoid, [1, 4], (_, j) => [0, Math.exp(-40), 1, 1][j]);
    check([x], elementwise.softplus, [1, 4], (_, j) => [0, Math.exp(-40), 40, 800][j]);
    check([x], elementwise.tanh, [1, 4], (_, j) => [-1, -1, 1, 1][j]);
    check([x], elementwise.silu, [1, 4], (_, j) => [0, -40 * Math.exp(-40), 40, 800][j]);
  });
});

it("e^x reaches from 0 to infinity in both precisions, and keeps what is not a number", () => {
  for (const precision of ["f64", "f32"] as const) {
    const [low, high] = precision === "f64" ? [-745.2, 709.8] : [-104, 88.73];
    const x = matrix(1, 6, Float64Array.of(-1e30, low, 0, high, 1e30, Number.NaN));
    const y = withTape({ precision }, (tape) =>
      tape.copy(elementwise.exp(tape.constant(1, 6, x.data))),
    );
    const infinite = Number.POSITIVE_INFINITY;
    assert.deepEqual([...y], [0, 0, 1, infinite, infinite, Number.NaN]);
  }
});

it("e^x of f32 is good to 1.8e-7 over its whole range", () => {
  const x = Float64Array.from({ length: 20_001 }, (_, i) =>
    Math.fround(-87 + (175.7 * i) / 20_000),
  );
  const y = withTape({ precision: "f32" }, (tape) =>
    tape.copy(elementwise.exp(tape.constant(1, x.length, x))),
  );
  x.forEach((v, i) => assert.ok(Math.abs(y[i] / Math.exp(v) - 1) < 3 * 2 ** -24, `${v}`));
});

describe("arithmetic", () => {
  const operations = {
    add: [add, (a: number, b: number) => a + b],
    subtract: [subtract, (a: number, b: number) => a - b],
    multiply: [multiply, (a: number, b: number) => a * b],
    divide: [divide, (a: number, b: number) => a / b],
  } as const;
  for (const [name, [apply, formula]] of Object.entries(operations)) {
    it(`${name} repeats rows, columns and single numbers`, () => {
      for (const [rows, columns] of sizes) {
        for (const r of new Set([1, rows])) {
          for (const c of new Set([1, columns])) {
            const a = random("a", rows, columns);
            const b = random("b", r, c, true);
            const size = [rows, columns] as const;
            check([a, b], apply, size, (i, j) => formula(at(a, i, j), at(b, i, j)));
            if (name === "divide") continue;
            check([b, a], apply, size, (i, j) => formula(at(b, i, j), at(a, i, j)));
          }
        }
      }
    });
  }

  it("repeats a row against a column", () => {
    const [a, b] = [random("a", 1, 5), random("b", 3, 1)];
    check([a, b], add, [3, 5], (i, j) => at(a, i, j) + at(b, i, j));
  });
});

const total = (count: number, term: (k: number) => number): number =>
  Array.from({ length: count }, (_, k) => term(k)).reduce((sum, value) => sum + value, 0);

describe("matrices", () => {
  it("linear and matmul are products", () => {
    const [x, w, b] = [random("x", 5, 9), random("w", 9, 6), random("b", 1, 6)];
    const product: Formula = (i, j) => total(9, (k) => at(x, i, k) * at(w, k, j));
    check([x, w], matmul, [5, 6], product);
    check(
      [x, w, b],
      (x, w, b) => linear(x, w, b),
      [5, 6],
      (i, j) => product(i, j) + b.data[j],
    );
  });

  it("products agree in both precisions for sizes around the blocks of the kernels", () => {
    for (const [m, k, n] of [
      [1, 1, 1],
      [4, 8, 8],
      [5, 257, 9],
      [97, 3, 17],
      [3, 2, 1030],
    ]) {
      const [a, b] = [random("a", m, k), random("b", k, n)];
      check([a, b], matmul, [m, n], (i, j) => total(k, (l) => at(a, i, l) * at(b, l, j)));
    }
  });

  it("transpose, slices, joins and picks move numbers only", () => {
    const [a, b] = [random("a", 4, 7), random("b", 4, 2)];
    check([a], transpose, [7, 4], (i, j) => at(a, j, i));
    check(
      [a],
      (x) => sliceColumns(x, 3, 6),
      [4, 3],
      (i, j) => at(a, i, j + 3),
    );
    check(
      [a, b],
      (...parts) => joinColumns(parts),
      [4, 9],
      (i, j) => (j < 7 ? at(a, i, j) : at(b, i, j - 7)),
    );
    check(
      [a],
      (x) => sliceRows(x, 1, 3),
      [2, 7],
      (i, j) => at(a, i + 1, j),
    );
    check(
      [a, a],
      (...parts) => joinRows(parts),
      [8, 7],
      (i, j) => at(a, i % 4, j),
    );
    check(
      [a],
      (x) => reshape(x, 14, 2),
      [14, 2],
      (i, j) => a.data[2 * i + j],
    );
    const picked = Int32Array.of(6, 0, 2, 2);
    check(
      [a],
      (x) => pickColumns(x, picked),
      [4, 1],
      (i) => at(a, i, picked[i]),
    );
  });

  it("gatherRows and segmentSum follow their indices", () => {
    const x = random("x", 4, 5);
    const indices = Int32Array.of(3, 0, 3);
    check(
      [x],
      (x) => gatherRows(x, indices),
      [3, 5],
      (i, j) => at(x, indices[i], j),
    );
    const segments = Int32Array.of(2, 0, 2, 2);
    check(
      [x],
      (x) => segmentSum(x, segments, 4),
      [4, 5],
      (i, j) => total(4, (k) => (segments[k] === i ? at(x, k, j) : 0)),
    );
  });
});

describe("reductions", () => {
  for (const [rows, columns] of sizes) {
    const x = random("x", rows, columns);
    it(`sums, means and exponential sums of ${rows} x ${columns}`, () => {
      const ofRow = (i: number): number => total(columns, (k) => at(x, i, k));
      check(
        [x],
        (x) => sum(x),
        [1, 1],
        () => total(rows, ofRow),
      );
      check([x], (x) => sum(x, "columns"), [rows, 1], ofRow);
      check(
        [x],
        (x) => mean(x, "rows"),
        [1, columns],
        (_, j) => total(rows, (k) => at(x, k, j) / rows),
      );
      const exponentials = (i: number): number => total(columns, (k) => Math.exp(at(x, i, k)));
      check([x], logSumExp, [rows, 1], (i) => Math.log(exponentials(i)));
      check([x], softmax, [rows, columns], (i, j) => Math.exp(at(x, i, j)) / exponentials(i));
    });
  }

  it("softmax and logSumExp take scores of any size", () => {
    const x = matrix(1, 3, Float64Array.of(-1e4, 1e4, 1e4));
    check([x], logSumExp, [1, 1], () => 1e4 + Math.LN2);
    check([x], softmax, [1, 3], (_, j) => [0, 0.5, 0.5][j]);
  });

  it("layerNorm gives rows of mean 0 and variance 1 before gain and bias", () => {
    const [x, g, b] = [random("x", 4, 6), random("g", 1, 6), random("b", 1, 6)];
    check(
      [x, g, b],
      (x, g, b) => layerNorm(x, g, b),
      [4, 6],
      (i, j) => {
        const centre = total(6, (k) => at(x, i, k)) / 6;
        const variance = total(6, (k) => (at(x, i, k) - centre) ** 2) / 6;
        return ((at(x, i, j) - centre) / Math.sqrt(variance + 1e-5)) * g.data[j] + b.data[j];
      },
    );
  });
});

describe("losses", () => {
  for (const columns of [1, 3]) {
    it(`follow their formulas for targets of ${columns} columns`, () => {
      const [p, t, v] = [
        random("p", 5, columns),
        random("t", 5, columns),
        random("v", 5, columns, true),
      ];
      const average = (term: Formula): number =>
        total(5, (i) => total(columns, (j) => term(i, j))) / (5 * columns);
      const error: Formula = (i, j) => at(p, i, j) - at(t, i, j);
      const likelihood: Formula = (i, j) =>
        0.5 * (Math.log(at(v, i, j)) + error(i, j) ** 2 / at(v, i, j));
      const w = random("w", 5, 1, true);
      check(
        [p, t],
        (p, t) => squaredLoss(p, t),
        [1, 1],
        () => average((i, j) => error(i, j) ** 2),
      );
      check(
        [p, t, w],
        (p, t, w) => squaredLoss(p, t, w),
        [1, 1],
        () => average((i, j) => w.data[i] * error(i, j) ** 2),
      );
      check(
        [p, t],
        (p, t) => huberLoss(p, t, 0.5),
        [1, 1],
        () =>
          average((i, j) => {
            const size = Math.abs(error(i, j));
            return size <= 0.5 ? 0.5 * size * size : 0.5 * (size - 0.25);
          }),
      );
      check(
        [p, v, t],
        (p, v, t) => gaussianLoss(p, v, t),
        [1, 1],
        () => average(likelihood),
      );
      check(
        [p, v, t],
        (p, v, t) => gaussianLoss(p, v, t, { beta: 0.5 }),
        [1, 1],
        () => average((i, j) => Math.sqrt(at(v, i, j)) * likelihood(i, j)),
      );
    });
  }

  it("cross entropy is minus the log of the right class's share", () => {
    const x = random("x", 4, 3);
    const labels = Int32Array.of(2, 0, 0, 1);
    const share = (i: number): number =>
      Math.exp(at(x, i, labels[i])) / total(3, (k) => Math.exp(at(x, i, k)));
    check(
      [x],
      (x) => crossEntropy(x, labels),
      [1, 1],
      () => total(4, (i) => -Math.log(share(i))) / 4,
    );
  });
});
