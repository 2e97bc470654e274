import { createRng } from "../rng.ts";
import { add, divide, multiply, subtract } from "./arithmetic.ts";
import { joinColumns, pickColumns, reshape, sliceColumns } from "./columns.ts";
import * as elementwise from "./elementwise.ts";
import { linear, matmul, transpose } from "./linear.ts";
import { crossEntropy, gaussianLoss, huberLoss, squaredLoss } from "./losses.ts";
import { dropout, layerNorm, normaliseRows } from "./normalise.ts";
import { logSumExp, mean, softmax, sum } from "./reduce.ts";
import { joinRows, sliceRows } from "./rows.ts";
import { gatherRows, segmentSum } from "./segments.ts";
import { testGradient, type GradientCase, type Size } from "./fixtures/test-gradient.ts";
import type { Tensor } from "./tape.ts";

/** Sizes whose numbers leave every possible rest after whole vectors. */
const sizes: readonly Size[] = [
  [1, 1],
  [2, 3],
  [3, 5],
  [5, 6],
  [7, 8],
];

const unary = (
  name: string,
  apply: (x: Tensor) => Tensor,
  { isPositive = false }: { isPositive?: boolean } = {},
): GradientCase[] =>
  sizes.map((size) => ({
    name: `${name} of ${size.join(" x ")}`,
    inputs: [size],
    apply,
    isPositive,
  }));

const binary = (name: string, apply: (a: Tensor, b: Tensor) => Tensor): GradientCase[] =>
  [
    [
      [3, 5],
      [3, 5],
    ],
    [
      [3, 7],
      [1, 7],
    ],
    [
      [1, 6],
      [4, 6],
    ],
    [
      [3, 5],
      [3, 1],
    ],
    [
      [4, 1],
      [4, 6],
    ],
    [
      [5, 3],
      [1, 1],
    ],
    [
      [1, 5],
      [4, 1],
    ],
  ].map((inputs) => ({
    name: `${name} of ${inputs.map((size) => size.join(" x ")).join(" and ")}`,
    inputs: inputs as unknown as Size[],
    apply,
    isPositive: true,
  }));

const cases: readonly GradientCase[] = [
  ...unary("affine", (x) => elementwise.affine(x, -2.5, 0.7)),
  ...unary("tanh", elementwise.tanh),
  ...unary("relu", (x) => elementwise.relu(x, 0.1)),
  ...unary("sigmoid", elementwise.sigmoid),
  ...unary("softplus", elementwise.softplus),
  ...unary("exp", elementwise.exp),
  ...unary("log", elementwise.log, { isPositive: true }),
  ...unary("square", elementwise.square),
  ...unary("sqrt", elementwise.sqrt, { isPositive: true }),
  ...unary("gelu", elementwise.gelu),
  ...unary("silu", elementwise.silu),
  ...unary("huber", (x) => elementwise.huber(x, 0.8)),
  ...unary("abs", elementwise.abs),
  ...unary("clamp", (x) => elementwise.clamp(x, -0.7, 1.1)),
  ...unary("softmax", softmax),
  ...unary("logSumExp", logSumExp),
  ...unary("sum of all", (x) => sum(x)),
  ...unary("sum of rows", (x) => sum(x, "rows")),
  ...unary("sum of columns", (x) => sum(x, "columns")),
  ...unary("mean of all", (x) => mean(x)),
  ...unary("mean of rows", (x) => mean(x, "rows")),
  ...unary("mean of columns", (x) => mean(x, "columns")),
  ...unary("normaliseRows", (x) => normaliseRows(x, 0.1)),
  ...unary("transpose", transpose),
  ...unary("dropout", (x) => dropout(x, { rate: 0.4 }, createRng(3))),
  ...unary("dropout alike in all rows", (x) =>
    dropout(x, { rate: 0.4, sameForAllRows: true }, createRng(3)),
  ),
  ...unary("a tensor used twice", (x) => multiply(x, elementwise.tanh(x))),
  ...binary("add", add),
  ...binary("subtract", subtract),
  ...binary("multiply", multiply),
  ...binary("divide", divide),
  {
    name: "linear",
    inputs: [
      [5, 3],
      [3, 7],
      [1, 7],
    ],
    apply: (x, w, b) => linear(x, w, b),
  },
  {
    name: "linear to one",
    inputs: [
      [6, 4],
      [4, 1],
      [1, 1],
    ],
    apply: (x, w, b) => linear(x, w, b),
  },
  {
    name: "matmul",
    inputs: [
      [5, 9],
      [9, 6],
    ],
    apply: matmul,
  },
  {
    name: "layerNorm",
    inputs: [
      [4, 6],
      [1, 6],
      [1, 6],
    ],
    apply: (x, g, b) => layerNorm(x, g, b),
  },
  { name: "reshape", inputs: [[4, 6]], apply: (x) => reshape(x, 8, 3) },
  { name: "sliceColumns", inputs: [[4, 7]], apply: (x) => sliceColumns(x, 2, 5) },
  {
    name: "joinColumns",
    inputs: [
      [3, 2],
      [3, 5],
      [3, 1],
    ],
    apply: (...parts) => joinColumns(parts),
  },
  { name: "sliceRows", inputs: [[5, 3]], apply: (x) => sliceRows(x, 1, 4) },
  {
    name: "joinRows",
    inputs: [
      [2, 3],
      [1, 3],
      [4, 3],
    ],
    apply: (...parts) => joinRows(parts),
  },
  {
    name: "pickColumns",
    inputs: [[4, 3]],
    apply: (x) => pickColumns(x, Int32Array.of(2, 0, 0, 1)),
  },
  {
    name: "gatherRows with a row twice",
    inputs: [[4, 5]],
    apply: (x) => gatherRows(x, Int32Array.of(3, 0, 3, 1, 3)),
  },
  {
    name: "segmentSum with an empty segment",
    inputs: [[5, 3]],
    apply: (x) => segmentSum(x, Int32Array.of(2, 0, 2, 2, 0), 4),
  },
  {
    name: "squaredLoss",
    inputs: [
      [4, 3],
      [4, 3],
    ],
    apply: (p, t) => squaredLoss(p, t),
  },
  {
    name: "squaredLoss with weights",
    inputs: [
      [4, 3],
      [4, 3],
      [4, 1],
    ],
    apply: (p, t, w) => squaredLoss(p, t, w),
  },
  {
    name: "huberLoss",
    inputs: [
      [4, 3],
      [4, 3],
    ],
    apply: (p, t) => huberLoss(p, t, 0.6),
  },
  {
    name: "gaussianLoss",
    inputs: [
      [5, 1],
      [5, 1],
      [5, 1],
    ],
    apply: (m, v, t) => gaussianLoss(m, v, t),
    isPositive: true,
  },
  {
    name: "crossEntropy",
    inputs: [[4, 3]],
    apply: (x) => crossEntropy(x, Int32Array.of(2, 0, 1, 1)),
  },
];

for (const example of cases) testGradient(example);
