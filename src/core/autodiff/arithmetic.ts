import { binaryCodes } from "../../kernels/networks.ts";
import { ShapeError } from "../errors.ts";
import { shapeOf, type Tensor } from "./tape.ts";

/** Row and column step of an operand that is repeated along extents of 1. */
function steps(t: Tensor, rows: number, columns: number): [number, number] {
  return [t.rows === 1 && rows > 1 ? 0 : t.columns, t.columns === 1 && columns > 1 ? 0 : 1];
}

function common(name: string, what: string, a: Tensor, b: Tensor): number {
  const [first, second] = what === "rows" ? [a.rows, b.rows] : [a.columns, b.columns];
  if (first === second || second === 1) return first;
  if (first === 1) return second;
  throw new ShapeError(
    `${name}: expected equal ${what} (or 1, which is repeated), got ${shapeOf(a)} and ${shapeOf(b)}.`,
    { expected: `${first} ${what}`, received: `${second} ${what}` },
  );
}

function binary(name: keyof typeof binaryCodes, a: Tensor, b: Tensor): Tensor {
  const { tape } = a;
  const code = binaryCodes[name];
  let rows = common(name, "rows", a, b);
  let columns = common(name, "columns", a, b);
  const y = tape.output(name, rows, columns, a, b);
  let [aRow, aColumn] = steps(a, rows, columns);
  let [bRow, bColumn] = steps(b, rows, columns);
  if (a.rows === b.rows && a.columns === b.columns) {
    // Nothing repeats: all numbers as one row.
    [rows, columns] = [1, rows * columns];
    [aRow, aColumn, bRow, bColumn] = [columns, 1, columns, 1];
  }
  const k = tape.kernels;
  k.binaryForward(
    code,
    rows,
    columns,
    a.address,
    aRow,
    aColumn,
    b.address,
    bRow,
    bColumn,
    y.address,
  );
  tape.record(y, (gy) => {
    [a, b].forEach((operand, side) => {
      if (!operand.needsGradient) return;
      k.binaryBackward(
        code,
        side,
        rows,
        columns,
        a.address,
        aRow,
        aColumn,
        b.address,
        bRow,
        bColumn,
        gy,
        tape.gradient(operand),
      );
    });
  });
  return y;
}

// Both operands have the same size, or one has 1 row or 1 column, which is repeated.

/** a + b. @throws ShapeError */
export const add = (a: Tensor, b: Tensor): Tensor => binary("add", a, b);

/** a - b. @throws ShapeError */
export const subtract = (a: Tensor, b: Tensor): Tensor => binary("subtract", a, b);

/** a b, number by number. @throws ShapeError */
export const multiply = (a: Tensor, b: Tensor): Tensor => binary("multiply", a, b);

/** a / b, number by number. @throws ShapeError */
export const divide = (a: Tensor, b: Tensor): Tensor => binary("divide", a, b);
