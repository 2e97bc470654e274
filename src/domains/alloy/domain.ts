import type { Domain } from "../contract.ts";
import { physicalFeatures, randomFeatures } from "./element-vectors.ts";
import { quantityOf } from "./descriptor.ts";
import {
  alloyFeatures,
  fractionFeatures,
  singlePhaseFeatures,
  standardFeatures,
} from "./featurisers.ts";
import { magpie } from "./magpie.ts";
import { singlePhaseEight } from "./single-phase-descriptors.ts";
import { standardDescriptors } from "./standard-descriptors.ts";

/** Metallic alloys: compositions of elements, described by rules over tabulated element values. */
export const alloyDomain: Domain = {
  name: "alloy",
  title: "Alloys",
  nouns: {
    design: "alloy",
    distance: "share of atoms that differ",
    gap: "of the atoms differ from",
    identity: "Its composition",
    scope: "in these elements",
  },
  quantities: [...standardDescriptors, ...singlePhaseEight].map(quantityOf),
  featurisers: [
    fractionFeatures,
    alloyFeatures,
    standardFeatures,
    singlePhaseFeatures,
    magpie,
    physicalFeatures,
    randomFeatures,
  ],
  defaultFeaturisers: ["fractions", "alloy-standard"],
};
