import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Belief } from "../belief/contract.ts";
import { fitFeasibility } from "../belief/feasibility-belief.ts";
import { fitBelief } from "../belief/fit-belief.ts";
import { unitBox } from "../fixtures/spaces.ts";
import type { TargetGoal } from "../objectives.ts";
import type { Acquisition, AcquisitionContext, AcquisitionSpec } from "./contract.ts";
import { acquisitions } from "./registry.ts";
import { isObjective } from "./requirements.ts";

const space = await unitBox(2);
const rows = space.sample(15, createRng("measured"));
const outcome = (row: ArrayLike<number>, k: number): number =>
  10 * (row[0] - 0.3 - 0.3 * k) * (row[0] - 0.3) + 5 * (row[1] - 0.6) * (row[1] - 0.6 + k) - 2 * k;
const beliefOf = async (k: number): Promise<Belief> => {
  const rng = createRng("noise");
  const values = Float64Array.from(
    { length: 15 },
    (_, i) => outcome(rowOf(rows, i), k) + 0.05 * rng.normal(),
  );
  return (await fitBelief(space.columns, rows, values, { rng: createRng(k) })).belief;
};
const beliefs = await Promise.all([0, 1, 2].map(beliefOf));
const feasibility = await fitFeasibility(
  space.columns,
  takeRows(rows, [0, 1, 2, 3, 4, 5]),
  takeRows(rows, [6, 7]),
  { rng: createRng(1) },
);
const goalOf = (kind: TargetGoal["kind"], low: number | null, high: number | null): TargetGoal => ({
  label: "y",
  kind,
  low,
  high,
  scale: 1.5,
});
const goals: Record<string, readonly TargetGoal[]> = {
  minimise: [goalOf("minimise", null, null)],
  maximise: [goalOf("maximise", null, null)],
  match: [goalOf("match", 0.4, 0.4)],
  "minimise with a threshold and a range": [goalOf("minimise", null, 1), goalOf("range", -2.2, 1)],
  "a range alone": [goalOf("range", 0.2, 0.4)],
  "a match and a class": [goalOf("match", 0.4, 0.4), goalOf("class", 0.5, null)],
  "no class": [goalOf("class", null, 0.2)],
  "maximise and a match": [goalOf("maximise", null, null), goalOf("match", 0.1, 0.3)],
  "two objectives": [goalOf("minimise", null, null), goalOf("maximise", null, null)],
};
const contextOf = (of: readonly TargetGoal[], points: number): AcquisitionContext => ({
  beliefs: beliefs.slice(0, of.length),
  goals: of,
  rows,
  feasibility,
  points,
  exploration: 0.5,
  measured: 15,
  rng: createRng(3),
  reference: space.sample(20, createRng("reference")),
});

/** Points away from measured rows, where functions are smooth. */
const pointsOf = (points: number): Matrix => {
  const drawn = space.sample(6 * points, createRng("points"));
  return matrix(6, points * 2, drawn.data);
};

for (const spec of Object.values<AcquisitionSpec>(acquisitions)) {
  describe(`acquisition function ${spec.name}`, () => {
    const { min, max } = spec.supports.objectives;
    for (const [name, of] of Object.entries(goals)) {
      const count = of.filter(isObjective).length;
      const points = spec.supports.joint ? 3 : 1;
      const create = (more: Partial<AcquisitionContext> = {}): Acquisition | undefined => {
        try {
          return spec.create({ ...contextOf(of, points), ...more });
        } catch (error) {
          // Only what the declaration cannot say may be refused: a value to match.
          assert.ok(error instanceof UnsupportedError, String(error));
          assert.ok(count > max || count < min || of.some(({ kind }) => kind === "match"));
          return undefined;
        }
      };

      it(`${name}: has the gradient that central differences give, and values that agree`, () => {
        const acquisition = create();
        if (acquisition === undefined) return;
        const all = pointsOf(points);
        const values = acquisition.values(all);
        for (let i = 0; i < all.rows; i++) {
          const row = rowOf(all, i);
          const gradient = new Float64Array(row.length).fill(7);
          const value = acquisition.slope(row, gradient);
          assert.ok(Number.isFinite(value));
          assert.ok(Math.abs(value - values[i]) <= 1e-7 * Math.max(1, Math.abs(value)));
          const unused = new Float64Array(row.length);
          for (let k = 0; k < row.length; k++) {
            const h = 1e-5;
            const at = (by: number): number =>
              acquisition.slope(
                row.map((v, j) => (j === k ? v + by : v)),
                unused,
              );
            const difference = (at(h) - at(-h)) / (2 * h);
            const size = Math.max(1, ...gradient.map(Math.abs));
            assert.ok(
              Math.abs(gradient[k] - difference) <= 1e-4 * size,
              `point ${i}, column ${k}: ${gradient[k]} is not ${difference}`,
            );
          }
        }
      });

      it(`${name}: is the same for the same seed, and finite at both ends of the dial`, () => {
        const all = pointsOf(points);
        const [one, two] = [create(), create()];
        if (one === undefined) return;
        assert.deepEqual(one.values(all), two?.values(all));
        for (const exploration of [0, 1]) {
          const values = create({ exploration })?.values(all) ?? [];
          for (const value of values) assert.ok(!Number.isNaN(value));
        }
      });
    }
  });
}

describe("the dial", () => {
  const best = (spec: AcquisitionSpec, exploration: number): Float64Array => {
    const all = space.sample(400, createRng("many"));
    const { feasibility: _, ...context } = { ...contextOf(goals.minimise, 1), exploration };
    const values = spec.create(context).values(all);
    return rowOf(all, values.indexOf(Math.max(...values)));
  };
  const meanAt = (row: Float64Array): number => beliefs[0].marginal(matrix(1, 2, row)).mean[0];
  const stdAt = (row: Float64Array): number => beliefs[0].marginal(matrix(1, 2, row)).std[0];

  it("goes from the best mean to the largest uncertainty", () => {
    for (const spec of [acquisitions["log-ei"], acquisitions.ucb]) {
      const [exploit, published, explore] = [0, 0.5, 1].map((at) => best(spec, at));
      assert.ok(meanAt(exploit) <= meanAt(published) + 1e-9);
      assert.ok(meanAt(published) <= meanAt(explore) + 1e-9);
      assert.ok(stdAt(explore) >= stdAt(published) - 1e-9);
    }
  });
});

describe("joint expected improvement", () => {
  it("of one point is the expected improvement but for the smoothing and the draws", () => {
    const context = contextOf(goals.minimise, 1);
    const all = pointsOf(1);
    const exact = acquisitions["log-ei"].create(context).values(all);
    const found = acquisitions["q-log-ei"].create(context, { draws: 1024 }).values(all);
    for (let i = 0; i < 6; i++) {
      // Where the improvement is rare the draws see little of it.
      if (exact[i] > -4) assert.ok(Math.abs(found[i] - exact[i]) < 0.1, `${found[i]}, ${exact[i]}`);
    }
  });

  it("of a point and itself is that of the point", () => {
    const context = contextOf(goals.minimise, 2);
    const row = rowOf(pointsOf(1), 0);
    const twice = acquisitions["q-log-ei"].create(context);
    const once = acquisitions["q-log-ei"].create({ ...context, points: 1 });
    const [a] = twice.values(matrix(1, 4, Float64Array.of(...row, ...row)));
    const [b] = once.values(matrix(1, 2, row));
    assert.ok(Math.abs(a - b) < 0.1);
  });
});
