import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeasuredDesign, TargetSummary } from "../contract.ts";
import { alloyDomain } from "../../domains/alloy/domain.ts";
import { reasonFor as reasonOf, type ReasonFacts } from "./reason.ts";

const reasonFor = (
  facts: ReasonFacts,
  targets: readonly TargetSummary[],
  list: readonly ReasonFacts[],
  measured: readonly MeasuredDesign[],
) => reasonOf(facts, targets, list, measured, alloyDomain.nouns);

const target = (
  property: string,
  kind: TargetSummary["kind"],
  rest: Partial<TargetSummary> = {},
): TargetSummary => ({
  text: `${property} -> ${kind}`,
  property,
  unit: "MPa",
  kind,
  low: null,
  high: null,
  classes: [],
  model: "random-forest",
  title: property,
  ...rest,
});
const strength = target("strength", "maximise");
const density = target("density", "minimise", { unit: "g/cm3", model: "physics" });

const factsOf = (
  mean: number,
  densityMean: number,
  rest: Partial<ReasonFacts> = {},
): ReasonFacts => ({
  paretoRank: 1,
  feasible: true,
  constraints: [],
  predictions: {
    strength: { mean, epistemicStd: 60, aleatoricStd: 80, unit: "MPa" },
    density: { mean: densityMean, epistemicStd: 0, aleatoricStd: 0, unit: "g/cm3" },
  },
  distance: 0.12,
  extrapolation: false,
  nearest: { formula: "TiV", row: 3, difference: "Nb +12, Ti −12 at%" },
  ...rest,
});
const measuredOf = (formula: string, value: number, itsDensity: number): MeasuredDesign => ({
  formula,
  row: 1,
  fractions: {},
  values: { strength: value, density: itsDensity },
});

test("a candidate is called best only in what it is best at among the feasible", () => {
  const strong = factsOf(1200, 7);
  const light = factsOf(900, 5);
  const stronger = factsOf(2000, 9, { feasible: false });
  const list = [strong, light, stronger];
  const say = (one: ReasonFacts) => reasonFor(one, [strength, density], list, []);
  assert.match(say(strong), /^Highest strength of the list\. Predicted .* On the Pareto front/);
  assert.match(say(light), /^Lowest density of the list\./);
  assert.doesNotMatch(say(factsOf(1000, 6)), /of the list/);
  assert.match(say(factsOf(1000, 6, { paretoRank: 3 })), / On front 3, kept for variety/);
});

test("the comparison is with the best measured alloy that is no worse in the other objectives", () => {
  const measured = [
    measuredOf("Heavy", 2000, 9),
    measuredOf("Level", 1150, 6.5),
    measuredOf("Weak", 500, 6),
  ];
  const say = (mean: number) => {
    const facts = factsOf(mean, 7);
    return reasonFor(facts, [strength, density], [facts], measured);
  };
  // The standard deviation is 100 MPa: hypot(60, 80).
  assert.match(
    say(1200),
    /1,200 ± 100 MPa, within its uncertainty of .* no higher \(Level, 1,150 MPa\)/,
  );
  assert.match(say(1400), /better than .*Level/);
  assert.match(say(1000), /short of .*Level/);
  const alone = factsOf(1200, 5);
  assert.match(
    reasonFor(alone, [strength, density], [alone], measured),
    /nothing measured in these elements has a density no higher/,
  );
});

test("values without a unit end without a blank", () => {
  const plain = { ...strength, unit: "1" };
  const facts = factsOf(1200, 7);
  assert.match(reasonFor(facts, [plain], [facts], [measuredOf("A", 500, 7)]), /\(A, 500\.0\)\./);
});

test("one objective is ranked by its name, none by the chance to meet the requirements", () => {
  const facts = factsOf(1200, 7);
  assert.match(reasonFor(facts, [strength], [facts], []), / First by strength\./);
  const second = factsOf(1100, 7, { paretoRank: 4 });
  assert.match(reasonFor(second, [strength], [second], []), / Number 4 by strength/);
  const range = target("strength", "range", { text: "strength >= 1000 MPa", low: 1000 });
  const wanted = reasonFor(facts, [range], [facts], []);
  assert.match(wanted, / First by the chance to meet every requirement\./);
  assert.match(wanted, /Predicted strength 1,200 ± 100 MPa, asked for: strength >= 1000 MPa\./);
});

test("an infeasible one says what it misses and what it reaches", () => {
  const range = target("strength", "range", { text: "strength >= 5000 MPa", low: 5000 });
  const facts = factsOf(1200, 7, {
    feasible: false,
    constraints: [{ text: range.text, value: 1200, unit: "MPa", satisfied: false }],
  });
  assert.match(
    reasonFor(facts, [range, density], [facts], []),
    /^Misses strength >= 5000 MPa \(predicted 1,200 ± 100 MPa\)/,
  );
});

test("novelty and doubt are said as they are", () => {
  const say = (rest: Partial<ReasonFacts>) => {
    const facts = factsOf(1200, 7, rest);
    return reasonFor(facts, [strength], [facts], []);
  };
  assert.match(say({}), /12 % of the atoms differ from the nearest measured alloy, TiV/);
  assert.match(say({ extrapolation: true }), /Beyond the data: 12 %/);
  assert.match(say({ distance: 0 }), /in the data already, in row 3/);
  assert.doesNotMatch(say({}), /ignorance/);
  const ignorant = { strength: { mean: 1200, epistemicStd: 90, aleatoricStd: 10, unit: "MPa" } };
  assert.match(say({ predictions: ignorant }), /mostly the model's ignorance/);
});
