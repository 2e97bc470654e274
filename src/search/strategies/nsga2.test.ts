import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { createSpace } from "../../space/create-space.ts";
import type { SearchProblem, StrategySpec } from "../contract.ts";
import { freeSpace, levels, scoreRows, unitBox } from "../fixtures/spaces.ts";
import { invertedGenerationalDistance } from "../pareto/distance.ts";
import { hypervolume } from "../pareto/hypervolume.ts";
import { grid } from "./grid.ts";
import { evolutionary } from "./nsga2.ts";
import { uniform } from "./uniform.ts";

const box = await unitBox(30);

type Shape = (f: number, g: number) => number;

/**
 * Two conflicting objectives of 30 variables whose front is where all but the first are zero.
 * Source: E. Zitzler, K. Deb, L. Thiele, Evol. Comput. 8, 173 (2000), doi:10.1162/106365600568202.
 */
function zdt(shape: Shape): SearchProblem {
  return {
    space: box,
    objectives: [{ label: "f1" }, { label: "f2" }],
    evaluate: (rows) => ({
      objectives: scoreRows(rows, 2, (x, out) => {
        let sum = 0;
        for (let k = 1; k < x.length; k++) sum += x[k];
        out[0] = x[0];
        out[1] = shape(x[0], 1 + (9 * sum) / 29);
      }),
      violation: new Float64Array(rows.rows),
    }),
  };
}

function front(shape: Shape): Matrix {
  const points = matrix(500, 2);
  for (let i = 0; i < 500; i++) points.data.set([i / 499, shape(i / 499, 1)], 2 * i);
  return points;
}

describe("evolutionary", () => {
  const shapes: Record<string, Shape> = {
    ZDT1: (f, g) => g * (1 - Math.sqrt(f / g)),
    ZDT2: (f, g) => g * (1 - (f / g) * (f / g)),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(`reaches the front of ${name} in 20,000 scores with 100 designs`, async () => {
      const { evaluation } = await evolutionary.search(
        zdt(shape),
        { batchSize: 100, budget: 20000, rng: createRng(1), tolerance: 0 },
        { populationSize: 100, archiveSize: 200 },
      );
      const distance = invertedGenerationalDistance(evaluation.objectives, front(shape));
      // pymoo's NSGA-II: 0.0044 to 0.0045 for one seed.
      assert.ok(distance <= 0.0056, `${distance}`);
    });
  }

  it("finds the optimum of one objective under a requirement", async () => {
    const problem: SearchProblem = {
      space: await unitBox(5),
      objectives: [{ label: "sum" }],
      evaluate(rows) {
        const objectives = scoreRows(rows, 1, (x, out) => {
          out[0] = x.reduce((a, b) => a + b);
        });
        const violation = Float64Array.from({ length: rows.rows }, (_, i) => {
          const row = rowOf(rows, i);
          return Math.max(0, 0.5 - row[0]) + Math.max(0, 0.25 - row[1]);
        });
        return { objectives, violation };
      },
    };
    const result = await evolutionary.search(
      problem,
      { batchSize: 1, budget: 20000, rng: createRng(3) },
      { populationSize: 100 },
    );
    assert.equal(result.evaluation.violation[0], 0);
    assert.ok(Math.abs(result.evaluation.objectives.data[0] - 0.75) < 0.01);
  });

  it("comes within 1 % of the exact front of an alloy space with a tenth of its designs scored", async () => {
    const symbols = ["Al", "Ti", "V", "Cr", "Nb", "Mo"];
    // Molar mass in g/mol and bulk modulus in GPa, rounded: light against stiff.
    const mass = [27, 48, 51, 52, 93, 96];
    const stiffness = [76, 110, 160, 160, 170, 230];
    const space = await createSpace({
      parameters: [
        {
          kind: "composition",
          name: "composition",
          elements: symbols.map((symbol) => ({ symbol, min: 0.05, max: 0.5 })),
          step: 0.05,
          count: { min: 3, max: 5 },
        },
      ],
      constraints: [
        {
          kind: "linear",
          text: "Al + Cr <= 0.4",
          coefficients: { Al: 1, Cr: 1 },
          relation: "<=",
          bound: 0.4,
        },
      ],
      quantities: [],
    });
    const problem: SearchProblem = {
      space,
      objectives: [{ label: "mass" }, { label: "softness" }],
      evaluate: (rows) => ({
        objectives: scoreRows(rows, 2, (x, out) => {
          // Mixing costs a little stiffness, so that the front bends.
          for (let k = 0; k < x.length; k++) {
            out[0] += x[k] * mass[k];
            out[1] -= x[k] * stiffness[k] - 40 * x[k] * (1 - x[k]);
          }
        }),
        violation: new Float64Array(rows.rows),
      }),
    };
    const count = Number(space.count());
    const volume = async (spec: StrategySpec, budget: number): Promise<number> => {
      const { evaluation } = await spec.search(problem, {
        batchSize: 100,
        budget,
        rng: createRng(1),
        tolerance: 0,
      });
      return hypervolume(evaluation.objectives, [100, 0]);
    };
    const exact = await volume(grid, count);
    const found = await volume(evolutionary, Math.floor(count / 10));
    const blind = await volume(uniform, Math.floor(count / 10));
    assert.ok(found >= 0.99 * exact, `${found / exact}`);
    assert.ok(found > blind, `${blind / exact} by chance`);
  });

  it("scores no design twice", async () => {
    const space = await freeSpace(["a", "b", "c"].map((name) => levels(name, 12)));
    const seen = new Set<string>();
    const { evaluated } = await evolutionary.search(
      {
        space,
        objectives: [{ label: "sum" }],
        evaluate(rows) {
          for (let i = 0; i < rows.rows; i++) {
            const key = rowOf(rows, i).join();
            assert.ok(!seen.has(key));
            seen.add(key);
          }
          return {
            objectives: scoreRows(rows, 1, (x, out) => {
              out[0] = x[0] + x[1] + x[2];
            }),
            violation: new Float64Array(rows.rows),
          };
        },
      },
      { batchSize: 5, budget: 1200, rng: createRng(4) },
      { populationSize: 50 },
    );
    assert.equal(evaluated, seen.size);
    assert.ok(evaluated > 1100, `${evaluated} of 1,728 designs`);
  });

  it("refuses settings that cannot be used", async () => {
    const options = { batchSize: 1, budget: 100, rng: createRng(1) };
    for (const settings of [
      { populationSize: 2 },
      { crossoverProbability: 2 },
      { mutationIndex: -1 },
      { archiveSize: 0 },
    ]) {
      const search = evolutionary.search(zdt(shapes.ZDT1), options, settings);
      await assert.rejects(search, { code: "input" });
    }
  });
});
