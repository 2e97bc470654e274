import { cos } from "../../src/core/elementary.ts";
import { repeated } from "./problem.ts";
import type { TestProblem } from "./problem.ts";

/** Rastrigin's function: a bowl with a minimum near every whole number. */
export const rastrigin = (dimension: number): TestProblem => ({
  name: `Rastrigin-${dimension}`,
  lower: repeated(-5.12, dimension),
  upper: repeated(5.12, dimension),
  objectives: 1,
  evaluate(x) {
    let sum = 10 * dimension;
    for (let k = 0; k < dimension; k++) sum += x[k] * x[k] - 10 * cos(2 * Math.PI * x[k]);
    return [sum];
  },
  optimum: { value: 0, at: [repeated(0, dimension)] },
  source: "H. Muhlenbein, M. Schomisch, J. Born, Parallel Comput. 17, 619 (1991)",
});
