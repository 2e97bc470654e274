import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Matrix } from "../../src/core/matrix.ts";

/** Writes data to a temporary JSON file for a Python peer, and removes it after `use`. */
export function withJsonFile<T>(data: unknown, use: (path: string) => T): T {
  return withFile("data.json", JSON.stringify(data), use);
}

/** Writes numbers as they lie in memory, for `numpy.fromfile`, and removes them after `use`. */
export function withNumbersFile<T>(data: Float64Array, use: (path: string) => T): T {
  return withFile("data.bin", data, use);
}

/** Rows of inputs, each followed by its target: n x (d + 1), row-major. */
export function withTargets({ data, rows, columns }: Matrix, y: Float64Array): Float64Array {
  const joined = new Float64Array(rows * (columns + 1));
  for (let i = 0; i < rows; i++) {
    joined.set(data.subarray(i * columns, (i + 1) * columns), i * (columns + 1));
    joined[i * (columns + 1) + columns] = y[i];
  }
  return joined;
}

function withFile<T>(name: string, content: string | Float64Array, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "ystar-bench-"));
  try {
    const path = join(folder, name);
    writeFileSync(path, content);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
