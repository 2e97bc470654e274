import assert from "node:assert/strict";
import { test } from "node:test";
import type { Candidate, ModelCard, TargetSummary } from "../contract.ts";
import { warningsFor, type WarningFacts } from "./warnings.ts";

const range: TargetSummary = {
  text: "strength in [800, 900] MPa",
  property: "strength",
  unit: "MPa",
  kind: "range",
  low: 800,
  high: 900,
  classes: [],
  model: "random-forest",
  title: "strength",
};
const density: TargetSummary = {
  ...range,
  text: "density <= 5 g/cm3",
  property: "density",
  unit: "g/cm3",
  low: null,
  high: 5,
};

/** A candidate with these values of strength and density. */
const candidate = (strength: number, itsDensity: number, extrapolation = false): Candidate => {
  const constraints = [
    {
      text: range.text,
      value: strength,
      unit: "MPa",
      satisfied: strength >= 800 && strength <= 900,
    },
    { text: density.text, value: itsDensity, unit: "g/cm3", satisfied: itsDensity <= 5 },
  ];
  return {
    id: "c01",
    design: { formula: "TiV", fractions: {}, process: {} },
    predictions: {},
    feasible: constraints.every((one) => one.satisfied),
    constraints,
    distance: 0.1,
    extrapolation,
    validity: null,
    nearest: { formula: "TiV", row: 1, difference: "" },
    paretoRank: 1,
    reason: "",
  };
};
const card = (surrogate: string, own: number, baselines: Record<string, number>): ModelCard => ({
  property: "yield_strength",
  unit: "MPa",
  surrogate,
  task: "regression",
  classes: [],
  features: [],
  rows: 10,
  dropped: [],
  protocol: "",
  metrics: { rmse: { mean: own, std: 0 } },
  baseline: Object.fromEntries(
    Object.entries(baselines).map(([name, mean]) => [name, { rmse: { mean, std: 0 } }]),
  ),
  parity: [],
  calibration: [],
});
const warn = (facts: Partial<WarningFacts>): string[] =>
  warningsFor({
    candidates: [candidate(850, 4), candidate(850, 4)],
    cards: [],
    targets: [range, density],
    asked: 2,
    designs: 1000n,
    dataHash: "a",
    table: null,
    ...facts,
  });

test("nothing is said when all is well", () => {
  const good = candidate(850, 4);
  assert.deepEqual(
    warn({ candidates: [good, good], cards: [card("linear", 100, { dummy: 200, linear: 100 })] }),
    [],
  );
});

test("an unreachable target says how near the list gets, from either side", () => {
  assert.match(
    warn({ candidates: [candidate(1500, 4), candidate(1200, 4)] })[0],
    /\[800, 900\] MPa" \(the nearest reaches 1,200 MPa\)/,
  );
  assert.match(
    warn({ candidates: [candidate(500, 4), candidate(700, 4)] })[0],
    /reaches 700\.0 MPa/,
  );
});

test("targets met only one at a time are called so", () => {
  assert.match(warn({ candidates: [candidate(850, 7), candidate(500, 4)] })[0], /not met together/);
});

test("too few candidates are counted against what was asked for", () => {
  const good = candidate(850, 4);
  assert.match(warn({ candidates: [good], asked: 5 })[0], /^Only 1 feasible design of 5/);
  assert.match(warn({ candidates: [good], asked: 5, designs: 3n })[0], /the space has 3 designs/);
});

test("a model no better than another baseline is called a guess, never for being itself", () => {
  const cards = [card("random-forest", 300, { dummy: 400, linear: 250 })];
  assert.match(
    warn({ cards })[0],
    /no better than the linear baseline \(rmse 300\.0 against 250\.0\)/,
  );
  assert.deepEqual(warn({ cards: [card("linear", 250, { dummy: 400, linear: 250 })] }), []);
});

test("candidates beyond the data are counted", () => {
  const far = candidate(850, 4, true);
  assert.match(warn({ candidates: [far, candidate(850, 4)] })[0], /^1 candidate lies beyond/);
});

test("a model of a file that learned from other data is named, and candidates outside its domain", () => {
  const own = card("toy", 1, {});
  const other = { ...own, trainedOn: { name: "other.csv", sha256: "b" } };
  assert.match(
    warn({ cards: [other] }).join(),
    /yield strength has learned from other data \(other\.csv\)/,
  );
  assert.deepEqual(warn({ cards: [{ ...own, trainedOn: { name: "x", sha256: "a" } }] }), []);
  const strange = {
    ...candidate(850, 4),
    validity: { verdict: "outside", reasons: ["too hot"] },
  } as const;
  assert.match(
    warn({ candidates: [strange, candidate(850, 4)] }).join(),
    /1 candidate lies outside.*too hot/,
  );
});

test("what was taken for granted when the table was read is said last", () => {
  const table = {
    source: "runs.csv",
    rows: 1,
    columns: [],
    notes: ["numbers were read with decimal commas"],
  };
  assert.deepEqual(warn({ table }), ["runs.csv: numbers were read with decimal commas."]);
});
