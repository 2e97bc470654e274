import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { stage, type Work } from "../../core/work.ts";
import type { Belief, FeasibilityBelief } from "../belief/contract.ts";
import { fitFeasibility } from "../belief/feasibility-belief.ts";
import { fitBelief } from "../belief/fit-belief.ts";
import type { ExperimentProblem, Observations } from "./contract.ts";

/** What is believed after the measurements. */
export interface OutcomeBeliefs {
  /** One per goal. */
  readonly beliefs: readonly Belief[];
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

/** A belief of every goal from the rows where it was measured; each goal must have one. */
export async function fitOutcomes(
  { space, goals }: ExperimentProblem,
  observations: Observations,
  rng: Rng,
  work: Work = {},
): Promise<OutcomeBeliefs> {
  const { rows, outcomes, noiseStd } = observations;
  const beliefs: Belief[] = [];
  for (const [g, goal] of goals.entries()) {
    const at = (i: number): number => outcomes.data[i * goals.length + g];
    const kept = Array.from({ length: rows.rows }, (_, i) => i).filter((i) => !Number.isNaN(at(i)));
    beliefs.push(
      await fitBelief(space.columns, takeRows(rows, kept), Float64Array.from(kept, at), {
        rng: rng.fork(`belief ${g}`),
        work: stage(work, g / goals.length, (g + 1) / goals.length, `model of ${goal.label}`),
        scale: goal.scale,
        ...(noiseStd === undefined
          ? {}
          : { noiseStd: Float64Array.from(kept, (i) => noiseStd.data[i * goals.length + g]) }),
      }),
    );
  }
  return { beliefs, feasibility: await fitFailures(space.columns, observations, rng) };
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
export function believing({ beliefs, feasibility }: OutcomeBeliefs, rows: Matrix): OutcomeBeliefs {
  if (rows.rows === 0) return { beliefs, feasibility };
  return {
    beliefs: beliefs.map((belief) => belief.condition(rows, belief.marginal(rows).mean)),
    feasibility,
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
