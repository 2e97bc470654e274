import { ShapeError } from "../errors.ts";
import { shapeOf, type Tensor } from "./tape.ts";

/** Rows `from` ... `to` - 1. @throws ShapeError when they are not there */
export function sliceRows(x: Tensor, from: number, to: number): Tensor {
  const { tape, columns } = x;
  const isThere =
    Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= x.rows;
  if (!isThere) {
    throw new ShapeError(`sliceRows: expected rows of ${shapeOf(x)}, got ${from} to ${to}.`);
  }
  const k = tape.kernels;
  const count = (to - from) * columns;
  const offset = from * columns * k.bytesPerNumber;
  const y = tape.output("sliceRows", to - from, columns, x);
  k.clear(y.address, count * k.bytesPerNumber);
  k.accumulate(1, count, 1, x.address + offset, count, 1, y.address, count, 1);
  tape.record(y, (gy) =>
    k.accumulate(1, count, 1, gy, count, 1, tape.gradient(x) + offset, count, 1),
  );
  return y;
}

/** Tensors of equally many columns one below the other. @throws ShapeError */
export function joinRows(parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  if (first === undefined) throw new ShapeError("joinRows: expected at least one tensor.");
  const { tape, columns } = first;
  const k = tape.kernels;
  for (const part of parts) {
    if (part.columns === columns) continue;
    throw new ShapeError(
      `joinRows: expected ${columns} columns in every part, got ${shapeOf(part)}.`,
    );
  }
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const y = tape.output("joinRows", rows, columns, ...parts);
  k.clear(y.address, rows * columns * k.bytesPerNumber);
  const each = (act: (part: Tensor, count: number, offset: number) => void): void => {
    let offset = 0;
    for (const part of parts) {
      const count = part.rows * columns;
      act(part, count, offset);
      offset += count * k.bytesPerNumber;
    }
  };
  each((part, count, offset) =>
    k.accumulate(1, count, 1, part.address, count, 1, y.address + offset, count, 1),
  );
  tape.record(y, (gy) =>
    each((part, count, offset) => {
      if (!part.needsGradient) return;
      k.accumulate(1, count, 1, gy + offset, count, 1, tape.gradient(part), count, 1);
    }),
  );
  return y;
}
