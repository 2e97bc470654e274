import { exp } from "../../core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { hypervolumeGain } from "../acquisition/hypervolume/hypervolume-gain.ts";
import { improvementOver } from "../acquisition/log-ei.ts";
import { isObjective, requirementsOf } from "../acquisition/requirements.ts";
import { bestUtility, singleObjective } from "../acquisition/utility.ts";
import { normalQuantile } from "../../core/special.ts";
import type { Belief } from "../belief/contract.ts";
import { unwarped } from "../belief/warp.ts";
import type { Proposal } from "./contract.ts";
import type { OutcomeBeliefs } from "./outcome-beliefs.ts";
import { inOutcomeUnit } from "./outcome-units.ts";

/** What a proposal is described with. */
export interface DescriptionInput {
  /** Before any design of this batch. */
  readonly outcomes: OutcomeBeliefs;
  /** After the designs chosen so far. */
  readonly current: OutcomeBeliefs;
  /** Measured and pending rows. */
  readonly rows: Matrix;
  /** Moves designs to the fidelity at which gains count; absent = they are there. */
  readonly counted?: (rows: Matrix) => Matrix;
  /** Designs over the space. */
  readonly reference: Matrix;
}

/** What speaks for a design. */
export function describeProposal(
  row: Float64Array,
  value: number,
  { outcomes, current, rows, counted, reference }: DescriptionInput,
): Proposal {
  const { beliefs, feasibility, goals } = outcomes;
  const one = matrix(1, row.length, row);
  const at = beliefs.map((_, g) => inOutcomeUnit(outcomes, g, one));
  const meets = exp(requirementsOf({ beliefs, goals }).logChances(one)[0]);
  return {
    row,
    mean: at.map(({ mean }) => mean[0]),
    std: at.map(({ std }) => std[0]),
    feasibility: feasibility?.probability(one)[0] ?? 1,
    meets,
    value,
    ...gainOf(counted?.(one) ?? one, outcomes, rows),
    teaches: teaches(current.beliefs, one, reference),
  };
}

function gainOf(
  one: Matrix,
  { beliefs, feasibility, goals, warps }: OutcomeBeliefs,
  rows: Matrix,
): Pick<Proposal, "expectedGain" | "exploit"> {
  const none = { expectedGain: null, exploit: null };
  const at = goals.findIndex(isObjective);
  const context = { rows, goals, beliefs, ...(feasibility === undefined ? {} : { feasibility }) };
  const objectives = goals.filter(isObjective).length;
  if (objectives === 0) return none;
  if (objectives > 1) return hypervolumeGain(context, one);
  const objective = singleObjective("proposal", { goals, beliefs })!;
  const best = bestUtility(objective, context);
  if (best === undefined) return none;
  const { mean, std } = objective.belief.marginal(one);
  const warp = warps[at];
  if (warp === unwarped) {
    const exploit = Math.max(0, objective.utility(mean[0]) - best);
    const expected = exp(improvementOver(objective, best)(mean[0], std[0]).value);
    // Rounding apart, what is expected is never less than the gain at the mean.
    return { exploit, expectedGain: Math.max(exploit, expected) };
  }
  // Warped objectives are minimised or maximised: the utility is the warped value but for the sign.
  const sign = goals[at].kind === "maximise" ? 1 : -1;
  const gain = (warped: number): number =>
    Math.max(0, sign * (warp.from(warped) - warp.from(sign * best)));
  let expectedGain = 0;
  for (let k = 0; k < quantiles; k++) {
    expectedGain += gain(mean[0] + std[0] * normalQuantile((k + 0.5) / quantiles)) / quantiles;
  }
  // The gain at the median is not above the expected one for every warp.
  return { exploit: Math.min(expectedGain, gain(mean[0])), expectedGain };
}

/** Of a normal distribution, at which the gain on the outcome's own scale is averaged. */
const quantiles = 200;

/** Share of the variance over the reference designs that measuring a design would remove, mean of what is learned. */
function teaches(beliefs: readonly Belief[], one: Matrix, reference: Matrix): number | null {
  const learned = beliefs.filter(({ isKnown }) => isKnown !== true);
  if (reference.rows === 0 || learned.length === 0) return null;
  const all = matrix(reference.rows + 1, one.columns);
  all.data.set(one.data);
  all.data.set(reference.data, one.columns);
  let total = 0;
  for (const belief of learned) {
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
  return total / learned.length;
}
