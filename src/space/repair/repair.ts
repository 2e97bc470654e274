import { InputError, ShapeError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { Exchange } from "./exchange.ts";
import { isAllowedValue, satisfies, settle } from "../model/feasibility.ts";
import { formulate } from "../conflicts/formulate.ts";
import type { Model } from "../model/model.ts";
import { Projector } from "./project.ts";
import { brokenExclusion, wholeRegion, without } from "./region.ts";
import type { Region } from "./region.ts";
import type { FunctionRepairer } from "./repair-functions.ts";
import { ListRepairer, nearestOf } from "./repair-lists.ts";
import { roundToSum } from "./round-to-sum.ts";
import type { Sampler } from "../sampling/sample.ts";
import { innerRows, scaleOf, squaredDistance } from "./scaled.ts";
import type { Solver, Term } from "../conflicts/solver.ts";
import { chooseSupport, isSupport, neighbours } from "./support.ts";
import { TOLERANCE } from "../model/tolerance.ts";

/** Regions looked at for one row before the integer program is asked. */
const MOST_REGIONS = 40;
/** Feasible draws among which the nearest are taken when nothing else helps. */
const DRAWS = 64;

/**
 * Finds the feasible design nearest to a row. The usual way takes tens of microseconds: choose the
 * elements that are present, project onto the polytope, round to the grid by largest remainder, mend
 * and improve by exchanging grid steps; broken exclusions are kept by branching on their conditions.
 * Where that finds nothing, a mixed-integer program for the least sum of absolute changes does, and
 * its answer is improved in the same way. On the continuous polytope of a given set of elements the
 * projection is exact; on the grid the result is feasible and cannot be improved by one exchange.
 */
export class Repairer {
  private readonly model: Model;
  private readonly solver: Solver;
  private readonly sampler: Sampler;
  private readonly functions: FunctionRepairer;
  private readonly lists: ListRepairer;
  private readonly region: Region;
  private readonly projector: Projector;
  private readonly plainProjector: Projector;
  private readonly exchange: Exchange | null;
  private readonly n: number;
  private readonly grid: number;
  /** 1 / scale^2 of each column's distance, 0 for categories and lists. */
  private readonly scale: Float64Array;
  private readonly wish: Float64Array;
  private readonly lower: Float64Array;
  private readonly upper: Float64Array;
  private readonly target: Float64Array;
  /** Nothing but continuous numbers, each free in its own bounds. */
  private readonly isBox: boolean;
  /** Always the same, so that they are made once. */
  private draws: Matrix | undefined;
  private regionsLeft = 0;

  constructor(model: Model, solver: Solver, sampler: Sampler, functions: FunctionRepairer) {
    this.sampler = sampler;
    this.model = model;
    this.solver = solver;
    this.region = wholeRegion(model);
    const dimension = model.columns.length;
    this.n = model.composition?.elements.length ?? 0;
    this.grid = model.composition?.grid ?? 0;
    this.scale = scaleOf(model);
    const rows = innerRows(model);
    this.projector = new Projector(this.scale, this.n, rows);
    this.functions = functions;
    this.lists = new ListRepairer(model, this.scale, rows);
    this.plainProjector = new Projector(this.scale, this.n, []);
    this.exchange = this.grid > 0 ? new Exchange(model) : null;
    this.wish = new Float64Array(dimension);
    this.lower = new Float64Array(dimension);
    this.upper = new Float64Array(dimension);
    this.target = new Float64Array(this.n);
    this.isBox =
      this.n === 0 &&
      model.others.every((other) => other.kind === "continuous" && other.gap === 0) &&
      [model.linear, model.counts, model.exclusions, model.functions, model.conditionals].every(
        (rules) => rules.length === 0,
      );
  }

  /**
   * @throws ShapeError for a row of the wrong length, InputError for one that is not finite
   * @throws InfeasibleError when the space has no design
   */
  repair(row: ArrayLike<number>, out?: Float64Array): Float64Array {
    const repaired = this.nearestDesign(row, out);
    settle(this.model, repaired);
    return repaired;
  }

  private nearestDesign(row: ArrayLike<number>, out: Float64Array | undefined): Float64Array {
    const dimension = this.model.columns.length;
    if (row.length !== dimension) {
      throw new ShapeError(`repair: expected ${dimension} numbers, got ${row.length}.`);
    }
    for (let j = 0; j < dimension; j++) {
      if (!Number.isFinite(row[j])) {
        throw new InputError(
          `repair: column "${this.model.columns[j]!.label}" is ${row[j]}, not a finite number.`,
        );
      }
    }
    if (this.isBox) return this.clamped(row, out ?? new Float64Array(dimension));
    const snapped = this.snap(row);
    settle(this.model, snapped);
    if (satisfies(this.model, snapped)) return snapped;
    this.regionsLeft = MOST_REGIONS;
    const wanted = new Float64Array(row);
    settle(this.model, wanted);
    const found = this.inRegion(this.region, wanted);
    if (found !== null) settle(this.model, found);
    if (found !== null && satisfies(this.model, found)) return found;
    if (found !== null && this.model.functions.length > 0) {
      return this.functions.near(found, wanted) ?? this.fromDraws(wanted);
    }
    return this.byProgram(wanted);
  }

  /** The nearest point of the box; what is outside by no more than the tolerance stays. */
  private clamped(row: ArrayLike<number>, out: Float64Array): Float64Array {
    const { lower, upper } = this.region;
    for (let j = 0; j < out.length; j++) {
      const value = row[j]!;
      out[j] = value;
      if (value >= lower[j]! && value <= upper[j]!) continue;
      if (isAllowedValue(this.model.others[j]!, value)) continue;
      out[j] = Math.min(upper[j]!, Math.max(lower[j]!, value));
    }
    return out;
  }

  /** A row that keeps everything but functions, found without the solver; null where that takes it. */
  someRow(): Float64Array | null {
    const middle = Float64Array.from(this.model.columns, ({ kind, min, max }) =>
      kind === "fraction" ? 1 / this.n : kind === "category" ? min : (min + max) / 2,
    );
    settle(this.model, middle);
    this.regionsLeft = MOST_REGIONS;
    const found = this.inRegion(this.region, middle);
    if (found === null) return null;
    settle(this.model, found);
    return satisfies({ ...this.model, functions: [] }, found) ? found : null;
  }

  /** Scaled squared distance; a changed category counts one. */
  distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
    return squaredDistance(this.model, this.scale, a, b);
  }

  /** Numbers within the tolerance of the grid, of a list or of no element become exactly those. */
  private snap(row: ArrayLike<number>): Float64Array {
    const snapped = new Float64Array(row);
    if (this.grid > 0) {
      for (let i = 0; i < this.n; i++) {
        const clean = Math.round(snapped[i]! * this.grid) / this.grid;
        if (Math.abs(clean - snapped[i]!) <= TOLERANCE) snapped[i] = clean;
      }
    }
    if (this.grid === 0) {
      for (let i = 0; i < this.n; i++) if (Math.abs(snapped[i]!) <= TOLERANCE) snapped[i] = 0;
    }
    for (const [column, values] of this.region.values) {
      const value = snapped[column]!;
      const near = values.find((known) => Math.abs(known - value) <= TOLERANCE * Math.abs(known));
      if (near !== undefined) snapped[column] = near;
    }
    return snapped;
  }

  /** The nearest design in a region, exclusions kept by branching on the conditions of a broken one. */
  private inRegion(region: Region, row: Float64Array): Float64Array | null {
    if (this.regionsLeft-- <= 0) return null;
    const found = this.nearest(region, row);
    if (found === null) return null;
    const broken = brokenExclusion(this.model, found);
    if (broken === undefined) return found;
    let best: Float64Array | null = null;
    for (const condition of broken.conditions) {
      const part = without(this.model, region, condition);
      if (part === null) continue;
      const candidate = this.inRegion(part, row);
      if (candidate === null) continue;
      if (best === null || this.distance(candidate, row) < this.distance(best, row))
        best = candidate;
    }
    return best;
  }

  /** The nearest design that keeps everything but exclusions and limits by functions. */
  private nearest(region: Region, row: Float64Array): Float64Array | null {
    const { wish } = this;
    const { model } = this;
    for (const other of model.others) {
      const { column } = other;
      const list = region.values.get(column);
      let value = row[column]!;
      if (list !== undefined) value = nearestOf(list, value);
      this.lower[column] = list === undefined ? region.lower[column]! : value;
      this.upper[column] = list === undefined ? region.upper[column]! : value;
      wish[column] = value;
    }
    if (this.n === 0) {
      const out = new Float64Array(row.length);
      if (this.projector.project(wish, this.lower, this.upper, out)) return out;
      return this.lists.columns.length > 0 ? this.lists.nearest(region, row) : null;
    }
    for (let i = 0; i < this.n; i++) {
      this.lower[i] = 0;
      this.upper[i] = region.mayBePresent[i] === 1 ? region.upper[i]! : 0;
      wish[i] = row[i]!;
    }
    const inside = new Float64Array(row.length);
    if (!this.plainProjector.project(wish, this.lower, this.upper, inside)) return null;
    const support = new Uint8Array(this.n);
    const isChosen = chooseSupport(model, region, inside, support);
    const out = new Float64Array(row.length);
    if (isChosen && this.onSupport(region, support, row, out)) return out;
    return this.nearSupports(region, support, row);
  }

  /** The nearest design with these elements. */
  private onSupport(
    region: Region,
    support: Uint8Array,
    row: Float64Array,
    out: Float64Array,
  ): boolean {
    const { n, grid, wish, lower, upper } = this;
    this.boundsOn(region, support);
    for (let i = 0; i < n; i++) wish[i] = row[i]!;
    if (!this.projector.project(wish, lower, upper, out)) return false;
    if (grid === 0) {
      this.settleSum(out, lower, upper);
      return true;
    }
    const units = new Int32Array(n);
    for (let i = 0; i < n; i++) this.target[i] = row[i]! * grid;
    roundToSum(out, lower, upper, units, grid);
    const isKept = this.exchange!.improve(region, this.target, units, out, false);
    if (isKept) return true;
    return this.hasNumbers() && this.moveNumbers(out);
  }

  /** Sets the bounds of the fractions to those of a support. */
  private boundsOn(region: Region, support: Uint8Array): void {
    for (let i = 0; i < this.n; i++) {
      this.lower[i] = support[i] === 1 ? region.lower[i]! : 0;
      this.upper[i] = support[i] === 1 ? region.upper[i]! : 0;
    }
  }

  private hasNumbers(): boolean {
    return this.model.others.some(({ kind }) => kind === "continuous");
  }

  /** With the fractions as they are, lets the continuous numbers mend the rows. */
  private moveNumbers(out: Float64Array): boolean {
    for (let i = 0; i < this.n; i++) {
      this.lower[i] = out[i]!;
      this.upper[i] = out[i]!;
      this.wish[i] = out[i]!;
    }
    return this.projector.project(this.wish, this.lower, this.upper, out);
  }

  /**
   * The nearest design on supports near this one: steps of one element or one exchange of elements
   * towards supports that can keep the rows, then the nearest of those that the last step reaches.
   */
  private nearSupports(region: Region, start: Uint8Array, row: Float64Array): Float64Array | null {
    let support = start;
    const tried = new Set<string>();
    let shortfall = isSupport(this.model, region, start)
      ? this.shortfall(region, start)
      : Number.POSITIVE_INFINITY;
    for (let step = 0; step < this.n; step++) {
      const able: Uint8Array[] = [];
      let next: Uint8Array | null = null;
      for (const neighbour of neighbours(support)) {
        if (!isSupport(this.model, region, neighbour)) continue;
        const missing = this.shortfall(region, neighbour);
        if (missing === 0) {
          if (!tried.has(neighbour.join(""))) able.push(neighbour);
        } else if (missing < shortfall) {
          shortfall = missing;
          next = neighbour;
        }
      }
      if (able.length > 0) {
        const found = this.nearestOn(region, able, row);
        if (found !== null) return found;
        // Kept one by one, but not together or not on the grid: look around one of them.
        for (const one of able) tried.add(one.join(""));
        support = able[0]!;
        shortfall = 0;
      } else if (next === null) return null;
      else support = next;
    }
    return null;
  }

  private shortfall(region: Region, support: Uint8Array): number {
    this.boundsOn(region, support);
    return this.projector.shortfall(this.lower, this.upper);
  }

  /** The nearest design on any of these supports: rounded to the grid where the projection is nearest. */
  private nearestOn(
    region: Region,
    supports: readonly Uint8Array[],
    row: Float64Array,
  ): Float64Array | null {
    const out = new Float64Array(row.length);
    const ranked = supports.flatMap((support) => {
      this.boundsOn(region, support);
      for (let i = 0; i < this.n; i++) this.wish[i] = row[i]!;
      if (!this.projector.project(this.wish, this.lower, this.upper, out)) return [];
      return [{ support, distance: this.distance(out, row) }];
    });
    ranked.sort((a, b) => a.distance - b.distance);
    let best: Float64Array | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const { support, distance } of ranked) {
      // The grid is never nearer than the projection.
      if (distance >= least) break;
      if (!this.onSupport(region, support, row, out)) continue;
      const reached = this.distance(out, row);
      if (reached >= least) continue;
      least = reached;
      best = out.slice();
    }
    return best;
  }

  /** Rounding leaves the sum off by 1e-16; a fraction with room takes it up. */
  private settleSum(out: Float64Array, lower: Float64Array, upper: Float64Array): void {
    let sum = 0;
    for (let i = 0; i < this.n; i++) sum += out[i]!;
    const gap = 1 - sum;
    for (let i = 0; i < this.n; i++) {
      const value = out[i]! + gap;
      if (value >= lower[i]! && value <= upper[i]! && out[i]! > Math.abs(gap)) {
        out[i] = value;
        return;
      }
    }
  }

  /** The design with the least sum of absolute changes, then improved. */
  private byProgram(row: Float64Array): Float64Array {
    const formulation = formulate(this.model);
    const { program, terms } = formulation;
    const infinity = Number.POSITIVE_INFINITY;
    this.model.columns.forEach(({ kind }, column) => {
      const list = terms[column]!;
      if (kind === "category") {
        for (const [w, value] of list)
          program.cost[w] = Math.abs(value - row[column]!) < 0.5 ? 0 : 1;
        // The first category has the value 0 but a term all the same.
        return;
      }
      const gap = program.column(0, infinity);
      program.cost[gap] = 1 / Math.sqrt(this.scale[column]!);
      program.row(row[column]!, infinity, [...list, [gap, 1]] as Term[]);
      program.row(-infinity, row[column]!, [...list, [gap, -1]] as Term[]);
    });
    const solution = this.solver.solve(program);
    if (solution !== null) {
      const found = formulation.rowOf(solution);
      const improved = this.improved(found, row);
      if (improved !== null) return improved;
      if (satisfies(this.model, found)) return found;
      const near = this.functions.near(found, row);
      if (near !== null) return near;
    }
    return this.fromDraws(row);
  }

  /** The nearest of what some feasible draws lead to. */
  private fromDraws(row: Float64Array): Float64Array {
    this.draws ??= this.sampler.sample(DRAWS, createRng("repair"));
    return this.functions.fromDraws(this.draws, row);
  }

  /** A feasible start improved with its elements and other choices kept. */
  private improved(found: Float64Array, row: Float64Array): Float64Array | null {
    if (this.n === 0) {
      const region = {
        ...this.region,
        values: new Map([...this.region.values].map(([column]) => [column, [found[column]!]])),
      };
      const better = this.nearest(region, row);
      return better !== null && satisfies(this.model, better) ? better : null;
    }
    if (this.grid > 0) {
      const units = Int32Array.from(found.subarray(0, this.n), (x) => Math.round(x * this.grid));
      const out = found.slice();
      for (let i = 0; i < this.n; i++) this.target[i] = row[i]! * this.grid;
      this.exchange!.improve(this.region, this.target, units, out, true);
      return satisfies(this.model, out) ? out : null;
    }
    const support = Uint8Array.from(found.subarray(0, this.n), (x, i) =>
      x > 0 || this.region.mayBeAbsent[i] === 0 ? 1 : 0,
    );
    for (const other of this.model.others) {
      const { column } = other;
      const isList = other.kind === "finite";
      this.wish[column] = isList ? found[column]! : row[column]!;
      this.lower[column] = isList ? found[column]! : other.min;
      this.upper[column] = isList ? found[column]! : other.max;
    }
    const out = new Float64Array(row.length);
    return this.onSupport(this.region, support, row, out) && satisfies(this.model, out)
      ? out
      : null;
  }
}
