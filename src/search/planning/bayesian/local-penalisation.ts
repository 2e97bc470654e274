import { rowOf, type Matrix } from "../../../core/matrix.ts";
import { normalLogCdf } from "../../../core/special.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { bestUtility, singleObjective } from "../../acquisition/utility.ts";
import { squaredDistance } from "../../similarity.ts";
import type { OutcomeBeliefs } from "../outcome-beliefs.ts";
import type { LogFactor } from "../factors/weighed-acquisition.ts";

/**
 * Keeps designs away from others whose results are awaited: the chance that a design lies outside of the ball
 * around each of them in which, the objective's slope being limited, the best cannot be.
 * Source: J. Gonzalez, Z. Dai, P. Hennig, N. Lawrence, Batch Bayesian optimization via local penalization, AISTATS
 * 2016, eqs. 3 to 5.
 * @param awaited designs being measured or chosen, q x dimension
 * @param reference designs at which the largest slope is looked for
 */
export function awayFrom(
  awaited: Matrix,
  outcomes: OutcomeBeliefs,
  measured: Matrix,
  reference: Matrix,
  { columns }: SearchSpace,
): LogFactor | undefined {
  const { goals, beliefs, feasibility } = outcomes;
  const objective = singleObjective("local-penalisation", { goals, beliefs });
  if (objective === undefined || awaited.rows === 0) return undefined;
  const context = { rows: measured, ...(feasibility === undefined ? {} : { feasibility }) };
  const { mean, std } = objective.belief.marginal(awaited);
  const utility = mean.map((value) => objective.utility(value));
  const known = bestUtility(objective, { ...context, goals, beliefs });
  const best = Math.max(known ?? Number.NEGATIVE_INFINITY, ...utility);
  let steepest = 0;
  for (let i = 0; i < reference.rows; i++) {
    const { meanGradient } = objective.belief.slope(rowOf(reference, i));
    let square = 0;
    columns.forEach(({ min, max }, k) => {
      const slope = meanGradient[k] * (max - min);
      square += slope * slope;
    });
    steepest = Math.max(steepest, Math.sqrt(square));
  }
  // A flat belief: every design would be kept away from all others.
  if (steepest === 0) steepest = objective.goal.scale;
  return (rows) => {
    const sums = new Float64Array(rows.rows);
    for (let i = 0; i < rows.rows; i++) {
      for (let j = 0; j < awaited.rows; j++) {
        const reach =
          steepest * Math.sqrt(squaredDistance(columns, rowOf(rows, i), rowOf(awaited, j)));
        sums[i] += normalLogCdf((reach - best + utility[j]) / std[j]);
      }
    }
    return sums;
  };
}
