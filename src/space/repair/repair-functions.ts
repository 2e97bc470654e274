import { NumericalError } from "../../core/errors.ts";
import { rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { satisfies } from "../model/feasibility.ts";
import { presenceMatters } from "../finite/finite.ts";
import { Lineariser, violationOf } from "./linearise.ts";
import type { Box } from "./linearise.ts";
import { leastPresent, type Model } from "../model/model.ts";
import { moves } from "./neighbours.ts";
import { innerRows, scaleOf, squaredDistance } from "./scaled.ts";

/** How many of some feasible draws are started from, the nearest ones. */
const BEST_DRAWS = 4;
/** Discrete steps of one descent. */
const MOST_STEPS = 60;
/** Discrete steps that a continuous one is tried from. */
const MOST_TRIED = 3;

/**
 * Finds a feasible design near a row where limits by functions stand in the way: continuous columns by
 * sequential linearisation, discrete ones by descent over single changes, first of what is missed and then
 * of the distance; where both fail, from the nearest of some feasible draws.
 */
export class FunctionRepairer {
  private readonly model: Model;
  private readonly withoutFunctions: Model;
  private readonly lineariser: Lineariser;
  private readonly scale: Float64Array;

  constructor(model: Model) {
    this.model = model;
    this.withoutFunctions = { ...model, functions: [] };
    this.scale = scaleOf(model);
    this.lineariser = new Lineariser(model, this.scale, innerRows(model));
  }

  /** @param start a row that keeps everything but functions @returns a feasible row, or null */
  near(start: Float64Array, wish: Float64Array): Float64Array | null {
    const moved = this.lineariser.nearest(wish, start, cellOf(this.model, start));
    if (moved !== null) return moved;
    const found = this.descend(start, wish);
    return found === null ? null : this.approach(found, wish);
  }

  /** As `near`, but any feasible row will do. */
  reach(start: Float64Array): Float64Array | null {
    return (
      this.lineariser.nearest(start, start, cellOf(this.model, start)) ?? this.descend(start, start)
    );
  }

  /**
   * The nearest of what feasible draws lead to.
   * @throws NumericalError when the draws are no designs
   */
  fromDraws(draws: Matrix, wish: Float64Array): Float64Array {
    const ranked = Array.from({ length: draws.rows }, (_, i) => rowOf(draws, i))
      .map((row) => ({ row, distance: this.distance(row, wish) }))
      .sort((a, b) => a.distance - b.distance);
    const ends = ranked.slice(0, BEST_DRAWS).map(({ row }) => this.approach(row.slice(), wish));
    const best = ends.reduce((a, b) => (this.distance(b, wish) < this.distance(a, wish) ? b : a));
    if (satisfies(this.model, best)) return best;
    throw new NumericalError("repair: no feasible design was found.");
  }

  private distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
    return squaredDistance(this.model, this.scale, a, b);
  }

  /** From a feasible row to nearer ones: continuous columns first, then single changes. */
  private approach(start: Float64Array, wish: Float64Array): Float64Array {
    let best = this.nearer(start, wish);
    let least = this.distance(best, wish);
    for (let step = 0; step < MOST_STEPS; step++) {
      let next: Float64Array | null = null;
      for (const candidate of moves(this.model, best)) {
        const distance = this.distance(candidate, wish);
        if (distance >= least - 1e-12 || !satisfies(this.model, candidate)) continue;
        least = distance;
        next = candidate;
      }
      if (next === null) return best;
      best = this.nearer(next, wish);
      least = this.distance(best, wish);
    }
    return best;
  }

  /** A feasible row with its continuous columns nearer to the wish, discrete ones kept. */
  private nearer(start: Float64Array, wish: Float64Array): Float64Array {
    const found = this.lineariser.nearest(wish, start, cellOf(this.model, start));
    return found !== null && this.distance(found, wish) < this.distance(start, wish)
      ? found
      : start;
  }

  /** Single changes that lessen what is missed. */
  private descend(start: Float64Array, wish: Float64Array): Float64Array | null {
    let at = start;
    let least = violationOf(this.model, start);
    for (let step = 0; step < MOST_STEPS; step++) {
      const candidates = [...moves(this.model, at)]
        .filter((row) => satisfies(this.withoutFunctions, row))
        .map((row) => ({
          row,
          missed: violationOf(this.model, row),
          distance: this.distance(row, wish),
        }))
        .sort((a, b) => a.missed - b.missed || a.distance - b.distance);
      const [first] = candidates;
      if (first === undefined) return null;
      if (first.missed === 0) return first.row;
      for (const { row } of candidates.slice(0, MOST_TRIED)) {
        const moved = this.lineariser.nearest(wish, row, cellOf(this.model, row));
        if (moved !== null) return moved;
      }
      if (first.missed >= least) return null;
      least = first.missed;
      at = first.row;
    }
    return null;
  }
}

/** The box around a row in which its discrete choices stay: present elements, listed values, parameters. */
export function cellOf(model: Model, row: Float64Array): Box {
  const lower = row.slice();
  const upper = row.slice();
  const { composition } = model;
  if (composition !== null && composition.grid === 0) {
    const matters = presenceMatters(model);
    composition.elements.forEach(({ lo, hi, mayBeAbsent }, i) => {
      if (matters[i] === false && mayBeAbsent) {
        lower[i] = 0;
        upper[i] = Math.max(hi, row[i]!);
        return;
      }
      if (!(row[i]! > 0)) return;
      lower[i] = Math.min(lo, row[i]!);
      upper[i] = Math.max(hi, row[i]!);
    });
  }
  for (const other of model.others) {
    if (other.kind !== "continuous") continue;
    const { column, max, gap } = other;
    if (gap > 0 && row[column] === 0) continue;
    const conditional = model.conditionals.find((one) => one.column === column);
    if (conditional?.isActive(row) === false) continue;
    lower[column] = leastPresent(other);
    upper[column] = max;
  }
  return { lower, upper };
}
