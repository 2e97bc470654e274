import { sin } from "../../src/core/elementary.ts";
import { matrix, takeRows } from "../../src/core/matrix.ts";
import { paretoFront } from "../../src/search/pareto/sort.ts";
import { repeated } from "./problem.ts";
import type { TestProblem } from "./problem.ts";

/** The second objective from the first one and g, which is 1 on the front. */
type Shape = (first: number, g: number) => number;

const source =
  "E. Zitzler, K. Deb, L. Thiele, Evol. Comput. 8, 173 (2000), doi:10.1162/106365600568202";

/** Two objectives on the unit cube; 30 variables in the source. */
function zdt(
  name: string,
  dimension: number,
  shape: Shape,
  reference?: TestProblem["reference"],
): TestProblem {
  return {
    name,
    lower: repeated(0, dimension),
    upper: repeated(1, dimension),
    objectives: 2,
    evaluate(x) {
      let sum = 0;
      for (let k = 1; k < dimension; k++) sum += x[k];
      return [x[0], shape(x[0], 1 + (9 * sum) / (dimension - 1))];
    },
    ...(reference === undefined ? {} : { reference }),
    front(count) {
      const points = matrix(count, 2);
      for (let i = 0; i < count; i++) {
        const first = i / (count - 1);
        points.data.set([first, shape(first, 1)], 2 * i);
      }
      // The curve of ZDT3 rises in places; only what nothing dominates is the front.
      return takeRows(points, paretoFront(points));
    },
    source,
  };
}

/** Convex front. */
export const zdt1 = (dimension = 30): TestProblem =>
  zdt("ZDT1", dimension, (first, g) => g * (1 - Math.sqrt(first / g)), {
    point: [11, 11],
    hypervolume: 120 + 2 / 3,
  });

/** Concave front. */
export const zdt2 = (dimension = 30): TestProblem =>
  zdt("ZDT2", dimension, (first, g) => g * (1 - (first / g) * (first / g)), {
    point: [11, 11],
    hypervolume: 120 + 1 / 3,
  });

/** Front of five pieces. */
export const zdt3 = (dimension = 30): TestProblem =>
  zdt(
    "ZDT3",
    dimension,
    (first, g) => g * (1 - Math.sqrt(first / g) - (first / g) * sin(10 * Math.PI * first)),
  );
