import type { FitInput, SurrogateSpec } from "../contract.ts";
import { checkFitInput, withDefaults } from "../fit-input.ts";
import { fitNetworks, type NetworkSurrogate } from "./network-surrogate.ts";
import { networkDefaults, networkTunable, type NetworkOptions } from "./options.ts";

/**
 * Multi-layer perceptron. For numbers it has two outputs, mean and variance, trained by the normal likelihood:
 * the aleatoric std differs from row to row. For classes it is trained by cross entropy; a class with
 * probability p has aleatoric variance p (1 - p) less what is epistemic. The epistemic std is 0, because one
 * network does not tell it, unless `dropout` is set (Monte-Carlo dropout); `deep-ensemble` tells it. Inputs
 * and numbers are standardised inside; part of the rows is kept aside to stop by.
 * Source: D. A. Nix, A. S. Weigend, ICNN (1994), doi:10.1109/ICNN.1994.374138.
 */
export const mlp = {
  name: "mlp",
  title: "Neural network",
  supports: { regression: true, classification: true, epistemic: false, aleatoric: true },
  defaults: networkDefaults,
  tunable: networkTunable,
  fit: fitMlp,
} as const satisfies SurrogateSpec<NetworkOptions>;

/** See `mlp`; the same seed gives the same network. */
export async function fitMlp(
  input: FitInput,
  options?: Partial<NetworkOptions>,
): Promise<NetworkSurrogate> {
  checkFitInput(mlp, input);
  return fitNetworks(mlp.name, 1, input, withDefaults(mlp.name, networkDefaults, options));
}
