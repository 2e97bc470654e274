import { matrix, rowOf, type Matrix } from "../../src/core/matrix.ts";
import type { SearchProblem } from "../../src/search/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";

/** A function of real numbers in a box with what is known about it; everything is to be minimised. */
export interface TestProblem {
  readonly name: string;
  /** Bounds of each variable. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** How many objectives `evaluate` returns. */
  readonly objectives: number;
  /** Objectives at a point inside the bounds. */
  evaluate(x: ArrayLike<number>): number[];
  /** Limits on outcomes: met where every number is 0 or less. */
  constraints?(x: ArrayLike<number>): number[];
  /** The least value of the only objective and where it is taken. */
  readonly optimum?: { readonly value: number; readonly at: readonly (readonly number[])[] };
  /** Where hypervolumes are measured from, and the largest one that its source states. */
  readonly reference?: { readonly point: readonly number[]; readonly hypervolume: number };
  /** Points of the exact front of two objectives, evenly spaced in the first one's range. */
  front?(count: number): Matrix;
  readonly source: string;
}

/** Sum of what the limits are exceeded by; 0 where all are met. */
export function violationOf(problem: TestProblem, x: ArrayLike<number>): number {
  let sum = 0;
  for (const value of problem.constraints?.(x) ?? []) sum += Math.max(0, value);
  return sum;
}

/** The problem as strategies see it: a box of continuous parameters x1 ... xd. */
export async function searchProblemOf(problem: TestProblem): Promise<SearchProblem> {
  const { lower, upper, objectives, name } = problem;
  const space = await createSpace({
    parameters: lower.map((min, k) => ({
      kind: "continuous",
      name: `x${k + 1}`,
      unit: "1",
      min,
      max: upper[k],
    })),
    constraints: [],
    quantities: [],
  });
  return {
    space,
    objectives: Array.from({ length: objectives }, (_, k) => ({ label: `${name} f${k + 1}` })),
    evaluate(rows) {
      const scores = matrix(rows.rows, objectives);
      const violation = new Float64Array(rows.rows);
      for (let i = 0; i < rows.rows; i++) {
        const x = rowOf(rows, i);
        const values = problem.evaluate(x);
        for (let k = 0; k < objectives; k++) scores.data[i * objectives + k] = values[k];
        if (problem.constraints !== undefined) violation[i] = violationOf(problem, x);
      }
      return { objectives: scores, violation };
    },
  };
}

/** The same bound for `dimension` variables. */
export const repeated = (value: number, dimension: number): number[] =>
  Array.from({ length: dimension }, () => value);
