import { exp } from "../../core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { improvementOver } from "../acquisition/log-ei.ts";
import { isObjective, requirementsOf } from "../acquisition/requirements.ts";
import { bestUtility, singleObjective } from "../acquisition/utility.ts";
import type { Belief } from "../belief/contract.ts";
import type { TargetGoal } from "../objectives.ts";
import type { Proposal } from "./contract.ts";
import type { OutcomeBeliefs } from "./outcome-beliefs.ts";

/** What a proposal is described with. */
export interface DescriptionInput {
  readonly goals: readonly TargetGoal[];
  /** Before any design of this batch. */
  readonly outcomes: OutcomeBeliefs;
  /** After the designs chosen so far. */
  readonly current: OutcomeBeliefs;
  /** Measured and pending rows. */
  readonly rows: Matrix;
  /** Designs over the space. */
  readonly reference: Matrix;
}

/** What speaks for a design. */
export function describeProposal(
  row: Float64Array,
  value: number,
  { goals, outcomes, current, rows, reference }: DescriptionInput,
): Proposal {
  const { beliefs, feasibility } = outcomes;
  const one = matrix(1, row.length, row);
  const at = beliefs.map((belief) => belief.marginal(one));
  const meets = exp(requirementsOf({ beliefs, goals }).logChances(one)[0]);
  return {
    row,
    mean: at.map(({ mean }) => mean[0]),
    std: at.map(({ std }) => std[0]),
    feasibility: feasibility?.probability(one)[0] ?? 1,
    meets,
    value,
    ...gainOf(row, { goals, outcomes, rows }),
    teaches: teaches(current.beliefs, one, reference),
  };
}

function gainOf(
  row: Float64Array,
  { goals, outcomes, rows }: Pick<DescriptionInput, "goals" | "outcomes" | "rows">,
): Pick<Proposal, "expectedGain" | "exploit"> {
  const none = { expectedGain: null, exploit: null };
  const { beliefs, feasibility } = outcomes;
  if (goals.filter(isObjective).length !== 1) return none;
  const objective = singleObjective("proposal", { goals, beliefs })!;
  const context = { rows, goals, beliefs, ...(feasibility === undefined ? {} : { feasibility }) };
  const best = bestUtility(objective, context);
  if (best === undefined) return none;
  const { mean, std } = objective.belief.marginal(matrix(1, row.length, row));
  const exploit = Math.max(0, objective.utility(mean[0]) - best);
  const expected = exp(improvementOver(objective, best)(mean[0], std[0]).value);
  // Rounding apart, what is expected is never less than the gain at the mean.
  return { exploit, expectedGain: Math.max(exploit, expected) };
}

/** Share of the variance over the reference designs that measuring a design would remove, mean of the goals. */
function teaches(beliefs: readonly Belief[], one: Matrix, reference: Matrix): number | null {
  if (reference.rows === 0) return null;
  const all = matrix(reference.rows + 1, one.columns);
  all.data.set(one.data);
  all.data.set(reference.data, one.columns);
  let total = 0;
  for (const belief of beliefs) {
    const { covariance } = belief.joint(all);
    const noise = belief.noiseStd;
    const own = covariance.data[0] + noise * noise;
    let [removed, variance] = [0, 0];
    for (let i = 1; i < all.rows; i++) {
      const cross = rowOf(covariance, i)[0];
      removed += (cross * cross) / own;
      variance += Math.max(0, rowOf(covariance, i)[i]);
    }
    total += variance > 0 ? Math.min(1, removed / variance) : 0;
  }
  return total / beliefs.length;
}
