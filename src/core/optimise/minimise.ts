import { InputError, NumericalError, ShapeError } from "../errors.ts";
import { searchLine, type LinePoint } from "./line-search.ts";

/** Value of a function at `x` (d numbers); writes its gradient (d numbers) into `gradientOut`. */
export type ObjectiveWithGradient = (x: Float64Array, gradientOut: Float64Array) => number;

export interface MinimiseOptions {
  readonly maxIterations?: number;
  /** Stops when no entry of the projected gradient is larger than this times max(1, |value|). */
  readonly tolerance?: number;
  /** Stops when one iteration lowers the value by less than this times max(1, |value|). */
  readonly functionTolerance?: number;
  /** Number of past steps that shape the curvature estimate. */
  readonly memory?: number;
  /** Lower bounds (d numbers, may hold -Infinity). */
  readonly lower?: ArrayLike<number>;
  /** Upper bounds (d numbers, may hold Infinity). */
  readonly upper?: ArrayLike<number>;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly iterations: number;
  readonly evaluations: number;
  /** False when it stopped at `maxIterations` or where no step along the search line went down. */
  readonly converged: boolean;
  readonly reason: "gradient" | "decrease" | "iterations" | "line search";
}

/**
 * A local minimum of a smooth function, optionally inside a box, by L-BFGS: the curvature of the last
 * steps shapes the direction, variables held by a bound are left out of it, and the step is chosen by
 * a strong Wolfe line search along the path projected into the box. The objective may return a value
 * that is not finite where it is undefined; such a step is shortened.
 * Source: J. Nocedal, S. J. Wright, Numerical Optimization, 2nd ed. (2006), algorithms 7.4, 3.5, 3.6;
 * projection after D. P. Bertsekas, SIAM J. Control Optim. 20, 221 (1982), doi:10.1137/0320018.
 * @param start d numbers; moved into the box when outside
 * @throws NumericalError when value or gradient at the start is not finite
 */
export function minimise(
  objective: ObjectiveWithGradient,
  start: ArrayLike<number>,
  options: MinimiseOptions = {},
): Minimum {
  const { maxIterations = 200, tolerance = 1e-6, functionTolerance = 1e-12, memory = 8 } = options;
  const d = start.length;
  const lower = bounds("lower", options.lower, d, Number.NEGATIVE_INFINITY);
  const upper = bounds("upper", options.upper, d, Number.POSITIVE_INFINITY);
  for (let i = 0; i < d; i++) {
    if (!(lower[i] <= upper[i])) {
      throw new InputError(
        `minimise: expected lower <= upper, got ${lower[i]} and ${upper[i]} at variable ${i}.`,
      );
    }
  }

  let evaluations = 0;
  const evaluate = (x: Float64Array): LinePoint => {
    const gradient = new Float64Array(d);
    const value = objective(x, gradient);
    evaluations++;
    return { x, value, gradient };
  };

  let point = evaluate(project(Float64Array.from(start), lower, upper));
  if (!Number.isFinite(point.value) || !point.gradient.every(Number.isFinite)) {
    throw new NumericalError(
      `minimise: expected a finite value and gradient at the start, got ${point.value}.`,
      { hint: "Choose another start or scale the objective." },
    );
  }

  const history: Correction[] = [];
  let iterations = 0;
  const done = (reason: Minimum["reason"]): Minimum => ({
    ...point,
    iterations,
    evaluations,
    converged: reason === "gradient" || reason === "decrease",
    reason,
  });

  for (;;) {
    const free = freeVariables(point, lower, upper);
    const scale = Math.max(1, Math.abs(point.value));
    if (largestFree(point.gradient, free) <= tolerance * scale) return done("gradient");
    if (iterations >= maxIterations) return done("iterations");

    let direction = quasiNewtonDirection(point.gradient, free, history);
    keepInside(direction, point.x, lower, upper);
    if (!(dot(direction, point.gradient) < 0)) {
      history.length = 0;
      direction = point.gradient.map((g, i) => (free[i] ? -g : 0));
    }

    const firstStep = history.length === 0 ? Math.min(1, 1 / largestFree(direction, free)) : 1;
    const along = (step: number): LinePoint =>
      evaluate(
        project(
          direction.map((v, i) => point.x[i] + step * v),
          lower,
          upper,
        ),
      );
    const next = searchLine(along, point, direction, firstStep, functionTolerance * scale);
    if (next === undefined) {
      if (history.length === 0) return done("line search");
      history.length = 0; // The curvature estimate misled: try once more along the gradient.
      continue;
    }

    iterations++;
    remember(history, point, next, memory);
    const decrease = point.value - next.value;
    point = next;
    if (decrease <= functionTolerance * scale) return done("decrease");
  }
}

/** Change of position and of gradient in one step, and the reciprocal of their product. */
interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly inverseProduct: number;
}

function remember(history: Correction[], from: LinePoint, to: LinePoint, memory: number): void {
  const step = to.x.map((v, i) => v - from.x[i]);
  const change = to.gradient.map((v, i) => v - from.gradient[i]);
  const product = dot(step, change);
  // A correction without positive curvature would spoil the estimate's definiteness.
  if (!(product > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
  history.push({ step, change, inverseProduct: 1 / product });
  if (history.length > memory) history.shift();
}

/** Two-loop recursion (algorithm 7.4) over the free variables. */
function quasiNewtonDirection(
  gradient: Float64Array,
  free: Uint8Array,
  history: readonly Correction[],
): Float64Array {
  const direction = gradient.map((g, i) => (free[i] ? -g : 0));
  const alphas = new Float64Array(history.length);
  for (let k = history.length - 1; k >= 0; k--) {
    const { step, change, inverseProduct } = history[k];
    const alpha = inverseProduct * dot(step, direction);
    alphas[k] = alpha;
    for (let i = 0; i < direction.length; i++) direction[i] -= alpha * change[i];
  }
  const last = history.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.inverseProduct * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  for (let k = 0; k < history.length; k++) {
    const { step, change, inverseProduct } = history[k];
    const beta = inverseProduct * dot(change, direction);
    for (let i = 0; i < direction.length; i++) direction[i] += step[i] * (alphas[k] - beta);
  }
  for (let i = 0; i < direction.length; i++) if (!free[i]) direction[i] = 0;
  return direction;
}

/** 1 where a variable may move: 0 where it sits on a bound and the descent points outwards. */
function freeVariables(point: LinePoint, lower: Float64Array, upper: Float64Array): Uint8Array {
  return Uint8Array.from(point.x, (x, i) => {
    const g = point.gradient[i];
    return (x <= lower[i] && g > 0) || (x >= upper[i] && g < 0) ? 0 : 1;
  });
}

/** Clears entries of the direction that would leave the box at once. */
function keepInside(
  direction: Float64Array,
  x: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) {
    const leaves = (x[i] <= lower[i] && direction[i] < 0) || (x[i] >= upper[i] && direction[i] > 0);
    if (leaves) direction[i] = 0;
  }
}

function project(x: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array {
  for (let i = 0; i < x.length; i++) x[i] = Math.min(upper[i], Math.max(lower[i], x[i]));
  return x;
}

function largestFree(values: Float64Array, free: Uint8Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    if (free[i]) largest = Math.max(largest, Math.abs(values[i]));
  }
  return largest;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function bounds(
  name: string,
  values: ArrayLike<number> | undefined,
  d: number,
  missing: number,
): Float64Array {
  if (values === undefined) return new Float64Array(d).fill(missing);
  if (values.length !== d) {
    throw new ShapeError(
      `minimise: expected ${d} ${name} bounds, one per variable, got ${values.length}.`,
    );
  }
  return Float64Array.from(values);
}
