import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cos, exp } from "../../core/elementary.ts";
import { matrixOf, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { createSpace } from "../../space/create-space.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { SearchProblem, StrategySpec } from "../contract.ts";
import { scoreRows, unitBox } from "../fixtures/spaces.ts";
import { annealing } from "./annealing.ts";
import { covariance } from "./cma-es.ts";
import { descent } from "./descent.ts";
import { differential } from "./differential-evolution.ts";
import { uniform } from "./uniform.ts";

const box = await unitBox(6);
const centre = [0.2, 0.7, 0.4, 0.9, 0.5, 0.1];

function problemOf(
  space: SearchSpace,
  score: (row: Float64Array) => number,
  violationOf: (row: Float64Array) => number = () => 0,
): SearchProblem {
  return {
    space,
    objectives: [{ label: "f" }],
    evaluate: (rows) => ({
      objectives: scoreRows(rows, 1, (row, out) => {
        out[0] = score(row);
      }),
      violation: Float64Array.from({ length: rows.rows }, (_, i) => violationOf(rowOf(rows, i))),
    }),
  };
}

/** A bowl whose axes differ a thousandfold in curvature, turned out of the coordinates. */
function bowl(row: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < 6; k++) {
    const next = (k + 1) % 6;
    const along = row[k] - centre[k] + 0.5 * (row[next] - centre[next]);
    sum += (k === 0 ? 1000 : k + 1) * along * along;
  }
  return sum;
}

const best = async (spec: StrategySpec, problem: SearchProblem, budget = 4000): Promise<number> => {
  const options = { batchSize: 1, budget, rng: createRng(5) };
  const { evaluation } = await spec.search(problem, options);
  assert.equal(evaluation.violation[0], 0);
  return evaluation.objectives.data[0];
};

describe("strategies of one objective", () => {
  it("annealing leaves the many valleys of a wavy bowl, far below blind draws", async () => {
    const wavy = problemOf(box, (row) =>
      row.reduce((sum, x, k) => {
        const gap = x - centre[k];
        return sum + 5 * gap * gap + 1 - cos(12 * Math.PI * gap);
      }, 0),
    );
    const found = await best(annealing, wavy);
    const blind = await best(uniform, wavy);
    assert.ok(found < 0.1 * blind, `${found} against ${blind}`);
  });

  for (const spec of [covariance, differential, descent] as StrategySpec[]) {
    it(`${spec.name} goes down an ill-conditioned bowl, far below blind draws`, async () => {
      const found = await best(spec, problemOf(box, bowl));
      const blind = await best(uniform, problemOf(box, bowl));
      assert.ok(found < 0.01 * blind, `${found} against ${blind}`);
      // What learns the curvature gets to the bottom.
      if (spec === covariance || spec === descent) assert.ok(found < 1e-8, `${found}`);
    });
  }

  for (const spec of [covariance, differential, annealing, descent] as StrategySpec[]) {
    it(`${spec.name} ends at the limit of a requirement that excludes the optimum`, async () => {
      // Nearest to the corner (0, 0, ...) with x1 + x2 >= 1: half each, 0.5.
      const found = await best(
        spec,
        problemOf(
          box,
          (row) => row.reduce((sum, x) => sum + x * x, 0),
          (row) => Math.max(0, 1 - row[0] - row[1]),
        ),
        6000,
      );
      assert.ok(found >= 0.5 - 1e-9 && found < 0.51, `${found}`);
    });

    it(`${spec.name} finds the best blend under linear limits`, async () => {
      const space = await createSpace({
        parameters: [
          {
            kind: "composition",
            name: "blend",
            elements: ["A", "B", "C", "D"].map((symbol) => ({ symbol, min: 0.05, max: 0.7 })),
            count: { min: 2, max: 3 },
          },
        ],
        constraints: [
          {
            kind: "linear",
            text: "A + B <= 0.5",
            coefficients: { A: 1, B: 1 },
            relation: "<=",
            bound: 0.5,
          },
        ],
        quantities: [],
      });
      // The wish (0.6, 0, 0.4, 0) breaks the limit; (0.5, 0, 0.45, 0.05) is the nearest that does not.
      const wish = [0.6, 0, 0.4, 0];
      const found = await best(
        spec,
        problemOf(space, (row) => row.reduce((sum, x, k) => sum + (x - wish[k]) ** 2, 0)),
        3000,
      );
      assert.ok(Math.abs(found - 0.015) < 1e-4, `${found}`);
    });
  }
});

describe("covariance", () => {
  it("sees scores by their order alone: any rising function of them gives the same designs", async () => {
    const options = { batchSize: 5, budget: 1000, rng: createRng(3) };
    const plain = await covariance.search(problemOf(box, bowl), options);
    const risen = await covariance.search(
      problemOf(box, (row) => exp(0.01 * bowl(row))),
      { ...options, rng: createRng(3) },
    );
    assert.deepEqual(risen.rows, plain.rows);
  });

  it("starts from the best design that is given", async () => {
    const start = matrixOf([[0, 0, 0, 0, 0, 1], centre.map((x) => x + 0.001)]);
    const options = { batchSize: 1, budget: 200, rng: createRng(3), start };
    const { evaluation } = await covariance.search(problemOf(box, bowl), options, {
      initialStd: 0.001,
    });
    assert.ok(evaluation.objectives.data[0] < 1e-4);
  });
});

describe("settings of strategies of one objective", () => {
  it("are refused where they cannot be used", async () => {
    const options = { batchSize: 1, budget: 100, rng: createRng(1) };
    const cases: [StrategySpec, object][] = [
      [covariance, { populationSize: 3 }],
      [covariance, { initialStd: 0 }],
      [covariance, { growth: 0.5 }],
      [differential, { populationSize: 3 }],
      [differential, { bestShare: 2 }],
      [differential, { memoryShare: -1 }],
      [annealing, { chains: -1 }],
      [annealing, { endTemperature: 0 }],
      [descent, { tikhonov: -1 }],
      [descent, { archiveSize: 0 }],
    ];
    for (const [spec, settings] of cases) {
      await assert.rejects(spec.search(problemOf(box, bowl), options, settings), {
        code: "input",
      });
    }
    await assert.rejects(descent.search(problemOf(box, bowl), options, { reference: [1] }), {
      code: "shape",
    });
  });
});
