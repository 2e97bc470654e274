import { matrix } from "../../core/matrix.ts";
import type { Domain, Featuriser } from "../contract.ts";

/** The fractions of the ingredients themselves; whatever they are made of is not known. */
const ingredientFeatures: Featuriser = {
  name: "fractions",
  title: "Fractions of the ingredients",
  features: (names) => names.map((name) => ({ name, unit: "1", source: "the composition itself" })),
  compute: (fractions) => matrix(fractions.rows, fractions.columns, fractions.data.slice()),
};

/** Experiments of any kind: parameters and mixtures by their names, without further knowledge. */
export const generalDomain: Domain = {
  name: "general",
  title: "Any experiment",
  nouns: {
    design: "design",
    distance: "mean difference as share of the searched ranges",
    gap: "of the searched ranges lie between it and",
    identity: "It",
    scope: "in this space",
  },
  quantities: [],
  featurisers: [ingredientFeatures],
  defaultFeaturisers: ["fractions"],
};
