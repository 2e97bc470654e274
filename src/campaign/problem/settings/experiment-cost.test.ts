import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../../core/errors.ts";
import { matrixOf } from "../../../core/matrix.ts";
import { costOverSpace } from "./experiment-cost.ts";
import { parseProblemFile } from "../problem-file.ts";
import { resolveProblem } from "../problem.ts";

const problemWith = (change: object) =>
  resolveProblem(
    parseProblemFile(
      JSON.stringify(
        {
          name: "Coating",
          space: {
            parameters: {
              time: { min: 10, max: 60, unit: "min" },
              mesh: [1, 2, 5],
              gas: ["argon", "nitrogen"],
            },
          },
          outcomes: { hardness: "GPa", roughness: "nm" },
          targets: ["hardness -> maximise", "roughness <= 50 nm"],
          ...change,
        },
        null,
        1,
      ),
      "p.json",
    ),
    null,
  );

async function refusal(change: object) {
  try {
    await problemWith(change);
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return { message: error.message, ...error.details };
  }
  return assert.fail("was accepted");
}

test("a cost is computed in its own unit from parameters in theirs", async () => {
  const { cost, space } = await problemWith({ cost: "20 EUR + 3 EUR/h * time + 2 EUR * mesh" });
  assert.equal(cost?.unit, "EUR");
  const rows = matrixOf([
    space.encode({ time: 60, mesh: 5, gas: "argon" }),
    space.encode({ time: 10, mesh: 1, gas: "nitrogen" }),
  ]);
  const values = costOverSpace(cost, space, [])(rows);
  assert.ok(Math.abs(values[0] - 33) < 1e-12);
  assert.ok(Math.abs(values[1] - 22.5) < 1e-12);
  assert.equal((await problemWith({ cost: "time" })).cost?.unit, "min");
  assert.equal((await problemWith({ cost: 7 })).cost?.unit, "1");
  assert.equal((await problemWith({ cost: "3 EUR/h * time" })).cost?.unit, "EUR");
});

test("a cost that is not above 0 somewhere is refused with the design", async () => {
  // Below 0 for short times on the finest mesh alone.
  const { message, path, received } = await refusal({ cost: "2 EUR/min * time - 5 EUR * mesh" });
  assert.match(message, /not above 0 for every design/);
  assert.match(path ?? "", /^cost \(line \d+\)$/);
  assert.equal(received, "-5 EUR for 10 min, mesh 5");
});

test("names and dimensions of a cost are checked", async () => {
  assert.match((await refusal({ cost: "3 EUR/h * tim" })).message, /"tim"/);
  assert.match((await refusal({ cost: "20 EUR + time" })).path ?? "", /^cost/);
});

test("a fidelity is a number that every design has, with a target that it takes", async () => {
  const { fidelity } = await problemWith({ fidelity: { parameter: "mesh", target: 5 } });
  assert.deepEqual(fidelity, { parameter: "mesh", target: 5 });
  const time = await problemWith({ fidelity: { parameter: "time", target: "1 h" } });
  assert.deepEqual(time.fidelity, { parameter: "time", target: 60 });
  const unknown = await refusal({ fidelity: { parameter: "mehs", target: 5 } });
  assert.match(unknown.hint ?? "", /"mesh"/);
  assert.match(unknown.path ?? "", /^fidelity\.parameter \(line \d+\)$/);
  assert.match(
    (await refusal({ fidelity: { parameter: "gas", target: 5 } })).message,
    /no numeric/,
  );
  const other = await refusal({ fidelity: { parameter: "mesh", target: 3 } });
  assert.equal(other.expected, "one of 1, 2, 5");
});

test("limits that the problem cannot reach are refused, shares are read with a sign", async () => {
  const stop = { targetMet: "90 %", bestSettled: "1 %", predictionsSettled: { rounds: 2 } };
  assert.deepEqual((await problemWith({ stop })).stop, {
    targetMet: 0.9,
    bestSettled: { limit: 0.01 },
    predictionsSettled: { rounds: 2 },
  });
  const budget = { cost: "2 EUR/min * time", stop: { cost: 2000, possibleGain: "500 MPa" } };
  assert.deepEqual((await problemWith(budget)).stop, { cost: 2000, possibleGain: 0.5 });
  assert.match((await refusal({ stop: { cost: "2 EUR" } })).hint ?? "", /^Add cost:/);
  const free = { targets: ["hardness -> maximise"], stop: { targetMet: 0.9 } };
  assert.match((await refusal(free)).message, /No target can be met/);
  const two = { targets: ["hardness -> maximise", "roughness -> minimise"] };
  assert.match((await refusal({ ...two, stop: { possibleGain: 1 } })).message, /one target/);
  assert.match((await refusal({ ...two, stop: { bestSettled: 0.1 } })).message, /one target/);
  assert.match((await refusal({ stop: { targetMet: 2 } })).path ?? "", /^stop\.targetMet/);
  assert.match((await refusal({ stop: { tagretMet: 0.5 } })).hint ?? "", /"targetMet"/);
});

test("planner and strategy take settings that they have", async () => {
  const { experiments, strategy } = await problemWith({
    experiments: {
      planner: { name: "bayesian", acquisition: "ucb" },
      exploration: 0.4,
      batch: 4,
    },
    strategy: { name: "descent", sparsity: 0.1 },
  });
  assert.deepEqual(experiments, {
    planner: "bayesian",
    settings: { acquisition: "ucb" },
    exploration: 0.4,
    batch: 4,
  });
  assert.deepEqual(strategy, { name: "descent", settings: { sparsity: 0.1 } });
  const wrong = await refusal({
    experiments: { planner: { name: "bayesian", aquisition: "ucb" } },
  });
  assert.match(wrong.hint ?? "", /"acquisition"/);
  assert.match(wrong.path ?? "", /^experiments\.planner \(line \d+\)$/);
  const misnamed = await refusal({ experiments: { planner: "baysian" } });
  assert.match(misnamed.hint ?? "", /"bayesian"/);
  assert.match((await refusal({ strategy: { name: "sobol", sparsity: 1 } })).message, /"sparsity"/);
});
