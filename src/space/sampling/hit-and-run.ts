import type { Rng } from "../../core/rng.ts";
import { Program } from "../conflicts/solver.ts";
import type { Solver, Term } from "../conflicts/solver.ts";

/** `lower <= a . x <= upper`, the tolerance `slack` inside the bounds. */
export interface HalfSpaces {
  readonly coefficients: Float64Array;
  readonly lower: number;
  readonly upper: number;
  readonly slack: number;
}

/** A box, cut by rows; the first `fractions` coordinates sum to one. */
export interface Polytope {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly fractions: number;
  readonly rows: readonly HalfSpaces[];
}

/** Room below which a polytope counts as flat in a direction, as a share of what its rows can span. */
const FLAT = 1e-6;
/** How often a chord is shortened before a step stays where it is. */
const MOST_SHRINKS = 60;
/** Components of a random direction (of length about one) below this count as zero. */
const ROUNDING = 1e-12;

/**
 * Uniform points of a polytope by hit-and-run: from the current point a random direction, then a
 * uniform point of the chord. Starts from a point with room to every limit. A polytope that is flat
 * (equations, or limits that only just meet) is walked within its own affine hull. Further limits may be
 * given as a test: a point of the chord that fails it shortens the chord towards the current point and is
 * drawn again, which leaves the uniform distribution as it is.
 * Source: R. L. Smith, Oper. Res. 32, 1296 (1984), doi:10.1287/opre.32.6.1296; R. M. Neal, Ann. Statist.
 * 31, 705 (2003), doi:10.1214/aos/1056562461 (shrinkage).
 */
export class Walker {
  readonly point: Float64Array;
  private readonly polytope: Polytope;
  private readonly hull: Hull;
  /** Orthonormal normals of the affine hull, in coordinates divided by `width`. */
  private readonly normals: readonly Float64Array[];
  private readonly width: Float64Array;
  private readonly direction: Float64Array;
  private readonly before: Float64Array;
  /** 1 for coordinates and rows whose limits bound the chord (the others are constant along it). */
  private readonly boundsChord: Uint8Array;

  private constructor(polytope: Polytope, hull: Hull, start: Float64Array) {
    this.polytope = polytope;
    this.hull = hull;
    this.normals = hull.normals;
    this.width = hull.width;
    this.boundsChord = hull.isOpen;
    this.point = start;
    this.direction = new Float64Array(start.length);
    this.before = new Float64Array(start.length);
  }

  /** A walker at an interior point, or null when the polytope is empty. */
  static start(polytope: Polytope, solver: Solver): Walker | null {
    const inside = interiorPoint(polytope, solver);
    if (inside === null) return null;
    const hull = new Hull(polytope, inside);
    hull.settle(inside.point);
    return new Walker(polytope, hull, inside.point);
  }

  /** Another walker where this one stands, or at another point of the polytope. */
  again(point: Float64Array = this.point): Walker {
    return new Walker(this.polytope, this.hull, point.slice());
  }

  /** @param keeps a test that the current point passes and every point walked to shall */
  advance(steps: number, rng: Rng, keeps?: (point: Float64Array) => boolean): void {
    const { lower, upper, rows } = this.polytope;
    const { point, direction, width, normals, boundsChord } = this;
    const m = point.length;
    // A single point has nowhere to go.
    if (normals.length >= m) return;
    for (let step = 0; step < steps; step++) {
      for (let j = 0; j < m; j++) direction[j] = rng.normal();
      for (const normal of normals) {
        let along = 0;
        for (let j = 0; j < m; j++) along += normal[j]! * direction[j]!;
        for (let j = 0; j < m; j++) direction[j] = direction[j]! - along * normal[j]!;
      }
      let least = Number.NEGATIVE_INFINITY;
      let most = Number.POSITIVE_INFINITY;
      for (let j = 0; j < m; j++) {
        // What is left of a direction along a normal is rounding.
        const rate = Math.abs(direction[j]!) < ROUNDING ? 0 : direction[j]! * width[j]!;
        direction[j] = rate;
        if (boundsChord[j] === 0 || rate === 0) continue;
        const a = (lower[j]! - point[j]!) / rate;
        const b = (upper[j]! - point[j]!) / rate;
        least = Math.max(least, Math.min(a, b));
        most = Math.min(most, Math.max(a, b));
      }
      for (let r = 0; r < rows.length; r++) {
        if (boundsChord[m + r] === 0) continue;
        const row = rows[r]!;
        let rate = 0;
        let value = 0;
        for (let j = 0; j < m; j++) {
          rate += row.coefficients[j]! * direction[j]!;
          value += row.coefficients[j]! * point[j]!;
        }
        if (rate === 0) continue;
        const a = (row.lower - value) / rate;
        const b = (row.upper - value) / rate;
        least = Math.max(least, Math.min(a, b));
        most = Math.min(most, Math.max(a, b));
      }
      if (!(most > least) || !Number.isFinite(most - least)) continue;
      this.move(least, most, rng, keeps);
    }
  }

  /** To a uniform point of the chord, of those that pass the test. */
  private move(
    from: number,
    to: number,
    rng: Rng,
    keeps: ((point: Float64Array) => boolean) | undefined,
  ): void {
    const { lower, upper } = this.polytope;
    const { point, direction, before } = this;
    before.set(point);
    let [least, most] = [from, to];
    for (let attempt = 0; attempt < MOST_SHRINKS; attempt++) {
      const length = least + (most - least) * rng.uniform();
      for (let j = 0; j < point.length; j++) {
        const x = before[j]! + length * direction[j]!;
        point[j] = Math.min(upper[j]!, Math.max(lower[j]!, x));
      }
      if (keeps === undefined || keeps(point)) return;
      if (length < 0) least = length;
      else most = length;
    }
    point.set(before);
  }
}

/** The affine hull: the sum of the fractions and everything that turned out to be an equation. */
class Hull {
  readonly width: Float64Array;
  readonly normals: Float64Array[] = [];
  readonly isOpen: Uint8Array;
  private readonly sides: number[] = [];

  constructor(polytope: Polytope, { isFlat, point }: Inside) {
    const { lower, upper, fractions, rows } = polytope;
    const m = lower.length;
    this.width = Float64Array.from(lower, (low, j) => (j < fractions ? 1 : upper[j]! - low || 1));
    this.isOpen = isFlat.map((flat) => 1 - flat);
    const sum = new Float64Array(m).fill(1, 0, fractions);
    if (fractions > 0) this.add(sum, 1);
    for (let r = 0; r < rows.length; r++) {
      if (isFlat[m + r] === 0) continue;
      const { coefficients, slack } = rows[r]!;
      const value = coefficients.reduce((sum, a, j) => sum + a * point[j]!, 0);
      const side = nearer(value, rows[r]!.lower + slack, rows[r]!.upper - slack);
      this.add(coefficients, side);
    }
    for (let j = 0; j < m; j++) {
      if (isFlat[j] === 1) {
        const side = nearer(point[j]!, lower[j]!, upper[j]!);
        this.add(new Float64Array(m).fill(1, j, j + 1), side);
      }
    }
  }

  /** Moves a point into the hull. */
  settle(point: Float64Array): void {
    this.normals.forEach((normal, k) => {
      let value = 0;
      for (let j = 0; j < point.length; j++) value += (normal[j]! * point[j]!) / this.width[j]!;
      const gap = this.sides[k]! - value;
      for (let j = 0; j < point.length; j++)
        point[j] = point[j]! + gap * normal[j]! * this.width[j]!;
    });
  }

  /** Adds `a . x = side`, unless it follows from what is there. */
  private add(coefficients: Float64Array, side: number): void {
    const normal = coefficients.map((a, j) => a * this.width[j]!);
    const size = Math.sqrt(normal.reduce((sum, a) => sum + a * a, 0));
    if (size === 0) return;
    let rest = side;
    for (let k = 0; k < this.normals.length; k++) {
      const other = this.normals[k]!;
      const along = other.reduce((sum, a, j) => sum + a * normal[j]!, 0);
      for (let j = 0; j < normal.length; j++) normal[j] = normal[j]! - along * other[j]!;
      rest -= along * this.sides[k]!;
    }
    const left = Math.sqrt(normal.reduce((sum, a) => sum + a * a, 0));
    if (left <= 1e-9 * size) return;
    this.normals.push(normal.map((a) => a / left));
    // The hull is kept in coordinates x / width, in which a . x = sum (a width) (x / width).
    this.sides.push(rest / left);
  }
}

/** The bound at which a value without room lies. */
const nearer = (value: number, low: number, high: number): number =>
  Math.abs(value - low) <= Math.abs(value - high) ? low : high;

interface Inside {
  readonly point: Float64Array;
  /** 1 for coordinates (first) and rows that leave no room. */
  readonly isFlat: Uint8Array;
}

/** A point with room to all limits that have any, and which have none; null when there is no point. */
function interiorPoint(polytope: Polytope, solver: Solver): Inside | null {
  const { lower, upper, rows } = polytope;
  const m = lower.length;
  const limits = [
    ...Array.from(lower, (low, j) => ({
      terms: [[j, 1]] as Term[],
      lower: low,
      upper: upper[j]!,
      reach: upper[j]! - low,
    })),
    ...rows.map(({ coefficients, lower: low, upper: high }) => ({
      terms: Array.from(coefficients, (a, j): Term => [j, a]),
      lower: low,
      upper: high,
      reach: coefficients.reduce((sum, a, j) => sum + Math.abs(a) * (upper[j]! - lower[j]!), 0),
    })),
  ];
  const program = baseProgram(polytope);
  const room = program.column(0, 1);
  program.cost[room] = -1;
  for (const { terms, lower: low, upper: high, reach } of limits) {
    if (Number.isFinite(low))
      program.row(low, Number.POSITIVE_INFINITY, [...terms, [room, -reach / 2]]);
    if (Number.isFinite(high))
      program.row(Number.NEGATIVE_INFINITY, high, [...terms, [room, reach / 2]]);
  }
  const solution = solver.solve(program);
  if (solution === null) return null;
  const isFlat = new Uint8Array(limits.length);
  if (solution[room]! > FLAT) return { point: solution.slice(0, m), isFlat };
  // Somewhere there is no room at once: look at each limit by itself and average the best points.
  const mean = new Float64Array(m);
  let points = 0;
  for (let k = 0; k < limits.length; k++) {
    const { terms, lower: low, upper: high, reach } = limits[k]!;
    const single = baseProgram(polytope);
    const gap = single.column(0, 1);
    single.cost[gap] = -1;
    if (Number.isFinite(low))
      single.row(low, Number.POSITIVE_INFINITY, [...terms, [gap, -reach / 2]]);
    if (Number.isFinite(high))
      single.row(Number.NEGATIVE_INFINITY, high, [...terms, [gap, reach / 2]]);
    const best = solver.solve(single);
    if (best === null) return null;
    if (best[gap]! <= FLAT) isFlat[k] = 1;
    for (let j = 0; j < m; j++) mean[j]! += best[j]!;
    points++;
  }
  return { point: mean.map((x) => x / points), isFlat };
}

function baseProgram({ lower, upper, fractions, rows }: Polytope): Program {
  const program = new Program();
  lower.forEach((low, j) => program.column(low, upper[j]!));
  if (fractions > 0)
    program.row(
      1,
      1,
      Array.from({ length: fractions }, (_, j): Term => [j, 1]),
    );
  for (const { coefficients, lower: low, upper: high } of rows) {
    program.row(
      low,
      high,
      Array.from(coefficients, (a, j): Term => [j, a]),
    );
  }
  return program;
}
