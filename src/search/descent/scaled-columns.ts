import type { SearchSpace } from "../../space/contract.ts";

/** What a gradient can move: which columns, and the unit that makes their steps comparable. */
export interface ScaledColumns {
  /** Columns of continuous numbers and of fractions without a step. */
  readonly moving: readonly number[];
  /** Of those, the fractions. */
  readonly fractions: readonly number[];
  /** Range of each number, one for fractions: the distance that the space's repair keeps small. */
  readonly unit: Float64Array;
  /** Where scaled values count from: the low end of numbers, zero for fractions. */
  readonly origin: Float64Array;
}

/** The continuous columns of a space. */
export function scaledColumns({ columns, parameters }: SearchSpace): ScaledColumns {
  const moving: number[] = [];
  const fractions: number[] = [];
  columns.forEach(({ parameter, kind, min, max }, k) => {
    const own = parameters.find(({ name }) => name === parameter);
    const isStepped =
      own?.kind === "composition" ? own.step !== undefined : own?.kind !== "continuous";
    if (isStepped || !(max > min)) return;
    moving.push(k);
    if (kind === "fraction") fractions.push(k);
  });
  return {
    moving,
    fractions,
    unit: Float64Array.from(columns, ({ kind, min, max }) =>
      kind === "number" && max > min ? max - min : 1,
    ),
    origin: Float64Array.from(columns, ({ kind, min }) => (kind === "number" ? min : 0)),
  };
}
