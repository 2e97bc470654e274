import { exp } from "../../src/core/elementary.ts";
import { repeated } from "./problem.ts";
import type { TestProblem } from "./problem.ts";

const heights = [1, 1.2, 3, 3.2];
const widths = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const centres = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/** Hartmann's function of six variables: six minima in the unit cube. */
export const hartmann6: TestProblem = {
  name: "Hartmann-6",
  lower: repeated(0, 6),
  upper: repeated(1, 6),
  objectives: 1,
  evaluate(x) {
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      let square = 0;
      for (let j = 0; j < 6; j++) {
        const gap = x[j] - centres[i][j];
        square += widths[i][j] * gap * gap;
      }
      sum -= heights[i] * exp(-square);
    }
    return [sum];
  },
  optimum: {
    value: -3.3223680114155152,
    at: [[0.20168951, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730053]],
  },
  source: "L. C. W. Dixon, G. P. Szego, Towards Global Optimization 2 (1978)",
};
