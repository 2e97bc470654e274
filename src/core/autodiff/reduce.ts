import { affine } from "./elementwise.ts";
import { ShapeError } from "../errors.ts";
import { shapeOf, type Tensor } from "./tape.ts";

/** What is added up: all numbers (1 x 1), the rows (1 x columns) or the columns (rows x 1). */
export type Over = "all" | "rows" | "columns";

/** Sum of a tensor's numbers over rows, columns or all. */
export function sum(x: Tensor, over: Over = "all"): Tensor {
  const { tape } = x;
  const k = tape.kernels;
  const [rows, columns] = [over === "columns" ? x.rows : 1, over === "rows" ? x.columns : 1];
  const y = tape.output("sum", rows, columns, x);
  k.clear(y.address, rows * columns * k.bytesPerNumber);
  // All numbers in one row add up in one go.
  const [m, n] = over === "all" ? [1, x.rows * x.columns] : [x.rows, x.columns];
  const [rowStep, columnStep] = over === "columns" ? [1, 0] : [0, over === "rows" ? 1 : 0];
  k.accumulate(m, n, 1, x.address, n, 1, y.address, rowStep, columnStep);
  tape.record(y, (gy) => k.accumulate(m, n, 1, gy, rowStep, columnStep, tape.gradient(x), n, 1));
  return y;
}

/** Mean of a tensor's numbers over rows, columns or all. @throws ShapeError for no numbers */
export function mean(x: Tensor, over: Over = "all"): Tensor {
  const count = (over === "columns" ? 1 : x.rows) * (over === "rows" ? 1 : x.columns);
  if (count === 0) throw new ShapeError(`mean: expected numbers, got ${shapeOf(x)}.`);
  return affine(sum(x, over), 1 / count, 0);
}

/** e^x over its sum in each row: probabilities from scores. */
export function softmax(x: Tensor): Tensor {
  const { tape } = x;
  const y = tape.output("softmax", x.rows, x.columns, x);
  tape.kernels.softmaxForward(x.rows, x.columns, x.address, y.address);
  tape.record(y, (gy) =>
    tape.kernels.softmaxBackward(x.rows, x.columns, y.address, gy, tape.gradient(x)),
  );
  return y;
}

/** log sum e^x of each row (rows x 1), without overflow. */
export function logSumExp(x: Tensor): Tensor {
  const { tape } = x;
  const k = tape.kernels;
  const y = tape.output("logSumExp", x.rows, 1, x);
  const weights = tape.allocate(x.rows * x.columns);
  k.logSumExpForward(x.rows, x.columns, x.address, y.address, weights);
  tape.record(y, (gy) => {
    // The derivative is the softmax: multiply by it and add.
    const { rows, columns } = x;
    const multiply = 2;
    k.binaryBackward(
      multiply,
      0,
      rows,
      columns,
      x.address,
      columns,
      1,
      weights,
      columns,
      1,
      spread(x, gy),
      tape.gradient(x),
    );
  });
  return y;
}

/** Address of rows x columns numbers that repeat one number per row. */
function spread({ tape, rows, columns }: Tensor, perRow: number): number {
  const address = tape.zeros(rows * columns);
  tape.kernels.accumulate(rows, columns, 1, perRow, 1, 0, address, columns, 1);
  return address;
}
