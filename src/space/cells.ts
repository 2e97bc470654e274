import type { Rng } from "../core/rng.ts";
import { PRESENT } from "./compile.ts";
import type { Model } from "./compile.ts";
import { combine, formulate } from "./formulate.ts";
import { presenceMatters } from "./finite.ts";
import type { Solver, Term } from "./solver.ts";

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
  /** Current point of the walk (a full row), once blind draws have proved too rare. */
  walker: Float64Array | null;
  isEmpty: boolean;
}

/**
 * Uniform points in the continuous part of a space while its finite part is fixed (which elements are
 * present, listed numbers, categories). Blind draws from the simplex and the box are kept while enough
 * of them are feasible, which is exact; else a hit-and-run walk from an interior point, 80 d steps to
 * warm up and 8 d steps between draws (d: dimension), which is uniform in the limit.
 * Source: R. L. Smith, Oper. Res. 32, 1296 (1984), doi:10.1287/opre.32.6.1296.
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
        this.walk(cell, cell.walker, STEPS * cell.columns.length, rng);
        for (const column of cell.columns) row[column] = cell.walker[column]!;
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

  /** Starts at a point with the most room to every limit. */
  private startWalk(cell: Cell, row: Float64Array, rng: Rng): void {
    const inside = new Set(cell.columns);
    const formulation = formulate(this.model, { constraint: (i) => !this.isExclusion(i) });
    const { program, terms, present } = formulation;
    for (let column = 0; column < this.model.columns.length; column++) {
      if (inside.has(column)) {
        const y = present[column];
        if (y !== undefined) program.lower[y] = 1;
        continue;
      }
      const value = row[column]!;
      program.row(value, value, terms[column]!);
    }
    const room = program.column(0, 1);
    program.cost[room] = -1;
    cell.columns.forEach((column, j) => {
      const width = cell.upper[j]! - cell.lower[j]!;
      program.row(cell.lower[j]!, Number.POSITIVE_INFINITY, [
        ...terms[column]!,
        [room, -width / 2],
      ]);
      program.row(Number.NEGATIVE_INFINITY, cell.upper[j]!, [...terms[column]!, [room, width / 2]]);
    });
    for (const linear of this.model.linear) {
      const reach = cell.columns.reduce(
        (sum, column, j) =>
          sum + Math.abs(linear.coefficients[column]!) * (cell.upper[j]! - cell.lower[j]!),
        0,
      );
      const body: readonly Term[] = combine(linear, terms);
      program.row(linear.lower, Number.POSITIVE_INFINITY, [...body, [room, -reach / 2]]);
      program.row(Number.NEGATIVE_INFINITY, linear.upper, [...body, [room, reach / 2]]);
    }
    const solution = this.solver.solve(program);
    if (solution === null) {
      cell.isEmpty = true;
      return;
    }
    const start = formulation.rowOf(solution);
    cell.walker = start;
    this.walk(cell, start, WARM_STEPS * cell.columns.length, rng);
  }

  private isExclusion(index: number): boolean {
    return this.model.spec.constraints[index]?.kind === "exclusion";
  }

  private walk(cell: Cell, point: Float64Array, steps: number, rng: Rng): void {
    const { columns, fractions, lower, upper } = cell;
    const direction = new Float64Array(columns.length);
    for (let step = 0; step < steps; step++) {
      let mean = 0;
      for (let j = 0; j < columns.length; j++) {
        direction[j] = rng.normal() * (j < fractions ? 1 : upper[j]! - lower[j]!);
        if (j < fractions) mean += direction[j]!;
      }
      mean /= Math.max(1, fractions);
      let least = Number.NEGATIVE_INFINITY;
      let most = Number.POSITIVE_INFINITY;
      const cut = (rate: number, below: number, above: number): void => {
        if (rate > 0) {
          least = Math.max(least, below / rate);
          most = Math.min(most, above / rate);
        } else if (rate < 0) {
          least = Math.max(least, above / rate);
          most = Math.min(most, below / rate);
        }
      };
      for (let j = 0; j < columns.length; j++) {
        if (j < fractions) direction[j] = direction[j]! - mean;
        const x = point[columns[j]!]!;
        cut(direction[j]!, lower[j]! - x, upper[j]! - x);
      }
      for (const { coefficients, lower: below, upper: above } of this.model.linear) {
        let rate = 0;
        for (let j = 0; j < columns.length; j++) rate += coefficients[columns[j]!]! * direction[j]!;
        if (rate === 0) continue;
        let value = 0;
        for (let column = 0; column < coefficients.length; column++) {
          value += coefficients[column]! * point[column]!;
        }
        cut(rate, below - value, above - value);
      }
      if (!(most > least) || !Number.isFinite(most - least)) continue;
      const length = least + (most - least) * rng.uniform();
      for (let j = 0; j < columns.length; j++) {
        const column = columns[j]!;
        point[column] = Math.min(
          upper[j]!,
          Math.max(lower[j]!, point[column]! + length * direction[j]!),
        );
      }
      renormalise(point, columns, fractions);
    }
  }
}

/** Rounding drifts the sum of the fractions; the largest one takes it up. */
function renormalise(point: Float64Array, columns: Int32Array, fractions: number): void {
  if (fractions === 0) return;
  let sum = 0;
  let largest = columns[0]!;
  for (let j = 0; j < fractions; j++) {
    const column = columns[j]!;
    sum += point[column]!;
    if (point[column]! > point[largest]!) largest = column;
  }
  point[largest] = point[largest]! + (1 - sum);
}

/** Fractions below the smallest one that counts as present become 0. */
export function clearTraces(row: Float64Array, fractions: number): void {
  for (let i = 0; i < fractions; i++) if (row[i]! < PRESENT) row[i] = 0;
}
