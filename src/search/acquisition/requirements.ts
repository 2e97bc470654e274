import { rowOf, type Matrix } from "../../core/matrix.ts";
import type { FeasibilityBelief } from "../belief/contract.ts";
import type { Belief } from "../belief/contract.ts";
import type { TargetGoal } from "../objectives.ts";
import type { AcquisitionContext } from "./contract.ts";
import { logChanceBetween, type NormalTerm } from "./normal-terms.ts";

/** The chance that a design can be made and meets every requirement, in logarithms. */
export interface Requirements {
  /** At each of n rows; 0 where nothing is required. */
  logChances(rows: Matrix): Float64Array;
  /** At one row; adds the derivatives by its columns to `gradient`. */
  slope(row: ArrayLike<number>, gradient: Float64Array): number;
}

/** Outcomes of a class goal are 1 for members and 0 for others; between them lies what is neither. */
const classThreshold = 0.5;

/** Whether the goal demands anything; a match wants to come near only. */
export const isRequirement = ({ kind, low, high }: TargetGoal): boolean =>
  kind === "class" || (kind !== "match" && (low !== null || high !== null));

/** Whether the goal is something to be made small, large or near to a value. */
export const isObjective = ({ kind }: TargetGoal): boolean => kind !== "range" && kind !== "class";

/**
 * The requirements of the goals, taken as independent given what is believed, and of feasibility. A class is a
 * label of 0 or 1 whose regression lies above one half where the class is more probable than not.
 */
export function requirementsOf({
  beliefs,
  goals,
  feasibility,
}: Pick<AcquisitionContext, "beliefs" | "goals" | "feasibility">): Requirements {
  const parts = goals.flatMap((goal, g) =>
    isRequirement(goal) ? [{ goal, belief: beliefs[g] }] : [],
  );
  return {
    logChances(rows) {
      const sum = new Float64Array(rows.rows);
      for (const part of parts) addChances(part, rows, sum);
      if (feasibility !== undefined) addFeasibility(feasibility, rows, sum);
      return sum;
    },
    slope(row, gradient) {
      let sum = 0;
      for (const { goal, belief } of parts) {
        const at = belief.slope(row);
        const term = chanceOf(goal, belief, at.mean, at.std);
        sum += term.value;
        for (let k = 0; k < gradient.length; k++) {
          gradient[k] += term.byMean * at.meanGradient[k] + term.byStd * at.stdGradient[k];
        }
      }
      if (feasibility !== undefined) {
        const at = feasibility.slope(row);
        sum += at.logProbability;
        for (let k = 0; k < gradient.length; k++) gradient[k] += at.gradient[k];
      }
      return sum;
    },
  };
}

interface Part {
  readonly goal: TargetGoal;
  readonly belief: Belief;
}

function addChances({ goal, belief }: Part, rows: Matrix, sum: Float64Array): void {
  const { mean, std } = belief.marginal(rows);
  for (let i = 0; i < sum.length; i++) sum[i] += chanceOf(goal, belief, mean[i], std[i]).value;
}

function addFeasibility(feasibility: FeasibilityBelief, rows: Matrix, sum: Float64Array): void {
  for (let i = 0; i < sum.length; i++) {
    const row = rowOf(rows, i);
    sum[i] += feasibility.slope(row).logProbability;
  }
}

function chanceOf(goal: TargetGoal, { noiseStd }: Belief, mean: number, std: number): NormalTerm {
  if (goal.kind !== "class") {
    const low = goal.low ?? Number.NEGATIVE_INFINITY;
    const high = goal.high ?? Number.POSITIVE_INFINITY;
    return logChanceBetween(low, high, mean, std);
  }
  const wantsAbsence = goal.low === null && goal.high !== null;
  const [low, high] = wantsAbsence
    ? [Number.NEGATIVE_INFINITY, classThreshold]
    : [classThreshold, Number.POSITIVE_INFINITY];
  // Labels scatter about their regression; the noise says by how much.
  const total = Math.sqrt(std * std + noiseStd * noiseStd);
  const term = logChanceBetween(low, high, mean, total);
  return { ...term, byStd: (term.byStd * std) / total };
}
