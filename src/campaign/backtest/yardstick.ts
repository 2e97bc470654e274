import { matrix, type Matrix } from "../../core/matrix.ts";
import type { TargetGoal } from "../../search/objectives.ts";
import { hypervolume } from "../../search/pareto/hypervolume.ts";
import { nonDominatedSort } from "../../search/pareto/sort.ts";
import type { Evaluation } from "../../search/contract.ts";
import { isObjective } from "../experiments/planning/best-so-far.ts";
import { measuredObjectives } from "../pareto/measured-objectives.ts";
import { referenceCorner } from "../pareto/reference-corner.ts";

/** Share of the designs that count as top where there is one objective. */
export const topShare = 0.05;

/**
 * What progress is measured by: the best there is among known designs. Objectives are minimised; designs
 * that miss a requirement never count.
 */
export interface Yardstick {
  readonly objectives: number;
  /** Smallest objective among the known designs that meet the requirements; null for several objectives or none. */
  readonly best: number | null;
  /** Objectives up to this are top: the last of the best 5 %, ties included. */
  readonly topLimit: number;
  /** How many known designs are top: the best 5 %, the Pareto front of several objectives, or all that meet requirements alone. */
  readonly top: number;
  readonly topTitle: string;
  readonly front: Matrix | null;
  /** Corner from which the hypervolume is counted: the worst acceptable value, else the worst known one. */
  readonly reference: Float64Array;
  /** Hypervolume of all known designs. */
  readonly volume: number;
}

/** @param values outcomes of all known designs, m x goals, none of them NaN */
export function makeYardstick(goals: readonly TargetGoal[], values: Matrix): Yardstick {
  const { objectives, violation } = measuredObjectives(goals, values);
  const meeting = indicesOf(violation, (missed) => missed === 0);
  const m = objectives.columns;
  const reference = referenceCorner(goals, objectives, meeting);
  if (m > 1) {
    const rank = nonDominatedSort(objectives, violation);
    const front = meeting.filter((i) => rank[i] === 1);
    return {
      objectives: m,
      best: null,
      topLimit: Number.NaN,
      top: front.length,
      topTitle: "the Pareto front",
      front: takeObjectives(objectives, front),
      reference,
      volume: hypervolume(takeObjectives(objectives, meeting), reference),
    };
  }
  if (!goals.some(isObjective)) {
    return {
      objectives: 1,
      best: null,
      topLimit: Number.POSITIVE_INFINITY,
      top: meeting.length,
      topTitle: "the designs that meet every target",
      front: null,
      reference,
      volume: 0,
    };
  }
  const ascending = Float64Array.from(meeting, (i) => objectives.data[i]!).sort();
  const count = Math.ceil(topShare * values.rows);
  const limit = ascending[Math.min(count, ascending.length) - 1] ?? Number.NEGATIVE_INFINITY;
  return {
    objectives: 1,
    best: ascending[0] ?? null,
    topLimit: limit,
    top: ascending.filter((value) => value <= limit).length,
    topTitle: `the top ${100 * topShare} %`,
    front: null,
    reference,
    volume: 0,
  };
}

/** Whether each design is top. */
export function isTop(yardstick: Yardstick, { objectives, violation }: Evaluation): boolean[] {
  const { front, topLimit } = yardstick;
  return Array.from(violation, (missed, i) => {
    if (missed > 0) return false;
    if (front === null) return objectives.data[i]! <= topLimit;
    const m = objectives.columns;
    for (let f = 0; f < front.rows; f++) {
      let same = true;
      for (let k = 0; k < m; k++) {
        if (front.data[f * m + k] !== objectives.data[i * m + k]) same = false;
      }
      if (same) return true;
    }
    return false;
  });
}

const takeObjectives = (objectives: Matrix, rows: ArrayLike<number>): Matrix => {
  const { columns: m } = objectives;
  const taken = matrix(rows.length, m);
  for (let i = 0; i < rows.length; i++) {
    for (let k = 0; k < m; k++) taken.data[i * m + k] = objectives.data[rows[i]! * m + k]!;
  }
  return taken;
};

function indicesOf(values: Float64Array, keep: (value: number) => boolean): Int32Array {
  return Int32Array.from([...values.keys()].filter((i) => keep(values[i]!)));
}

/** The course of one campaign by a yardstick, after 1, 2, ... experiments. */
export interface Course {
  /** Share of the top found. */
  readonly share: Float64Array;
  /** Best objective so far (one objective), NaN before the first design that meets the requirements. */
  readonly best: Float64Array;
  /** Hypervolume over that of all known designs (several objectives). */
  readonly hypervolume: Float64Array;
}

/** @param values true outcomes of the designs in the order in which they were measured, n x goals */
export function courseOf(
  yardstick: Yardstick,
  goals: readonly TargetGoal[],
  values: Matrix,
): Course {
  const evaluation = measuredObjectives(goals, values);
  const { objectives, violation } = evaluation;
  const n = values.rows;
  const top = isTop(yardstick, evaluation);
  const share = new Float64Array(n);
  const best = new Float64Array(n);
  const volume = new Float64Array(n);
  const meeting: number[] = [];
  let found = 0;
  let smallest = Number.NaN;
  for (let i = 0; i < n; i++) {
    if (top[i]) found++;
    share[i] = yardstick.top === 0 ? 0 : found / yardstick.top;
    if (violation[i] === 0) {
      meeting.push(i);
      if (yardstick.objectives === 1 && !(objectives.data[i]! >= smallest)) {
        smallest = objectives.data[i]!;
      }
    }
    best[i] = smallest;
    if (yardstick.objectives > 1 && yardstick.volume > 0) {
      const known = takeObjectives(objectives, meeting);
      volume[i] = hypervolume(known, yardstick.reference) / yardstick.volume;
    }
  }
  return { share, best, hypervolume: volume };
}
