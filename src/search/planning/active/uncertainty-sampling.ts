import { activePlanner } from "./active-planner.ts";

/**
 * Measures where least is known: the root mean square over the goals of the standard deviation, each over its
 * outcome's scale.
 * Source: D. D. Lewis, J. Catlett, ICML 1994, 148; D. J. C. MacKay, Neural Comput. 4, 590 (1992),
 *   doi:10.1162/neco.1992.4.4.590.
 */
export const uncertaintySampling = activePlanner({
  name: "uncertainty-sampling",
  title: "Where least is known",
  batch: "one-by-one",
  oneByOne: true,
  defaults: {},
  about: {},
  score({ outcomes: { beliefs, goals }, candidates }) {
    const sum = new Float64Array(candidates.rows);
    beliefs.forEach((belief, g) => {
      const { std } = belief.marginal(candidates);
      std.forEach((value, i) => (sum[i] += (value / goals[g].scale) * (value / goals[g].scale)));
    });
    return sum.map((value) => Math.sqrt(value / beliefs.length));
  },
});
