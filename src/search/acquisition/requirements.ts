import { rowOf, type Matrix } from "../../core/matrix.ts";
import type { FeasibilityBelief } from "../belief/contract.ts";
import type { Belief } from "../belief/contract.ts";
import { logChanceOfOdds } from "../belief/log-odds.ts";
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

/** Whether the goal demands anything; a match wants to come near only. */
export const isRequirement = ({ kind, low, high }: TargetGoal): boolean =>
  kind === "class" || (kind !== "match" && (low !== null || high !== null));

/** Whether the goal is something to be made small, large or near to a value. */
export const isObjective = ({ kind }: TargetGoal): boolean => kind !== "range" && kind !== "class";

/**
 * The requirements of the goals, taken as independent given what is believed, and of feasibility. What is believed of a
 * class are its log odds.
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
        const term = chanceOf(goal, at.mean, at.std);
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
  for (let i = 0; i < sum.length; i++) sum[i] += chanceOf(goal, mean[i], std[i]).value;
}

function addFeasibility(feasibility: FeasibilityBelief, rows: Matrix, sum: Float64Array): void {
  for (let i = 0; i < sum.length; i++) {
    const row = rowOf(rows, i);
    sum[i] += feasibility.slope(row).logProbability;
  }
}

function chanceOf(goal: TargetGoal, mean: number, std: number): NormalTerm {
  if (goal.kind === "class") {
    if (!wantsAbsence(goal)) return logChanceOfOdds(mean, std);
    const absent = logChanceOfOdds(-mean, std);
    return { ...absent, byMean: -absent.byMean };
  }
  const low = goal.low ?? Number.NEGATIVE_INFINITY;
  const high = goal.high ?? Number.POSITIVE_INFINITY;
  return logChanceBetween(low, high, mean, std);
}

/** A least probability asks for the class, a largest one alone for its absence. */
export const wantsAbsence = ({ low, high }: TargetGoal): boolean => low === null && high !== null;
