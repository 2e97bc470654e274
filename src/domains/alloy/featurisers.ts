import { matrix } from "../../core/matrix.ts";
import type { Featuriser } from "../contract.ts";
import { checkAlloys, runKernels } from "./alloys.ts";
import type { Descriptor } from "./descriptor.ts";
import { singlePhaseEight } from "./single-phase-descriptors.ts";
import { modelInputs, standardEight } from "./standard-descriptors.ts";

/** The atomic fractions themselves. */
export const fractionFeatures: Featuriser = {
  name: "fractions",
  title: "Atomic fractions",
  features: (symbols) =>
    symbols.map((symbol) => ({ name: symbol, unit: "1", source: "the composition itself" })),
  compute(fractions, symbols) {
    checkAlloys(fractions, symbols);
    return matrix(fractions.rows, fractions.columns, fractions.data.slice());
  },
};

/** k, Vm, Tm, VEC, delta, delta-chi, dS, dH as the single-phase data set defines them. */
export const singlePhaseFeatures = descriptorFeatures(
  "single-phase-eight",
  "Eight descriptors, single-phase convention",
  singlePhaseEight,
);

/** The same eight in the standard convention. */
export const standardFeatures = descriptorFeatures(
  "standard-eight",
  "Eight descriptors, standard convention",
  standardEight,
);

/** The standard eight with Omega, Lambda, gamma and phi in finite form. */
export const alloyFeatures = descriptorFeatures(
  "alloy-standard",
  "Alloy descriptors, standard convention",
  modelInputs,
);

function descriptorFeatures(
  name: string,
  title: string,
  descriptors: readonly Descriptor[],
): Featuriser {
  const features = descriptors.map(({ name, unit, source }) => ({ name, unit, source }));
  return {
    name,
    title,
    features: () => features,
    compute(fractions, symbols) {
      const alloys = checkAlloys(fractions, symbols);
      return runKernels(
        descriptors.map((descriptor) => descriptor.bind(alloys)),
        fractions,
      );
    },
  };
}
