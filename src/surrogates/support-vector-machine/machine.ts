import { correlationMatrix } from "../../core/linalg/covariance.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Workspace } from "./kernel-rows.ts";
import { solveDual, type DualOptions, type DualProblem } from "./solve-dual.ts";

/** A trained machine: decisions are `intercept + sum_i coefficients_i exp(-gamma |support_i - x|^2)`. */
export interface Machine {
  /** s x d. */
  readonly support: Matrix;
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

export interface Trained {
  readonly machine: Machine;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface MachineOptions extends DualOptions {
  /** Largest weight of a row. */
  readonly cost: number;
  /** Half width of the tube of numbers. */
  readonly epsilon: number;
}

/** Epsilon support vector regression of standardised targets. */
export function trainRegression(
  workspace: Workspace,
  x: Matrix,
  target: Float64Array,
  options: MachineOptions,
): Promise<Trained> {
  const upper = new Float64Array(x.rows).fill(options.cost);
  const lower = upper.map((value) => -value);
  return train(workspace, { x, target, lower, upper, epsilon: options.epsilon }, options);
}

/** Classification of labels -1 and 1; rows of one label only have that as their decision. */
export function trainClassification(
  workspace: Workspace,
  x: Matrix,
  labels: Float64Array,
  options: MachineOptions,
): Promise<Trained> {
  const upper = labels.map((label) => (label > 0 ? options.cost : 0));
  const lower = labels.map((label) => (label > 0 ? 0 : -options.cost));
  return train(workspace, { x, target: labels, lower, upper, epsilon: 0 }, options);
}

async function train(
  workspace: Workspace,
  problem: DualProblem,
  options: DualOptions,
): Promise<Trained> {
  const { x, target } = problem;
  if (target.every((value) => value === target[0])) {
    const machine = {
      support: matrix(0, x.columns),
      coefficients: new Float64Array(0),
      intercept: target[0] ?? 0,
    };
    return { machine, iterations: 0, converged: true };
  }
  const { coefficients, intercept, iterations, converged } = await solveDual(
    workspace,
    problem,
    options,
  );
  const kept = Int32Array.from(coefficients.keys()).filter((i) => coefficients[i] !== 0);
  return {
    machine: {
      support: takeRows(x, kept),
      coefficients: Float64Array.from(kept, (i) => coefficients[i]),
      intercept,
    },
    iterations,
    converged,
  };
}

/** Rows decided at once. */
const blockRows = 512;

/** Decisions for rows. */
export function decide(machine: Machine, gamma: number, x: Matrix): Float64Array {
  const { support, coefficients, intercept } = machine;
  const decisions = new Float64Array(x.rows).fill(intercept);
  if (support.rows === 0) return decisions;
  const scales = new Float64Array(x.columns).fill(1 / Math.sqrt(2 * gamma));
  const d = x.columns;
  for (let first = 0; first < x.rows; first += blockRows) {
    const rows = Math.min(blockRows, x.rows - first);
    const block = matrix(rows, d, x.data.subarray(first * d, (first + rows) * d));
    const { data } = correlationMatrix({ name: "rbf" }, support, scales, block);
    for (let s = 0, at = 0; s < support.rows; s++) {
      const weight = coefficients[s];
      for (let i = 0; i < rows; i++, at++) decisions[first + i] += weight * data[at];
    }
  }
  return decisions;
}
