import { NumericalError, ShapeError } from "../../core/errors.ts";
import { matrixOf, rowOf, takeRows } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Evaluation, EvaluationGradient, SearchProblem } from "../contract.ts";
import { feasibleDifferences } from "./differences.ts";
import type { Descended } from "./projected-gradient.ts";
import type { Regulariser } from "./regulariser.ts";
import type { ScaledColumns } from "./scaled-columns.ts";

/** What descent knows of one design. */
export interface Standing {
  readonly row: Float64Array;
  /** Score with the penalty. */
  readonly score: number;
  readonly violation: number;
}

/** Scores of single designs and their gradients; every answer is undefined once the budget has ended. */
export interface PenalisedScore {
  at(row: Float64Array): Promise<Standing | undefined>;
  /** Score + half the squared violation times a weight, as descent takes it. */
  weighted(weight: number): Descended;
  /** The violation and its derivative by each column. */
  violationGradient(standing: Standing): Promise<Float64Array | undefined>;
}

/**
 * @param score gives penalised scores of the first rows, as many as the budget allows
 */
export function penalisedScore(
  problem: SearchProblem,
  scaled: ScaledColumns,
  regulariser: Regulariser,
  score: (rows: Matrix) => Promise<Evaluation>,
): PenalisedScore {
  const { space } = problem;

  async function at(row: Float64Array): Promise<Standing | undefined> {
    const { objectives, violation } = await score(matrixOf([row]));
    if (violation.length === 0) return undefined;
    return { row, score: objectives.data[0], violation: violation[0] };
  }

  /** The gradient of some mixture of score (without penalty) and violation. */
  async function gradientOf(
    { row, violation }: Standing,
    ofScore: number,
    ofViolation: number,
    mixture: (score: number, violation: number) => number,
  ): Promise<Float64Array | undefined> {
    if (problem.gradient !== undefined) {
      const given = await problem.gradient(matrixOf([row]));
      requireGradient(given, space.dimension);
      const slope = violation > 0 ? ofViolation : 0;
      return row.map(
        (_, k) => ofScore * given.objectives.data[k] + slope * given.violation.data[k],
      );
    }
    const differences = feasibleDifferences(space, scaled, row);
    const found = await score(differences.rows);
    if (found.violation.length < differences.rows.rows) return undefined;
    return differences.gradient(
      found.violation.map((missed, i) =>
        mixture(found.objectives.data[i] - regulariser.value(rowOf(differences.rows, i)), missed),
      ),
    );
  }

  return {
    at,
    weighted: (weight) => ({
      async value(row) {
        const found = await at(row);
        return found && found.score + 0.5 * weight * found.violation * found.violation;
      },
      async gradient(row) {
        const standing = await at(row);
        if (standing === undefined) return undefined;
        const slope = weight * standing.violation;
        const gradient = await gradientOf(
          standing,
          1,
          slope,
          (value, missed) => value + 0.5 * weight * missed * missed,
        );
        if (gradient !== undefined) regulariser.addGradient(row, gradient);
        return gradient;
      },
      shrink: (row, step) => regulariser.shrink(row, step),
      project: (row) => space.repair(row, row),
    }),
    violationGradient: (standing) => gradientOf(standing, 0, 1, (_, missed) => missed),
  };
}

function requireGradient({ objectives, violation }: EvaluationGradient, dimension: number): void {
  for (const part of [objectives, violation]) {
    if (part.rows !== 1 || part.columns !== dimension) {
      throw new ShapeError(
        `descent: expected a gradient of 1 x ${dimension}, got ${part.rows} x ${part.columns}.`,
      );
    }
    if (part.data.every(Number.isFinite)) continue;
    throw new NumericalError("descent: expected a finite gradient from the problem.");
  }
}

/** The problem with penalties in its scores. */
export const withPenalty = (problem: SearchProblem, regulariser: Regulariser): SearchProblem =>
  regulariser.isActive
    ? {
        ...problem,
        async evaluate(rows) {
          const { objectives, violation } = await problem.evaluate(rows);
          const scores = takeRows(
            objectives,
            Array.from({ length: rows.rows }, (_, i) => i),
          );
          for (let i = 0; i < rows.rows; i++) scores.data[i] += regulariser.value(rowOf(rows, i));
          return { objectives: scores, violation };
        },
      }
    : problem;
