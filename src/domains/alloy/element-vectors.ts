import { createRng } from "../../core/rng.ts";
import { elementColumns, type ElementColumnName } from "../../materials/element-columns.ts";
import { citationText } from "../../materials/sources.ts";
import type { Feature, Featuriser } from "../contract.ts";
import { checkAlloys, valuesFor } from "./alloys.ts";
import { elementStatistics, statisticsOf } from "./element-statistics.ts";

/** Physical properties that are tabulated for nearly all elements of alloys. */
const physicalColumns = [
  "period",
  "atomic weight",
  "radius:slater",
  "radius:cordero",
  "radius:pyykko",
  "radius:van-der-waals",
  "electronegativity:pauling",
  "first ionisation energy",
  "valence electrons:alloy",
  "MeltingT:magpie",
  "boiling temperature",
  "density:condensed",
  "cohesive energy",
  "molar volume:magpie",
  "GSvolume_pa:magpie",
  "crust abundance",
] as const satisfies readonly ElementColumnName[];

/** Numbers of every element in the set of random ones. */
const randomLength = 16;

const physicalList: readonly Feature[] = physicalColumns.flatMap((column) => {
  const { unit, source } = elementColumns[column];
  return elementStatistics.map((statistic) => ({
    name: `${statistic} ${column}`,
    unit,
    source: citationText(source),
  }));
});

const randomList: readonly Feature[] = Array.from({ length: randomLength }).flatMap((_, k) =>
  elementStatistics.map((statistic) => ({
    name: `${statistic} random ${k + 1}`,
    unit: "1",
    source: "random numbers, the same for an element everywhere",
  })),
);

/**
 * Vectors of element properties summed up as in CBFV: sixteen physical properties with minimum, maximum,
 * range, mean, mean absolute deviation and mode. An element without a value is an error, not a zero.
 * Source: R. J. Murdock, S. K. Kauwe, A. Y.-T. Wang, T. D. Sparks, Integr. Mater. Manuf. Innov. 9, 221
 * (2020), doi:10.1007/s40192-020-00179-z.
 */
export const physicalFeatures: Featuriser = {
  name: "cbfv-physical",
  title: "CBFV style: 16 physical element properties x 6 statistics",
  features: () => physicalList,
  compute(fractions, symbols) {
    const alloys = checkAlloys(fractions, symbols);
    return statisticsOf(
      fractions,
      physicalColumns.map((column) => valuesFor(alloys, column)),
    );
  },
};

/**
 * The same statistics of sixteen random numbers for each element: what a model makes of knowing elements
 * apart and nothing else, the baseline for sets of real properties.
 */
export const randomFeatures: Featuriser = {
  name: "cbfv-random",
  title: "Baseline: 16 random numbers of each element x 6 statistics",
  features: () => randomList,
  compute(fractions, symbols) {
    checkAlloys(fractions, symbols);
    const streams = symbols.map((symbol) => createRng("element vectors").fork(symbol));
    const vectors = streams.map((rng) => Array.from({ length: randomLength }, () => rng.normal()));
    return statisticsOf(
      fractions,
      Array.from({ length: randomLength }, (_, k) =>
        Float64Array.from(vectors, (vector) => vector[k]!),
      ),
    );
  },
};
