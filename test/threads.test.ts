import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { sin } from "../src/core/elementary.ts";
import { multiply } from "../src/core/linalg/multiply.ts";
import { matrix, rowOf, type Matrix } from "../src/core/matrix.ts";
import { createRng } from "../src/core/rng.ts";
import { useKernels } from "../src/kernels/instance.ts";
import { spawnNodeThread } from "../src/kernels/node-threads.ts";
import { createParallelKernels } from "../src/kernels/threads.ts";
import type { SearchProblem, StrategySpec } from "../src/search/contract.ts";
import { freeSpace, levels, unitBox } from "../src/search/fixtures/spaces.ts";
import type { PlannerSpec } from "../src/search/planning/contract.ts";
import { planners } from "../src/search/planning/registry.ts";
import { samplePosterior } from "../src/search/posterior/sample-posterior.ts";
import { strategies } from "../src/search/registry.ts";
import type { SearchSpace } from "../src/space/contract.ts";

// Products of a thousand multiply-adds are shared, far fewer than is worth while, so that small problems use both.
const parallel = createParallelKernels(spawnNodeThread, { leastWork: 1000 });
after(() => {
  useKernels();
  parallel.close();
});
const large = matrix(40, 40, new Float64Array(1600).fill(1));
for (let tries = 0; parallel.sharedTasks() === 0 && tries < 200; tries++) {
  multiply(large, large, { kernels: parallel });
  await setTimeout(20);
}

/** The answer on one thread, after that on two was found to be the same and to have used the second thread. */
async function sameOnBoth<T>(work: () => Promise<T>, usesProducts = true): Promise<T> {
  useKernels();
  const one = await work();
  const before = parallel.sharedTasks();
  useKernels(parallel);
  try {
    assert.deepEqual(await work(), one);
  } finally {
    useKernels();
  }
  if (usesProducts) assert.ok(parallel.sharedTasks() > before, "the second thread was used");
  return one;
}

/** Measurements of two waves, n x 2. */
function measured(space: SearchSpace, n: number): { rows: Matrix; outcomes: Matrix } {
  const rows = space.sample(n, createRng("measured"));
  const noise = createRng("noise");
  const outcomes = matrix(n, 2);
  for (let i = 0; i < n; i++) {
    const sum = rowOf(rows, i).reduce((all, x, k) => all + (k + 1) * x, 0);
    outcomes.data[2 * i] = Math.abs((sum % 2) - 1) + 0.05 * noise.normal();
    outcomes.data[2 * i + 1] = (sum - 2) * (sum - 2) + 0.05 * noise.normal();
  }
  return { rows, outcomes };
}

const box = await unitBox(3);
const lattice = await freeSpace(["a", "b", "c"].map((name) => levels(name, 6)));

/** A matrix of normal numbers. */
function normals(rows: number, columns: number, label: string): Matrix {
  const rng = createRng(label);
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => rng.normal()),
  );
}

/** Waves as a network of random weights gives them, all by products of matrices. */
function waves(space: SearchSpace, objectives: number): SearchProblem {
  const first = normals(space.dimension, 40, "first");
  const second = normals(40, 40, "second");
  const last = normals(40, objectives, "last");
  const bent = ({ data, ...sizes }: Matrix): Matrix => ({ ...sizes, data: data.map(sin) });
  return {
    space,
    objectives: Array.from({ length: objectives }, (_, g) => ({ label: `wave ${g}` })),
    evaluate: (designs) => ({
      objectives: multiply(bent(multiply(bent(multiply(designs, first)), second)), last),
      violation: new Float64Array(designs.rows),
    }),
  };
}

describe("one and two threads give the same bytes", () => {
  for (const spec of Object.values(strategies) as StrategySpec[]) {
    test(`strategy ${spec.name}`, async () => {
      const { continuous, objectives } = spec.supports;
      const found = await sameOnBoth(() => {
        const problem = waves(continuous ? box : lattice, Math.min(2, objectives.max));
        return spec.search(problem, { batchSize: 5, budget: 300, rng: createRng("search") });
      });
      assert.equal(found.rows.rows, 5);
    });
  }

  for (const spec of Object.values<PlannerSpec>(planners)) {
    test(`planner ${spec.name}`, async () => {
      const { rows, outcomes } = measured(box, 50);
      const goals = Array.from({ length: Math.min(2, spec.supports.objectives.max) }, (_, g) => ({
        label: `wave ${g}`,
        kind: "minimise" as const,
        low: null,
        high: spec.supports.needsLimit === true ? 0.3 : null,
        scale: 1,
      }));
      const own = matrix(50, goals.length);
      for (let i = 0; i < 50; i++) {
        for (let g = 0; g < goals.length; g++) {
          own.data[i * goals.length + g] = outcomes.data[2 * i + g];
        }
      }
      const plan = await sameOnBoth(
        () =>
          spec.plan(
            { space: box, goals },
            { rows, outcomes: own },
            { batchSize: 2, rng: createRng("plan") },
          ),
        spec.supports.learns,
      );
      assert.equal(plan.proposals.length, 2);
    });
  }

  test("sampling of the posterior", async () => {
    const posterior = await sameOnBoth(async () => {
      const problem = waves(box, 1);
      return samplePosterior(
        {
          space: box,
          goals: [{ label: "wave", kind: "match", low: 0.4, high: 0.4, scale: 1 }],
          predict: async (designs) => {
            const { objectives } = await problem.evaluate(designs);
            const none = new Float64Array(designs.rows);
            return [{ mean: objectives.data, epistemicStd: none, aleatoricStd: none }];
          },
        },
        { rng: createRng("posterior") },
        { particles: 40, finalSweeps: 8 },
      );
    });
    assert.equal(posterior.method, "sequential Monte Carlo");
  });
});
