import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import { resolveSettings } from "../../run.ts";
import type { Acquisition, AcquisitionSpec } from "../contract.ts";
import { dialled } from "../dial.ts";
import { chancesAlone } from "../of-marginals.ts";
import { requirementsOf } from "../requirements.ts";
import { singleObjective } from "../utility.ts";
import { logEnvelopeGain } from "./envelope-gain.ts";
import { logNearnessGain } from "./nearness-gain.ts";

/** Designs whose means are compared: more of them see more of what a measurement changes, at more cost. */
const compared = 32;

/**
 * Logarithm of the knowledge gradient: by how much a (noisy) measurement is expected to raise what the best of the
 * compared designs and the measured one is expected to be worth. After it, means are straight lines in one standard
 * normal number; the expectation of their upper envelope is exact, that of the least distance to a value an integral by
 * the trapezoid rule.
 * Source: P. Frazier, W. Powell, S. Dayanik, INFORMS J. Comput. 21, 599 (2009), doi:10.1287/ijoc.1080.0314,
 * algorithm 1; W. Scott, P. Frazier, W. Powell, SIAM J. Optim. 21, 996 (2011), doi:10.1137/100801275 (gradient).
 */
export const knowledgeGradient: AcquisitionSpec = {
  name: "knowledge-gradient",
  title: "Knowledge gradient",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: {},
  create(context, options): Acquisition {
    const { name, defaults } = knowledgeGradient;
    resolveSettings(name, defaults, options);
    const requirements = requirementsOf(context);
    const objective = singleObjective(name, context);
    if (objective === undefined) return chancesAlone(requirements);
    const { goal } = objective;
    const belief = dialled(objective.belief, context.exploration);
    const sign = goal.kind === "minimise" ? -1 : 1;
    const noise = belief.noiseStd * belief.noiseStd;
    const others = mostPromising(context.reference, context.rows, (rows) => {
      const { mean, std } = belief.marginal(rows);
      const chances = requirements.logChances(rows);
      return mean.map((m, i) => objective.utility(m) + std[i] + goal.scale * chances[i]);
    });
    const d = belief.dimension;
    const q = others.rows + 1;
    const beside = (row: ArrayLike<number>): Matrix => {
      const all = matrix(q, d);
      all.data.set(row);
      all.data.set(others.data, d);
      return all;
    };
    const at = (row: ArrayLike<number>, gradient?: Float64Array): number => {
      const joint = belief.joint(beside(row));
      const { data: covariance } = joint.covariance;
      const root = Math.sqrt(Math.max(covariance[0] + noise, 1e-300));
      const mean = joint.mean.map((m) => sign * m);
      const slopes = mean.map((_, i) => (sign * covariance[i]) / root);
      const left = mean.map((_, i) => covariance[i * (q + 1)] - slopes[i] * slopes[i]);
      const gain =
        goal.kind === "match"
          ? logNearnessGain(goal, mean, slopes, left)
          : logEnvelopeGain(mean, slopes);
      if (gradient === undefined) return gain.value;
      const byCovariance = matrix(q, q);
      let byRoot = 0;
      for (let i = 0; i < q; i++) {
        const byLeft = gain.byVariance?.[i] ?? 0;
        const bySlope = gain.bySlope[i] - 2 * slopes[i] * byLeft;
        byCovariance.data[i * (q + 1)] += byLeft;
        byRoot -= (bySlope * slopes[i]) / root;
        const share = (sign * bySlope) / root;
        if (i === 0) byCovariance.data[0] += share;
        else {
          byCovariance.data[i] += share / 2;
          byCovariance.data[i * q] += share / 2;
        }
      }
      byCovariance.data[0] += byRoot / (2 * root);
      const byRows = joint.pullback(
        gain.byMean.map((by) => sign * by),
        byCovariance,
      );
      for (let k = 0; k < d; k++) gradient[k] += byRows.data[k];
      return gain.value;
    };
    return {
      points: 1,
      values(rows) {
        const chances = requirements.logChances(rows);
        return chances.map((chance, i) => chance + at(rowOf(rows, i)));
      },
      slope(row, gradient) {
        gradient.fill(0);
        const chance = requirements.slope(row, gradient);
        return chance + at(row, gradient);
      },
    };
  },
};

/** The rows of largest score, of both lists. */
function mostPromising(
  reference: Matrix,
  rows: Matrix,
  scoresOf: (rows: Matrix) => Float64Array,
): Matrix {
  const all = matrix(reference.rows + rows.rows, rows.columns);
  all.data.set(reference.data);
  all.data.set(rows.data, reference.data.length);
  const scores = scoresOf(all);
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  return takeRows(all, order.slice(0, compared));
}
