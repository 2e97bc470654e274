import { sin } from "../../src/core/elementary.ts";
import { repeated } from "./problem.ts";
import type { TestProblem } from "./problem.ts";

/** Levy's function (number 8 in its source): a wavy bowl. */
export const levy = (dimension: number): TestProblem => ({
  name: `Levy-${dimension}`,
  lower: repeated(-10, dimension),
  upper: repeated(10, dimension),
  objectives: 1,
  evaluate(x) {
    const w = Float64Array.from({ length: dimension }, (_, k) => 1 + (x[k] - 1) / 4);
    const first = sin(Math.PI * w[0]);
    let sum = first * first;
    for (let k = 0; k < dimension - 1; k++) {
      const wave = sin(Math.PI * w[k] + 1);
      sum += (w[k] - 1) * (w[k] - 1) * (1 + 10 * wave * wave);
    }
    const end = w[dimension - 1];
    const wave = sin(2 * Math.PI * end);
    return [sum + (end - 1) * (end - 1) * (1 + wave * wave)];
  },
  optimum: { value: 0, at: [repeated(1, dimension)] },
  source: "M. Laguna, R. Marti, J. Glob. Optim. 33, 235 (2005)",
});
