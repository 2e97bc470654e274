import { ShapeError } from "../errors.ts";
import { shapeOf, type Tensor } from "./tape.ts";

/** Row `indices[k]` of x as row k: what edges read from nodes. @throws ShapeError for a row that is not there */
export function gatherRows(x: Tensor, indices: Int32Array): Tensor {
  const { tape, columns } = x;
  const k = tape.kernels;
  checkIndices("gatherRows", indices, x.rows);
  const count = indices.length;
  const y = tape.output("gatherRows", count, columns, x);
  const list = tape.storeIndices(indices);
  k.clear(y.address, count * columns * k.bytesPerNumber);
  k.gatherRows(count, columns, list, x.address, y.address);
  tape.record(y, (gy) => k.scatterRows(count, columns, list, gy, tape.gradient(x)));
  return y;
}

/**
 * Sum of the rows k of x that have `segments[k]` = s as row s, for `count` segments: what nodes receive
 * from edges. A segment without rows is zero.
 * @throws ShapeError for another number of segments than rows, or one that is not there
 */
export function segmentSum(x: Tensor, segments: Int32Array, count: number): Tensor {
  const { tape, rows, columns } = x;
  const k = tape.kernels;
  if (segments.length !== rows) {
    throw new ShapeError(
      `segmentSum: expected one segment per row of ${shapeOf(x)}, got ${segments.length}.`,
    );
  }
  checkIndices("segmentSum", segments, count);
  const y = tape.output("segmentSum", count, columns, x);
  const list = tape.storeIndices(segments);
  k.clear(y.address, count * columns * k.bytesPerNumber);
  k.scatterRows(rows, columns, list, x.address, y.address);
  tape.record(y, (gy) => k.gatherRows(rows, columns, list, gy, tape.gradient(x)));
  return y;
}

function checkIndices(who: string, indices: Int32Array, bound: number): void {
  for (let k = 0; k < indices.length; k++) {
    if (indices[k] >= 0 && indices[k] < bound) continue;
    throw new ShapeError(
      `${who}: expected indices of 0 ... ${bound - 1}, got ${indices[k]} at ${k}.`,
    );
  }
}
