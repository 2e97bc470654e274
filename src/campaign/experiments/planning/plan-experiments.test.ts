import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InfeasibleError, InputError, UnsupportedError } from "../../../core/errors.ts";
import type { SearchSpace, Target } from "../../../space/contract.ts";
import { createSpace } from "../../../space/create-space.ts";
import { parseTarget } from "../../../space/language/parse-target.ts";
import type { PropertySpec } from "../../../surrogates/forward-model.ts";
import { requireSupport } from "../../../search/planning/begin-planning.ts";
import { planners, type PlannerName } from "../../../search/planning/registry.ts";
import type { ExperimentSetup, Measurement } from "../contract.ts";
import { experimentGoals, type ExperimentGoal } from "./experiment-goals.ts";
import { planExperiments } from "./plan-experiments.ts";

const number = (name: string, unit: string): PropertySpec => ({
  name,
  title: name,
  unit,
  kind: "number",
  classes: [],
});
const outcomes: readonly PropertySpec[] = [
  number("strength", "MPa"),
  number("cost", "USD/kg"),
  { name: "phase", title: "phase", unit: "1", kind: "class", classes: ["BCC", "FCC"] },
];

const space = (): Promise<SearchSpace> =>
  createSpace({
    parameters: [
      { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 1300 },
      { kind: "categorical", name: "solvent", values: ["water", "ethanol"] },
    ],
    constraints: [],
    quantities: [],
  });

function target(text: string): Target {
  return parseTarget(text, {
    elements: [],
    parameters: [],
    quantities: [],
    properties: outcomes.map(({ name, unit, kind, classes }) => ({ name, unit, kind, classes })),
  });
}

async function setupOf(...targets: readonly string[]): Promise<ExperimentSetup> {
  return { space: await space(), targets: targets.map(target), outcomes, perBatch: [] };
}

const toGoal = ({ goal }: ExperimentGoal) => goal;

const run = (
  temperature: number,
  strength: number | null,
  rest: Partial<Measurement> = {},
): Measurement => ({
  design: { temperature, solvent: "water" },
  status: "completed",
  outcomes: { strength },
  ...rest,
});

const some = [run(400, 500), run(600, 700), run(800, 650), run(1000, 600)];

describe("planExperiments", () => {
  it("fills the space before anything is measured, and says so", async () => {
    const plan = await planExperiments(await setupOf("strength -> maximise"), [], {
      batchSize: 4,
      seed: 1,
    });
    assert.equal(plan.suggestions.length, 4);
    for (const { reason, predictions, nearest, constraints } of plan.suggestions) {
      assert.ok(reason.length > 0);
      assert.deepEqual(predictions, {});
      assert.equal(nearest, null);
      assert.ok(constraints.every(({ satisfied }) => satisfied));
    }
    const solvents = plan.suggestions.map(({ design }) => design["solvent"]);
    assert.equal(new Set(solvents).size, 2);
  });

  it("gives the same bytes for the same input, and other designs for another seed", async () => {
    const setup = await setupOf("strength -> maximise");
    const plan = (seed: number) => planExperiments(setup, some, { batchSize: 2, seed });
    assert.equal(JSON.stringify(await plan(3)), JSON.stringify(await plan(3)));
    const random = (seed: number) =>
      planExperiments(setup, some, { batchSize: 2, seed, planner: "random" });
    assert.notEqual(JSON.stringify(await random(3)), JSON.stringify(await random(4)));
  });

  it("proposes neither measured nor pending, abandoned or infeasible designs", async () => {
    const four = await createSpace({
      parameters: [{ kind: "discrete", name: "passes", unit: "1", values: [1, 2, 3, 4, 5, 6] }],
      constraints: [],
      quantities: [],
    });
    const setup = { ...(await setupOf("strength -> maximise")), space: four };
    const at = (passes: number, rest: Partial<Measurement>): Measurement => ({
      ...run(0, null),
      design: { passes },
      ...rest,
    });
    const told = [
      at(1, { outcomes: { strength: 5 } }),
      at(2, { status: "abandoned", outcomes: {} }),
      at(3, { status: "infeasible", outcomes: {} }),
      at(4, { status: "failed", outcomes: {} }),
    ];
    for (const planner of ["random", "space-filling"]) {
      const plan = await planExperiments(setup, told, {
        batchSize: 6,
        seed: 0,
        planner,
        pending: [{ passes: 5 }],
      });
      // A failed design may be tried again.
      const left = plan.suggestions.map(({ design }) => design["passes"]);
      assert.deepEqual(new Set(left), new Set([4, 6]));
      assert.match(plan.warnings.join(), /only 2 are left/);
    }
    await assert.rejects(
      planExperiments(setup, told, {
        batchSize: 1,
        seed: 0,
        pending: [4, 5, 6].map((passes) => ({ passes })),
      }),
      InfeasibleError,
    );
  });

  it("observes designs beyond a range, and leaves out with a warning what the space cannot hold", async () => {
    const plan = await planExperiments(
      await setupOf("strength -> maximise"),
      [
        run(2000, 1),
        run(500, 2, { design: { temperature: 500, solvent: "acetone" } }),
        run(500, 2, { design: { temperature: 600, solvent: "acetone" } }),
      ],
      { batchSize: 1, seed: 0, planner: "space-filling" },
    );
    assert.equal(plan.suggestions[0].nearest?.measurement, 0);
    assert.deepEqual(plan.warnings.length, 1);
    assert.match(
      plan.warnings[0],
      /^2 measurements left out.*"solvent" cannot be "acetone" \(run 2, run 3\)/,
    );
  });

  it("stays inside a pool", async () => {
    const pool = [310, 320, 330].map((temperature) => ({ temperature, solvent: "water" }));
    const plan = await planExperiments(await setupOf("strength -> maximise"), some, {
      batchSize: 2,
      seed: 0,
      pool,
    });
    for (const { design } of plan.suggestions) {
      assert.ok(pool.some(({ temperature }) => temperature === design["temperature"]));
    }
  });

  it("names the nearest measurement and what differs", async () => {
    const plan = await planExperiments(await setupOf("strength -> maximise"), some, {
      batchSize: 1,
      seed: 0,
      pool: [{ temperature: 650, solvent: "water" }],
    });
    const { nearest } = plan.suggestions[0];
    assert.ok(nearest);
    assert.equal(nearest.measurement, 1);
    assert.equal(nearest.difference, "temperature +50 K");
    assert.ok(Math.abs(nearest.distance - 0.05) < 1e-12);
    assert.deepEqual(nearest.outcomes, { strength: 700 });
  });

  it("compares with measurements at the values that the space fixes", async () => {
    const fixed = await createSpace({
      parameters: [
        { kind: "continuous", name: "time", unit: "h", min: 0, max: 10 },
        { kind: "discrete", name: "temperature", unit: "K", values: [300] },
      ],
      constraints: [],
      quantities: [],
    });
    const setup = { ...(await setupOf("strength -> maximise")), space: fixed };
    const at = (time: number, temperature: number, strength: number): Measurement => ({
      ...run(0, strength),
      design: { time, temperature },
    });
    const told = [1, 4, 6, 9].map((time) => at(time, 300, 500 + time));
    const colder = at(5, 77, 900);
    const plan = await planExperiments(setup, [...told, colder], {
      batchSize: 1,
      seed: 0,
      planner: "bayesian",
    });
    const [{ reason, nearest }] = plan.suggestions;
    assert.match(reason, /the best so far \(509, run 4\)/);
    assert.ok(nearest !== null && nearest.measurement < 4);
  });

  it("refuses what is not declared or cannot be", async () => {
    const setup = await setupOf("strength -> maximise");
    const attempt = (measurements: readonly Measurement[], planner?: string) =>
      planExperiments(setup, measurements, {
        batchSize: 1,
        seed: 0,
        ...(planner === undefined ? {} : { planner }),
      });
    await assert.rejects(attempt([run(400, Number.NaN)]), /strength.*cannot be/);
    await assert.rejects(attempt([run(400, 1, { outcomes: { strenght: 1 } })]), InputError);
    await assert.rejects(attempt([run(400, 1, { outcomes: { phase: "HCP" } })]), /HCP/);
    await assert.rejects(attempt([run(400, 1, { noiseStd: { strength: -1 } })]), InputError);
    await assert.rejects(attempt(some, "baysian"), InputError);
    await assert.rejects(attempt(some, "boundary-learning"), UnsupportedError);
    const twice = await setupOf("strength -> maximise", "strength -> minimise");
    await assert.rejects(planExperiments(twice, [], { batchSize: 1, seed: 0 }), /two targets/);
  });

  it("takes a limit beside a goal on one outcome, classes, and outcomes that are missing", async () => {
    const setup = await setupOf(
      "strength -> maximise",
      "strength >= 600 MPa",
      "phase is BCC with probability >= 0.9",
    );
    const told = some.map((one, i): Measurement => ({
      ...one,
      outcomes: { ...one.outcomes, phase: i === 0 ? null : i === 1 ? "FCC" : "BCC" },
    }));
    const plan = await planExperiments(setup, told, { batchSize: 2, seed: 0 });
    assert.equal(plan.suggestions.length, 2);
  });

  it("starts every planner that learns with designs that fill the space", async () => {
    const setup = await setupOf("strength -> maximise");
    for (const [name, { supports, title }] of Object.entries(planners)) {
      if (!supports.learns || supports.objectives.min > 1) continue;
      const problem = { space: setup.space, goals: experimentGoals(setup, []).map(toGoal) };
      try {
        requireSupport(planners[name as PlannerName], problem);
      } catch {
        continue;
      }
      const plan = await planExperiments(setup, [], { batchSize: 1, seed: 0, planner: name });
      assert.match(plan.suggestions[0].reason, new RegExp(`^Fills the space: ${title}`));
    }
  });
});
