import type { FitInput, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, withDefaults } from "../fit-input.ts";
import { fitNetworks } from "./fit-networks.ts";
import { loadModel, surrogateOf } from "./network-model.ts";
import { networkDefaults, networkTunable, type NetworkOptions } from "./options.ts";

/** Options of `deep-ensemble`; plain JSON. */
export interface DeepEnsembleOptions extends NetworkOptions {
  /** Number of networks. */
  readonly members: number;
}

const defaults: DeepEnsembleOptions = { ...networkDefaults, members: 5 };

/**
 * Several networks like `mlp` that differ in their random numbers: initial weights, order of the rows and rows
 * kept aside. The epistemic variance is that between their means, the aleatoric one the mean of their
 * variances.
 * Source: B. Lakshminarayanan, A. Pritzel, C. Blundell, NeurIPS (2017), arXiv:1612.01474, without the
 * adversarial examples.
 */
export const deepEnsemble = {
  name: "deep-ensemble",
  title: "Ensemble of neural networks",
  supports: {
    regression: true,
    classification: true,
    epistemic: true,
    aleatoric: true,
    sources: true,
    checkpoints: true,
    structure: "layers",
  },
  defaults,
  tunable: networkTunable,
  rounds: { option: "epochs", least: 20 },
  fit: fitDeepEnsemble,
  version: 1,
  load: (saved) => surrogateOf(loadModel(saved)),
} as const satisfies SurrogateSpec<DeepEnsembleOptions>;

/** See `deepEnsemble`; the same seed gives the same networks. */
export async function fitDeepEnsemble(
  input: FitInput,
  options?: Partial<DeepEnsembleOptions>,
): Promise<Surrogate> {
  const { name } = deepEnsemble;
  checkFitInput(deepEnsemble, input);
  const { members, ...network } = withDefaults(name, defaults, options);
  checkNumberOption(name, "members", members, { min: 2, max: 1000, integer: true });
  return fitNetworks({ name, members, samples: 0 }, input, network);
}
