import { cos, exp } from "../../src/core/elementary.ts";
import { repeated } from "./problem.ts";
import type { TestProblem } from "./problem.ts";

/** Ackley's function: one deep hole in a plain of many shallow ones. */
export const ackley = (dimension: number): TestProblem => ({
  name: `Ackley-${dimension}`,
  lower: repeated(-32.768, dimension),
  upper: repeated(32.768, dimension),
  objectives: 1,
  evaluate: (x) => [ackleyAt(x)],
  optimum: { value: 0, at: [repeated(0, dimension)] },
  source: "D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing (1987)",
});

/** Ackley's function on -5 ... 10 with two limits on outcomes: sum <= 0 and length <= 5. */
export const constrainedAckley = (dimension: number): TestProblem => ({
  ...ackley(dimension),
  name: `constrained Ackley-${dimension}`,
  lower: repeated(-5, dimension),
  upper: repeated(10, dimension),
  constraints(x) {
    let sum = 0;
    let square = 0;
    for (let k = 0; k < dimension; k++) {
      sum += x[k];
      square += x[k] * x[k];
    }
    return [sum, Math.sqrt(square) - 5];
  },
  source: "D. Eriksson, M. Poloczek, AISTATS 2021 (SCBO), section 4",
});

function ackleyAt(x: ArrayLike<number>): number {
  let squares = 0;
  let waves = 0;
  for (let k = 0; k < x.length; k++) {
    squares += x[k] * x[k];
    waves += cos(2 * Math.PI * x[k]);
  }
  const n = x.length;
  return -20 * exp(-0.2 * Math.sqrt(squares / n)) - exp(waves / n) + 20 + Math.E;
}
