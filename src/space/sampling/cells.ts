import { createRng } from "../../core/rng.ts";
import type { Rng } from "../../core/rng.ts";
import { satisfies, settle, valueOf } from "../model/feasibility.ts";
import { presenceMatters } from "../finite/finite.ts";
import { Walker } from "./hit-and-run.ts";
import { Lineariser } from "../repair/linearise.ts";
import { leastPresent, type Model } from "../model/model.ts";
import { innerRows, scaleOf } from "../repair/scaled.ts";
import type { Solver } from "../conflicts/solver.ts";

/** Blind draws that decide how a cell is drawn from, and how many of them must be feasible. */
const BLIND_TRIES = 200;
const BLIND_HITS = 4;
/** Draws in vain after which a cell is given up: blind ones, and points of a walk. */
const MOST_BLIND = 800;
const MOST_WALKED = 80;
/** Steps of the walk between two draws, and before the first, per dimension. */
const STEPS = 8;
const WARM_STEPS = 80;
const MOST_CELLS = 4096;
/** Points of a walk from which a way to the limits by functions is looked for. */
const MOST_SCOUTED = 8;

/** What is known of a cell; it depends on the space alone. */
interface Cell {
  readonly key: string;
  /** Columns that vary, fractions first. */
  readonly columns: Int32Array;
  readonly fractions: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** How it is drawn from; decided at the first draw. */
  way: "undecided" | "blind" | "walk" | "empty";
  /** Where walks begin. */
  walker: Walker | null;
}

/** Walks under way, by cell: they belong to one call of `sample`, so that calls do not depend on each other. */
export type Walks = Map<string, Walker>;

/**
 * Uniform points in the continuous part of a space while its finite part is fixed (which elements are
 * present, listed numbers, categories). Blind draws from the simplex and the box are kept where enough
 * of them are feasible, which is exact; else a hit-and-run walk from an interior point, 80 d steps to
 * warm up and 8 d steps between draws (d: dimension), which is uniform in the limit. Under limits by
 * functions and regions left out, every draw starts anew near a point of the linear part.
 */
export class CellSampler {
  private readonly model: Model;
  private readonly solver: Solver;
  private readonly cells = new Map<string, Cell>();
  private readonly presence: readonly boolean[];
  private readonly lineariser: Lineariser;
  /** Whether there is more to keep on a walk than linear limits. */
  private readonly needsTest: boolean;

  constructor(model: Model, solver: Solver) {
    this.model = model;
    this.solver = solver;
    this.presence = presenceMatters(model);
    this.needsTest =
      model.functions.length > 0 ||
      model.exclusions.some(({ conditions }) =>
        conditions.some(({ condition }) => condition.kind === "compare"),
      );
    this.lineariser = new Lineariser(model, scaleOf(model), innerRows(model));
  }

  /**
   * Replaces the continuous columns of `row` by a draw; fractions of present elements are marked by
   * any number above 0.
   * @param walks empty at the first draw of a call; continued by the next ones
   * @returns false when the cell holds no design, or none was found
   */
  draw(row: Float64Array, rng: Rng, walks: Walks): boolean {
    const cell = this.cellOf(row);
    if (cell.way === "undecided") this.decide(cell, row.slice());
    if (cell.way === "empty") return false;
    if (cell.way === "blind") {
      for (let attempt = 0; attempt < MOST_BLIND; attempt++) {
        this.drawBlind(cell, row, rng);
        if (satisfies(this.model, row)) return true;
      }
      return false;
    }
    const keeps = this.needsTest ? this.testOf(cell, row) : undefined;
    let walker = walks.get(cell.key);
    if (walker === undefined) {
      walker = cell.walker!.again();
      walker.advance(WARM_STEPS * cell.columns.length, rng, keeps);
      walks.set(cell.key, walker);
    }
    if (keeps !== undefined) this.restart(cell, walker, row, keeps, rng);
    for (let attempt = 0; attempt < MOST_WALKED; attempt++) {
      walker.advance(STEPS * cell.columns.length, rng, keeps);
      for (let j = 0; j < cell.columns.length; j++) row[cell.columns[j]!] = walker.point[j]!;
      if (satisfies(this.model, row)) return true;
    }
    return false;
  }

  /**
   * Sets a walker to where linearisation leads from a random point of the linear part, so that thin and
   * separate regions are all reached; where a walk mixes it forgets where it began.
   */
  private restart(
    cell: Cell,
    walker: Walker,
    row: Float64Array,
    keeps: (point: Float64Array) => boolean,
    rng: Rng,
  ): void {
    const scout = cell.walker!.again();
    scout.advance(STEPS * cell.columns.length, rng);
    const point = this.keptNear(cell, scout.point, row, keeps);
    if (point !== null) walker.point.set(point);
  }

  /** The point itself or one near it that keeps everything; null where linearisation finds none. */
  private keptNear(
    { columns, lower, upper }: Cell,
    point: Float64Array,
    row: Float64Array,
    keeps: (point: Float64Array) => boolean,
  ): Float64Array | null {
    if (keeps(point)) return point;
    const start = row.slice();
    const box = { lower: row.slice(), upper: row.slice() };
    for (let j = 0; j < columns.length; j++) {
      start[columns[j]!] = point[j]!;
      box.lower[columns[j]!] = lower[j]!;
      box.upper[columns[j]!] = upper[j]!;
    }
    const found = this.lineariser.nearest(start, start, box, true);
    const near = found === null ? null : Float64Array.from(columns, (j) => found[j]!);
    return near !== null && keeps(near) ? near : null;
  }

  /** Blind draws with random numbers of their own show whether they are worth while. */
  private decide(cell: Cell, row: Float64Array): void {
    const rng = createRng("cell").fork(cell.key);
    let hits = 0;
    for (let attempt = 0; attempt < BLIND_TRIES && hits < BLIND_HITS; attempt++) {
      this.drawBlind(cell, row, rng);
      if (satisfies(this.model, row)) hits++;
    }
    if (hits >= BLIND_HITS) {
      cell.way = "blind";
      return;
    }
    const walker = this.interior(cell, row);
    cell.walker = walker === null || !this.needsTest ? walker : this.inside(cell, walker, row);
    cell.way = cell.walker === null ? "empty" : "walk";
  }

  /** Whether a point of the cell, with the rest of the row, keeps everything. */
  private testOf({ columns }: Cell, row: Float64Array): (point: Float64Array) => boolean {
    const whole = row.slice();
    return (point) => {
      for (let j = 0; j < columns.length; j++) whole[columns[j]!] = point[j]!;
      return satisfies(this.model, whole);
    };
  }

  /**
   * The walker at a point that keeps functions and exclusions too: one of its own walk, or one that
   * linearisation leads to from there; null when neither does.
   */
  private inside(cell: Cell, walker: Walker, row: Float64Array): Walker | null {
    const keeps = this.testOf(cell, row);
    const rng = createRng("inside").fork(cell.key);
    const scout = walker.again();
    const { columns } = cell;
    for (let attempt = 0; attempt < MOST_SCOUTED; attempt++) {
      const point = this.keptNear(cell, scout.point, row, keeps);
      if (point !== null) return walker.again(point);
      scout.advance(STEPS * columns.length, rng);
    }
    return null;
  }

  private cellOf(row: Float64Array): Cell {
    const { composition, others } = this.model;
    const isFree = composition !== null && composition.grid === 0;
    let key = "";
    const columns: number[] = [];
    const lower: number[] = [];
    const upper: number[] = [];
    composition?.elements.forEach(({ lo, hi, mayBeAbsent }, i) => {
      if (!isFree) key += `${row[i]!},`;
      else {
        key += row[i]! > 0 ? "1" : "0";
        if (row[i]! <= 0) return;
        columns.push(i);
        lower.push(this.presence[i] === true || !mayBeAbsent ? lo : 0);
        upper.push(hi);
      }
    });
    const fractions = columns.length;
    // Columns without their parameter, and numbers that are absent, do not vary.
    settle(this.model, row);
    for (const other of others) {
      const { column } = other;
      if (other.kind === "finite") {
        key += `;${row[column]!}`;
        continue;
      }
      const isAbsent = other.gap > 0 && row[column] === 0;
      const conditional = this.model.conditionals.find((one) => one.column === column);
      const isThere = !isAbsent && conditional?.isActive(row) !== false;
      key += isThere ? ";+" : ";-";
      if (!isThere) continue;
      columns.push(column);
      lower.push(leastPresent(other));
      upper.push(other.max);
    }
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    if (this.cells.size >= MOST_CELLS) this.cells.clear();
    const cell: Cell = {
      key,
      columns: Int32Array.from(columns),
      fractions,
      lower: Float64Array.from(lower),
      upper: Float64Array.from(upper),
      way: "undecided",
      walker: null,
    };
    this.cells.set(key, cell);
    return cell;
  }

  private drawBlind(cell: Cell, row: Float64Array, rng: Rng): void {
    const { columns, fractions, lower, upper } = cell;
    let spare = 1;
    let sum = 0;
    for (let j = 0; j < fractions; j++) {
      spare -= lower[j]!;
      const part = rng.exponential();
      row[columns[j]!] = part;
      sum += part;
    }
    for (let j = 0; j < fractions; j++) {
      const column = columns[j]!;
      row[column] = lower[j]! + (spare * row[column]!) / sum;
    }
    for (let j = fractions; j < columns.length; j++) {
      row[columns[j]!] = lower[j]! + (upper[j]! - lower[j]!) * rng.uniform();
    }
  }

  /** A walker in the middle of a cell, or null when the cell is empty. */
  private interior(cell: Cell, row: Float64Array): Walker | null {
    const { columns, fractions, lower, upper } = cell;
    const rows = this.model.linear.flatMap((linear) => {
      const coefficients = Float64Array.from(columns, (column) => linear.coefficients[column]!);
      if (coefficients.every((a) => a === 0)) return [];
      let fixed = valueOf(linear, row);
      for (let j = 0; j < columns.length; j++) fixed -= coefficients[j]! * row[columns[j]!]!;
      return [
        {
          coefficients,
          lower: linear.lower - fixed,
          upper: linear.upper - fixed,
          slack: linear.slack,
        },
      ];
    });
    return Walker.start({ lower, upper, fractions, rows }, this.solver);
  }
}
