import type { ElementRange, SearchSpace } from "../../space/contract.ts";

/** A column of real numbers. */
export interface RealVariable {
  readonly column: number;
  readonly min: number;
  readonly max: number;
}

/** A column of numbers from an ascending list. */
export interface ListVariable {
  readonly column: number;
  readonly values: readonly number[];
}

/** A column that holds the index of one of `count` categories. */
export interface CategoryVariable {
  readonly column: number;
  readonly count: number;
}

/** The columns of one composition. */
export interface CompositionVariable {
  readonly columns: Int32Array;
  readonly elements: readonly ElementRange[];
  readonly step: number | undefined;
  readonly minCount: number;
  readonly maxCount: number;
}

/** What can be varied, sorted by how it is varied; parameters with one value only are left out. */
export interface Layout {
  readonly reals: readonly RealVariable[];
  readonly lists: readonly ListVariable[];
  readonly categories: readonly CategoryVariable[];
  readonly compositions: readonly CompositionVariable[];
}

/** The variables of a space and the columns that encode them. */
export function layoutOf({ parameters, columns }: SearchSpace): Layout {
  const reals: RealVariable[] = [];
  const lists: ListVariable[] = [];
  const categories: CategoryVariable[] = [];
  const compositions: CompositionVariable[] = [];
  // Not in a space that holds this column.
  const isVaried = (column: number): boolean => columns[column].max > columns[column].min;
  for (const parameter of parameters) {
    const own = columns.flatMap((column, k) => (column.parameter === parameter.name ? [k] : []));
    const column = own[0];
    switch (parameter.kind) {
      case "continuous":
        if (isVaried(column)) {
          // The column's range, which has the zero of a number that may be absent.
          const { min, max } = columns[column];
          reals.push({ column, min, max });
        }
        break;
      case "discrete":
        if (isVaried(column)) {
          lists.push({ column, values: parameter.values.toSorted((a, b) => a - b) });
        }
        break;
      case "categorical":
        if (isVaried(column)) {
          categories.push({ column, count: parameter.values.length });
        }
        break;
      case "composition": {
        const { elements, step, count } = parameter;
        if (elements.length < 2) break;
        compositions.push({
          columns: Int32Array.from(elements, ({ symbol }) => {
            const at = own.find((k) => columns[k].label === symbol);
            if (at === undefined) throw new Error(`layoutOf: no column for element ${symbol}`);
            return at;
          }),
          elements,
          step,
          minCount: count?.min ?? 1,
          maxCount: count?.max ?? elements.length,
        });
        break;
      }
    }
  }
  return { reals, lists, categories, compositions };
}
