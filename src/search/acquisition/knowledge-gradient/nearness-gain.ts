import { exp, log } from "../../../core/elementary.ts";
import { normalPdf } from "../../../core/special.ts";
import type { TargetGoal } from "../../objectives.ts";
import { expectedDistance } from "../normal-terms.ts";
import { logSoftHinge, softMaximum } from "../soft-hinge.ts";
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
  const std = left.map((variance) => Math.sqrt(Math.max(least * least, variance)));
  const now = mean.map(
    (m, i) =>
      expectedDistance(low!, high!, m, Math.sqrt(std[i] * std[i] + slope[i] * slope[i])).value,
  );
  const best = now.reduce((at, value, i) => (value < now[at] ? i : at), 0);
  const width = fade * scale;
  const others = Array.from(mean.keys()).filter((i) => i !== best);
  if (others.length === 0) return { value: Number.NEGATIVE_INFINITY, byMean, bySlope };

  const logs = new Float64Array(nodes);
  const parts = Array.from(normals, (z, s) => {
    const distances = mean.map((m, i) => m + slope[i] * z);
    const terms = Array.from(distances, (m, i) => expectedDistance(low!, high!, m, std[i]));
    const hinges = others.map((i) => logSoftHinge((terms[best].value - terms[i].value) / width));
    const shares = new Float64Array(others.length);
    const values = Float64Array.from(hinges, ({ value }) => value);
    logs[s] = logWeights[s] + softMaximum(values, shares);
    return { z, terms, hinges, shares };
  });
  const top = logs.reduce((most, value) => Math.max(most, value));
  const sum = logs.reduce((total, value) => total + exp(value - top), 0);
  parts.forEach(({ z, terms, hinges, shares }, s) => {
    const weight = exp(logs[s] - top) / sum / width;
    others.forEach((i, k) => {
      const share = weight * shares[k] * hinges[k].slope;
      for (const [j, sign] of [
        [best, 1],
        [i, -1],
      ]) {
        const by = sign * share;
        byMean[j] += by * terms[j].byMean;
        bySlope[j] += by * terms[j].byMean * z;
        if (left[j] > least * least) byVariance[j] += (by * terms[j].byStd) / (2 * std[j]);
      }
    });
  });
  return { value: top + log(width * sum), byMean, bySlope, byVariance };
}
