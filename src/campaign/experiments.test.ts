import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../core/errors.ts";
import { buildTable } from "../data/build-table.ts";
import type { Cell } from "../data/read/cells.ts";
import type { Dataset } from "./dataset.ts";
import { parseProblemFile, type ParsedProblemFile } from "./problem/problem-file.ts";
import { resolveProblem } from "./problem/problem.ts";
import { recommend } from "./recommend.ts";

const base = {
  name: "Reaction",
  space: {
    parameters: {
      temperature: { min: 300, max: 900, unit: "K" },
      time: { min: 1, max: 10, step: 1, unit: "h" },
      solvent: ["water", "ethanol"],
      pressure: "2 bar",
    },
  },
  targets: ["heat -> minimise"],
  models: { heat: { formula: "2 J/K * temperature + 10 J/h * time", unit: "kJ" } },
  candidates: 3,
  budget: 3000,
};

const problemOf = (change: Record<string, unknown> = {}): ParsedProblemFile =>
  parseProblemFile(JSON.stringify({ ...base, ...change }, null, 1), "p.json");

const datasetOf = (headers: readonly string[], rows: readonly Cell[][]): Dataset => ({
  name: "runs.csv",
  table: buildTable({
    source: "runs.csv",
    headers,
    rows,
    place: (i) => `line ${i + 2}`,
    notes: [],
  }),
  sha256: "0".repeat(64),
});

/** Invented runs: the yield rises with temperature (given in degC) and is higher in ethanol. */
const runs = datasetOf(
  ["temperature_C", "time_h", "Solvent", "yield_percent", "pressure_bar", "phase"],
  Array.from({ length: 24 }, (_, i): Cell[] => {
    const celsius = 50 + 25 * i;
    const isEthanol = i % 2 === 1;
    const bonus = isEthanol ? 20 : 0;
    const phase = celsius > 300 ? "gas" : "liquid";
    return [celsius, 1 + (i % 5), isEthanol ? "ethanol" : "water", 0.1 * celsius + bonus, 2, phase];
  }),
);

async function refusal(change: Record<string, unknown>, data: Dataset | null = null) {
  try {
    await recommend(problemOf({ budget: 20, ...change }), data);
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return { message: error.message, ...error.details };
  }
  return assert.fail("the problem was accepted: " + JSON.stringify(change));
}

test("a problem of parameters and a formula needs neither a domain nor data", async () => {
  const result = await recommend(problemOf({ constraints: ["temperature >= 350 K"] }), null);
  assert.equal(result.data, null);
  assert.equal(result.problem.domain, "general");
  const [best] = result.candidates;
  const { process } = best.design;
  assert.ok(Math.abs((process["temperature"] as number) - 350) < 2);
  assert.equal(process["time"], 1);
  assert.equal(process["pressure"], 2);
  // 2 J/K * 350 K + 10 J/h * 1 h = 710 J.
  assert.ok(Math.abs(best.predictions["heat"].mean - 0.71) < 0.005);
  assert.equal(best.nearest, null);
  assert.equal(best.distance, null);
});

test("a mixture of named ingredients is a composition without elements", async () => {
  const mixture = {
    ingredients: ["resin", "hardener", "filler"],
    fraction: { step: 0.05 },
    fractions: { filler: { max: 0.3 }, hardener: { min: 0.1 } },
    count: 3,
  };
  const result = await recommend(
    problemOf({
      space: { mixture },
      targets: ["stiffness -> maximise"],
      models: { stiffness: { formula: "resin * hardener * 4 GPa + filler * 2 GPa", unit: "GPa" } },
      constraints: ["resin + hardener <= 0.8", "resin >= hardener"],
      candidates: 1,
    }),
    null,
  );
  // With all the filler allowed, 4 * 0.35 * 0.35 + 2 * 0.3 = 1.09 GPa; with 0.25 of it at most 1.06.
  assert.deepEqual(result.candidates[0].design.fractions, {
    resin: 0.35,
    hardener: 0.35,
    filler: 0.3,
  });
  assert.equal(result.candidates[0].design.formula, "resin 0.35, hardener 0.35, filler 0.3");
  // In steps of 0.05, by filler 4, 5, 6 steps: 7 + 6 + 6.
  assert.equal(result.space.count, "19");
});

test("what is declared can be learned from data in other units and spellings", async () => {
  const result = await recommend(
    problemOf({
      space: {
        parameters: {
          temperature: { min: 350, max: 800, unit: "K" },
          solvent: ["water", "ethanol"],
        },
      },
      outcomes: { yield: "%", phase: ["liquid", "gas"] },
      targets: ["yield -> maximise", "phase is gas with probability >= 0.5"],
      models: undefined,
      model: { yield: "gaussian-process", phase: "random-forest" },
    }),
    runs,
  );
  assert.ok(result.data !== null && result.data.usedRows === 24);
  const [best] = result.candidates;
  assert.equal(best.design.process["solvent"], "ethanol");
  assert.ok((best.design.process["temperature"] as number) > 700);
  // 0.1 * (T - 273.15) + 20 between 700 K and 800 K.
  const { mean } = best.predictions["yield"];
  assert.ok(mean > 60 && mean < 75, String(mean));
  assert.deepEqual(result.models[0].features, ["temperature", "solvent=ethanol", "solvent=water"]);
  assert.equal(result.models[0].protocol, "5 folds grouped by design");
  assert.ok(best.nearest !== null && best.distance !== null && best.distance < 0.2);
  assert.match(best.nearest.formula, /K/);
});

test("ingredients in percent are read from the data as shares of one", async () => {
  const rows = [0, 20, 40, 60, 80, 100].map((x): Cell[] => [x, 100 - x, x * (100 - x) + 100]);
  const result = await recommend(
    problemOf({
      space: { mixture: { ingredients: ["P3HT", "D1"], fraction: { step: 0.01 } } },
      outcomes: { conductivity: "S/cm" },
      targets: ["conductivity -> maximise"],
      models: undefined,
      model: "gaussian-process",
    }),
    datasetOf(["P3HT_percent", "D1_percent", "conductivity"], rows),
  );
  const share = result.candidates[0].design.fractions["P3HT"];
  assert.ok(Math.abs(share - 0.5) < 0.05, String(share));
  assert.equal(result.data?.usedRows, 6);
});

test("resolving tells parameters, outcomes and what a batch shares", async () => {
  const problem = await resolveProblem(
    problemOf({
      outcomes: { yield: "%", cost: "USD/kg", phase: ["fcc", "bcc"] },
      perBatch: ["temperature"],
      targets: ["yield >= 0.5 %", "phase is fcc with probability >= 0.8", "cost -> 3 EUR/kg"].slice(
        0,
        2,
      ),
      models: undefined,
    }),
    null,
  );
  assert.deepEqual(
    problem.parameters.map(({ name, kind }) => [name, kind]),
    [
      ["temperature", "continuous"],
      ["time", "discrete"],
      ["solvent", "categorical"],
      ["pressure", "discrete"],
    ],
  );
  assert.deepEqual(
    problem.outcomes.map(({ name, unit, classes }) => [name, unit, classes]),
    [
      ["yield", "%", []],
      ["cost", "USD/kg", []],
      ["phase", "1", ["fcc", "bcc"]],
    ],
  );
  assert.deepEqual(problem.perBatch, ["temperature"]);
});

test("what nothing predicts is named before anything is searched", async () => {
  const { message, path, hint } = await refusal({
    outcomes: { yield: "%" },
    targets: ["heat -> minimise", "yield -> maximise"],
  });
  assert.match(message, /Nothing predicts "yield": the problem has no data and no formula/);
  assert.match(path ?? "", /^targets\[1\] \(line \d+\)$/);
  assert.match(hint ?? "", /models: \{ yield: \{ formula/);
});

test("mistakes in parameters, mixtures and outcomes are told with their place", async () => {
  const parameters = (change: Record<string, unknown>) => ({
    space: { parameters: { ...base.space.parameters, ...change } },
  });
  const mixture = (change: Record<string, unknown>) => ({
    space: { mixture: { ingredients: ["A", "B"], ...change } },
  });
  const cases: [Record<string, unknown>, RegExp, RegExp][] = [
    [parameters({ time: { min: 5, max: 1, unit: "h" } }), /^space\.parameters\.time/, /min <= max/],
    [parameters({ time: { min: 5, unit: "h" } }), /^space\.parameters\.time/, /lacks its "max"/],
    [parameters({ time: { min: "5 K", max: 9, unit: "h" } }), /^space\.parameters\.time/, /5 K/],
    [parameters({ time: { min: 1, max: 9, unit: "hh" } }), /^space\.parameters\.time\.unit/, /hh/],
    [parameters({ time: { min: 1, max: 9, step: 20 } }), /^space\.parameters\.time/, /step/],
    [parameters({ time: ["1 h", "slow"] }), /^space\.parameters\.time/, /words and numbers/],
    [parameters({ heat: { min: 1, max: 2 } }), /^models\.heat/, /parameter/],
    [{ space: {} }, /^space/, /nothing to vary/],
    [{ space: { process: { speed: 5 } } }, /^space\.process\.speed/, /space\.parameters/],
    [{ space: { fraction: { min: 0.1 } } }, /^space\.fraction/, /space has none/],
    [{ domain: "alloy" }, /^space/, /space\.elements/],
    [mixture({ fractions: { C: { max: 0.5 } } }), /^space\.mixture\.fractions\.C/, /ingredients/],
    [mixture({ fraction: { max: 30 } }), /^space\.mixture\.fraction\.max/, /0\.3 for 30 %/],
    [mixture({ ingredients: ["A", "A"] }), /^space\.mixture\.ingredients\[1\]/, /twice/],
    [{ perBatch: ["temperatur"] }, /^perBatch\[0\]/, /"temperature"/],
    [{ outcomes: { yield: "parsec2" } }, /^outcomes\.yield/, /unit/],
    [{ outcomes: { time: "h" } }, /^outcomes\.time/, /is a parameter and an outcome/],
    [{ outcomes: { phase: ["a", "a"] } }, /^outcomes\.phase/, /twice/],
    [{ constraints: ["temperatur <= 5 K"] }, /^constraints\[0\]/, /"temperature"/],
    [{ constraints: ["temperature <= 5 h"] }, /^constraints\[0\]/, /temperature/],
    [{ targets: ["heat <= 5 K"] }, /^targets\[0\]/, /energy/],
  ];
  for (const [change, place, says] of cases) {
    const { message, path, expected, hint } = await refusal(change);
    assert.match(path ?? "", place, message);
    assert.match(`${message} ${expected} ${hint}`, says, message);
  }
});

test("data that lack a parameter, or hold it otherwise, are refused with the parameter's place", async () => {
  const learned = { outcomes: { yield: "%" }, targets: ["yield -> maximise"], models: undefined };
  const cases: [Record<string, unknown>, RegExp, RegExp][] = [
    [{ stirring: { min: 1, max: 2 } }, /^space\.parameters\.stirring/, /no column/],
    [{ solvent: { min: 1, max: 2 } }, /^space\.parameters\.solvent/, /is not/],
    [{ time: { min: 1, max: 2, unit: "K" } }, /^space\.parameters\.time/, /in K/],
  ];
  for (const [parameters, place, says] of cases) {
    const { message, path } = await refusal({ ...learned, space: { parameters } }, runs);
    assert.match(path ?? "", place, message);
    assert.match(message, says);
  }
  const other = await refusal({ ...learned, outcomes: { yield: "%", phase: ["a", "b"] } }, runs);
  assert.match(other.path ?? "", /^outcomes\.phase/);
});

test("a parameter held at one value may be missing in the data, which a note says", async () => {
  const learned = { outcomes: { yield: "%" }, targets: ["yield -> maximise"], models: undefined };
  const { parameters } = base.space;
  const held = { ...parameters, vessel: "steel", stirring: "300 1/min" };
  const { warnings, candidates } = await recommend(
    problemOf({ ...learned, space: { parameters: held }, budget: 50 }),
    runs,
  );
  assert.deepEqual(
    warnings.filter((text) => text.startsWith("runs.csv")),
    [
      'runs.csv: "vessel" is not in the table: all rows count as measured at steel, as the problem holds it.',
      'runs.csv: "stirring" is not in the table: all rows count as measured at 300 1/min, as the problem holds it.',
    ],
  );
  assert.equal(candidates[0].design.process["vessel"], "steel");
});

const catalysed = {
  temperature: { min: 300, max: 420, unit: "K" },
  catalyst: ["none", "Pd", "Ni"],
  loading: { min: 1, max: 5, unit: "%", when: "catalyst in [Pd, Ni]" },
  additive: { min: 2, max: 6, unit: "%", zeroOr: true },
};

test("a conditional parameter is part of the designs that have it, and 0 in the formula of others", async () => {
  const result = await recommend(
    problemOf({
      space: { parameters: catalysed },
      constraints: ["loading >= 2 %", "temperature * loading <= 1500 K %"],
      targets: ["cost -> minimise"],
      models: {
        cost: {
          formula: "loading * 100 USD + additive * 10 USD + temperature * 1 USD/K",
          unit: "USD",
        },
      },
      candidates: 1,
    }),
    null,
  );
  const [{ design, predictions }] = result.candidates;
  assert.equal(design.process["catalyst"], "none");
  assert.equal(design.process["loading"], undefined);
  assert.equal(design.process["additive"], 0);
  // 300 K at 1 USD/K, and nothing else.
  assert.ok(Math.abs(predictions["cost"].mean - 300) < 2);
});

test("rows of the data without a conditional parameter are learned from, not left out", async () => {
  const rows = Array.from({ length: 30 }, (_, i): Cell[] => {
    const catalyst = ["none", "Pd", "Ni"][i % 3];
    const loading = catalyst === "none" ? null : 1 + (i % 5);
    return [catalyst, loading, 300 + 4 * i, 10 + (loading ?? 0) * 5 + (catalyst === "Pd" ? 10 : 0)];
  });
  const { catalyst, loading, temperature } = catalysed;
  const result = await recommend(
    problemOf({
      space: { parameters: { catalyst, loading, temperature } },
      outcomes: { yield: "%" },
      targets: ["yield -> maximise"],
      models: undefined,
    }),
    datasetOf(["catalyst", "loading_percent", "temperature_K", "yield_percent"], rows),
  );
  assert.equal(result.models[0].rows, 30);
  const { process } = result.candidates[0].design;
  assert.equal(process["catalyst"], "Pd");
  assert.ok((process["loading"] as number) > 3.5);
});

test("conditions and absent numbers are checked with their place", async () => {
  const cases: [Record<string, unknown>, RegExp, RegExp][] = [
    [
      { loading: { min: 1, max: 5, when: "catalyst in [Pt]" } },
      /^space\.parameters\.loading\.when/,
      /"Pt"/,
    ],
    [
      { loading: { min: 1, max: 5, when: "catalist = Pd" } },
      /^space\.parameters\.loading\.when/,
      /catalyst/,
    ],
    [
      { additive: { min: 0, max: 6, zeroOr: true } },
      /^space\.parameters\.additive\.zeroOr/,
      /min above 0/,
    ],
    [
      { additive: { values: [1, 2], zeroOr: true } },
      /^space\.parameters\.additive\.zeroOr/,
      /Add 0/,
    ],
  ];
  for (const [change, place, says] of cases) {
    const { message, path, expected, hint } = await refusal({
      space: { parameters: { ...catalysed, ...base.space.parameters, ...change } },
    });
    assert.match(path ?? "", place, message);
    assert.match(`${message} ${expected} ${hint}`, says, message);
  }
});

test("a goal and a limit on one property are one target; other pairs are refused", async () => {
  const pair = ["heat -> minimise", "heat >= 1000 J"];
  const { problem, candidates } = await recommend(
    problemOf({ targets: pair, candidates: 1 }),
    null,
  );
  const [target] = problem.targets;
  assert.equal(problem.targets.length, 1);
  assert.deepEqual([target.kind, target.low, target.text], ["minimise", 1, pair.join(", ")]);
  // The least heat that is accepted.
  assert.ok(Math.abs(candidates[0].predictions["heat"].mean - 1) < 0.005);
  const { message } = await refusal({ targets: ["heat -> minimise", "heat -> 700 J"] });
  assert.match(message, /"heat" has two targets/);
});

test("limits for stopping come in the objective's unit; a gain needs one objective", async () => {
  const outcomes = { yield: "%", strength: "GPa" };
  const stopOf = async (targets: string[], stop: object) =>
    (await resolveProblem(problemOf({ targets, outcomes, stop, models: {} }), null)).stop;
  assert.deepEqual(
    await stopOf(["strength -> maximise", "strength >= 1 GPa"], {
      measurements: 40,
      gain: "20 MPa",
    }),
    { measurements: 40, gain: 0.02 },
  );
  const two = stopOf(["strength -> maximise", "yield -> maximise"], { gain: 1 });
  await assert.rejects(
    two,
    (error) => error instanceof InputError && /one target/.test(error.message),
  );
  const wrong = stopOf(["strength -> maximise"], { gain: "3 K" });
  await assert.rejects(wrong, (error) => {
    assert.ok(error instanceof InputError);
    assert.match(error.details.path ?? "", /^stop\.gain \(line \d+\)$/);
    return true;
  });
});
