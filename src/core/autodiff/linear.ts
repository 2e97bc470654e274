import { ShapeError } from "../errors.ts";
import { shapeOf, type Tensor } from "./tape.ts";

/**
 * x W + b: x is n x inputs, W inputs x outputs, b 1 x outputs.
 * @param layer named in the messages
 * @throws ShapeError naming the layer
 */
export function linear(x: Tensor, w: Tensor, b: Tensor, layer = "linear"): Tensor {
  const { tape } = x;
  if (x.columns !== w.rows) {
    throw new ShapeError(
      `${layer}: expected ${w.rows} input columns for weights ${shapeOf(w)}, got ${shapeOf(x)}.`,
      { path: layer, expected: `${w.rows} columns`, received: `${x.columns} columns` },
    );
  }
  if (b.rows !== 1 || b.columns !== w.columns) {
    throw new ShapeError(`${layer}: expected a bias of 1 x ${w.columns}, got ${shapeOf(b)}.`, {
      path: layer,
    });
  }
  const [m, n, inner] = [x.rows, w.columns, x.columns];
  const y = tape.output(layer, m, n, x, w, b);
  const k = tape.kernels;
  k.clear(y.address, m * n * k.bytesPerNumber);
  k.accumulate(m, n, 1, b.address, 0, 1, y.address, n, 1);
  k.gemm(m, n, inner, 1, x.address, inner, 1, w.address, n, 1, y.address, n);
  tape.record(y, (gy) => {
    if (w.needsGradient) {
      k.gemm(inner, n, m, 1, x.address, 1, inner, gy, n, 1, tape.gradient(w), n);
    }
    if (b.needsGradient) k.accumulate(m, n, 1, gy, n, 1, tape.gradient(b), 0, 1);
    if (x.needsGradient) {
      k.gemm(m, inner, n, 1, gy, n, 1, w.address, 1, n, tape.gradient(x), inner);
    }
  });
  return y;
}

/**
 * Matrix product a b, m x k times k x n.
 * @throws ShapeError when the inner sizes differ
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const { tape } = a;
  if (a.columns !== b.rows) {
    throw new ShapeError(
      `matmul: expected as many columns left as rows right, got ${shapeOf(a)} and ${shapeOf(b)}.`,
    );
  }
  const [m, n, inner] = [a.rows, b.columns, a.columns];
  const y = tape.output("matmul", m, n, a, b);
  const k = tape.kernels;
  k.clear(y.address, m * n * k.bytesPerNumber);
  k.gemm(m, n, inner, 1, a.address, inner, 1, b.address, n, 1, y.address, n);
  tape.record(y, (gy) => {
    if (a.needsGradient) {
      k.gemm(m, inner, n, 1, gy, n, 1, b.address, 1, n, tape.gradient(a), inner);
    }
    if (b.needsGradient) {
      k.gemm(inner, n, m, 1, a.address, 1, inner, gy, n, 1, tape.gradient(b), n);
    }
  });
  return y;
}

/** Rows and columns exchanged. */
export function transpose(x: Tensor): Tensor {
  const { tape } = x;
  const y = tape.output("transpose", x.columns, x.rows, x);
  const copy = (from: number, rows: number, columns: number, to: number): void => {
    const [source, target] = [tape.view(from, rows * columns), tape.view(to, rows * columns)];
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) target[j * rows + i] += source[i * columns + j];
    }
  };
  tape.kernels.clear(y.address, x.rows * x.columns * tape.kernels.bytesPerNumber);
  copy(x.address, x.rows, x.columns, y.address);
  tape.record(y, (gy) => copy(gy, x.columns, x.rows, tape.gradient(x)));
  return y;
}
