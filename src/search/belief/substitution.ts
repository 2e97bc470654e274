import type { Matrix } from "../../core/matrix.ts";

// Triangular solves of one vector, in place. For a single right side they are faster here than on the heap
// of the kernels, to which the whole triangle would have to be copied first.

/** L x = b for a lower triangle L, n x n; b becomes x. */
export function solveLower({ data, rows: n }: Matrix, b: Float64Array): void {
  for (let i = 0, first = 0; i < n; i++, first += n) {
    let sum = b[i];
    for (let j = 0; j < i; j++) sum -= data[first + j] * b[j];
    b[i] = sum / data[first + i];
  }
}

/** L' x = b for a lower triangle L, n x n; b becomes x. */
export function solveLowerTransposed({ data, rows: n }: Matrix, b: Float64Array): void {
  for (let i = n - 1, first = (n - 1) * n; i >= 0; i--, first -= n) {
    const value = b[i] / data[first + i];
    b[i] = value;
    for (let j = 0; j < i; j++) b[j] -= data[first + j] * value;
  }
}
