import { cos } from "../../src/core/elementary.ts";
import type { TestProblem } from "./problem.ts";

/** Branin: two variables, three equal minima. */
export const branin: TestProblem = {
  name: "Branin",
  lower: [-5, 0],
  upper: [10, 15],
  objectives: 1,
  evaluate: (x) => [braninAt(x[0], x[1])],
  optimum: {
    value: 0.39788735772973816,
    at: [
      [-Math.PI, 12.275],
      [Math.PI, 2.275],
      [3 * Math.PI, 2.475],
    ],
  },
  source:
    "L. C. W. Dixon, G. P. Szego, Towards Global Optimization 2 (1978); F. H. Branin, IBM J. Res. Dev. 16, 504 (1972)",
};

/** @returns the value at (x, y), x in -5 ... 10 and y in 0 ... 15 */
export function braninAt(x: number, y: number): number {
  const bend = y - (5.1 / (4 * Math.PI * Math.PI)) * x * x + (5 / Math.PI) * x - 6;
  return bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * cos(x) + 10;
}
