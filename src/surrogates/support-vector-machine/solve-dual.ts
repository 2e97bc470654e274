import type { Matrix } from "../../core/matrix.ts";
import { kernelRows, type Workspace } from "./kernel-rows.ts";

/** The dual problem of a machine: coefficients b_i in [lower_i, upper_i] with sum 0. */
export interface DualProblem {
  /** Points, n x d. */
  readonly x: Matrix;
  /** Targets: -1 and 1 for classes, numbers else. */
  readonly target: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Half width of the tube; 0 for classes. */
  readonly epsilon: number;
}

export interface DualOptions {
  /** The kernel is exp(-gamma |x - y|^2). */
  readonly gamma: number;
  /** Largest violation of the optimality conditions that is left. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Called now and then, so that a cancellation is seen. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** Multiply-adds between two pauses, about. */
const workPerPause = 1e8;

export interface DualSolution {
  /** n coefficients, most of them 0. */
  readonly coefficients: Float64Array;
  /** Decisions are `intercept + sum_i coefficients_i K(x_i, x)`. */
  readonly intercept: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Solves `min 1/2 b' K b - target' b + epsilon |b|_1` for b in its bounds with sum b = 0 by sequential
 * minimal optimisation with second-order working sets. In terms of the errors `E = target - K b`, a
 * coefficient that can grow has the gain `E - epsilon` (`E + epsilon` below 0), one that can shrink the loss
 * `E - epsilon` above 0 (`E + epsilon` else); the solution is optimal when no gain is above a loss.
 * Source: R.-E. Fan, P.-H. Chen, C.-J. Lin, J. Mach. Learn. Res. 6, 1889 (2005); C.-C. Chang, C.-J. Lin, ACM
 * Trans. Intell. Syst. Technol. 2(3), 27 (2011), doi:10.1145/1961189.1961199, sections 2 and 4.
 */
export async function solveDual(
  workspace: Workspace,
  { x, target, lower, upper, epsilon }: DualProblem,
  { gamma, tolerance, maxIterations, pause }: DualOptions,
): Promise<DualSolution> {
  const n = x.rows;
  const { heap, functions, errors: e, ups: up, lows: low, result: out } = workspace;
  const { stepErrors, pickPartner } = functions;
  const rows = kernelRows(workspace, x, gamma);
  const { ld } = rows;
  const errors = heap.view(e, ld).fill(0);
  const ups = heap.view(up, ld).fill(Number.NEGATIVE_INFINITY);
  const lows = heap.view(low, ld).fill(Number.POSITIVE_INFINITY);
  const result = heap.view(out, 3);
  errors.set(target);
  const b = new Float64Array(n);
  const place = (i: number): void => {
    const [value, side] = [b[i], epsilon];
    ups[i] = value >= upper[i] ? Number.NEGATIVE_INFINITY : value < 0 ? side : -side;
    lows[i] = value <= lower[i] ? Number.POSITIVE_INFINITY : value > 0 ? -side : side;
  };
  for (let i = 0; i < n; i++) place(i);

  const untilPause = Math.max(100, Math.floor(workPerPause / (n * (x.columns + 5))));
  let iterations = 0;
  let converged = false;
  let [first, second, step] = [e, e, 0];
  for (;;) {
    stepErrors(ld, e, first, second, step, up, low, out);
    const [highest, i, least] = result;
    converged = !(highest - least >= tolerance);
    if (converged || iterations >= maxIterations) break;
    first = rows.row(i);
    const j = pickPartner(ld, e, first, low, highest);
    if (j < 0) break;
    second = rows.row(j);
    const curvature = Math.max(2 - 2 * heap.view(first + 8 * j, 1)[0], 1e-12);
    const room = b[i] < 0 && epsilon > 0 ? Math.min(-b[i], upper[i] - b[i]) : upper[i] - b[i];
    const below = b[j] > 0 && epsilon > 0 ? Math.min(b[j], b[j] - lower[j]) : b[j] - lower[j];
    step = Math.min((highest - errors[j] - lows[j]) / curvature, room, below);
    // Bounds are met exactly, not up to rounding.
    b[i] = step === upper[i] - b[i] ? upper[i] : step === -b[i] ? 0 : b[i] + step;
    b[j] = step === b[j] - lower[j] ? lower[j] : step === b[j] ? 0 : b[j] - step;
    place(i);
    place(j);
    iterations++;
    if (pause !== undefined && iterations % untilPause === 0) await pause();
  }
  const intercept = interceptOf(b, errors, ups, lows, { lower, upper });
  return { coefficients: b, intercept, iterations, converged };
}

/** Mean over the coefficients inside their bounds, or the middle of what the others allow. */
function interceptOf(
  b: Float64Array,
  errors: Float64Array,
  ups: Float64Array,
  lows: Float64Array,
  { lower, upper }: Pick<DualProblem, "lower" | "upper">,
): number {
  let [sum, free] = [0, 0];
  let [highest, least] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < b.length; i++) {
    const [gain, loss] = [errors[i] + ups[i], errors[i] + lows[i]];
    highest = Math.max(highest, gain);
    least = Math.min(least, loss);
    if (b[i] === 0 || b[i] <= lower[i] || b[i] >= upper[i]) continue;
    sum += gain;
    free++;
  }
  return free > 0 ? sum / free : (highest + least) / 2;
}
