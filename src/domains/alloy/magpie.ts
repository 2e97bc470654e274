import { elementColumns, type ElementColumnName } from "../../materials/element-columns.ts";
import { citationText } from "../../materials/sources.ts";
import type { Feature, Featuriser } from "../contract.ts";
import { checkAlloys, valuesFor } from "./alloys.ts";
import { elementStatistics, statisticsOf } from "./element-statistics.ts";

/** The 22 element properties of the Magpie set, in the order of its features. */
const properties = [
  "Number",
  "MendeleevNumber",
  "AtomicWeight",
  "MeltingT",
  "Column",
  "Row",
  "CovalentRadius",
  "Electronegativity",
  "NsValence",
  "NpValence",
  "NdValence",
  "NfValence",
  "NValence",
  "NsUnfilled",
  "NpUnfilled",
  "NdUnfilled",
  "NfUnfilled",
  "NUnfilled",
  "GSvolume_pa",
  "GSbandgap",
  "GSmagmom",
  "SpaceGroupNumber",
] as const;

const columnOf = (property: (typeof properties)[number]): ElementColumnName => `${property}:magpie`;

const magpieFeatures: readonly Feature[] = properties.flatMap((property) => {
  const { unit, source } = elementColumns[columnOf(property)];
  return elementStatistics.map((statistic) => ({
    name: `MagpieData ${statistic} ${property}`,
    unit,
    source: citationText(source),
  }));
});

/**
 * The 132 Magpie features: minimum, maximum, range, mean, mean absolute deviation and mode (the value
 * of the most abundant element; of several the smallest value) of 22 element properties.
 * Source: L. Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28.
 */
export const magpie: Featuriser = {
  name: "magpie",
  title: "Magpie: 22 element properties x 6 statistics",
  features: () => magpieFeatures,
  compute(fractions, symbols) {
    const alloys = checkAlloys(fractions, symbols);
    return statisticsOf(
      fractions,
      properties.map((property) => valuesFor(alloys, columnOf(property))),
    );
  },
};
