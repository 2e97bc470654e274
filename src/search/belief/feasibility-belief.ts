import { exp } from "../../core/elementary.ts";
import { ShapeError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import type { Column } from "../../space/contract.ts";
import type { FeasibilityBelief } from "./contract.ts";
import { fitLogOdds, logChanceOfOdds } from "./log-odds.ts";

/**
 * Learns from designs that could be measured and from those that could not where the next ones can: the class of what
 * can be made, see `fitLogOdds`. The chance averages over what is not known of the log odds; far from every measurement
 * it is 1/2.
 */
export async function fitFeasibility(
  columns: readonly Column[],
  possible: Matrix,
  impossible: Matrix,
  options: { readonly rng: Rng; readonly work?: Work },
): Promise<FeasibilityBelief> {
  const d = columns.length;
  if (possible.columns !== d || impossible.columns !== d) {
    throw new ShapeError(
      `fitFeasibility: expected rows of ${d} columns, got ${possible.columns} and ${impossible.columns}.`,
    );
  }
  const n = possible.rows + impossible.rows;
  const rows = matrix(n, d);
  rows.data.set(possible.data);
  rows.data.set(impossible.data, possible.data.length);
  const labels = Float64Array.from({ length: n }, (_, i) => (i < possible.rows ? 1 : 0));
  const belief = await fitLogOdds(columns, rows, labels, options);
  return {
    probability(of) {
      const { mean, std } = belief.marginal(of);
      return mean.map((m, i) => exp(logChanceOfOdds(m, std[i]).value));
    },
    slope(row) {
      const { mean, std, meanGradient, stdGradient } = belief.slope(row);
      const { value, byMean, byStd } = logChanceOfOdds(mean, std);
      const gradient = meanGradient.map((by, k) => byMean * by + byStd * stdGradient[k]);
      return { logProbability: value, gradient };
    },
  };
}
