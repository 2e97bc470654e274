import { InfeasibleError, UnsupportedError } from "../core/errors.ts";
import { matrix, rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import { CellSampler } from "./cells.ts";
import { satisfies } from "./feasibility.ts";
import type { FiniteSpace } from "./finite-space.ts";
import type { Model } from "./model.ts";
import type { Solver } from "./solver.ts";

/** Draws in vain before joint rejection is given up. */
const PATIENCE = 2e5;
/** Largest feasible set that is listed to draw from when blind draws are too rare. */
const MOST_LISTED = 2e5;

/**
 * Uniform draws from the feasible designs.
 *
 * - All columns from lists and grids: exactly uniform (see `Lattice`), by rejection for limits that the
 *   lattice leaves out; where fewer than one draw in 200,000 survives, from the list of all feasible designs.
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
  private readonly hasContinuous: boolean;
  private byCells: boolean;
  private list: readonly Float64Array[] | undefined;

  constructor(model: Model, finite: FiniteSpace, solver: Solver) {
    this.model = model;
    this.finite = finite;
    this.cells = new CellSampler(model, solver);
    const isFree = model.composition?.grid === 0;
    this.hasContinuous = isFree || model.others.some(({ kind }) => kind === "continuous");
    this.byCells = isFree;
  }

  /**
   * n x dimension.
   * @throws InfeasibleError when no design was found
   * @throws UnsupportedError when the grid is too fine to be sampled
   */
  sample(n: number, rng: Rng): Matrix {
    const result = matrix(n, this.model.columns.length);
    const lattice = this.finite.drawing();
    if (lattice === null) {
      throw new UnsupportedError("space: the grid of the composition is too fine to be sampled.", {
        hint: "Choose a larger step, or leave the step out for continuous fractions.",
      });
    }
    if (n > 0 && lattice.size === 0) throw this.nothingFound();
    const choice = new Int32Array(lattice.order.length);
    for (let i = 0; i < n; i++) {
      const row = rowOf(result, i);
      if (this.list !== undefined) {
        row.set(this.list[rng.integer(this.list.length)]!);
        continue;
      }
      let tries = 0;
      for (;;) {
        lattice.draw(rng, choice);
        if (this.finite.keepsReal(choice)) {
          this.writeChoice(choice, row);
          if (this.byCells) {
            if (this.cells.draw(row, rng, (candidate) => satisfies(this.model, candidate))) break;
          } else {
            for (const other of this.model.others) {
              if (other.kind === "continuous") {
                row[other.column] = other.min + (other.max - other.min) * rng.uniform();
              }
            }
            if (satisfies(this.model, row)) break;
          }
        }
        if (++tries < (this.byCells ? PATIENCE / 100 : PATIENCE)) continue;
        if (this.byCells) throw this.nothingFound();
        if (this.hasContinuous) this.byCells = true;
        else {
          this.list = this.listAll();
          row.set(this.list[rng.integer(this.list.length)]!);
          break;
        }
        tries = 0;
      }
    }
    return result;
  }

  /** Writes the finite columns; present elements of continuous compositions get 1. */
  writeChoice(choice: Int32Array, row: Float64Array): void {
    const { variables } = this.finite.model;
    for (let v = 0; v < variables.length; v++) {
      row[variables[v]!.column] = variables[v]!.values[choice[v]!]!;
    }
  }

  private listAll(): Float64Array[] {
    const rows: Float64Array[] = [];
    const row = new Float64Array(this.model.columns.length);
    for (const choice of this.finite.choices()) {
      this.writeChoice(choice, row);
      if (!satisfies(this.model, row)) continue;
      rows.push(row.slice());
      if (rows.length > MOST_LISTED) {
        throw new UnsupportedError(
          "space: feasible designs are too rare among the candidates to be drawn uniformly, and too many to be listed.",
          { hint: "Narrow the bounds of the elements towards where the constraints hold." },
        );
      }
    }
    if (rows.length === 0) throw this.nothingFound();
    return rows;
  }

  private nothingFound(): InfeasibleError {
    const texts = this.model.spec.constraints.map(({ text }) => text);
    return new InfeasibleError(
      `space: no design was found that satisfies ${texts.length === 0 ? "the bounds" : texts.map((text) => `"${text}"`).join(", ")}.`,
      [{ constraints: texts, relaxations: [] }],
      { hint: "Loosen one of the constraints." },
    );
  }
}
