import { matrix, rowOf } from "../core/matrix.ts";
import { checkpoint } from "../core/work.ts";
import { checkNumberOption, withDefaults } from "../surrogates/fit-input.ts";
import { coalitionValues, meanPrediction, placeContributions } from "./coalition-values.ts";
import type { ExplainerSpec, ExplainInput, Explanation } from "./contract.ts";
import { checkExplainInput } from "./explain-input.ts";

/** Options of `permutation-shap`; plain JSON. */
export interface PermutationShapOptions {
  /** Random orders per row, each run forwards and backwards. */
  readonly orders: number;
}

/**
 * Shapley values by random orders in which the features join, each order also reversed: locally accurate
 * for any number of orders, and exact for functions without interactions of three or more features.
 * Source: J. Castro, D. Gomez, J. Tejada, Comput. Oper. Res. 36, 1726 (2009),
 * doi:10.1016/j.cor.2008.04.004; reversed pairs: R. Mitchell et al., J. Mach. Learn. Res. 23, 43 (2022).
 */
export const permutationShap = {
  name: "permutation-shap",
  title: "Shapley values from random orders",
  supports: { model: "any", isLocallyAccurate: true, isExact: false },
  defaults: { orders: 10 },
  explain: explainByOrders,
} as const satisfies ExplainerSpec<PermutationShapOptions>;

async function explainByOrders(
  input: ExplainInput,
  options?: Partial<PermutationShapOptions>,
): Promise<Explanation> {
  const { name, defaults } = permutationShap;
  const groups = checkExplainInput(permutationShap, input);
  const { orders } = withDefaults<PermutationShapOptions>(name, defaults, options);
  checkNumberOption(name, "orders", orders, { min: 1, max: 100_000, integer: true });
  const { model, x, background, rng, work = {} } = input;
  const contributions = matrix(x.rows, groups.length);
  for (let i = 0; i < x.rows; i++) {
    await checkpoint(work, { label: "permutation SHAP", done: i, total: x.rows });
    const values = coalitionValues(model, rowOf(x, i), background, groups);
    const players = values.varying.length;
    if (players === 0) continue;
    const added = new Float64Array(players);
    for (let o = 0; o < orders; o++) {
      const order = rng.fork(`row ${i}`).fork(`order ${o}`).permutation(players);
      addAlong(added, order, (members) => values.of(members));
      addAlong(added, order.toReversed(), (members) => values.of(members));
    }
    placeContributions(
      contributions,
      i,
      values.varying,
      added.map((sum) => sum / (2 * orders)),
    );
  }
  await checkpoint(work, { label: "permutation SHAP", done: x.rows, total: x.rows });
  return {
    method: name,
    base: new Float64Array(x.rows).fill(meanPrediction(model.predict, background)),
    contributions,
    predictions: model.predict(x),
  };
}

/** Adds what each player adds when they join in this order. */
function addAlong(
  added: Float64Array,
  order: Int32Array,
  valuesOf: (members: Uint8Array) => Float64Array,
): void {
  const n = order.length;
  const members = new Uint8Array((n + 1) * n);
  for (let step = 1; step <= n; step++) {
    members.copyWithin(step * n, (step - 1) * n, step * n);
    members[step * n + order[step - 1]] = 1;
  }
  const worth = valuesOf(members);
  for (let step = 1; step <= n; step++) added[order[step - 1]] += worth[step] - worth[step - 1];
}
