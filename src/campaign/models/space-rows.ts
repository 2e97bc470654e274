import { matrix, type Matrix } from "../../core/matrix.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { ModelInputs, ProcessValues } from "../learning/model-inputs.ts";

/** Elements of a space's composition, in the order of its columns. */
export const elementsOf = (space: SearchSpace): string[] =>
  space.columns.filter((column) => column.kind === "fraction").map((column) => column.label);

/** The fractions of encoded designs over the given elements (n x symbols); others of the space are left out. */
export function fractionsOfRows(
  space: SearchSpace,
  rows: Matrix,
  symbols: readonly string[],
): Matrix {
  const result = matrix(rows.rows, symbols.length);
  space.columns.forEach((column, j) => {
    const k = column.kind === "fraction" ? symbols.indexOf(column.label) : -1;
    if (k < 0) return;
    for (let i = 0; i < rows.rows; i++) {
      result.data[i * symbols.length + k] = rows.data[i * rows.columns + j]!;
    }
  });
  return result;
}

/** The process values of encoded designs, in the order of the model's inputs. */
export function processOfRows(
  space: SearchSpace,
  rows: Matrix,
  inputs: ModelInputs,
): ProcessValues[] {
  return inputs.process.map(({ name }) => {
    const j = space.columns.findIndex((column) => column.label === name);
    const values = Float64Array.from(
      { length: rows.rows },
      (_, i) => rows.data[i * rows.columns + j]!,
    );
    const parameter = space.parameters.find((one) => one.name === name);
    if (parameter?.kind !== "categorical") return values;
    return Array.from(values, (index) => parameter.values[index]!);
  });
}
