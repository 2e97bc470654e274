import { exp, log } from "../../../core/elementary.ts";
import { normalPdf } from "../../../core/special.ts";
import type { TargetGoal } from "../../objectives.ts";
import { expectedDistance, type NormalTerm } from "../normal-terms.ts";
import { logSoftHinge } from "../soft-hinge.ts";
import type { GainOfKnowing } from "./envelope-gain.ts";

/** Values of the normal number at which is integrated, evenly spaced so that rare gains are seen too. */
const [step, furthest] = [0.25, 6];
const nodes = 2 * Math.round(furthest / step) + 1;
const normals = Float64Array.from({ length: nodes }, (_, s) => s * step - furthest);
const logWeights = normals.map((z) => log(step) + log(normalPdf(z)));
/** Width over which a gain fades into none, and the least standard deviation left, in scales of the goal. */
const fade = 1e-4;
const leastStd = 1e-6;

/**
 * What knowing more is worth where outcomes are to come near to `low ... high`: the log of
 * `E[max_i v_i(Z)] - max_i E[v_i(Z)]` with v_i minus the distance that is expected of design i once its mean is
 * `mean_i + slope_i Z`. What stays unknown of a design counts (its variance then), as a mean on the value alone does
 * not make a design a match; so v_i has the same expectation as before, and the gain is never negative.
 * The best so far is a hinge that fades slowly, so that the logarithm can be climbed everywhere.
 * @param left variance of each design after the measurement
 */
export function logNearnessGain(
  { low, high, scale }: Pick<TargetGoal, "low" | "high" | "scale">,
  mean: Float64Array,
  slope: Float64Array,
  left: Float64Array,
): GainOfKnowing {
  const q = mean.length;
  const room = (): Float64Array => new Float64Array(q);
  const [byMean, bySlope, byVariance] = [room(), room(), room()];
  const least = leastStd * scale;
  const width = fade * scale;
  const std = left.map((variance) => Math.sqrt(Math.max(least * least, variance)));
  const distance = (i: number, shift: number, spread: number): NormalTerm =>
    expectedDistance(low!, high!, mean[i] + shift, spread);
  let [best, now] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < q; i++) {
    const { value } = distance(i, 0, Math.sqrt(std[i] * std[i] + slope[i] * slope[i]));
    if (value < now) [best, now] = [i, value];
  }
  if (q < 2) return { value: Number.NEGATIVE_INFINITY, byMean, bySlope };

  /** For each number the design, other than the best now, that will be nearest, and the log of what it gains. */
  const nearest = new Int32Array(nodes);
  const slopes = new Float64Array(nodes);
  const logs = logWeights.map((weight, s) => {
    const z = normals[s];
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < q; i++) {
      if (i === best) continue;
      const { value } = distance(i, slope[i] * z, std[i]);
      if (value < shortest) [nearest[s], shortest] = [i, value];
    }
    const hinge = logSoftHinge(
      (distance(best, slope[best] * z, std[best]).value - shortest) / width,
    );
    slopes[s] = hinge.slope / width;
    return weight + hinge.value;
  });
  const top = logs.reduce((most, value) => Math.max(most, value));
  const sum = logs.reduce((total, value) => total + exp(value - top), 0);
  normals.forEach((z, s) => {
    const share = (exp(logs[s] - top) / sum) * slopes[s];
    for (const [i, by] of [
      [best, share],
      [nearest[s], -share],
    ]) {
      const term = distance(i, slope[i] * z, std[i]);
      byMean[i] += by * term.byMean;
      bySlope[i] += by * term.byMean * z;
      if (left[i] > least * least) byVariance[i] += (by * term.byStd) / (2 * std[i]);
    }
  });
  return { value: top + log(width * sum), byMean, bySlope, byVariance };
}
