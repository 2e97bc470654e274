import assert from "node:assert/strict";
import { test } from "node:test";
import { InfeasibleError, YstarError, type ErrorDetails } from "../core/errors.ts";
import type { Candidate } from "./contract.ts";
import { rowsWith, smallDataset, smallProblem } from "./fixtures/small-data.ts";
import { recommend } from "./recommend.ts";

/** Details and message of the error that a problem over the small data meets. */
async function refusal(
  change: Record<string, unknown>,
  space: Record<string, unknown> = {},
  dataset = smallDataset(),
): Promise<ErrorDetails & { message: string; error: YstarError }> {
  try {
    await recommend(smallProblem(change, space), dataset);
  } catch (error) {
    assert.ok(error instanceof YstarError, String(error));
    return { ...error.details, message: error.message, error };
  }
  return assert.fail("the problem was accepted");
}

/** Checks the space of the fixture by hand: 0 or 0.05 ... 0.6 in steps of 0.05, summing to one. */
function assertInSpace({ design }: Candidate): void {
  const steps = Object.values(design.fractions).map((one) => one / 0.05);
  for (const one of steps) {
    assert.ok(Math.abs(one - Math.round(one)) < 1e-6 && one > 0.99 && one < 12.01, String(one));
  }
  assert.ok(Math.abs(steps.reduce((sum, one) => sum + one, 0) - 20) < 1e-6);
}

test("the same problem, data and seed give the same bytes, another seed others", async () => {
  const run = async (seed?: number) =>
    JSON.stringify(
      await recommend(smallProblem(), smallDataset(), seed === undefined ? {} : { seed }),
    );
  const first = await run();
  assert.equal(await run(), first);
  assert.notEqual(await run(2), first);
});

test("input is not changed", async () => {
  const problem = smallProblem();
  const dataset = smallDataset();
  await recommend(problem, dataset);
  assert.deepEqual(problem.content, smallProblem().content);
  assert.deepEqual(dataset, smallDataset());
});

test("every kind of target and strategy gives candidates of the space", async () => {
  const cases: Record<string, unknown>[] = [
    { targets: ["strength -> 800 MPa"] },
    { targets: ["strength in [600, 900] MPa", "density -> minimise"] },
    { targets: ["phase is BCC with probability >= 0.5", "strength -> maximise"] },
    { strategy: "sobol", model: "linear" },
    { strategy: "uniform", model: { strength: "gaussian-process" } },
    { strategy: "grid", budget: 5000, model: "dummy" },
    { strategy: "covariance", model: "ridge" },
    { strategy: "differential", model: "ridge" },
    { strategy: "annealing", model: "ridge" },
    { strategy: "directions", targets: ["strength -> maximise", "density -> minimise"] },
    { strategy: "descent", model: "gaussian-process" },
  ];
  for (const change of cases) {
    const { candidates } = await recommend(smallProblem(change), smallDataset());
    assert.ok(candidates.length > 0, JSON.stringify(change));
    candidates.forEach(assertInSpace);
    for (const { predictions } of candidates) {
      for (const { mean, epistemicStd, aleatoricStd } of Object.values(predictions)) {
        assert.ok([mean, epistemicStd, aleatoricStd].every(Number.isFinite));
      }
    }
  }
});

test("descent on continuous fractions reaches what blind draws of the same budget do not", async () => {
  const best = async (strategy: string): Promise<number> => {
    const problem = smallProblem(
      { strategy, model: "gaussian-process", targets: ["strength -> maximise"], candidates: 1 },
      { fraction: { min: 0.05, max: 0.6 } },
    );
    const { candidates } = await recommend(problem, smallDataset());
    return candidates[0].predictions["strength"].mean;
  };
  assert.ok((await best("descent")) > (await best("uniform")));
});

test("a list that stays empty says why", async () => {
  const { candidates, warnings } = await recommend(
    smallProblem(
      { candidates: 1, budget: 1, model: "dummy" },
      { elements: ["Al", "Ti"], fraction: { min: 0.5, max: 0.5, step: 0.05 } },
    ),
    smallDataset(),
  );
  assert.deepEqual(candidates, []);
  assert.match(warnings[0], /in the data already/);
});

test("a budget of one design is spent on a new one, not on one that was measured", async () => {
  const problem = smallProblem({ candidates: 1, budget: 1, model: "dummy" });
  const { candidates, search } = await recommend(problem, smallDataset());
  assert.equal(candidates.length, 1);
  assert.equal(search.evaluated, 1);
});

test("the source of the data is named as the problem names it, wherever the file was found", async () => {
  const dataset = smallDataset();
  const elsewhere = { ...dataset, table: { ...dataset.table, source: "/some/folder/small.csv" } };
  const run = async (data: typeof dataset) => JSON.stringify(await recommend(smallProblem(), data));
  assert.equal(await run(elsewhere), await run(dataset));
});

test("computed targets alone need no model", async () => {
  const targets = ["density -> minimise", "melting_temperature >= 1900 K"];
  const { models, candidates } = await recommend(smallProblem({ targets }), smallDataset());
  assert.deepEqual(models, []);
  assert.ok(candidates.every((one) => one.predictions["density"].epistemicStd === 0));
});

test("a process range works where some measured values are missing", async () => {
  const gaps = rowsWith("test_temperature_C", (value, row) => (row % 4 === 0 ? null : value));
  const process = { test_temperature: { min: 20, max: 600 } };
  const { candidates, models } = await recommend(smallProblem({}, { process }), smallDataset(gaps));
  assert.deepEqual(models[0].dropped, [{ reason: "test_temperature is missing", rows: 3 }]);
  for (const { design } of candidates) {
    const value = design.process["test_temperature"] as number;
    assert.ok(value >= 20 && value <= 600);
  }
});

test("errors of problem and data name the file and the place", async () => {
  const cases: [Record<string, unknown>, Record<string, unknown>, RegExp, RegExp][] = [
    [{}, { elements: ["Al", "Xx"] }, /^space\.elements\[1\] \(line \d+\)$/, /"Xx"/],
    [{}, { elements: ["Al", "Ti", "Pu"] }, /^space\.elements\[2\] \(line \d+\)$/, /describe Pu/],
    [{}, { fraction: { min: 5, max: 35, step: 1 } }, /^space\.fraction\.min/, /between 0 and 1/],
    [{}, { fraction: { min: 0.5, max: 0.2 } }, /^space\.fraction/, /0\.5.*0\.2/],
    [{}, { fractions: { Fe: { max: 0.1 } } }, /^space\.fractions\.Fe/, /"Fe"/],
    [{ targets: ["strenght -> maximise"] }, {}, /^targets\[0\] \(line \d+\)$/, /strenght/],
    [{ targets: ["strength -> maximise", "strength -> 5 GPa"] }, {}, /^targets\[1\] \(line/, /two/],
    [{ targets: ["phase is B2 or BCC"] }, {}, /^targets/, /every class/],
    [{ features: ["magpi"] }, {}, /^features\[0\] \(line \d+\)$/, /magpi/],
    [{ model: { strenght: "linear" } }, {}, /^model\.strenght \(line \d+\)$/, /no target/],
    [
      { model: "lasso", targets: ["phase is BCC"] },
      {},
      /^model \(line \d+\)$/,
      /does not learn classes, which "phase is BCC" needs/,
    ],
    [{ constraints: ["price <= 5 MPa"] }, {}, /^constraints\[0\] \(line \d+\)$/, /MPa/],
    [{ strategy: "grid", budget: 10 }, {}, /^budget \(line \d+\)$/, /grid/],
  ];
  for (const [change, space, path, says] of cases) {
    const { file, path: place, message } = await refusal(change, space);
    assert.equal(file, "problem.json", message);
    assert.match(place ?? "", path, message);
    assert.match(message, says);
  }
});

test("an infeasible problem points at the constraint in conflict", async () => {
  const { error, file, path } = await refusal({
    constraints: ["Al <= 0.3", "price <= 0.5 USD/kg"],
  });
  assert.ok(error instanceof InfeasibleError);
  assert.equal(file, "problem.json");
  assert.match(path ?? "", /^constraints\[1\] \(line \d+\)$/);
});

test("data of one composition are refused, of two enough", async () => {
  const one = smallDataset(rowsWith("formula", () => "TiV"));
  const { file, message } = await refusal({}, {}, one);
  assert.equal(file, "small.csv");
  assert.match(message, /too few compositions/);
  const two = smallDataset(rowsWith("formula", (_, row) => (row % 2 === 0 ? "TiV" : "TiNb")));
  const { models } = await recommend(smallProblem(), two);
  assert.equal(models[0].protocol, "2 folds grouped by composition");
});
