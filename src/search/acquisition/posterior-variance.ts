import { log } from "../../core/elementary.ts";
import type { AcquisitionSpec } from "./contract.ts";
import { pointwise } from "./pointwise.ts";

/**
 * Logarithm of the standard deviation: the design of which least is known (uncertainty sampling), among those
 * that can probably be made and meet the requirements.
 * Source: D. D. Lewis, J. Catlett, ICML 1994; for Gaussian processes D. J. C. MacKay, Neural Comput. 4, 590
 * (1992), doi:10.1162/neco.1992.4.4.590.
 */
export const posteriorVariance: AcquisitionSpec = {
  name: "posterior-variance",
  title: "Largest uncertainty",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: {},
  create(context) {
    return pointwise(posteriorVariance.name, context, () => ({
      score: (_, std) => ({ value: log(std), byMean: 0, byStd: 1 / std }),
      chanceWeight: 1,
    }));
  },
};
