import { UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import { createSobol, maxSobolDimension } from "../../core/sobol.ts";
import type { StrategySpec } from "../contract.ts";
import { beginSearch, resolveSettings } from "../run.ts";
import {
  coversSpace,
  requireSizes,
  screenAll,
  screenStream,
  screeningDefaults,
  screeningNotes,
  screeningSupport,
} from "./screen.ts";
import type { ScreeningSettings } from "./screen.ts";

/**
 * Scores designs at the points of a scrambled Sobol sequence, which fills the space more evenly than
 * random draws, and keeps the best. Designs repeat between chunks in small spaces; a space that the
 * budget covers is gone through completely instead.
 */
export const sobol: StrategySpec<ScreeningSettings> = {
  name: "sobol",
  title: "Screening, Sobol sequence",
  supports: screeningSupport,
  defaults: screeningDefaults,
  about: screeningNotes,
  async search(problem, options, settings) {
    const resolved = resolveSettings(sobol.name, sobol.defaults, settings);
    requireSizes(sobol.name, resolved);
    const { space } = problem;
    const run = beginSearch(sobol, problem, options, resolved.archiveSize);
    const chunkSize = Math.max(resolved.chunkSize, options.batchSize);
    if (coversSpace(run)) return screenAll(run, space, chunkSize);
    if (space.unitDimension > maxSobolDimension) {
      throw new UnsupportedError(
        `sobol: takes up to ${maxSobolDimension} dimensions, the space has ${space.unitDimension}.`,
        { hint: "Use uniform screening." },
      );
    }
    const sequence = createSobol(space.unitDimension, { scramble: options.rng.fork("sobol") });
    return screenStream(run, space, chunkSize, (n) => {
      const points = sequence.take(n);
      const rows = matrix(n, space.dimension);
      for (let i = 0; i < n; i++) {
        rows.data.set(space.fromUnit(rowOf(points, i)), i * space.dimension);
      }
      return rows;
    });
  },
};
