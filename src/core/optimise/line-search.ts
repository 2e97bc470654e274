/** A point with the value and the gradient of the objective there. */
export interface LinePoint {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

interface Trial {
  readonly step: number;
  readonly point: LinePoint;
  readonly slope: number;
}

/** Fraction of the first-order decrease that a step must reach (Armijo). */
const sufficientDecrease = 1e-4;
/** Fraction of the first slope that may remain (strong Wolfe, for quasi-Newton directions). */
const remainingSlope = 0.9;
const maxTrials = 30;

/**
 * A point along a descent direction that meets the strong Wolfe conditions; along a path that is bent
 * by bounds, at least sufficient decrease. Values that are not finite count as too high.
 * Source: J. Nocedal, S. J. Wright, Numerical Optimization, 2nd ed. (2006), algorithms 3.5 and 3.6.
 * @param along the point a step away, projected into the box
 * @param direction slope of the unbent path
 * @param leastGain a narrowed interval whose slope promises no more is not searched on: rounding of the objective
 *   would be all that is left to see
 * @returns undefined when no step of the path goes down
 */
export function searchLine(
  along: (step: number) => LinePoint,
  start: LinePoint,
  direction: Float64Array,
  firstStep: number,
  leastGain = 0,
): LinePoint | undefined {
  const startSlope = slopeAt(start, start, direction, 0);
  const trial = (step: number): Trial => {
    const point = along(step);
    return { step, point, slope: slopeAt(point, start, direction, step) };
  };
  const isLow = ({ step, point }: Trial): boolean =>
    Number.isFinite(point.value) &&
    point.value <= start.value + sufficientDecrease * step * startSlope;
  const isFlat = ({ slope }: Trial): boolean => Math.abs(slope) <= -remainingSlope * startSlope;

  const rules = { trial, isLow, isFlat, leastGain };
  let low: Trial = { step: 0, point: start, slope: startSlope };
  let step = firstStep;
  for (let count = 0; count < maxTrials; count++) {
    const current = trial(step);
    const rises = !isLow(current) || (low.step > 0 && current.point.value >= low.point.value);
    if (rises) return zoom(low, current, rules, maxTrials - count);
    if (isFlat(current)) return current.point;
    if (current.slope >= 0) return zoom(current, low, rules, maxTrials - count);
    if (samePlace(current.point, low.point)) return current.point;
    low = current;
    step *= 2.5;
  }
  return low.step > 0 ? low.point : undefined;
}

interface Rules {
  readonly trial: (step: number) => Trial;
  readonly isLow: (trial: Trial) => boolean;
  readonly isFlat: (trial: Trial) => boolean;
  readonly leastGain: number;
}

/** Narrows the interval between the best point so far and one that is too high or too far. */
function zoom(
  best: Trial,
  other: Trial,
  { trial, isLow, isFlat, leastGain }: Rules,
  trials: number,
): LinePoint | undefined {
  let low = best;
  let high = other;
  for (let count = 0; count < trials; count++) {
    const width = Math.abs(high.step - low.step);
    if (width <= 1e-14 * Math.max(low.step, high.step)) break;
    // The first interval is always looked into: its slope may be far from that of its middle.
    if (count > 0 && Math.abs(low.slope) * width <= leastGain) break;
    const current = trial(cubicStep(low, high));
    if (!isLow(current) || current.point.value >= low.point.value) {
      high = current;
      continue;
    }
    if (isFlat(current)) return current.point;
    if (current.slope * (high.step - low.step) >= 0) high = low;
    low = current;
  }
  return low.step > 0 ? low.point : undefined;
}

/** Minimum of the cubic through both ends, kept away from them; the middle where there is none. */
function cubicStep(a: Trial, b: Trial): number {
  const width = b.step - a.step;
  const middle = a.step + 0.5 * width;
  if (!Number.isFinite(b.point.value) || !Number.isFinite(b.slope)) return a.step + 0.2 * width;
  const d1 = a.slope + b.slope - (3 * (b.point.value - a.point.value)) / width;
  const root = d1 * d1 - a.slope * b.slope;
  if (!(root >= 0)) return middle;
  const d2 = Math.sign(width) * Math.sqrt(root);
  const fraction = 1 - (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
  return fraction > 0.1 && fraction < 0.9 ? a.step + fraction * width : middle;
}

/** Slope along the path; a variable that a bound holds does not move and does not count. */
function slopeAt(
  point: LinePoint,
  start: LinePoint,
  direction: Float64Array,
  step: number,
): number {
  let slope = 0;
  for (let i = 0; i < direction.length; i++) {
    const unbent = start.x[i] + step * direction[i];
    if (point.x[i] === unbent) slope += point.gradient[i] * direction[i];
  }
  return slope;
}

function samePlace(a: LinePoint, b: LinePoint): boolean {
  return a.x.every((value, i) => value === b.x[i]);
}
