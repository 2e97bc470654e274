import type { FitInput, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, withDefaults } from "../fit-input.ts";
import { loadSurrogate } from "../saved-state.ts";
import { fineTuningDefaults, priorFrom, type FineTuning } from "./fine-tune.ts";
import { fitNetworks } from "./fit-networks.ts";
import { loadModel, surrogateOf } from "./network-model.ts";
import { networkDefaults, networkTunable, type NetworkOptions } from "./options.ts";

/** Options of `mlp`; plain JSON but for the pretrained model. */
export interface MlpOptions extends NetworkOptions, FineTuning {}

const defaults: MlpOptions = { ...networkDefaults, ...fineTuningDefaults };

/**
 * Multi-layer perceptron. For numbers it has two outputs, mean and variance, trained by the normal likelihood:
 * the aleatoric std differs from row to row, and a factor from the rows kept aside makes its 90 % intervals
 * hold; so it has what one network does not know in it. For classes it is trained by cross entropy; a class with
 * probability p has aleatoric variance p (1 - p). The epistemic std is 0, because one network does not tell it:
 * `mc-dropout` and `deep-ensemble` do. With a column of kind `source` the hidden layers are shared and each
 * source has an output layer, and a scale of its own. Inputs and numbers are standardised inside; part of the
 * rows is kept aside to stop by. A network that was saved may be trained further, see `FineTuning`.
 * Source: D. A. Nix, A. S. Weigend, ICNN (1994), doi:10.1109/ICNN.1994.374138; heads: R. Caruana, Mach. Learn.
 * 28, 41 (1997), doi:10.1023/A:1007379606734.
 */
export const mlp = {
  name: "mlp",
  title: "Neural network",
  supports: {
    regression: true,
    classification: true,
    epistemic: false,
    aleatoric: true,
    sources: true,
    checkpoints: true,
    structure: "layers",
  },
  defaults,
  tunable: networkTunable,
  rounds: { option: "epochs", least: 20 },
  fit: fitMlp,
  version: 1,
  load: (saved) => surrogateOf(loadModel(saved)),
} as const satisfies SurrogateSpec<MlpOptions>;

/** See `mlp`; the same seed gives the same network. */
export async function fitMlp(input: FitInput, options?: Partial<MlpOptions>): Promise<Surrogate> {
  const { name } = mlp;
  checkFitInput(mlp, input);
  const { pretrained, frozenLayers, layerRate, newHead, ...own } = withDefaults(
    name,
    defaults,
    options,
  );
  const family = { name, members: 1, samples: 0 };
  if (pretrained === null) return fitNetworks(family, input, own);
  // Refuses another family and a newer version.
  loadSurrogate({ mlp }, pretrained);
  const model = loadModel(pretrained);
  const tuning = { pretrained, frozenLayers, layerRate, newHead };
  const prior = priorFrom(name, model, tuning, input, { ...options });
  const { hidden, activation } = model;
  return fitNetworks({ ...family, prior }, input, { ...own, hidden, activation });
}
