import { expOf, lanes, loadOne, maxLanes, place, storeOne, sumLanes } from "./real";

// Functions of whole rows of x (rows x columns), with their way back.

/** Each row of y = e^x over its sum. */
export function softmaxForward<T>(rows: i32, columns: i32, x: usize, y: usize): void {
  for (let i = 0; i < rows; i++) {
    const from = place<T>(x, i * columns);
    const to = place<T>(y, i * columns);
    scaleRow<T>(
      columns,
      <T>(<T>1 / shiftedExp<T>(columns, largest<T>(columns, from), from, to)),
      to,
    );
  }
}

/** gx += y (gy - sum(gy y)). */
export function softmaxBackward<T>(rows: i32, columns: i32, y: usize, gy: usize, gx: usize): void {
  for (let i = 0; i < rows; i++) {
    const value = place<T>(y, i * columns);
    const from = place<T>(gy, i * columns);
    const to = place<T>(gx, i * columns);
    const mean = dotRow<T>(columns, value, from);
    for (let j = 0; j < columns; j++) {
      const at = place<T>(to, j);
      const change = <T>(load<T>(place<T>(from, j)) - mean);
      store<T>(at, <T>(load<T>(at) + load<T>(place<T>(value, j)) * change));
    }
  }
}

/** y (rows x 1) = log sum e^x; `weights` (rows x columns) receives the softmax. */
export function logSumExpForward<T>(
  rows: i32,
  columns: i32,
  x: usize,
  y: usize,
  weights: usize,
): void {
  for (let i = 0; i < rows; i++) {
    const from = place<T>(x, i * columns);
    const to = place<T>(weights, i * columns);
    const top = largest<T>(columns, from);
    const sum = shiftedExp<T>(columns, top, from, to);
    store<T>(place<T>(y, i), <T>(top + <T>Math.log(<f64>sum)));
    scaleRow<T>(columns, <T>(<T>1 / sum), to);
  }
}

/** Rows of mean 0 and (population) variance 1: y = (x - mean) inverse with inverse = 1 / sqrt(variance + epsilon). */
export function normaliseForward<T>(
  rows: i32,
  columns: i32,
  epsilon: T,
  x: usize,
  y: usize,
  inverses: usize,
): void {
  const share = <T>(<T>1 / <T>columns);
  for (let i = 0; i < rows; i++) {
    const from = place<T>(x, i * columns);
    const to = place<T>(y, i * columns);
    let sum: T = 0;
    for (let j = 0; j < columns; j++) sum = <T>(sum + load<T>(place<T>(from, j)));
    const mean = <T>(sum * share);
    for (let j = 0; j < columns; j++) {
      store<T>(place<T>(to, j), <T>(load<T>(place<T>(from, j)) - mean));
    }
    const inverse = <T>(<T>1 / sqrt<T>(<T>(dotRow<T>(columns, to, to) * share + epsilon)));
    store<T>(place<T>(inverses, i), inverse);
    scaleRow<T>(columns, inverse, to);
  }
}

/** gx += inverse (gy - mean(gy) - y mean(gy y)). */
export function normaliseBackward<T>(
  rows: i32,
  columns: i32,
  y: usize,
  inverses: usize,
  gy: usize,
  gx: usize,
): void {
  const share = <T>(<T>1 / <T>columns);
  for (let i = 0; i < rows; i++) {
    const value = place<T>(y, i * columns);
    const from = place<T>(gy, i * columns);
    const to = place<T>(gx, i * columns);
    const inverse = load<T>(place<T>(inverses, i));
    let sum: T = 0;
    for (let j = 0; j < columns; j++) sum = <T>(sum + load<T>(place<T>(from, j)));
    const mean = <T>(sum * share);
    const along = <T>(dotRow<T>(columns, value, from) * share);
    for (let j = 0; j < columns; j++) {
      const at = place<T>(to, j);
      const rest = <T>(load<T>(place<T>(from, j)) - mean - load<T>(place<T>(value, j)) * along);
      store<T>(at, <T>(load<T>(at) + inverse * rest));
    }
  }
}

function largest<T>(n: i32, x: usize): T {
  let best = loadOne<T>(x);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) best = v128.max<T>(best, v128.load(place<T>(x, j)));
  for (; j < n; j++) best = v128.max<T>(best, loadOne<T>(place<T>(x, j)));
  return maxLanes<T>(best);
}

/** y = e^(x - shift); returns the sum of y. */
function shiftedExp<T>(n: i32, shift: T, x: usize, y: usize): T {
  const offset = v128.splat<T>(shift);
  let sum = v128.splat<T>(<T>0);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    const value = expOf<T>(v128.sub<T>(v128.load(place<T>(x, j)), offset));
    v128.store(place<T>(y, j), value);
    sum = v128.add<T>(sum, value);
  }
  let total = sumLanes<T>(sum);
  for (; j < n; j++) {
    const value = expOf<T>(v128.sub<T>(loadOne<T>(place<T>(x, j)), offset));
    storeOne<T>(place<T>(y, j), value);
    total = <T>(total + v128.extract_lane<T>(value, 0));
  }
  return total;
}

function scaleRow<T>(n: i32, factor: T, x: usize): void {
  const scale = v128.splat<T>(factor);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    const at = place<T>(x, j);
    v128.store(at, v128.mul<T>(scale, v128.load(at)));
  }
  for (; j < n; j++) store<T>(place<T>(x, j), <T>(factor * load<T>(place<T>(x, j))));
}

function dotRow<T>(n: i32, x: usize, y: usize): T {
  let sum = v128.splat<T>(<T>0);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    sum = v128.add<T>(sum, v128.mul<T>(v128.load(place<T>(x, j)), v128.load(place<T>(y, j))));
  }
  let total = sumLanes<T>(sum);
  for (; j < n; j++) total = <T>(total + load<T>(place<T>(x, j)) * load<T>(place<T>(y, j)));
  return total;
}
