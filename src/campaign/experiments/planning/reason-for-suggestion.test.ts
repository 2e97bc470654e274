import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrixOf } from "../../../core/matrix.ts";
import type { Target } from "../../../space/contract.ts";
import { createSpace } from "../../../space/create-space.ts";
import type { PropertySpec } from "../../../surrogates/forward-model.ts";
import { experimentGoals } from "./experiment-goals.ts";
import { differenceText } from "./nearest-measurement.ts";
import { reasonForSuggestion, type SuggestionFacts } from "./reason-for-suggestion.ts";
import { unmeasuredRegion } from "./unmeasured-region.ts";

const space = await createSpace({
  parameters: [
    { kind: "continuous", name: "anneal_temperature", unit: "K", min: 300, max: 1300 },
    { kind: "categorical", name: "solvent", values: ["water", "ethanol"] },
  ],
  constraints: [],
  quantities: [],
});
const strength: PropertySpec = {
  name: "strength",
  title: "strength",
  unit: "MPa",
  kind: "number",
  classes: [],
};

const goalsOf = (target: Partial<Target>) =>
  experimentGoals(
    {
      outcomes: [strength],
      targets: [
        {
          text: "strength -> maximise",
          property: "strength",
          unit: "MPa",
          kind: "maximise",
          low: null,
          high: null,
          classes: [],
          ...target,
        } as Target,
      ],
    },
    [],
  );

const facts: SuggestionFacts = {
  predictions: { strength: { mean: 812, epistemicStd: 32, aleatoricStd: 24, unit: "MPa" } },
  feasibility: 1,
  meets: 1,
  expectedGain: 50,
  explore: 35,
  teaches: 0.12,
  nearest: {
    measurement: 11,
    distance: 0.05,
    difference: "anneal temperature +50 K",
    outcomes: { strength: 777 },
  },
  goals: goalsOf({}),
  measurements: [],
  best: { measurement: 8, value: 777 },
  unmeasured: "no measured design has anneal temperature above 900 K",
  planner: "Bayesian optimisation",
  start: null,
};

describe("reasonForSuggestion", () => {
  it("states expectation, value, lesson and neighbour in the user's units", () => {
    assert.equal(
      reasonForSuggestion(facts),
      "Expected strength 812 ± 40 MPa, 35 above the best so far (777, run 9). " +
        "70 % of the value is exploring: no measured design has anneal temperature above 900 K. " +
        "Measuring it would remove 12 % of the model's ignorance over the space. " +
        "Nearest: run 12 (anneal temperature +50 K), strength 777 MPa.",
    );
  });

  it("calls measurements what people call them", () => {
    const labelled = { design: {}, status: "completed", outcomes: {} } as const;
    const measurements = Array.from({ length: 12 }, (_, i) => ({ ...labelled, label: `r${i}` }));
    const text = reasonForSuggestion({ ...facts, measurements });
    assert.match(text, /the best so far \(777, r8\)/);
    assert.match(text, /Nearest: r11 \(/);
  });

  it("says when the value is that it looks best", () => {
    const text = reasonForSuggestion({ ...facts, explore: 5 });
    assert.match(text, /90 % of the value is exploiting: it looks better than what was measured\./);
  });

  it("says below where the expectation is below, whichever way is better", () => {
    const below = { measurement: 0, value: 900 };
    const maximise = reasonForSuggestion({ ...facts, best: below });
    assert.match(maximise, /88 below the best so far \(900, run 1\)/);
    const goals = goalsOf({ kind: "minimise" });
    assert.match(reasonForSuggestion({ ...facts, goals, best: below }), /88 below the best so far/);
  });

  it("counts a match by its distance", () => {
    const goals = goalsOf({ kind: "match", low: 800, high: 800 });
    assert.match(
      reasonForSuggestion({ ...facts, goals }),
      /12 off the wanted 800; the best so far is 23 off \(run 9\)/,
    );
  });

  it("leads with the chance where there are requirements only", () => {
    const goals = goalsOf({ kind: "range", low: 800, high: null, text: "strength >= 800 MPa" });
    assert.match(
      reasonForSuggestion({ ...facts, goals, best: null, meets: 0.62 }),
      /^Meets "strength >= 800 MPa" with a chance of 62 %; expected strength 812 ± 40 MPa\./,
    );
  });

  it("names chances that are not sure", () => {
    const text = reasonForSuggestion({ ...facts, feasibility: 0.7, meets: 0.5 });
    assert.match(
      text,
      /It can be made with a chance of 70 % and meets the requirements with a chance of 50 %\./,
    );
  });

  it("promises nothing without a model, and says why it starts blind", () => {
    const blind = { ...facts, predictions: {}, expectedGain: null, explore: null, teaches: null };
    const start = "Bayesian optimisation starts after 3 measurements, 1 is there";
    assert.match(
      reasonForSuggestion({ ...blind, start }),
      /^Fills the space: Bayesian optimisation starts after 3 measurements, 1 is there; no measured/,
    );
    const random = reasonForSuggestion({ ...blind, planner: "Random designs", unmeasured: null });
    assert.match(random, /^Random designs, whatever was measured\. Nearest: run 12/);
  });
});

describe("differences and regions", () => {
  const row = (temperature: number, solvent: number) => Float64Array.of(temperature, solvent);

  it("tells the largest difference first, categories in words", () => {
    assert.equal(
      differenceText(space, row(650, 0), row(600, 1)),
      "solvent water instead of ethanol, anneal temperature +50 K",
    );
    assert.equal(differenceText(space, row(650, 0), row(650, 0)), "the same design");
  });

  it("speaks of parameters that only some designs have as with and without", async () => {
    const cured = await createSpace({
      parameters: [
        { kind: "categorical", name: "route", values: ["cast", "cured"] },
        {
          kind: "continuous",
          name: "cure_time",
          unit: "h",
          min: 1,
          max: 9,
          when: {
            text: "route is cured",
            alternatives: [[{ kind: "is", parameter: "route", values: ["cured"] }]],
          },
        },
      ],
      constraints: [],
      quantities: [],
    });
    const cast = cured.encode({ route: "cast" });
    const long = cured.encode({ route: "cured", cure_time: 5 });
    assert.equal(differenceText(cured, long, cast), "route cured instead of cast, with cure time");
    assert.equal(
      differenceText(cured, cast, long),
      "route cast instead of cured, without cure time",
    );
    assert.equal(
      unmeasuredRegion(cured, long, matrixOf([cast])),
      "no measured design has cure time",
    );
    assert.equal(unmeasuredRegion(cured, cast, matrixOf([cast, long])), null);
  });

  it("finds what no measured design has", () => {
    const measured = matrixOf([row(400, 0), row(500, 0), row(900, 0)]);
    const region = (temperature: number, solvent = 0) =>
      unmeasuredRegion(space, row(temperature, solvent), measured);
    assert.equal(region(1200), "no measured design has anneal temperature above 900 K");
    assert.equal(region(300), "no measured design has anneal temperature below 400 K");
    assert.equal(region(700), "no measured design has anneal temperature between 500 and 900 K");
    assert.equal(region(450), null);
    assert.equal(region(500), null);
    assert.equal(region(450, 1), "no measured design has solvent ethanol");
  });
});
