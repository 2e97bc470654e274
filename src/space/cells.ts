import type { Rng } from "../core/rng.ts";
import { valueOf } from "./feasibility.ts";
import { presenceMatters } from "./finite.ts";
import { Walker } from "./hit-and-run.ts";
import type { Model } from "./model.ts";
import type { Solver } from "./solver.ts";

/** Draws tried blindly in a cell before it is walked through. */
const BLIND_TRIES = 200;
/** Steps of the walk between two draws, and before the first, per dimension. */
const STEPS = 8;
const WARM_STEPS = 80;
const MOST_CELLS = 4096;

interface Cell {
  /** Columns that vary, fractions first. */
  readonly columns: Int32Array;
  readonly fractions: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  tries: number;
  hits: number;
  /** Set once blind draws have proved too rare. */
  walker: Walker | null;
  isEmpty: boolean;
}

/**
 * Uniform points in the continuous part of a space while its finite part is fixed (which elements are
 * present, listed numbers, categories). Blind draws from the simplex and the box are kept while enough
 * of them are feasible, which is exact; else a hit-and-run walk from an interior point, 80 d steps to
 * warm up and 8 d steps between draws (d: dimension), which is uniform in the limit.
 */
export class CellSampler {
  private readonly model: Model;
  private readonly solver: Solver;
  private readonly cells = new Map<string, Cell>();
  private readonly presence: readonly boolean[];

  constructor(model: Model, solver: Solver) {
    this.model = model;
    this.solver = solver;
    this.presence = presenceMatters(model);
  }

  /**
   * Replaces the continuous columns of `row` by a draw; fractions of present elements are marked by
   * any number above 0.
   * @returns false when the cell holds no design, or none was found
   */
  draw(row: Float64Array, rng: Rng, isFeasible: (row: Float64Array) => boolean): boolean {
    const cell = this.cellOf(row);
    if (cell.isEmpty) return false;
    for (let attempt = 0; attempt < 4 * BLIND_TRIES; attempt++) {
      if (cell.walker === null && cell.tries >= BLIND_TRIES && cell.hits * 50 < cell.tries) {
        this.startWalk(cell, row, rng);
        if (cell.isEmpty) return false;
      }
      if (cell.walker === null) {
        cell.tries++;
        this.drawBlind(cell, row, rng);
      } else {
        cell.walker.advance(STEPS * cell.columns.length, rng);
        cell.columns.forEach((column, j) => {
          row[column] = cell.walker!.point[j]!;
        });
      }
      if (isFeasible(row)) {
        cell.hits++;
        return true;
      }
    }
    return false;
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
    for (const other of others) {
      if (other.kind === "finite") key += `;${row[other.column]!}`;
      else {
        columns.push(other.column);
        lower.push(other.min);
        upper.push(other.max);
      }
    }
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    if (this.cells.size >= MOST_CELLS) this.cells.clear();
    const cell: Cell = {
      columns: Int32Array.from(columns),
      fractions,
      lower: Float64Array.from(lower),
      upper: Float64Array.from(upper),
      tries: 0,
      hits: 0,
      walker: null,
      isEmpty: false,
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

  private startWalk(cell: Cell, row: Float64Array, rng: Rng): void {
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
    const walker = Walker.start({ lower, upper, fractions, rows }, this.solver);
    cell.isEmpty = walker === null;
    cell.walker = walker;
    walker?.advance(WARM_STEPS * columns.length, rng);
  }
}
