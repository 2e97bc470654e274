import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ackley, constrainedAckley } from "../bench/problems/ackley.ts";
import { braninCurrin } from "../bench/problems/branin-currin.ts";
import { branin } from "../bench/problems/branin.ts";
import { c2Dtlz2, dtlz2 } from "../bench/problems/dtlz.ts";
import { hartmann6 } from "../bench/problems/hartmann.ts";
import { levy } from "../bench/problems/levy.ts";
import { violationOf, type TestProblem } from "../bench/problems/problem.ts";
import { rastrigin } from "../bench/problems/rastrigin.ts";
import { rosenbrock } from "../bench/problems/rosenbrock.ts";
import { zdt1, zdt2, zdt3 } from "../bench/problems/zdt.ts";
import { matrix } from "../src/core/matrix.ts";
import { createRng } from "../src/core/rng.ts";
import { hypervolume } from "../src/search/pareto/hypervolume.ts";
import { paretoFront } from "../src/search/pareto/sort.ts";

const single = [
  ackley(10),
  constrainedAckley(10),
  branin,
  hartmann6,
  levy(8),
  rastrigin(5),
  rosenbrock(6),
];
const multi = [braninCurrin, c2Dtlz2(), dtlz2(6), dtlz2(7, 3), zdt1(), zdt2(), zdt3()];

/** Scores of random points with their limits met. */
function draws(problem: TestProblem, n: number): number[][] {
  const rng = createRng(problem.name);
  return Array.from({ length: n }, () =>
    problem.lower.map((low, k) => low + (problem.upper[k] - low) * rng.uniform()),
  );
}

describe("test problems", () => {
  for (const problem of single) {
    const { value, at } = problem.optimum!;
    it(`${problem.name} takes its known least value at its minima and nowhere less`, () => {
      for (const x of at) {
        assert.ok(Math.abs(problem.evaluate(x)[0] - value) < 1e-9, `${problem.evaluate(x)[0]}`);
        assert.equal(violationOf(problem, x), 0);
        for (let k = 0; k < x.length; k++) {
          assert.ok(x[k] >= problem.lower[k] && x[k] <= problem.upper[k]);
          for (const step of [-1e-3, 1e-3]) {
            const beside = x.map((v, j) => (j === k ? v + step : v));
            assert.ok(problem.evaluate(beside)[0] > value);
          }
        }
      }
      for (const x of draws(problem, 2000)) assert.ok(problem.evaluate(x)[0] >= value);
    });
  }

  for (const problem of multi) {
    it(`${problem.name} gives one number for each objective`, () => {
      for (const x of draws(problem, 20)) {
        const scores = problem.evaluate(x);
        assert.equal(scores.length, problem.objectives);
        assert.ok(scores.every(Number.isFinite));
      }
    });
  }

  for (const problem of [zdt1(), zdt2(), dtlz2(6)]) {
    it(`${problem.name} has its known largest hypervolume`, () => {
      const { point, hypervolume: largest } = problem.reference!;
      const volume = hypervolume(problem.front!(2000), point);
      // A staircase of 2000 steps stays below the curve by about half a step.
      assert.ok(volume <= largest && volume > largest - 2e-3, `${volume} of ${largest}`);
    });
  }

  it("the front of ZDT3 has five pieces", () => {
    const front = zdt3().front!(5000);
    let gaps = 0;
    for (let i = 1; i < front.rows; i++) {
      if (front.data[2 * i] - front.data[2 * i - 2] > 0.01) gaps++;
    }
    assert.equal(gaps, 4);
  });

  it("C2-DTLZ2 has the largest hypervolume that is known for it", () => {
    const problem = c2Dtlz2();
    const kept: number[] = [];
    // On the front all variables but the first are 0.5; off it designs between the parts can be met.
    for (let i = 0; i <= 2000; i++) {
      for (let j = 0; j <= 60; j++) {
        const x = [i / 2000, 0.5 + j / 120, 0.5, 0.5];
        if (violationOf(problem, x) === 0) kept.push(...problem.evaluate(x));
      }
    }
    const all = matrix(kept.length / 2, 2, Float64Array.from(kept));
    const { point, hypervolume: largest } = problem.reference!;
    // The known value was found by a search, so it may be a little small.
    assert.ok(Math.abs(hypervolume(all, point) - largest) < 2e-3, `${hypervolume(all, point)}`);
  });

  it("BraninCurrin reaches the hypervolume that is known for it", () => {
    // A grid, and finer grids around what its front was.
    let points = [[0.5, 0.5]];
    let step = 0.5;
    let scores = matrix(0, 2);
    for (let level = 0; level < 3; level++) {
      const parts = level === 0 ? 100 : 4;
      const fine: number[][] = [];
      for (const [x, y] of points) {
        for (let i = -parts; i <= parts; i++) {
          for (let j = -parts; j <= parts; j++) {
            const u = x + (step * i) / parts;
            const v = y + (step * j) / parts;
            if (u >= 0 && u <= 1 && v >= 0 && v <= 1) fine.push([u, v]);
          }
        }
      }
      scores = matrix(fine.length, 2);
      fine.forEach((x, i) => scores.data.set(braninCurrin.evaluate(x), 2 * i));
      points = [...paretoFront(scores)].map((i) => fine[i]);
      step /= parts;
    }
    const { point, hypervolume: largest } = braninCurrin.reference!;
    const volume = hypervolume(scores, point);
    // The known value is that of a front which a search found, this one that of a grid.
    assert.ok(Math.abs(volume / largest - 1) < 1e-3, `${volume} of ${largest}`);
  });
});
