import { exp } from "../../src/core/elementary.ts";
import { braninAt } from "./branin.ts";
import type { TestProblem } from "./problem.ts";

/**
 * Branin against Currin's exponential function, on the unit square. Reference point and hypervolume are
 * those of BoTorch, found there by NSGA-II; fine grids reach 59.387, 0.05 % more.
 */
export const braninCurrin: TestProblem = {
  name: "BraninCurrin",
  lower: [0, 0],
  upper: [1, 1],
  objectives: 2,
  evaluate: (x) => [braninAt(15 * x[0] - 5, 15 * x[1]), currinAt(x[0], x[1])],
  reference: { point: [18, 6], hypervolume: 59.36011874867746 },
  source:
    "S. Belakaria, A. Deshwal, J. R. Doppa, NeurIPS 2019 (MESMO); reference point and hypervolume: BoTorch, botorch/test_functions/multi_objective.py",
};

/** Source: C. Currin, T. Mitchell, M. Morris, D. Ylvisaker, J. Am. Stat. Assoc. 86, 953 (1991). */
function currinAt(x: number, y: number): number {
  const rise = 1 - exp(-1 / (2 * y));
  const above = ((2300 * x + 1900) * x + 2092) * x + 60;
  const below = ((100 * x + 500) * x + 4) * x + 20;
  return (rise * above) / below;
}
