import { exp, log } from "../../../core/elementary.ts";
import { rowOf } from "../../../core/matrix.ts";
import type { Boxes } from "../../pareto/boxes.ts";
import type { Gap, Loss } from "./losses.ts";

/** The volume that a design is expected to add to what a front dominates. */
export interface BoxGain {
  /**
   * Its logarithm for independent normal outcomes.
   * @param mean one for each loss; so are the others
   * @param std above 0
   * @param slopes receive the derivatives of the logarithm by the means and the standard deviations
   */
  log(mean: Float64Array, std: Float64Array, slopes?: GainSlopes): number;
}

export interface GainSlopes {
  readonly byMean: Float64Array;
  readonly byStd: Float64Array;
}

/**
 * Prepares the expected gain over the boxes that the front leaves free: for each box the product over the losses of
 * the expected part of the box's side above the design, E[(upper - max(lower, loss))+], a difference of two gaps.
 * Edges that boxes share are computed once; sums are kept relative to their largest term, so that the logarithm
 * is right where the gain itself is too small for a number.
 * Source: M. Emmerich, K. Yang, A. Deutz, H. Wang, C. M. Fonseca, in Advances in Stochastic and Deterministic
 *   Global Optimization (2016), 229; K. Yang et al., J. Glob. Optim. 75, 3 (2019).
 */
export function boxGain({ lower, upper }: Boxes, losses: readonly Loss[]): BoxGain {
  const m = losses.length;
  const count = lower.rows;
  const edges = losses.map((_, k) => edgesOf({ lower, upper }, k));
  const gap: Gap = { value: 0, byMean: 0, byStd: 0, exponent: 0 };
  // The sides of the boxes, boxes x m, and the exponent of each box.
  const sizes = new Float64Array(count * m);
  const shares = new Float64Array(count * m);
  const exponents = new Float64Array(count);
  const products = new Float64Array(count);

  /** Gaps at all edges. */
  const measure = (mean: Float64Array, std: Float64Array): void => {
    for (let k = 0; k < m; k++) {
      const { levels, value, slopeMean, slopeStd, exponent } = edges[k];
      for (let j = 0; j < levels.length; j++) {
        losses[k].gapInto(levels[j], mean[k], std[k], gap);
        value[j] = gap.value;
        slopeMean[j] = gap.byMean;
        slopeStd[j] = gap.byStd;
        exponent[j] = gap.exponent;
      }
    }
  };

  /** Sides, products and exponents of all boxes; returns the least exponent of a box that is not empty. */
  const multiplySides = (): number => {
    products.fill(1);
    exponents.fill(0);
    for (let k = 0; k < m; k++) {
      const { from, to, value, exponent } = edges[k];
      for (let b = 0, at = k; b < count; b++, at += m) {
        const u = to[b];
        const l = from[b];
        let size = value[u];
        if (l >= 0) {
          const share = exponent[l] === exponent[u] ? 1 : exp(exponent[u] - exponent[l]);
          shares[at] = share;
          size -= share * value[l];
        }
        sizes[at] = size;
        products[b] *= size > 0 ? size : 0;
        exponents[b] += exponent[u];
      }
    }
    let least = Number.POSITIVE_INFINITY;
    for (let b = 0; b < count; b++) {
      if (products[b] > 0 && exponents[b] < least) least = exponents[b];
    }
    return least;
  };

  const addSlopes = ({ byMean, byStd }: GainSlopes): void => {
    for (let k = 0; k < m; k++) {
      const { from, to, slopeMean, slopeStd } = edges[k];
      for (let b = 0, at = k; b < count; b++, at += m) {
        if (products[b] === 0) continue;
        const weight = products[b] / sizes[at];
        const l = from[b];
        byMean[k] += weight * (slopeMean[to[b]] - (l >= 0 ? shares[at] * slopeMean[l] : 0));
        byStd[k] += weight * (slopeStd[to[b]] - (l >= 0 ? shares[at] * slopeStd[l] : 0));
      }
    }
  };

  return {
    log(mean, std, slopes) {
      measure(mean, std);
      const least = multiplySides();
      slopes?.byMean.fill(0);
      slopes?.byStd.fill(0);
      if (least === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
      let sum = 0;
      for (let b = 0; b < count; b++) {
        if (exponents[b] !== least) products[b] *= exp(least - exponents[b]);
        sum += products[b];
      }
      if (slopes !== undefined) {
        addSlopes(slopes);
        for (let k = 0; k < m; k++) {
          slopes.byMean[k] /= sum;
          slopes.byStd[k] /= sum;
        }
      }
      return log(sum) - least;
    },
  };
}

/** The different edges of the boxes in one objective, which of them each box has, and room for their gaps. */
interface Edges {
  readonly levels: Float64Array;
  /** Edge of each box; -1 = open. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly value: Float64Array;
  readonly slopeMean: Float64Array;
  readonly slopeStd: Float64Array;
  readonly exponent: Float64Array;
}

function edgesOf({ lower, upper }: Boxes, k: number): Edges {
  const levels: number[] = [];
  const place = new Map<number, number>();
  const indexOf = (level: number): number => {
    if (level === Number.NEGATIVE_INFINITY) return -1;
    const known = place.get(level);
    if (known !== undefined) return known;
    place.set(level, levels.length);
    return levels.push(level) - 1;
  };
  const boxes = Array.from({ length: lower.rows }, (_, b) => b);
  const from = Int32Array.from(boxes, (b) => indexOf(rowOf(lower, b)[k]));
  const to = Int32Array.from(boxes, (b) => indexOf(rowOf(upper, b)[k]));
  const room = (): Float64Array => new Float64Array(levels.length);
  return {
    levels: Float64Array.from(levels),
    from,
    to,
    value: room(),
    slopeMean: room(),
    slopeStd: room(),
    exponent: room(),
  };
}
