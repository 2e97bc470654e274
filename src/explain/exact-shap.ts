import { UnsupportedError } from "../core/errors.ts";
import { matrix, rowOf } from "../core/matrix.ts";
import { checkpoint } from "../core/work.ts";
import { withDefaults } from "../surrogates/fit-input.ts";
import { coalitionValues, meanPrediction, placeContributions } from "./coalition-values.ts";
import type { ExplainerSpec, ExplainInput, Explanation } from "./contract.ts";
import { checkExplainInput } from "./explain-input.ts";
import { shapleyOfTable } from "./games.ts";

const mostFeatures = 15;

/**
 * Shapley values by listing all coalitions of the features that differ from the background: exact, at
 * 2^features predictions per background row, hence for at most 15 of them.
 * Source: E. Strumbelj, I. Kononenko, Knowl. Inf. Syst. 41, 647 (2014), doi:10.1007/s10115-013-0679-x.
 */
export const exactShap = {
  name: "exact-shap",
  title: "Exact Shapley values",
  supports: { model: "any", isLocallyAccurate: true, isExact: true, maxFeatures: mostFeatures },
  defaults: {},
  explain: explainExact,
} as const satisfies ExplainerSpec;

async function explainExact(input: ExplainInput, options?: object): Promise<Explanation> {
  const { name } = exactShap;
  const groups = checkExplainInput(exactShap, input);
  withDefaults(name, {}, options);
  const { model, x, background, work = {} } = input;
  const contributions = matrix(x.rows, groups.length);
  for (let i = 0; i < x.rows; i++) {
    await checkpoint(work, { label: "exact SHAP", done: i, total: x.rows });
    const values = coalitionValues(model, rowOf(x, i), background, groups);
    const players = values.varying.length;
    if (players > mostFeatures) {
      throw new UnsupportedError(
        `${name}.explain: takes at most ${mostFeatures} features that vary, row ${i} has ${players}.`,
        { path: "x", hint: "Choose kernel-shap or permutation-shap." },
      );
    }
    if (players > 0) {
      const worth = values.of(allCoalitions(players));
      placeContributions(contributions, i, values.varying, shapleyOfTable(players, worth));
    }
  }
  await checkpoint(work, { label: "exact SHAP", done: x.rows, total: x.rows });
  return {
    method: name,
    base: new Float64Array(x.rows).fill(meanPrediction(model.predict, background)),
    contributions,
    predictions: model.predict(x),
  };
}

/** Members of all 2^n coalitions in the order of their bits, 2^n x n. */
export function allCoalitions(players: number): Uint8Array {
  const members = new Uint8Array(players * 2 ** players);
  for (let k = 0; k < members.length; k++) {
    members[k] = (Math.floor(k / players) >> (k % players)) & 1;
  }
  return members;
}
