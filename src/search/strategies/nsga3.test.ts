import assert from "node:assert/strict";
import { it } from "node:test";
import { cos, sin } from "../../core/elementary.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SearchProblem, StrategySpec } from "../contract.ts";
import { scoreRows, unitBox } from "../fixtures/spaces.ts";
import { invertedGenerationalDistance } from "../pareto/distance.ts";
import { simplexLattice } from "../pareto/reference-directions.ts";
import { evolutionary } from "./nsga2.ts";
import { directions } from "./nsga3.ts";
import { uniform } from "./uniform.ts";

const m = 5;

/** DTLZ2 with five objectives. Source: K. Deb, L. Thiele, M. Laumanns, E. Zitzler (2005). */
const problem: SearchProblem = {
  space: await unitBox(m + 5),
  objectives: Array.from({ length: m }, (_, k) => ({ label: `f${k + 1}` })),
  evaluate: (rows) => ({
    objectives: scoreRows(rows, m, (x, out) => {
      let g = 0;
      for (let k = m - 1; k < x.length; k++) g += (x[k] - 0.5) * (x[k] - 0.5);
      for (let i = 0; i < m; i++) {
        out[i] = 1 + g;
        for (let k = 0; k < m - 1 - i; k++) out[i] *= cos((Math.PI / 2) * x[k]);
        if (i > 0) out[i] *= sin((Math.PI / 2) * x[m - 1 - i]);
      }
    }),
    violation: new Float64Array(rows.rows),
  }),
};

/** Points of the exact front: the part of the unit sphere with no negative coordinate. */
function sphere(): ReturnType<typeof matrix> {
  const points = simplexLattice(m, 8);
  for (let i = 0; i < points.rows; i++) {
    const row = rowOf(points, i);
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    for (let k = 0; k < m; k++) row[k] /= length;
  }
  return points;
}

it("directions comes nearer to a front of five objectives than NSGA-II and blind draws", async () => {
  const distanceOf = async (spec: StrategySpec, settings = {}): Promise<number> => {
    const options = { batchSize: 126, budget: 5040, rng: createRng(1), tolerance: 0 };
    const { evaluation } = await spec.search(problem, options, settings);
    return invertedGenerationalDistance(evaluation.objectives, sphere());
  };
  const found = await distanceOf(directions, { populationSize: 126 });
  const crowded = await distanceOf(evolutionary, { populationSize: 126 });
  const blind = await distanceOf(uniform);
  assert.ok(found < 0.75 * crowded, `${found} against ${crowded}`);
  assert.ok(found < 0.75 * blind, `${found} against ${blind}`);
});

it("directions refuses settings that cannot be used", async () => {
  const options = { batchSize: 1, budget: 100, rng: createRng(1) };
  for (const settings of [{ populationSize: 4 }, { crossoverProbability: 2 }, { archiveSize: 0 }]) {
    await assert.rejects(directions.search(problem, options, settings), { code: "input" });
  }
});
