import { ShapeError } from "../errors.ts";
import { shapeOf, type Tensor } from "./tape.ts";

/** Columns `from` ... `to` - 1. @throws ShapeError when they are not there */
export function sliceColumns(x: Tensor, from: number, to: number): Tensor {
  const { tape } = x;
  if (!(
    Number.isInteger(from) &&
    Number.isInteger(to) &&
    0 <= from &&
    from < to &&
    to <= x.columns
  )) {
    throw new ShapeError(`sliceColumns: expected columns of ${shapeOf(x)}, got ${from} to ${to}.`);
  }
  const k = tape.kernels;
  const columns = to - from;
  const offset = from * k.bytesPerNumber;
  const y = tape.output("sliceColumns", x.rows, columns, x);
  k.clear(y.address, x.rows * columns * k.bytesPerNumber);
  k.accumulate(x.rows, columns, 1, x.address + offset, x.columns, 1, y.address, columns, 1);
  tape.record(y, (gy) =>
    k.accumulate(x.rows, columns, 1, gy, columns, 1, tape.gradient(x) + offset, x.columns, 1),
  );
  return y;
}

/** The same numbers, row by row, as rows x columns. @throws ShapeError for another count of numbers */
export function reshape(x: Tensor, rows: number, columns: number): Tensor {
  const { tape } = x;
  const count = x.rows * x.columns;
  if (rows * columns !== count) {
    throw new ShapeError(
      `reshape: expected ${count} numbers as ${shapeOf(x)} has, got ${rows} x ${columns}.`,
    );
  }
  const k = tape.kernels;
  const y = tape.output("reshape", rows, columns, x);
  k.clear(y.address, count * k.bytesPerNumber);
  k.accumulate(1, count, 1, x.address, count, 1, y.address, count, 1);
  tape.record(y, (gy) => k.accumulate(1, count, 1, gy, count, 1, tape.gradient(x), count, 1));
  return y;
}

/** Tensors of equally many rows side by side. @throws ShapeError */
export function joinColumns(parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  if (first === undefined) throw new ShapeError("joinColumns: expected at least one tensor.");
  const { tape, rows } = first;
  const k = tape.kernels;
  let columns = 0;
  for (const part of parts) {
    if (part.rows !== rows) {
      throw new ShapeError(
        `joinColumns: expected ${rows} rows in every part, got ${shapeOf(part)}.`,
      );
    }
    columns += part.columns;
  }
  const y = tape.output("joinColumns", rows, columns, ...parts);
  k.clear(y.address, rows * columns * k.bytesPerNumber);
  const each = (act: (part: Tensor, offset: number) => void): void => {
    let offset = 0;
    for (const part of parts) {
      act(part, offset);
      offset += part.columns * k.bytesPerNumber;
    }
  };
  each((part, offset) =>
    k.accumulate(
      rows,
      part.columns,
      1,
      part.address,
      part.columns,
      1,
      y.address + offset,
      columns,
      1,
    ),
  );
  tape.record(y, (gy) =>
    each((part, offset) => {
      if (!part.needsGradient) return;
      const g = tape.gradient(part);
      k.accumulate(rows, part.columns, 1, gy + offset, columns, 1, g, part.columns, 1);
    }),
  );
  return y;
}

/** The number of each row that stands in the row's column `indices[i]` (rows x 1). @throws ShapeError */
export function pickColumns(x: Tensor, indices: Int32Array): Tensor {
  const { tape, rows, columns } = x;
  if (indices.length !== rows) {
    throw new ShapeError(
      `pickColumns: expected one column per row of ${shapeOf(x)}, got ${indices.length}.`,
    );
  }
  indices.forEach((column, i) => {
    if (!(column >= 0 && column < columns)) {
      throw new ShapeError(
        `pickColumns: expected columns of 0 ... ${columns - 1}, got ${column} in row ${i}.`,
      );
    }
  });
  const y = tape.output("pickColumns", rows, 1, x);
  const from = tape.view(x.address, rows * columns);
  const to = tape.view(y.address, rows);
  for (let i = 0; i < rows; i++) to[i] = from[i * columns + indices[i]];
  tape.record(y, (gy) => {
    const gradient = tape.view(tape.gradient(x), rows * columns);
    const back = tape.view(gy, rows);
    for (let i = 0; i < rows; i++) gradient[i * columns + indices[i]] += back[i];
  });
  return y;
}
