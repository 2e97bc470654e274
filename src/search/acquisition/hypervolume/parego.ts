import { log } from "../../../core/elementary.ts";
import { matrix, rowOf } from "../../../core/matrix.ts";
import type { Matrix } from "../../../core/matrix.ts";
import { objectiveRanges, paretoFront } from "../../pareto/sort.ts";
import { requireWhole, resolveSettings } from "../../run.ts";
import type { AcquisitionSpec } from "../contract.ts";
import { dialled } from "../dial.ts";
import { ofMarginals } from "../of-marginals.ts";
import { softHinge } from "../soft-hinge.ts";
import { believedFront } from "./ehvi.ts";
import { lossesOf, type Loss } from "./losses.ts";
import { quasiNormals } from "./sampled-fronts.ts";
import { sideRequirements } from "./side-requirements.ts";

export interface ParegoOptions {
  /** Draws of the outcomes of a design. */
  readonly draws: number;
}

/** Share of the weighted sum beside the largest weighted loss, as in the source. */
const sumShare = 0.05;
/** Width over which an improvement fades into none, in ranges of the front. */
const fade = 1e-3;

/**
 * ParEGO: the logarithm of the expected improvement of one random augmented Chebyshev sum of the losses, times the
 * chance that the design meets the requirements. The losses are scaled to the front of the means; the weights are
 * drawn evenly from the simplex by the context's stream, so every design of a batch has others.
 * The expectation is a mean over draws of the outcomes, smoothed after Ament et al.
 * Source: J. Knowles, IEEE Trans. Evol. Comput. 10, 50 (2006), doi:10.1109/TEVC.2005.851274; S. Ament et al., Adv.
 *   Neural Inf. Process. Syst. 36, 20577 (2023), section 4.
 */
export const parego: AcquisitionSpec<ParegoOptions> = {
  name: "parego",
  title: "Expected improvement of a random weighting",
  supports: { objectives: { min: 2, max: 20 }, joint: false },
  defaults: { draws: 128 },
  create(context, options) {
    const { draws } = resolveSettings(parego.name, parego.defaults, options);
    requireWhole(parego.name, "draws", draws, 1);
    const losses = lossesOf(parego.name, context.goals, parego.supports.objectives);
    const m = losses.length;
    const beliefs = losses.map(({ goal }) => dialled(context.beliefs[goal], context.exploration));
    const rng = context.rng.fork(parego.name);
    const weights = rng.fork("weights").dirichlet(new Float64Array(m).fill(1));
    const { means, front } = believedFront(context, losses);
    const sum = chebyshev(losses, weights, front.rows > 0 ? front : means);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < front.rows; i++) best = Math.min(best, sum.of(rowOf(front, i)));
    const normals = quasiNormals(m, draws, rng.fork("outcomes"));
    const drawn = new Float64Array(m);

    return ofMarginals(sideRequirements(context), beliefs, (mean, std, slopes) => {
      slopes?.byMean.fill(0);
      slopes?.byStd.fill(0);
      // Where no design meets the requirements yet, nothing is to be improved.
      if (best === Number.POSITIVE_INFINITY) return 0;
      let total = 0;
      for (let s = 0; s < draws; s++) {
        for (let k = 0; k < m; k++) {
          drawn[k] = losses[k].of(mean[k] + std[k] * normals.data[k * draws + s]);
        }
        const hinge = softHinge((best - sum.of(drawn)) / fade);
        total += hinge.value;
        if (slopes === undefined) continue;
        for (let k = 0; k < m; k++) {
          const z = normals.data[k * draws + s];
          const share = hinge.slope * sum.slope(k) * losses[k].slope(mean[k] + std[k] * z);
          slopes.byMean[k] -= share;
          slopes.byStd[k] -= share * z;
        }
      }
      for (const part of slopes === undefined ? [] : [slopes.byMean, slopes.byStd]) {
        for (let k = 0; k < m; k++) part[k] /= fade * total;
      }
      return log((fade * total) / draws);
    });
  },
};

interface Chebyshev {
  of(losses: ArrayLike<number>): number;
  /** Derivative by loss k where `of` was asked last. */
  slope(k: number): number;
}

/** Largest weighted loss plus a small share of their sum; losses over the range of these rows. */
function chebyshev(losses: readonly Loss[], weights: Float64Array, rows: Matrix): Chebyshev {
  const m = losses.length;
  const ranges = objectiveRanges(rows.rows > 0 ? rows : matrix(1, m), paretoFront(rows));
  const low = rows.rows > 0 ? ranges.low : new Float64Array(m);
  const factor = Float64Array.from(losses, ({ scale }, k) => {
    const range = ranges.high[k] - ranges.low[k];
    return weights[k] / (range > 0 ? range : scale);
  });
  let worst = 0;
  return {
    of(values) {
      let largest = Number.NEGATIVE_INFINITY;
      let total = 0;
      for (let k = 0; k < m; k++) {
        const weighted = factor[k] * (values[k] - low[k]);
        total += weighted;
        if (weighted > largest) {
          largest = weighted;
          worst = k;
        }
      }
      return largest + sumShare * total;
    },
    slope: (k) => factor[k] * (sumShare + (k === worst ? 1 : 0)),
  };
}
