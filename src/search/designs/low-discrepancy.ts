import { UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import { createSobol, maxSobolDimension } from "../../core/sobol.ts";
import { resolveSettings } from "../run.ts";
import { beginDesign, differentRows } from "./begin.ts";
import type { DesignSpec } from "./contract.ts";

/**
 * The points of a scrambled Sobol sequence, mapped to the feasible designs: even over the space for any number of
 * experiments, best for powers of two.
 */
export const lowDiscrepancy: DesignSpec = {
  name: "low-discrepancy",
  title: "Sobol sequence",
  supports: { composition: "any", lists: true, constraints: true, ownSize: false, known: false },
  defaults: {},
  async points(space, options, given) {
    resolveSettings(lowDiscrepancy.name, lowDiscrepancy.defaults, given);
    beginDesign(lowDiscrepancy, space, options);
    const { rng } = options;
    if (space.unitDimension > maxSobolDimension) {
      throw new UnsupportedError(
        `low-discrepancy: takes up to ${maxSobolDimension} dimensions, the space has ${space.unitDimension}.`,
        { hint: "Use a Latin hypercube." },
      );
    }
    const sequence = createSobol(space.unitDimension, { scramble: rng.fork("sobol") });
    const { rows } = differentRows(
      lowDiscrepancy.name,
      space,
      options.n!,
      (n) => {
        const points = sequence.take(n);
        const drawn = matrix(n, space.dimension);
        for (let i = 0; i < n; i++) rowOf(drawn, i).set(space.fromUnit(rowOf(points, i)));
        return drawn;
      },
      rng.fork("fill"),
    );
    return Promise.resolve({ rows, figures: {}, notes: [] });
  },
};
