import { exp, log } from "../../core/elementary.ts";
import { UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Acquisition, AcquisitionSpec } from "./contract.ts";
import { dialled } from "./dial.ts";
import { logH, logHSlope } from "./normal-terms.ts";
import { requirementsOf } from "./requirements.ts";
import { singleObjective } from "./utility.ts";

/** Designs whose means are compared: more of them see more of what a measurement changes, at more cost. */
const compared = 32;

/**
 * Logarithm of the knowledge gradient: by how much a (noisy) measurement is expected to raise the largest mean of the
 * compared designs and the measured one. After it, means are straight lines in one standard normal number; the
 * expectation of their upper envelope is exact.
 * Source: P. Frazier, W. Powell, S. Dayanik, INFORMS J. Comput. 21, 599 (2009), doi:10.1287/ijoc.1080.0314,
 * algorithm 1; W. Scott, P. Frazier, W. Powell, SIAM J. Optim. 21, 996 (2011), doi:10.1137/100801275 (gradient).
 */
export const knowledgeGradient: AcquisitionSpec = {
  name: "knowledge-gradient",
  title: "Knowledge gradient",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: {},
  create(context): Acquisition {
    const { name } = knowledgeGradient;
    const requirements = requirementsOf(context);
    const objective = singleObjective(name, context);
    if (objective?.goal.kind === "match") {
      throw new UnsupportedError(`${name}: takes minimise and maximise, not a value to match.`);
    }
    if (objective === undefined) {
      return {
        points: 1,
        values: (rows) => requirements.logChances(rows),
        slope(row, gradient) {
          gradient.fill(0);
          return requirements.slope(row, gradient);
        },
      };
    }
    const belief = dialled(objective.belief, context.exploration);
    const sign = objective.goal.kind === "maximise" ? 1 : -1;
    const noise = belief.noiseStd * belief.noiseStd;
    const others = mostPromising(context.reference, context.rows, (rows) => {
      const { mean, std } = belief.marginal(rows);
      const chances = requirements.logChances(rows);
      return mean.map((m, i) => sign * m + std[i] + objective.goal.scale * chances[i]);
    });
    const d = belief.dimension;
    const beside = (row: ArrayLike<number>): Matrix => {
      const all = matrix(others.rows + 1, d);
      all.data.set(row);
      all.data.set(others.data, d);
      return all;
    };
    const at = (row: ArrayLike<number>, gradient?: Float64Array): number => {
      const joint = belief.joint(beside(row));
      const q = others.rows + 1;
      const total = Math.max(joint.covariance.data[0] + noise, 1e-300);
      const root = Math.sqrt(total);
      const slopes = Float64Array.from(
        { length: q },
        (_, i) => (sign * joint.covariance.data[i]) / root,
      );
      const gain = logEnvelopeGain(
        joint.mean.map((m) => sign * m),
        slopes,
      );
      if (gradient === undefined) return gain.value;
      const byCovariance = matrix(q, q);
      let byRoot = 0;
      for (let i = 0; i < q; i++) {
        byRoot -= (gain.bySlope[i] * slopes[i]) / root;
        const share = (sign * gain.bySlope[i]) / root;
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

/** Log of an expectation with its derivatives by the lines' heights and slopes. */
export interface EnvelopeGain {
  readonly value: number;
  readonly byMean: Float64Array;
  readonly bySlope: Float64Array;
}

/**
 * log(E[max_i (a_i + b_i Z)] - max_i a_i) for a standard normal Z: the sum over the corners c of the upper
 * envelope of `(difference of slopes) h(-|c|)`. Minus infinity where all slopes are equal.
 */
export function logEnvelopeGain(a: Float64Array, b: Float64Array): EnvelopeGain {
  const byMean = new Float64Array(a.length);
  const bySlope = new Float64Array(a.length);
  const lines = upperEnvelope(a, b);
  const terms = lines.slice(1).map((line, k) => {
    const before = lines[k];
    const turn = b[line] - b[before];
    const corner = (a[before] - a[line]) / turn;
    return { before, line, turn, corner, value: log(turn) + logH(-Math.abs(corner)) };
  });
  if (terms.length === 0) return { value: Number.NEGATIVE_INFINITY, byMean, bySlope };
  const top = Math.max(...terms.map(({ value }) => value));
  const sum = terms.reduce((total, { value }) => total + exp(value - top), 0);
  for (const { before, line, turn, corner, value } of terms) {
    const share = exp(value - top) / sum;
    const byCorner = -Math.sign(corner) * logHSlope(-Math.abs(corner)) * share;
    const byTurn = share / turn - (byCorner * corner) / turn;
    byMean[before] += byCorner / turn;
    byMean[line] -= byCorner / turn;
    bySlope[line] += byTurn;
    bySlope[before] -= byTurn;
  }
  return { value: top + log(sum), byMean, bySlope };
}

/** Lines of the upper envelope from left to right. */
function upperEnvelope(a: Float64Array, b: Float64Array): number[] {
  const order = Array.from(a.keys()).sort((i, j) => b[i] - b[j] || a[i] - a[j]);
  const lines: number[] = [];
  for (const line of order) {
    for (;;) {
      const last = lines.at(-1);
      if (last === undefined) break;
      if (b[last] === b[line]) {
        lines.pop();
        continue;
      }
      const previous = lines.at(-2);
      if (previous === undefined) break;
      const corner = (a[last] - a[line]) / (b[line] - b[last]);
      const cornerBefore = (a[previous] - a[last]) / (b[last] - b[previous]);
      if (corner > cornerBefore) break;
      lines.pop();
    }
    lines.push(line);
  }
  return lines;
}
