import { keepsFunction, satisfies } from "../model/feasibility.ts";
import type { FunctionRow, Model } from "../model/model.ts";
import { Projector, type ProjectionRow } from "./project.ts";

/** Rounds of linearisation, and of these without progress. */
const MOST_ROUNDS = 40;
const PATIENCE = 6;
/** Steps of the differences, as share of a column's width. */
const STEP = 1e-6;
/** How far inside a linearised limit a projection aims, as share of what the limit spans on the box. */
const MARGINS = [1e-9, 1e-4, 1e-2];

/** How much of the way to the linearised limits is asked for, where all of it is too much. */
const SHARES = [1, 0.5, 0.2, 0.05];

/** A linearised limit with its value where the row stands. */
interface Cut extends ProjectionRow {
  readonly value: number;
}

/** The box in which a row may move: columns whose bounds are equal stay. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Moves the continuous columns of rows so that limits given by functions hold: the row that is wanted is
 * projected onto the box, the linear rows and the functions linearised where the last projection came
 * out, again and again (sequential linear constraints). What comes back has been tested against every
 * constraint; for limits that are not convex it need not be the nearest, and none need be found.
 */
export class Lineariser {
  private readonly model: Model;
  private readonly scale: Float64Array;
  private readonly rows: readonly ProjectionRow[];
  private readonly summed: number;

  /** @param scale squared widths of the columns */
  constructor(model: Model, scale: Float64Array, rows: readonly ProjectionRow[]) {
    this.model = model;
    this.scale = scale;
    this.rows = rows;
    this.summed = model.composition?.elements.length ?? 0;
  }

  /**
   * @param wish the row to come near to
   * @param start a row in the box that keeps the linear rows
   * @param isInside whether rather a row with room to the limits than the nearest
   * @returns a feasible row, or null
   */
  nearest(
    wish: Float64Array,
    start: Float64Array,
    box: Box,
    isInside = false,
  ): Float64Array | null {
    const isFree = (j: number): boolean => box.upper[j]! > box.lower[j]!;
    const broken = this.model.functions.filter((limit) => !keepsFunction(limit, start));
    // A limit whose columns all stay cannot be mended.
    if (broken.some(({ columns }) => !columns.some(isFree))) return null;
    for (const margin of isInside ? MARGINS.toReversed() : MARGINS) {
      const found = this.rounds(wish, start, box, margin);
      if (found !== null) return found;
    }
    return null;
  }

  private rounds(
    wish: Float64Array,
    start: Float64Array,
    box: Box,
    margin: number,
  ): Float64Array | null {
    const { functions } = this.model;
    const met = new Set<FunctionRow>();
    let at: Float64Array = start.slice();
    let best: Float64Array | null = null;
    let least = Number.POSITIVE_INFINITY;
    let worst = Number.POSITIVE_INFINITY;
    let idle = 0;
    for (let round = 0; round < MOST_ROUNDS && idle < PATIENCE; round++) {
      const cuts: Cut[] = [];
      for (const limit of functions) {
        if (!keepsFunction(limit, at)) met.add(limit);
        if (!met.has(limit)) continue;
        const cut = this.cutOf(limit, at, box, margin);
        if (cut !== null) cuts.push(cut);
      }
      const next = this.project(wish, box, cuts);
      if (next === null) return best;
      const gap = this.violation(next);
      if (satisfies(this.model, next)) {
        const distance = this.distance(next, wish);
        if (distance < least * (1 - 1e-6)) idle = 0;
        else idle++;
        if (distance < least) {
          least = distance;
          best = next.slice();
        }
        if (idle > 1) return best;
      } else {
        idle = gap < 0.9 * worst ? 0 : idle + 1;
        worst = Math.min(worst, gap);
      }
      let moved = 0;
      for (let j = 0; j < at.length; j++) moved = Math.max(moved, Math.abs(next[j]! - at[j]!));
      // Where steps swing to and fro, half of one.
      at = idle > 2 ? next.map((x, j) => (x + at[j]!) / 2) : next;
      if (moved === 0) break;
    }
    return best;
  }

  /**
   * The wish projected onto everything linear. Where the linearised limits leave nothing, only part of the
   * way towards them is asked for; null where even a small part is too much.
   */
  private project(
    wish: Float64Array,
    { lower, upper }: Box,
    cuts: readonly Cut[],
  ): Float64Array | null {
    const aim = lower.map((low, j) => (low === upper[j]! ? low : wish[j]!));
    const next = new Float64Array(aim.length);
    for (const share of SHARES) {
      const rows = cuts.map(({ coefficients, value, lower: low, upper: high }) => ({
        coefficients,
        lower: value < low ? value + share * (low - value) : low,
        upper: value > high ? value + share * (high - value) : high,
      }));
      const projector = new Projector(this.scale, this.summed, [...this.rows, ...rows]);
      if (projector.project(aim, lower, upper, next)) return next;
    }
    return null;
  }

  /** The limit as a linear row, from differences where the row stands; null where it does not move. */
  private cutOf(
    limit: FunctionRow,
    at: Float64Array,
    { lower, upper }: Box,
    margin: number,
  ): Cut | null {
    const value = limit.evaluate(at);
    if (!Number.isFinite(value)) return null;
    const coefficients = new Float64Array(at.length);
    const probe = at.slice();
    let span = 0;
    for (const j of limit.columns) {
      const width = upper[j]! - lower[j]!;
      if (!(width > 0)) continue;
      const step = STEP * width;
      const high = Math.min(upper[j]!, at[j]! + step);
      const low = Math.max(lower[j]!, at[j]! - step);
      probe[j] = high;
      const above = limit.evaluate(probe);
      probe[j] = low;
      const below = limit.evaluate(probe);
      probe[j] = at[j]!;
      const slope = (above - below) / (high - low);
      if (!Number.isFinite(slope)) continue;
      coefficients[j] = slope;
      span += Math.abs(slope) * width;
    }
    if (span === 0) return null;
    let offset = value;
    for (let j = 0; j < at.length; j++) offset -= coefficients[j]! * at[j]!;
    const inside = margin * span;
    const both = limit.lower + inside < limit.upper - inside;
    return {
      coefficients,
      value: value - offset,
      lower: limit.lower - offset + (both ? inside : 0),
      upper: limit.upper - offset - (both ? inside : 0),
    };
  }

  /** By how much the limits are missed, in shares of their bounds; infinite where one has no value. */
  private violation(row: Float64Array): number {
    return violationOf(this.model, row);
  }

  private distance(a: Float64Array, b: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < a.length; j++) {
      const gap = a[j]! - b[j]!;
      sum += (gap * gap) / this.scale[j]!;
    }
    return sum;
  }
}

/** By how much limits given by functions are missed, each in shares of its bound; infinite without a value. */
export function violationOf({ functions }: Model, row: Float64Array): number {
  let sum = 0;
  for (const limit of functions) {
    if (keepsFunction(limit, row)) continue;
    const value = limit.evaluate(row);
    if (!Number.isFinite(value)) return Number.POSITIVE_INFINITY;
    const bound = value > limit.upper ? limit.upper : limit.lower;
    sum += Math.abs(value - bound) / (Math.abs(bound) || 1);
  }
  return sum;
}
