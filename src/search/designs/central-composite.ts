import { InputError, UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import { resolveSettings } from "../run.ts";
import { baseRow, beginDesign, requireFeasible, requireOwnSize } from "./begin.ts";
import type { DesignSpec } from "./contract.ts";
import { smallestOfResolution } from "./fractional-factorial.ts";

export interface CentralCompositeSettings {
  /**
   * How far the axial points lie out, in half edges of the factorial part: `face` 1, `spherical` the root of the number
   * of factors, `rotatable` such that the variance of a prediction depends on the distance to the centre only.
   */
  readonly axial: "face" | "spherical" | "rotatable";
}

const mostFactors = 12;

/**
 * A factorial part (a fraction of resolution V from five factors on), two axial points for each factor, and the centre,
 * for quadratic models. It fits into the ranges: where axial points lie farther out than the factorial part, they
 * take the ends of the ranges and the factorial part moves in. The centre comes once; repeat it to see the noise.
 * Source: G. E. P. Box, K. B. Wilson, J. R. Stat. Soc. B 13, 1 (1951); G. E. P. Box, J. S. Hunter, Ann. Math. Stat. 28,
 * 195 (1957), doi:10.1214/aoms/1177707047.
 */
export const centralComposite: DesignSpec<CentralCompositeSettings> = {
  name: "central-composite",
  title: "Central composite",
  supports: { composition: "none", lists: false, constraints: false, ownSize: true, known: false },
  defaults: { axial: "face" },
  async points(space, options, given) {
    const { axial } = resolveSettings(centralComposite.name, centralComposite.defaults, given);
    if (!["face", "spherical", "rotatable"].includes(axial)) {
      throw new InputError(
        `central-composite: expected axial to be face, spherical or rotatable, got ${axial}.`,
        { path: "axial" },
      );
    }
    const { others } = beginDesign(centralComposite, space, options);
    const k = others.length;
    const isSmooth = others.every((column) =>
      space.parameters.some(
        ({ kind, name }) => kind === "continuous" && name === space.columns[column].label,
      ),
    );
    if (!isSmooth || k < 2 || k > mostFactors) {
      throw new UnsupportedError(
        `central-composite: takes 2 to ${mostFactors} continuous numbers and nothing else that varies.`,
        {
          received: others.map((column) => space.columns[column].label).join(", "),
          hint: "A d-optimal design takes lists and categories, too.",
        },
      );
    }
    const { signs } = smallestOfResolution(k, 5);
    const size = signs.rows + 2 * k + 1;
    requireOwnSize(
      centralComposite.name,
      options.n,
      size,
      `${signs.rows} factorial, ${2 * k} axial, 1 centre`,
    );
    const alpha =
      axial === "face" ? 1 : Math.sqrt(axial === "spherical" ? k : Math.sqrt(signs.rows));
    const fixed = baseRow(space, options.rng);
    const rows = matrix(size, space.dimension);
    const place = (i: number, coded: (f: number) => number): void => {
      const row = rowOf(rows, i);
      row.set(fixed);
      others.forEach((column, f) => {
        const { min, max } = space.columns[column];
        row[column] = (min + max) / 2 + (coded(f) * (max - min)) / 2;
      });
    };
    for (let i = 0; i < signs.rows; i++) place(i, (f) => signs.data[i * k + f] / alpha);
    for (let a = 0; a < 2 * k; a++) {
      place(signs.rows + a, (f) => (f !== a >>> 1 ? 0 : a % 2 === 0 ? -1 : 1));
    }
    place(size - 1, () => 0);
    requireFeasible(centralComposite.name, space, rows);
    return Promise.resolve({
      rows,
      figures: { alpha, factorialRuns: signs.rows },
      notes: [
        `${signs.rows} factorial and ${2 * k} axial experiments and the centre; repeat the centre to see the noise.`,
      ],
    });
  },
};
