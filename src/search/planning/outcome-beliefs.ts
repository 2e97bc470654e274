import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { stage, type Work } from "../../core/work.ts";
import type { Belief, FeasibilityBelief } from "../belief/contract.ts";
import { knownBelief } from "../belief/known-belief.ts";
import { fitFeasibility } from "../belief/feasibility-belief.ts";
import { isObjective } from "../acquisition/requirements.ts";
import { fitBelief, type FitBeliefOptions } from "../belief/fit-belief.ts";
import { fitSmoothBelief } from "../belief/fit-smooth-belief.ts";
import { fitWarpedBelief } from "../belief/fit-warped-belief.ts";
import { fitLogOdds } from "../belief/log-odds.ts";
import { unwarped, type Warp } from "../belief/warp.ts";
import type { TargetGoal } from "../objectives.ts";
import type { ExperimentProblem, Observations } from "./contract.ts";

/** What is believed after the measurements. */
export interface OutcomeBeliefs {
  /** One per goal, on the scale of its warp; of a class its log odds. */
  readonly beliefs: readonly Belief[];
  /** One per goal. */
  readonly warps: readonly Warp[];
  /** The goals on those scales. */
  readonly goals: readonly TargetGoal[];
  /** For model cards, one per goal; numbers in the outcome's unit. */
  readonly summaries: readonly Readonly<Record<string, number | string>>[];
  /** Absent as long as every design could be measured. */
  readonly feasibility: FeasibilityBelief | undefined;
}

/** Labels of goals of which nothing was measured. */
export function unmeasuredGoals(
  { goals }: ExperimentProblem,
  { outcomes }: Observations,
): string[] {
  const isMeasured = (g: number): boolean =>
    Array.from({ length: outcomes.rows }, (_, i) => i).some(
      (i) => !Number.isNaN(outcomes.data[i * goals.length + g]),
    );
  return goals.flatMap(({ label }, g) => (isMeasured(g) ? [] : [label]));
}

/**
 * A belief of every goal from the rows where it was measured; each goal must have one, but for those that are known.
 * @param options `warp: false` keeps every outcome on its own scale
 */
export async function fitOutcomes(
  { space, goals, known }: ExperimentProblem,
  observations: Observations,
  rng: Rng,
  work: Work = {},
  { warp: canChange = true }: { readonly warp?: boolean } = {},
): Promise<OutcomeBeliefs> {
  const { noiseStd } = observations;
  const beliefs: Belief[] = [];
  const warps: Warp[] = [];
  // Hypervolumes and distances to a value have a meaning on the outcome's own scale only.
  const canWarp = canChange && goals.filter(isObjective).length <= 1;
  for (const [g, goal] of goals.entries()) {
    const rule = known?.[g];
    if (rule !== undefined) {
      beliefs.push(knownBelief(space, rule, goal.scale));
      warps.push(unwarped);
      continue;
    }
    const { kept, x, y } = measuredOf(observations, g);
    const mayWarp = canWarp && goal.kind !== "match";
    const options: FitBeliefOptions = {
      rng: rng.fork(`belief ${g}`),
      work: stage(work, g / goals.length, (g + 1) / goals.length, `model of ${goal.label}`),
      scale: goal.scale,
      ...(noiseStd === undefined
        ? {}
        : { noiseStd: Float64Array.from(kept, (i) => noiseStd.data[i * goals.length + g]) }),
    };
    const { belief, warp } =
      goal.kind === "class"
        ? { belief: await fitLogOdds(space.columns, x, y, options), warp: unwarped }
        : mayWarp
          ? await fitWarpedBelief(space.columns, x, y, options)
          : { ...(await fitSmoothBelief(space.columns, x, y, options)), warp: unwarped };
    beliefs.push(belief);
    warps.push(warp);
  }
  return {
    beliefs,
    warps,
    goals: goals.map((goal, g) => believedGoal(goal, warps[g])),
    summaries: beliefs.map((belief, g) => summaryOf(belief, goals[g], warps[g])),
    feasibility: await fitFailures(space.columns, observations, rng),
  };
}

/** Log odds per probability at even chances. */
const oddsPerProbability = 4;

/** A goal on the scale of what is believed: of a warp, which keeps the order of values, or of log odds. */
function believedGoal(goal: TargetGoal, warp: Warp): TargetGoal {
  if (goal.kind === "class") return { ...goal, scale: oddsPerProbability * goal.scale };
  if (warp === unwarped) return goal;
  const limit = (value: number | null): number | null => (value === null ? null : warp.to(value));
  return { ...goal, low: limit(goal.low), high: limit(goal.high) };
}

/** The warp has slope 1 at the median, so that deviations around there are those of the outcome. */
function summaryOf(
  { summary }: Belief,
  { kind }: TargetGoal,
  { power }: Warp,
): Readonly<Record<string, number | string>> {
  if (kind === "class") {
    // A label's noise follows from the probability.
    const { noiseStd: _, ...rest } = summary;
    return { ...rest, scale: "log odds" };
  }
  return power === 1 ? summary : { ...summary, power };
}

/**
 * The same with a regression on the labels, 0 or 1, in place of the log odds of classes. It takes labels as certain, as
 * log odds do not, so that it knows places that were measured from others: where to learn of a class is better seen in
 * it, and how probable the class is in log odds.
 */
export async function withLabels(
  outcomes: OutcomeBeliefs,
  { space, goals }: ExperimentProblem,
  observations: Observations,
  rng: Rng,
): Promise<OutcomeBeliefs> {
  const beliefs = await Promise.all(
    goals.map(async (goal, g) => {
      if (goal.kind !== "class" || outcomes.beliefs[g].isKnown === true) return outcomes.beliefs[g];
      const { x, y } = measuredOf(observations, g);
      const options = { rng: rng.fork(`labels ${g}`), scale: goal.scale };
      return (await fitBelief(space.columns, x, y, options)).belief;
    }),
  );
  const own = outcomes.goals.map((goal, g) => (goal.kind === "class" ? goals[g] : goal));
  return { ...outcomes, beliefs, goals: own };
}

/** The rows where an outcome was measured, and its values. */
function measuredOf(
  { rows, outcomes }: Observations,
  goal: number,
): { readonly kept: readonly number[]; readonly x: Matrix; readonly y: Float64Array } {
  const at = (i: number): number => outcomes.data[i * outcomes.columns + goal];
  const kept = Array.from({ length: rows.rows }, (_, i) => i).filter((i) => !Number.isNaN(at(i)));
  return { kept, x: takeRows(rows, kept), y: Float64Array.from(kept, at) };
}

/** What can be made, where anything could not. */
export async function fitFailures(
  columns: ExperimentProblem["space"]["columns"],
  { rows, outcomes, infeasible }: Observations,
  rng: Rng,
): Promise<FeasibilityBelief | undefined> {
  if (infeasible === undefined || infeasible.rows === 0) return undefined;
  const done = Array.from({ length: rows.rows }, (_, i) => i).filter((i) =>
    rowOf(outcomes, i).some((value) => !Number.isNaN(value)),
  );
  return fitFeasibility(columns, takeRows(rows, done), infeasible, {
    rng: rng.fork("feasibility"),
  });
}

/** The beliefs as if designs had been measured with the results that are expected of them. */
export function believing(outcomes: OutcomeBeliefs, rows: Matrix): OutcomeBeliefs {
  if (rows.rows === 0) return outcomes;
  return {
    ...outcomes,
    beliefs: outcomes.beliefs.map((belief) => belief.condition(rows, belief.marginal(rows).mean)),
  };
}

/** Matrices below one another; `columns` where there is none. */
export function stacked(parts: readonly Matrix[], columns: number): Matrix {
  const all = matrix(
    parts.reduce((sum, part) => sum + part.rows, 0),
    columns,
  );
  let at = 0;
  for (const part of parts) {
    all.data.set(part.data, at);
    at += part.data.length;
  }
  return all;
}
