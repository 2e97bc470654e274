import { repeated } from "./problem.ts";
import type { TestProblem } from "./problem.ts";

/** Rosenbrock's function: a bent valley. */
export const rosenbrock = (dimension: number): TestProblem => ({
  name: `Rosenbrock-${dimension}`,
  lower: repeated(-5, dimension),
  upper: repeated(10, dimension),
  objectives: 1,
  evaluate(x) {
    let sum = 0;
    for (let k = 0; k < dimension - 1; k++) {
      const bend = x[k + 1] - x[k] * x[k];
      sum += 100 * bend * bend + (1 - x[k]) * (1 - x[k]);
    }
    return [sum];
  },
  optimum: { value: 0, at: [repeated(1, dimension)] },
  source: "H. H. Rosenbrock, Comput. J. 3, 175 (1960)",
});
