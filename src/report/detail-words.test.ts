import assert from "node:assert/strict";
import { test } from "node:test";
import { detailHtml } from "./client/detail.ts";
import type { CandidateView, ReportView } from "./view.ts";

const candidate: CandidateView = {
  id: "c1",
  formula: "A 0.25, B 0.75",
  fractions: [0.25, 0.75],
  massFractions: [0.1, 0.9],
  process: [],
  mean: [],
  epistemic: [],
  aleatoric: [],
  checks: [],
  feasible: true,
  validity: null,
  beyond: false,
  front: true,
  rank: 1,
  distance: null,
  nearest: null,
  reason: "",
};

const viewOf = (symbols: readonly string[], shareUnit: ReportView["shareUnit"]): ReportView => ({
  name: "n",
  axes: [],
  elements: symbols.map((symbol) => ({ symbol, fill: "#000000", text: "#ffffff" })),
  shareUnit,
  candidates: [candidate],
  checks: [],
  formulas: [],
  measured: [],
  models: [],
  history: [],
  csv: "",
});

test("the card of a mixture has one share of each ingredient, that of an alloy atoms and mass", () => {
  const heads = (html: string): string[] =>
    [...html.matchAll(/<th scope="col"[^>]*>([^<]*)<\/th>/g)].map(([, text]) => text);
  const mixture = detailHtml(viewOf(["P3HT", "D1"], "%"), candidate, 0);
  assert.deepEqual(heads(mixture), ["Ingredient", "%"]);
  assert.equal((mixture.match(/<td class="num">/g) ?? []).length, 2);
  const alloy = detailHtml(viewOf(["Al", "Ti"], "at%"), candidate, 0);
  assert.deepEqual(heads(alloy), ["Element", "at%", "wt%"]);
  assert.equal((alloy.match(/<td class="num">/g) ?? []).length, 4);
});
