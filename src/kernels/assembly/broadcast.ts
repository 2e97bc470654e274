import { lanes, loadOne, place, storeOne, sumLanes } from "./real";

// Arithmetic on matrices that may repeat a row or a column: a row step is the distance between rows
// (0 = one row for all), a column step is 1, or 0 for one column for all.

const add: i32 = 0;
const subtract: i32 = 1;
const multiply: i32 = 2;
const divide: i32 = 3;

/** y[i, j] += alpha x[i, j]. */
export function accumulate<T>(
  rows: i32,
  columns: i32,
  alpha: T,
  x: usize,
  xRowStep: i32,
  xColumnStep: i32,
  y: usize,
  yRowStep: i32,
  yColumnStep: i32,
): void {
  const factor = v128.splat<T>(alpha);
  for (let i = 0; i < rows; i++) {
    const from = place<T>(x, i * xRowStep);
    const to = place<T>(y, i * yRowStep);
    let j = 0;
    if (yColumnStep == 1) {
      for (; j + lanes<T>() <= columns; j += lanes<T>()) {
        const at = place<T>(to, j);
        const term = v128.mul<T>(factor, fetch<T>(from, j, xColumnStep));
        v128.store(at, v128.add<T>(v128.load(at), term));
      }
      for (; j < columns; j++) {
        const at = place<T>(to, j);
        store<T>(at, <T>(load<T>(at) + alpha * load<T>(place<T>(from, j * xColumnStep))));
      }
    } else {
      let sum = v128.splat<T>(<T>0);
      for (; j + lanes<T>() <= columns; j += lanes<T>()) {
        sum = v128.add<T>(sum, fetch<T>(from, j, xColumnStep));
      }
      let total = sumLanes<T>(sum);
      for (; j < columns; j++) total = <T>(total + load<T>(place<T>(from, j * xColumnStep)));
      store<T>(to, <T>(load<T>(to) + alpha * total));
    }
  }
}

/** y (rows x columns) = a and b joined by +, -, * or / (codes 0 ... 3). */
export function binaryForward<T>(
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
  for (let i = 0; i < rows; i++) {
    const left = place<T>(a, i * aRowStep);
    const right = place<T>(b, i * bRowStep);
    const out = place<T>(y, i * columns);
    let j = 0;
    for (; j + lanes<T>() <= columns; j += lanes<T>()) {
      const first = fetch<T>(left, j, aColumnStep);
      v128.store(place<T>(out, j), join<T>(code, first, fetch<T>(right, j, bColumnStep)));
    }
    for (; j < columns; j++) {
      const first = loadOne<T>(place<T>(left, j * aColumnStep));
      const second = loadOne<T>(place<T>(right, j * bColumnStep));
      storeOne<T>(place<T>(out, j), join<T>(code, first, second));
    }
  }
}

/**
 * Adds to the gradient `g` of one operand (steps as that operand's) what the gradient `gy` of the result
 * sends back; `side` is 0 for a and 1 for b.
 */
export function binaryBackward<T>(
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
  const rowStep = side == 0 ? aRowStep : bRowStep;
  const columnStep = side == 0 ? aColumnStep : bColumnStep;
  for (let i = 0; i < rows; i++) {
    const left = place<T>(a, i * aRowStep);
    const right = place<T>(b, i * bRowStep);
    const from = place<T>(gy, i * columns);
    const to = place<T>(g, i * rowStep);
    let sum = v128.splat<T>(<T>0);
    let rest: T = 0;
    let j = 0;
    for (; j + lanes<T>() <= columns; j += lanes<T>()) {
      const first = fetch<T>(left, j, aColumnStep);
      const second = fetch<T>(right, j, bColumnStep);
      const term = v128.mul<T>(v128.load(place<T>(from, j)), slope<T>(code, side, first, second));
      if (columnStep == 1) {
        const at = place<T>(to, j);
        v128.store(at, v128.add<T>(v128.load(at), term));
      } else {
        sum = v128.add<T>(sum, term);
      }
    }
    for (; j < columns; j++) {
      const first = loadOne<T>(place<T>(left, j * aColumnStep));
      const second = loadOne<T>(place<T>(right, j * bColumnStep));
      const factor = v128.extract_lane<T>(slope<T>(code, side, first, second), 0);
      const term = <T>(load<T>(place<T>(from, j)) * factor);
      if (columnStep == 1) {
        const at = place<T>(to, j);
        store<T>(at, <T>(load<T>(at) + term));
      } else {
        rest = <T>(rest + term);
      }
    }
    if (columnStep == 0) store<T>(to, <T>(load<T>(to) + sumLanes<T>(sum) + rest));
  }
}

/** A vector of a row, or its one number in every lane. */
function fetch<T>(row: usize, j: i32, step: i32): v128 {
  return step == 1 ? v128.load(place<T>(row, j)) : loadOne<T>(row);
}

function join<T>(code: i32, a: v128, b: v128): v128 {
  switch (code) {
    case add:
      return v128.add<T>(a, b);
    case subtract:
      return v128.sub<T>(a, b);
    case multiply:
      return v128.mul<T>(a, b);
    default:
      return v128.div<T>(a, b);
  }
}

/** Derivative of `join` with respect to a (side 0) or b (side 1). */
function slope<T>(code: i32, side: i32, a: v128, b: v128): v128 {
  const one = v128.splat<T>(<T>1);
  switch (code) {
    case add:
      return one;
    case subtract:
      return side == 0 ? one : v128.neg<T>(one);
    case multiply:
      return side == 0 ? b : a;
    default: {
      const inverse = v128.div<T>(one, b);
      if (side == 0) return inverse;
      return v128.neg<T>(v128.mul<T>(v128.mul<T>(a, inverse), inverse));
    }
  }
}

/** y[k] += x[indices[k]] for `count` rows. */
export function gatherRows<T>(count: i32, columns: i32, indices: usize, x: usize, y: usize): void {
  for (let k = 0; k < count; k++) {
    const row = load<i32>(indices + ((<usize>k) << 2));
    addRow<T>(columns, place<T>(x, row * columns), place<T>(y, k * columns));
  }
}

/** y[indices[k]] += x[k] for `count` rows. */
export function scatterRows<T>(count: i32, columns: i32, indices: usize, x: usize, y: usize): void {
  for (let k = 0; k < count; k++) {
    const row = load<i32>(indices + ((<usize>k) << 2));
    addRow<T>(columns, place<T>(x, k * columns), place<T>(y, row * columns));
  }
}

function addRow<T>(n: i32, x: usize, y: usize): void {
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    const at = place<T>(y, j);
    v128.store(at, v128.add<T>(v128.load(at), v128.load(place<T>(x, j))));
  }
  for (; j < n; j++) {
    const at = place<T>(y, j);
    store<T>(at, <T>(load<T>(at) + load<T>(place<T>(x, j))));
  }
}
