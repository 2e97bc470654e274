import type { Matrix } from "../../core/matrix.ts";
import type { Evaluation } from "../../search/contract.ts";
import { buildObjectives, type TargetGoal } from "../../search/objectives.ts";

/**
 * Measured values as objectives, minimised, and violations of the limits: what was measured is taken as it is.
 * @param values n x goals, none of them NaN
 */
export function measuredObjectives(goals: readonly TargetGoal[], values: Matrix): Evaluation {
  const none = new Float64Array(values.rows);
  const predictions = goals.map((_, g) => ({
    mean: Float64Array.from(
      { length: values.rows },
      (_row, i) => values.data[i * goals.length + g]!,
    ),
    epistemicStd: none,
    aleatoricStd: none,
  }));
  return buildObjectives(
    goals.map((goal) => ({ ...goal, confidence: 0 })),
    predictions,
  );
}
