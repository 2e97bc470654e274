import { log } from "../../../core/elementary.ts";
import type { Rng } from "../../../core/rng.ts";
import type { SearchSpace, SpaceCells } from "../../../space/contract.ts";
import { layoutOf } from "../../operators/layout.ts";

/** A column of numbers from a range, with what it may be besides. */
export interface RangeColumn {
  readonly column: number;
  /** Ends of the range while it is there. */
  readonly least: number;
  readonly most: number;
  /** 0 is allowed besides. */
  readonly isOptional: boolean;
}

/** Which columns of a design are there, and what happens to them when that changes. */
export interface Presence {
  readonly ranges: readonly RangeColumn[];
  /** Whether the column's parameter belongs to the design. */
  readonly isActive: (row: ArrayLike<number>, column: number) => boolean;
  /** Whether a column holds a number or fraction that is there, neither an absent one nor one without its parameter. */
  readonly isThere: (row: ArrayLike<number>, column: number) => boolean;
  /**
   * Gives parameters that a change brought in an even draw of their values, and takes out those that went.
   * @param kept called for conditional columns that both designs have, in an order in which it can be decided
   * @returns logarithm of the chance of the way back over that of the way there
   */
  readonly conform: (
    row: Float64Array,
    before: ArrayLike<number>,
    rng: Rng,
    kept?: (column: number) => void,
  ) => number;
  /** Whether two designs differ in their choices or in which numbers are there. */
  differ(row: ArrayLike<number>, other: ArrayLike<number>): boolean;
  /**
   * Gives a row the choices and the absent numbers of another one; numbers that only the other one has are drawn.
   * Continuous fractions stay.
   */
  adopt(row: Float64Array, other: ArrayLike<number>, rng: Rng): void;
}

/** Presence in the designs of a space. */
export function presenceOf(space: SearchSpace, cells: SpaceCells): Presence {
  const { reals, lists, categories, compositions } = layoutOf(space);
  const zeroOr = new Map(
    space.parameters.flatMap((one) =>
      one.kind === "continuous" && one.zeroOr === true ? [[one.name, one.min]] : [],
    ),
  );
  const ranges = reals.map(({ column, min, max }): RangeColumn => {
    const least = zeroOr.get(space.columns[column].label);
    return { column, least: least ?? min, most: max, isOptional: least !== undefined };
  });
  const rangeOf = new Map(ranges.map((range) => [range.column, range]));
  const valuesOf = new Map<number, readonly number[]>([
    ...lists.map(({ column, values }) => [column, values] as const),
    ...categories.map(({ column, count }) => [column, [...Array(count).keys()]] as const),
  ]);
  const conditionOf = new Map(cells.conditionals.map((one) => [one.column, one]));
  const varied = cells.conditionals.filter(
    ({ column }) => rangeOf.has(column) || valuesOf.has(column),
  );
  const isFree = new Uint8Array(space.dimension);
  for (const { step, columns } of compositions) {
    if (step === undefined) for (const column of columns) isFree[column] = 1;
  }

  const isActive = (row: ArrayLike<number>, column: number): boolean =>
    conditionOf.get(column)?.isActive(row) !== false;
  const isThere = (row: ArrayLike<number>, column: number): boolean => {
    if (isFree[column] === 1 || rangeOf.get(column)?.isOptional === true) {
      if (!(row[column] > 0)) return false;
    }
    return isActive(row, column);
  };
  const draw = ({ least, most }: RangeColumn, rng: Rng): number =>
    least + (most - least) * rng.uniform();
  /** In how many ways a parameter can come in, apart from the numbers of a range. */
  const waysOf = (column: number): number =>
    valuesOf.get(column)?.length ?? (rangeOf.get(column)!.isOptional ? 2 : 1);

  return {
    ranges,
    isActive,
    isThere,
    conform(row, before, rng, kept) {
      let balance = 0;
      for (const conditional of varied) {
        const { column, canonical } = conditional;
        const was = conditional.isActive(before);
        const is = conditional.isActive(row);
        if (was && is) {
          kept?.(column);
          continue;
        }
        if (!is) row[column] = canonical;
        if (was === is) continue;
        const ways = waysOf(column);
        balance += is ? log(ways) : -log(ways);
        if (!is) continue;
        const values = valuesOf.get(column);
        const range = rangeOf.get(column);
        if (values !== undefined) row[column] = values[rng.integer(values.length)];
        else if (range !== undefined) {
          row[column] = ways === 2 && rng.integer(2) === 0 ? 0 : draw(range, rng);
        }
      }
      return balance;
    },
    differ(row, other) {
      for (let column = 0; column < space.dimension; column++) {
        const isRange = isFree[column] === 1 || rangeOf.has(column);
        const isSame = isRange
          ? isThere(row, column) === isThere(other, column)
          : row[column] === other[column];
        if (!isSame) return true;
      }
      return false;
    },
    adopt(row, other, rng) {
      const from = row.slice();
      for (let column = 0; column < space.dimension; column++) {
        if (isFree[column] === 1) continue;
        const range = rangeOf.get(column);
        if (range === undefined || !isThere(other, column)) row[column] = other[column];
        else if (!isThere(from, column)) row[column] = draw(range, rng);
      }
    },
  };
}

/**
 * The columns of numbers that may be absent: one of them is left out or, drawn evenly from its range, brought in. The
 * prior weighs absence like the whole range, so both ways are equally probable.
 */
export function switchNumber(
  row: Float64Array,
  options: readonly RangeColumn[],
  { isActive }: Presence,
  rng: Rng,
): boolean {
  const { column, least, most } = options[rng.integer(options.length)];
  if (!isActive(row, column)) return false;
  row[column] = row[column] > 0 ? 0 : least + (most - least) * rng.uniform();
  return true;
}
