import type { FitInput, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, withDefaults } from "../fit-input.ts";
import { fitNetworks } from "./fit-networks.ts";
import { loadModel, surrogateOf } from "./network-model.ts";
import { networkDefaults, networkTunable, type NetworkOptions } from "./options.ts";

/** Options of `mc-dropout`; plain JSON. */
export interface McDropoutOptions extends NetworkOptions {
  /** Thinned networks that predict together. */
  readonly samples: number;
}

const defaults: McDropoutOptions = { ...networkDefaults, dropout: 0.1, samples: 30 };

/**
 * One network like `mlp`, trained with dropout and predicting with it: each of `samples` random masks, the same
 * for all rows, is a thinned network, and these are a mixture as in `deep-ensemble`. Cheaper to train than an
 * ensemble; its epistemic std is smaller away from the data.
 * Source: Y. Gal, Z. Ghahramani, ICML (2016), arXiv:1506.02142.
 */
export const mcDropout = {
  name: "mc-dropout",
  title: "Neural network with Monte-Carlo dropout",
  supports: {
    regression: true,
    classification: true,
    epistemic: true,
    aleatoric: true,
    sources: true,
    checkpoints: true,
  },
  defaults,
  tunable: { ...networkTunable, dropout: { kind: "number", min: 0.02, max: 0.4, scale: "log" } },
  rounds: { option: "epochs", least: 20 },
  fit: fitMcDropout,
  version: 1,
  load: (saved) => surrogateOf(loadModel(saved)),
} as const satisfies SurrogateSpec<McDropoutOptions>;

/** See `mcDropout`; the same seed gives the same network and masks. */
export async function fitMcDropout(
  input: FitInput,
  options?: Partial<McDropoutOptions>,
): Promise<Surrogate> {
  const { name } = mcDropout;
  checkFitInput(mcDropout, input);
  const { samples, ...network } = withDefaults(name, defaults, options);
  checkNumberOption(name, "samples", samples, { min: 2, max: 10_000, integer: true });
  checkNumberOption(name, "dropout", network.dropout, { min: 0.001, max: 0.95 });
  return fitNetworks({ name, members: 1, samples }, input, network);
}
