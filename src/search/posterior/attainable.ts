import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import type { SearchProblem, StrategySpec } from "../contract.ts";
import type { GoalPrediction, TargetGoal } from "../objectives.ts";
import { evolutionary } from "../strategies/nsga2.ts";
import type { InverseProblem, LikelihoodSettings } from "./contract.ts";
import { allowanceOf } from "./likelihood.ts";

/** How near one goal can be come to while the others are, too. */
export interface GoalReach {
  readonly label: string;
  /** Prediction of the nearest design, in the property's unit (a probability for a class). */
  readonly mean: number;
  /** By how much that misses the goal, signed: negative below it; 0 where it is met. */
  readonly gap: number;
  /** The gap over the goal's scale. */
  readonly scaledGap: number;
  /** Standard deviation by which the prediction may miss: the model's and the tolerance; 0 for a class. */
  readonly allowance: number;
  /** The gap is at most two of these; for a class it is none. */
  readonly isReached: boolean;
}

/** Distance of what is asked for to what designs of the space are predicted to have. */
export interface Reach {
  /** Root of the sum of the squared scaled gaps. */
  readonly distance: number;
  readonly isReached: boolean;
  readonly goals: readonly GoalReach[];
  readonly nearest: Float64Array;
  /** Designs that were predicted. */
  readonly evaluated: number;
}

export interface ReachOptions {
  /** Designs to start from, n x dimension. */
  readonly start: Matrix;
  readonly budget: number;
  readonly strategy?: StrategySpec;
  readonly rng: Rng;
  readonly work?: Work;
}

/** Standard deviations by which a prediction may miss a goal that counts as reached. */
const allowed = 2;
/** Classes have no standard deviation: a probability may fall short by rounding only. */
const classSlack = 1e-9;

/**
 * Looks for the design whose predicted means come nearest to all goals together. It finds an upper bound
 * of the distance: a longer search may come nearer.
 * @throws as the strategy does
 */
export async function findReach(
  inverse: InverseProblem,
  likelihood: LikelihoodSettings,
  { start, budget, strategy = evolutionary, rng, work }: ReachOptions,
): Promise<Reach> {
  const { space, goals } = inverse;
  const problem: SearchProblem = {
    space,
    objectives: [{ label: "distance to what is asked for" }],
    async evaluate(rows) {
      const distance = distancesOf(goals, await inverse.predict(rows));
      return {
        objectives: matrix(rows.rows, 1, distance),
        violation: new Float64Array(rows.rows),
      };
    },
  };
  const found = await strategy.search(problem, {
    batchSize: 1,
    budget,
    start,
    rng,
    ...(work === undefined ? {} : { work }),
  });
  const rows = takeRows(found.rows, [0]);
  const predictions = await inverse.predict(rows);
  const reached = goals.map((goal, g): GoalReach => {
    const prediction = predictions[g];
    const gap = gapOf(goal, prediction.mean[0]);
    const allowance = allowanceOf(goal, prediction, 0, likelihood);
    return {
      label: goal.label,
      mean: prediction.mean[0],
      gap,
      scaledGap: gap / scaleOf(goal),
      allowance,
      isReached: Math.abs(gap) <= (goal.kind === "class" ? classSlack : allowed * allowance),
    };
  });
  return {
    distance: found.evaluation.objectives.data[0],
    isReached: reached.every(({ isReached }) => isReached),
    goals: reached,
    nearest: rowOf(rows, 0).slice(),
    evaluated: found.evaluated + 1,
  };
}

/** Signed distance of a mean to the limits of a goal: negative below, 0 inside. */
export function gapOf({ low, high }: TargetGoal, mean: number): number {
  if (low !== null && mean < low) return mean - low;
  return high !== null && mean > high ? mean - high : 0;
}

/** Probabilities are shares of one, whatever their spread. */
const scaleOf = ({ kind, scale }: TargetGoal): number => (kind === "class" ? 1 : scale);

function distancesOf(
  goals: readonly TargetGoal[],
  predictions: readonly GoalPrediction[],
): Float64Array {
  const squares = new Float64Array(predictions[0].mean.length);
  goals.forEach((goal, g) => {
    for (let i = 0; i < squares.length; i++) {
      const gap = gapOf(goal, predictions[g].mean[i]) / scaleOf(goal);
      squares[i] += gap * gap;
    }
  });
  return squares.map(Math.sqrt);
}
