import { matrix } from "../../core/matrix.ts";
import { elementColumns, type ElementColumnName } from "../../materials/element-columns.ts";
import { citationText } from "../../materials/sources.ts";
import type { Feature, Featuriser } from "../contract.ts";
import { checkAlloys, valuesFor } from "./alloys.ts";

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

const statistics = ["minimum", "maximum", "range", "mean", "avg_dev", "mode"] as const;

const columnOf = (property: (typeof properties)[number]): ElementColumnName => `${property}:magpie`;

const magpieFeatures: readonly Feature[] = properties.flatMap((property) => {
  const { unit, source } = elementColumns[columnOf(property)];
  return statistics.map((statistic) => ({
    name: `MagpieData ${statistic} ${property}`,
    unit,
    source: citationText(source),
  }));
});

/** Fractions this close (relative, and absolute) share the first place of the mode. */
const modeTolerance = { relative: 1e-5, absolute: 1e-8 };

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
    const m = symbols.length;
    const tables = properties.map((property) => valuesFor(alloys, columnOf(property)));
    const width = magpieFeatures.length;
    const result = matrix(fractions.rows, width);
    const present = new Int32Array(m);
    const share = new Float64Array(m);
    for (let i = 0; i < fractions.rows; i++) {
      let count = 0;
      let largest = 0;
      for (let j = 0; j < m; j++) {
        const fraction = fractions.data[i * m + j]!;
        if (fraction === 0) continue;
        present[count] = j;
        share[count++] = fraction;
        if (fraction > largest) largest = fraction;
      }
      const modeFrom = largest - modeTolerance.absolute - modeTolerance.relative * largest;
      tables.forEach((values, p) => {
        let minimum = Number.POSITIVE_INFINITY;
        let maximum = Number.NEGATIVE_INFINITY;
        let mode = Number.POSITIVE_INFINITY;
        let mean = 0;
        for (let k = 0; k < count; k++) {
          const value = values[present[k]!]!;
          if (value < minimum) minimum = value;
          if (value > maximum) maximum = value;
          if (share[k]! >= modeFrom && value < mode) mode = value;
          mean += share[k]! * value;
        }
        let deviation = 0;
        for (let k = 0; k < count; k++) {
          deviation += share[k]! * Math.abs(values[present[k]!]! - mean);
        }
        const at = i * width + p * statistics.length;
        result.data[at] = minimum;
        result.data[at + 1] = maximum;
        result.data[at + 2] = maximum - minimum;
        result.data[at + 3] = mean;
        result.data[at + 4] = deviation;
        result.data[at + 5] = mode;
      });
    }
    return result;
  },
};
