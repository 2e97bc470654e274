import { smaller } from "./address";
import { lanes, place } from "./real";
import { unaryForward } from "./unary";

// Fully connected layers for predictions alone. Rows come in panels of two vectors: number j of row r of a panel
// lies at `j panelRows + r`, so that what a layer gives is laid out as the next one takes it and nothing is packed.
// Weights come in tiles of four units, then of two: the biases of a tile, then for each input its weights.

/** Inputs summed up before the sum is added to the rest, as in the product of matrices. */
const inputBlock: i32 = 256;

/** An activation code below 0 leaves numbers as they are. */
const plain: i32 = 0;

/**
 * y = f(x W + b) for panels of rows; sums are taken in the order of `gemm`, so that the bits are those of the tape.
 * @param units even
 * @param code activation, see unary.ts
 * @param scratch room for one panel of y
 */
export function denseForward<T>(
  panels: i32,
  inputs: i32,
  units: i32,
  code: i32,
  weights: usize,
  x: usize,
  y: usize,
  scratch: usize,
): void {
  const panelRows = 2 * lanes<T>();
  for (let panel = 0; panel < panels; panel++) {
    const z = code < plain ? y : scratch;
    let w = weights;
    let unit = 0;
    for (; unit + 4 <= units; unit += 4) {
      fourUnits<T>(inputs, w, x, place<T>(z, unit * panelRows));
      w = place<T>(w, 4 * (inputs + 1));
    }
    if (unit < units) twoUnits<T>(inputs, w, x, place<T>(z, unit * panelRows));
    if (code >= plain) unaryForward<T>(code, units * panelRows, <T>0, <T>0, z, y);
    x = place<T>(x, inputs * panelRows);
    y = place<T>(y, units * panelRows);
  }
}

function fourUnits<T>(inputs: i32, w: usize, x: usize, z: usize): void {
  const step = sizeof<T>();
  const bias = w;
  w += 4 * step;
  for (let first = 0; first < inputs; first += inputBlock) {
    let a0 = v128.splat<T>(<T>0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    const end = w + <usize>smaller(inputBlock, inputs - first) * 4 * step;
    for (; w < end; w += 4 * step) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      let u = v128.load_splat<T>(w);
      a0 = v128.add<T>(a0, v128.mul<T>(u, x0));
      a1 = v128.add<T>(a1, v128.mul<T>(u, x1));
      u = v128.load_splat<T>(w + step);
      b0 = v128.add<T>(b0, v128.mul<T>(u, x0));
      b1 = v128.add<T>(b1, v128.mul<T>(u, x1));
      u = v128.load_splat<T>(w + 2 * step);
      c0 = v128.add<T>(c0, v128.mul<T>(u, x0));
      c1 = v128.add<T>(c1, v128.mul<T>(u, x1));
      u = v128.load_splat<T>(w + 3 * step);
      d0 = v128.add<T>(d0, v128.mul<T>(u, x0));
      d1 = v128.add<T>(d1, v128.mul<T>(u, x1));
      x += 32;
    }
    const isFirst = first == 0;
    addTo<T>(z, isFirst, bias, a0, a1);
    addTo<T>(z + 32, isFirst, bias + step, b0, b1);
    addTo<T>(z + 64, isFirst, bias + 2 * step, c0, c1);
    addTo<T>(z + 96, isFirst, bias + 3 * step, d0, d1);
  }
}

function twoUnits<T>(inputs: i32, w: usize, x: usize, z: usize): void {
  const step = sizeof<T>();
  const bias = w;
  w += 2 * step;
  for (let first = 0; first < inputs; first += inputBlock) {
    let a0 = v128.splat<T>(<T>0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    const end = w + <usize>smaller(inputBlock, inputs - first) * 2 * step;
    for (; w < end; w += 2 * step) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      let u = v128.load_splat<T>(w);
      a0 = v128.add<T>(a0, v128.mul<T>(u, x0));
      a1 = v128.add<T>(a1, v128.mul<T>(u, x1));
      u = v128.load_splat<T>(w + step);
      b0 = v128.add<T>(b0, v128.mul<T>(u, x0));
      b1 = v128.add<T>(b1, v128.mul<T>(u, x1));
      x += 32;
    }
    addTo<T>(z, first == 0, bias, a0, a1);
    addTo<T>(z + 32, first == 0, bias + step, b0, b1);
  }
}

/** Adds the sums of one unit to its bias, or to what is there. */
function addTo<T>(z: usize, isFirst: bool, bias: usize, low: v128, high: v128): void {
  const start = v128.load_splat<T>(bias);
  v128.store(z, v128.add<T>(isFirst ? start : v128.load(z), low));
  v128.store(z, v128.add<T>(isFirst ? start : v128.load(z, 16), high), 16);
}
