import { cos, sin } from "../../src/core/elementary.ts";
import { matrix } from "../../src/core/matrix.ts";
import { repeated } from "./problem.ts";
import type { TestProblem } from "./problem.ts";

/** Any number of objectives; the front is the part of the unit sphere where none is negative. */
export function dtlz2(dimension: number, objectives = 2): TestProblem {
  return {
    name: `DTLZ2 (${dimension}, ${objectives})`,
    lower: repeated(0, dimension),
    upper: repeated(1, dimension),
    objectives,
    evaluate(x) {
      let g = 0;
      for (let k = objectives - 1; k < dimension; k++) g += (x[k] - 0.5) * (x[k] - 0.5);
      const values = repeated(1 + g, objectives);
      for (let i = 0; i < objectives; i++) {
        for (let k = 0; k < objectives - 1 - i; k++) values[i] *= cos((Math.PI / 2) * x[k]);
        if (i > 0) values[i] *= sin((Math.PI / 2) * x[objectives - 1 - i]);
      }
      return values;
    },
    ...(objectives === 2
      ? {
          reference: { point: [1.1, 1.1], hypervolume: 1.21 - Math.PI / 4 },
          front(count: number) {
            const points = matrix(count, 2);
            for (let i = 0; i < count; i++) {
              const first = i / (count - 1);
              points.data.set([first, Math.sqrt(1 - first * first)], 2 * i);
            }
            return points;
          },
        }
      : {}),
    source:
      "K. Deb, L. Thiele, M. Laumanns, E. Zitzler, Scalable test problems for evolutionary multiobjective optimization (2005)",
  };
}

const radius = 0.2;

/**
 * DTLZ2 where only designs near the ends and the middle of the front are allowed. As in BoTorch the squared
 * radius is taken off once for every summed objective, which makes the middle part wider than in the
 * source; its largest hypervolume belongs to that form (dimension 4, two objectives).
 */
export function c2Dtlz2(dimension = 4, objectives = 2): TestProblem {
  const plain = dtlz2(dimension, objectives);
  return {
    name: `C2-DTLZ2 (${dimension}, ${objectives})`,
    lower: plain.lower,
    upper: plain.upper,
    objectives,
    evaluate: (x) => plain.evaluate(x),
    constraints(x) {
      const values = plain.evaluate(x);
      const squares = values.map((f) => f * f - radius * radius);
      const total = squares.reduce((sum, s) => sum + s, 0);
      const ends = values.map((f, i) => (f - 1) * (f - 1) + total - squares[i]);
      const centre = 1 / Math.sqrt(objectives);
      const middle = values.reduce(
        (sum, f) => sum + (f - centre) * (f - centre) - radius * radius,
        0,
      );
      return [Math.min(middle, ...ends)];
    },
    ...(objectives === 2
      ? { reference: { point: [1.1, 1.1], hypervolume: 0.3996406303723544 } }
      : {}),
    source:
      "H. Jain, K. Deb, IEEE Trans. Evol. Comput. 18, 602 (2014); form and largest hypervolume: BoTorch, botorch/test_functions/multi_objective.py",
  };
}
