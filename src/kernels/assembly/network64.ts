// The kernels of networks in f64.
import * as broadcast from "./broadcast";
import * as dropout from "./dropout";
import * as forward from "./forward";
import * as matrixVectors from "./matrix-vector";
import * as mixedRows from "./mixed-rows";
import * as optimiser from "./optimiser";
import * as rowFunctions from "./row-functions";
import * as unary from "./unary";
import * as windows from "./windows";

export function unaryForward(code: i32, n: i32, p: f64, q: f64, x: usize, y: usize): void {
  unary.unaryForward<f64>(code, n, p, q, x, y);
}

export function unaryBackward(
  code: i32,
  n: i32,
  p: f64,
  x: usize,
  y: usize,
  gy: usize,
  gx: usize,
): void {
  unary.unaryBackward<f64>(code, n, p, x, y, gy, gx);
}

export function accumulate(
  rows: i32,
  columns: i32,
  alpha: f64,
  x: usize,
  xRowStep: i32,
  xColumnStep: i32,
  y: usize,
  yRowStep: i32,
  yColumnStep: i32,
): void {
  broadcast.accumulate<f64>(
    rows,
    columns,
    alpha,
    x,
    xRowStep,
    xColumnStep,
    y,
    yRowStep,
    yColumnStep,
  );
}

export function binaryForward(
  code: i32,
  rows: i32,
  columns: i32,
  a: usize,
  aRowStep: i32,
  aColumnStep: i32,
  b: usize,
  bRowStep: i32,
  bColumnStep: i32,
  y: usize,
): void {
  broadcast.binaryForward<f64>(
    code,
    rows,
    columns,
    a,
    aRowStep,
    aColumnStep,
    b,
    bRowStep,
    bColumnStep,
    y,
  );
}

export function binaryBackward(
  code: i32,
  side: i32,
  rows: i32,
  columns: i32,
  a: usize,
  aRowStep: i32,
  aColumnStep: i32,
  b: usize,
  bRowStep: i32,
  bColumnStep: i32,
  gy: usize,
  g: usize,
): void {
  broadcast.binaryBackward<f64>(
    code,
    side,
    rows,
    columns,
    a,
    aRowStep,
    aColumnStep,
    b,
    bRowStep,
    bColumnStep,
    gy,
    g,
  );
}

export function gatherRows(count: i32, columns: i32, indices: usize, x: usize, y: usize): void {
  broadcast.gatherRows<f64>(count, columns, indices, x, y);
}

export function scatterRows(count: i32, columns: i32, indices: usize, x: usize, y: usize): void {
  broadcast.scatterRows<f64>(count, columns, indices, x, y);
}

export function softmaxForward(rows: i32, columns: i32, x: usize, y: usize): void {
  rowFunctions.softmaxForward<f64>(rows, columns, x, y);
}

export function softmaxBackward(rows: i32, columns: i32, y: usize, gy: usize, gx: usize): void {
  rowFunctions.softmaxBackward<f64>(rows, columns, y, gy, gx);
}

export function logSumExpForward(
  rows: i32,
  columns: i32,
  x: usize,
  y: usize,
  weights: usize,
): void {
  rowFunctions.logSumExpForward<f64>(rows, columns, x, y, weights);
}

export function normaliseForward(
  rows: i32,
  columns: i32,
  epsilon: f64,
  x: usize,
  y: usize,
  inverses: usize,
): void {
  rowFunctions.normaliseForward<f64>(rows, columns, epsilon, x, y, inverses);
}

export function normaliseBackward(
  rows: i32,
  columns: i32,
  y: usize,
  inverses: usize,
  gy: usize,
  gx: usize,
): void {
  rowFunctions.normaliseBackward<f64>(rows, columns, y, inverses, gy, gx);
}

export function sumOfSquares(n: i32, x: usize): f64 {
  return optimiser.sumOfSquares<f64>(n, x);
}

export function adamStep(
  n: i32,
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  clip: f64,
  penalty: f64,
  beta1: f64,
  beta2: f64,
  rootCorrection: f64,
  epsilon: f64,
  step: f64,
  shrink: f64,
): void {
  optimiser.adamStep<f64>(
    n,
    p,
    g,
    m,
    v,
    clip,
    penalty,
    beta1,
    beta2,
    rootCorrection,
    epsilon,
    step,
    shrink,
  );
}

export function dropoutMask(n: i32, keep: f64, stream: u32, key: u32, mask: usize): void {
  dropout.dropoutMask<f64>(n, keep, stream, key, mask);
}

export function unfold(first: i32, rows: i32, layout: usize, x: usize, out: usize): void {
  windows.unfold<f64>(first, rows, layout, x, out);
}

export function fold(first: i32, rows: i32, layout: usize, from: usize, x: usize): void {
  windows.fold<f64>(first, rows, layout, from, x);
}

export function matrixVector(
  m: i32,
  k: i32,
  alpha: f64,
  a: usize,
  rowStride: i32,
  columnStride: i32,
  b: usize,
  bStride: i32,
  c: usize,
  cStride: i32,
): void {
  matrixVectors.matrixVector<f64>(m, k, alpha, a, rowStride, columnStride, b, bStride, c, cStride);
}

export function denseForward(
  panels: i32,
  inputs: i32,
  units: i32,
  code: i32,
  weights: usize,
  x: usize,
  y: usize,
  scratch: usize,
): void {
  forward.denseForward<f64>(panels, inputs, units, code, weights, x, y, scratch);
}

export function mixTables(
  inputs: i32,
  units: i32,
  weights: usize,
  row: usize,
  panel: usize,
  tables: usize,
): void {
  mixedRows.mixTables<f64>(inputs, units, weights, row, panel, tables);
}

export function mixedForward(
  count: i32,
  tableCount: i32,
  length: i32,
  code: i32,
  tables: usize,
  choices: usize,
  y: usize,
  scratch: usize,
): void {
  mixedRows.mixedForward<f64>(count, tableCount, length, code, tables, choices, y, scratch);
}
