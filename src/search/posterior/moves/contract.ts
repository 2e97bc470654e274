import type { Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";

/** One proposal for each of n designs. */
export interface Proposals {
  /** n x dimension; rows that left the space are as they were. */
  readonly rows: Matrix;
  /** Index of the kind of each move. */
  readonly kind: Uint8Array;
  /** 1 where the proposal is a feasible design. */
  readonly isInside: Uint8Array;
  /**
   * Logarithm of (prior of the new design x chance of the way back) / (prior of the old one x chance of the way there);
   * 0 for moves that are as probable forth and back. A move is taken with the chance
   * min(1, exp(balance) likelihood(new) / likelihood(old)).
   */
  readonly balance: Float64Array;
}

/** Proposes moves that keep the prior of a space. */
export interface Mover {
  readonly kinds: readonly string[];
  /** @param reference designs whose differences guide the moves; they stay the same while moves are made */
  propose(rows: Matrix, reference: Matrix, rng: Rng): Proposals;
}

/** What a change did. */
export interface Changed {
  /** Logarithm of the chance of the way back over that of the way there. */
  readonly balance: number;
  /**
   * Where continuous fractions came or went: the change backwards, for any design that has the new elements. Answers
   * the logarithm of the density of what is drawn forwards over that of what is drawn backwards, null where the way
   * back is closed.
   */
  readonly undo?: ((row: Float64Array, rng: Rng) => number | null) | undefined;
}

/** A change that is as probable forth and back. */
export const even: Changed = { balance: 0 };

/** Changes a row in place; null where there is nothing to change, as probably as on the way back. */
export type Change = (row: Float64Array, reference: Matrix, rng: Rng) => Changed | null;
