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
   * @param byMean receives the derivatives of the logarithm by the means
   * @param byStd receives those by the standard deviations
   */
  log(mean: Float64Array, std: Float64Array, byMean: Float64Array, byStd: Float64Array): number;
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
  const side = {
    value: new Float64Array(m),
    byMean: new Float64Array(m),
    byStd: new Float64Array(m),
  };
  const gap: Gap = { value: 0, byMean: 0, byStd: 0, exponent: 0 };

  return {
    log(mean, std, byMean, byStd) {
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
      let sum = 0;
      let least = Number.POSITIVE_INFINITY;
      byMean.fill(0);
      byStd.fill(0);
      for (let b = 0; b < count; b++) {
        let product = 1;
        let total = 0;
        for (let k = 0; k < m && product > 0; k++) {
          const { from, to, value, slopeMean, slopeStd, exponent } = edges[k];
          const u = to[b];
          const l = from[b];
          let [size, dMean, dStd] = [value[u], slopeMean[u], slopeStd[u]];
          if (l >= 0) {
            const share = exponent[l] === exponent[u] ? 1 : exp(exponent[u] - exponent[l]);
            size -= share * value[l];
            dMean -= share * slopeMean[l];
            dStd -= share * slopeStd[l];
          }
          product *= Math.max(0, size);
          total += exponent[u];
          side.value[k] = size;
          side.byMean[k] = dMean;
          side.byStd[k] = dStd;
        }
        if (!(product > 0)) continue;
        if (total < least) {
          const share = least === Number.POSITIVE_INFINITY ? 0 : exp(total - least);
          sum *= share;
          for (let k = 0; k < m; k++) {
            byMean[k] *= share;
            byStd[k] *= share;
          }
          least = total;
        }
        const weight = total === least ? product : product * exp(least - total);
        sum += weight;
        for (let k = 0; k < m; k++) {
          byMean[k] += (weight * side.byMean[k]) / side.value[k];
          byStd[k] += (weight * side.byStd[k]) / side.value[k];
        }
      }
      if (!(sum > 0)) return Number.NEGATIVE_INFINITY;
      for (let k = 0; k < m; k++) {
        byMean[k] /= sum;
        byStd[k] /= sum;
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
