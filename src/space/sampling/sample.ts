import { InfeasibleError, UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Rng } from "../../core/rng.ts";
import { CellSampler } from "./cells.ts";
import type { Walks } from "./cells.ts";
import { satisfies, settle } from "../model/feasibility.ts";
import type { FiniteSpace } from "../finite/finite-space.ts";
import type { Lattice } from "../finite/lattice.ts";
import { leastPresent, type Model } from "../model/model.ts";
import { discreteNeighbours } from "../repair/neighbours.ts";
import type { FunctionRepairer } from "../repair/repair-functions.ts";
import type { Solver } from "../conflicts/solver.ts";

/** Draws in vain before joint rejection is given up. */
const PATIENCE = 2e5;
/** The same for draws within cells, each of which tries many points; what is known of a cell is kept. */
const CELL_PATIENCE = 300;
/** Largest feasible set that is listed to draw from when blind draws are too rare. */
const MOST_LISTED = 2e5;
/** Designs looked at in search of the feasible ones. */
const MOST_LOOKED_AT = 5e6;
/** Draws that are brought to limits by functions, and random changes after that, where designs are rare. */
const MOST_RESCUES = 200;
const MIXING_STEPS = 4;
/** Draws that tell whether designs are rare under limits by functions, and how many of them must be kept. */
const RARE_TRIES = 2000;
const RARE_HITS = 4;
/** Limits that only a function gives cost much more to test: so much less is tried. */
const FUNCTION_SHARE = 0.02;

/**
 * Uniform draws from the feasible designs; a draw depends on the space, n and the random numbers only,
 * not on what was drawn before.
 *
 * - All columns from lists and grids: exactly uniform (see `Lattice`), by rejection for limits that the
 *   lattice leaves out; where fewer than one draw in 200,000 survives (one in 500 under limits given
 *   by functions), from the list of all feasible designs; where limits given by functions leave too few to be
 *   listed, by repair of draws and some random single changes, which is not uniform.
 * - With continuous numbers beside a grid: uniform in the product of counting and length, by rejection;
 *   where that is too rare, finite choices that hold designs are equally likely and the continuous part
 *   is uniform within them.
 * - With continuous fractions: every feasible set of present elements (and other finite choices) is
 *   equally likely, because sets of different size have no common measure; uniform within each.
 */
export class Sampler {
  private readonly model: Model;
  private readonly finite: FiniteSpace;
  private readonly cells: CellSampler;
  private readonly functions: FunctionRepairer;
  private readonly effort: number;
  private readonly isFree: boolean;
  private readonly hasContinuous: boolean;
  private rare: boolean | undefined;
  private listed: readonly Float64Array[] | undefined;

  constructor(model: Model, finite: FiniteSpace, solver: Solver, functions: FunctionRepairer) {
    this.functions = functions;
    this.model = model;
    this.finite = finite;
    this.cells = new CellSampler(model, solver);
    this.effort = model.functions.length > 0 ? FUNCTION_SHARE : 1;
    this.isFree = model.composition?.grid === 0;
    this.hasContinuous = this.isFree || model.others.some(({ kind }) => kind === "continuous");
  }

  /**
   * n x dimension.
   * @throws InfeasibleError when no design was found
   * @throws UnsupportedError when the grid is too fine to be sampled
   */
  sample(n: number, rng: Rng): Matrix {
    const result = matrix(n, this.model.columns.length);
    if (n === 0) return result;
    const lattice = this.finite.drawing();
    if (lattice === null) {
      throw new UnsupportedError("space: the grid of the composition is too fine to be sampled.", {
        hint: "Choose a larger step, or leave the step out for continuous fractions.",
      });
    }
    if (lattice.size === 0) throw this.nothingFound();
    const isRare = this.isFree || this.isRare(lattice);
    const choice = new Int32Array(lattice.order.length);
    const walks: Walks = new Map();
    for (let i = 0; i < n; i++) {
      const row = rowOf(result, i);
      if (!isRare && this.drawJointly(lattice, choice, row, rng)) continue;
      if (this.hasContinuous) {
        if (this.drawInCell(lattice, choice, row, rng, walks)) continue;
      } else {
        this.listed ??= this.list();
        if (this.listed.length > 0) {
          row.set(this.listed[rng.integer(this.listed.length)]!);
          continue;
        }
      }
      if (!this.drawByRepair(lattice, choice, row, rng)) throw this.nothingFound();
    }
    return result;
  }

  /** Whether all cells that have designs are equally likely, see above. */
  areCellsEqual(): boolean {
    const lattice = this.finite.drawing();
    return this.isFree || (this.hasContinuous && lattice !== null && this.isRare(lattice));
  }

  /** Writes the finite columns; present elements of continuous compositions get 1. */
  writeChoice(choice: Int32Array, row: Float64Array): void {
    const { variables } = this.finite.model;
    for (let v = 0; v < variables.length; v++) {
      row[variables[v]!.column] = variables[v]!.values[choice[v]!]!;
    }
  }

  /** Whether joint rejection finds nothing; told once, with random numbers of its own. */
  private isRare(lattice: Lattice): boolean {
    if (this.rare !== undefined) return this.rare;
    const rng = createRng("rarity of designs");
    const choice = new Int32Array(lattice.order.length);
    const row = new Float64Array(this.model.columns.length);
    if (this.model.functions.length === 0) {
      this.rare = !this.drawJointly(lattice, choice, row, rng);
      return this.rare;
    }
    let hits = 0;
    for (let tries = 0; tries < RARE_TRIES && hits < RARE_HITS; tries++) {
      if (this.drawJointly(lattice, choice, row, rng, 1)) hits++;
    }
    this.rare = hits < RARE_HITS;
    return this.rare;
  }

  private drawJointly(
    lattice: Lattice,
    choice: Int32Array,
    row: Float64Array,
    rng: Rng,
    most = PATIENCE * this.effort,
  ): boolean {
    for (let tries = 0; tries < most; tries++) {
      lattice.draw(rng, choice);
      if (!this.finite.keepsReal(choice)) continue;
      this.writeChoice(choice, row);
      for (const other of this.model.others) {
        if (other.kind !== "continuous") continue;
        const { column, max, gap } = other;
        if (gap > 0 && row[column] === 0) continue;
        const least = leastPresent(other);
        row[column] = least + (max - least) * rng.uniform();
      }
      settle(this.model, row);
      if (satisfies(this.model, row)) return true;
    }
    return false;
  }

  private drawInCell(
    lattice: Lattice,
    choice: Int32Array,
    row: Float64Array,
    rng: Rng,
    walks: Walks,
  ): boolean {
    const empty = new Set<string>();
    for (let tries = 0; tries < PATIENCE && empty.size < CELL_PATIENCE; tries++) {
      lattice.draw(rng, choice);
      if (!this.finite.keepsReal(choice)) continue;
      this.writeChoice(choice, row);
      if (!this.cells.draw(row, rng, walks)) {
        empty.add(choice.join());
        continue;
      }
      settle(this.model, row);
      if (satisfies(this.model, row)) return true;
    }
    return false;
  }

  /**
   * A draw that keeps all but the functions, brought to them, then some random feasible single changes: a
   * design, but from no uniform distribution.
   */
  private drawByRepair(lattice: Lattice, choice: Int32Array, row: Float64Array, rng: Rng): boolean {
    if (this.model.functions.length === 0) return false;
    for (let attempt = 0; attempt < MOST_RESCUES; attempt++) {
      lattice.draw(rng, choice);
      if (!this.finite.keepsReal(choice)) continue;
      this.writeChoice(choice, row);
      if (this.isFree) drawShares(row.subarray(0, this.model.composition!.elements.length), rng);
      for (const other of this.model.others) {
        if (other.kind !== "continuous" || (other.gap > 0 && row[other.column] === 0)) continue;
        const least = leastPresent(other);
        row[other.column] = least + (other.max - least) * rng.uniform();
      }
      settle(this.model, row);
      const found = this.functions.reach(row.slice());
      if (found === null || !satisfies(this.model, found)) continue;
      row.set(found);
      for (let step = 0; step < MIXING_STEPS; step++) {
        const near = discreteNeighbours(this.model, row);
        if (near.rows > 0) row.set(rowOf(near, rng.integer(near.rows)));
      }
      return true;
    }
    return false;
  }

  private list(): Float64Array[] {
    const rows: Float64Array[] = [];
    const row = new Float64Array(this.model.columns.length);
    let left = MOST_LOOKED_AT * (this.model.functions.length > 0 ? 0.01 : 1);
    for (const choice of this.finite.choices()) {
      this.writeChoice(choice, row);
      if (satisfies(this.model, row)) rows.push(row.slice());
      if (rows.length <= MOST_LISTED && left-- > 0) continue;
      if (this.model.functions.length > 0) return [];
      if (rows.length === 0) throw this.nothingFound();
      throw new UnsupportedError(
        "space: feasible designs are too rare among the candidates to be drawn uniformly, and too many to be listed.",
        { hint: "Narrow the bounds of the elements towards where the constraints hold." },
      );
    }
    if (rows.length === 0) throw this.nothingFound();
    return rows;
  }

  private nothingFound(): InfeasibleError {
    const texts = this.model.spec.constraints.map(({ text }) => text);
    const all = texts.length === 0 ? "the bounds" : texts.map((text) => `"${text}"`).join(", ");
    return new InfeasibleError(
      `space: no design was found that satisfies ${all}.`,
      [{ constraints: texts, relaxations: [] }],
      { hint: "Loosen one of the constraints." },
    );
  }
}

/** Uniform shares of one for the entries above zero. */
function drawShares(fractions: Float64Array, rng: Rng): void {
  let sum = 0;
  for (let i = 0; i < fractions.length; i++) {
    if (fractions[i]! > 0) fractions[i] = rng.exponential();
    sum += fractions[i]!;
  }
  for (let i = 0; i < fractions.length; i++) fractions[i] = fractions[i]! / sum;
}
