import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Domain } from "../../domains/contract.ts";
import type { Quantity, SearchSpace } from "../../space/contract.ts";
import { quantityValues } from "../../space/model/quantity.ts";
import { arrangeInputs, type DeclaredNumber } from "../../surrogates/declared-inputs.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import type { ProcessParameter } from "../problem/parameters/process-parameters.ts";
import { elementsOf, fractionsOfRows } from "./space-rows.ts";

/** What models made elsewhere may speak of. */
export interface DesignContext {
  readonly elements: readonly string[];
  readonly process: readonly ProcessParameter[];
  readonly domain: Domain;
  /** Properties that the data have. */
  readonly measured: readonly PropertySpec[];
}

/** Numbers that every design of the space has: atomic fractions, process variables, quantities. */
export const designNumbers = ({ elements, process, domain }: DesignContext): DeclaredNumber[] => [
  ...elements.map((name) => ({ name, unit: "1" })),
  ...process.flatMap((one) =>
    one.kind === "categorical" ? [] : [{ name: one.name, unit: one.unit }],
  ),
  ...domain.quantities.map(({ name, unit }) => ({ name, unit })),
];

/**
 * Brings encoded designs into the order and units of the numbers that a model declares.
 * @param who begins errors
 * @returns rows of the space, n x dimension, to n x inputs
 */
export function numbersOverSpace(
  who: string,
  inputs: readonly DeclaredNumber[],
  space: SearchSpace,
  quantities: readonly Quantity[],
): (rows: Matrix) => Matrix {
  const symbols = elementsOf(space);
  const sources = inputs.map(({ name }) => sourceOf(name, space, quantities));
  const arrange = arrangeInputs(who, inputs, sources);
  return (rows) => {
    const fractions = fractionsOfRows(space, rows, symbols);
    const x = matrix(rows.rows, sources.length);
    sources.forEach(({ valuesOf }, j) => {
      const values = valuesOf(rows, fractions, symbols);
      for (let i = 0; i < rows.rows; i++) x.data[i * sources.length + j] = values[i]!;
    });
    return arrange(x);
  };
}

/** Where designs have a number. */
interface NumberSource extends DeclaredNumber {
  readonly valuesOf: (rows: Matrix, fractions: Matrix, symbols: readonly string[]) => Float64Array;
}

function sourceOf(name: string, space: SearchSpace, quantities: readonly Quantity[]): NumberSource {
  const j = space.columns.findIndex(({ kind, label }) => kind !== "category" && label === name);
  if (j >= 0) {
    const { kind, unit } = space.columns[j]!;
    const parameter = space.parameters.find((one) => one.name === name);
    const mayBeMissing = parameter?.kind !== "composition" && parameter?.when !== undefined;
    return {
      name,
      unit: kind === "fraction" ? "1" : unit,
      // A number that a design does not have, for want of its conditions, counts as 0.
      valuesOf: (rows) =>
        Float64Array.from({ length: rows.rows }, (_, i) =>
          mayBeMissing && space.decode(rowOf(rows, i))[name] === undefined
            ? 0
            : rows.data[i * rows.columns + j]!,
        ),
    };
  }
  const quantity = quantities.find((one) => one.name === name)!;
  return {
    name,
    unit: quantity.unit,
    valuesOf: (_, fractions, symbols) => quantityValues(quantity, fractions, symbols),
  };
}
