import { InputError } from "../../core/errors.ts";
import { exp, log } from "../../core/elementary.ts";
import { satisfies, settle } from "../model/feasibility.ts";
import type { FiniteSpace } from "../finite/finite-space.ts";
import { presenceMatters } from "../finite/finite.ts";
import type { Lattice } from "../finite/lattice.ts";
import { leastPresent, type Model } from "../model/model.ts";
import type { Repairer } from "../repair/repair.ts";

/**
 * Maps the unit cube to feasible designs: choices from grids and lists by the quantiles of their
 * exact conditional distributions, continuous fractions by stick breaking, numbers linearly; then the
 * nearest feasible design where a limit is broken. Without repair a uniform point gives a uniform design.
 */
export class UnitMap {
  readonly dimension: number;
  private readonly model: Model;
  private readonly finite: FiniteSpace;
  private readonly repairer: Repairer;

  constructor(model: Model, finite: FiniteSpace, repairer: Repairer) {
    this.model = model;
    this.finite = finite;
    this.repairer = repairer;
    const { composition, others } = model;
    const n = composition?.elements.length ?? 0;
    const numbers =
      others.length + others.filter((other) => other.kind === "continuous" && other.gap > 0).length;
    const choices =
      composition !== null && composition.grid === 0
        ? presenceMatters(model).filter((matters) => matters).length
        : 0;
    this.dimension = Math.max(1, choices + Math.max(0, n - 1) + numbers);
  }

  /** @throws InputError for coordinates outside 0 ... 1 or a wrong number of them */
  map(point: ArrayLike<number>): Float64Array {
    if (point.length !== this.dimension) {
      throw new InputError(
        `fromUnit: expected ${this.dimension} coordinates, got ${point.length}.`,
      );
    }
    for (let j = 0; j < point.length; j++) {
      if (!(point[j]! >= 0 && point[j]! <= 1)) {
        throw new InputError(`fromUnit: expected coordinates between 0 and 1, got ${point[j]}.`);
      }
    }
    const row = new Float64Array(this.model.columns.length);
    const lattice = this.finite.drawing();
    let used = 0;
    if (lattice !== null && lattice.size > 0) used = this.choose(lattice, point, row);
    const { composition, others } = this.model;
    if (composition !== null && composition.grid === 0) used = this.breakStick(point, used, row);
    for (const other of others) {
      if (other.kind !== "continuous") continue;
      const { column, max, gap } = other;
      const u = point[used++]!;
      if (gap > 0 && row[column] === 0) continue;
      const least = leastPresent(other);
      row[column] = least + (max - least) * u;
    }
    settle(this.model, row);
    return satisfies(this.model, row) ? row : this.repairer.repair(row);
  }

  private choose(lattice: Lattice, point: ArrayLike<number>, row: Float64Array): number {
    const { variables } = this.finite.model;
    const matters = presenceMatters(this.model);
    let fractionsLeft = variables.filter(({ kind }) => kind === "fraction").length;
    let used = 0;
    let node = 0;
    for (let layer = 0; layer < lattice.order.length; layer++) {
      const variable = variables[lattice.order[layer]!]!;
      let u = 0;
      // The last fraction follows from the sum, a sure presence from nothing: no coordinate for them.
      if (variable.kind === "fraction") u = --fractionsLeft > 0 ? point[used++]! : 0;
      else if (variable.kind === "value" || matters[variable.column] !== false) u = point[used++]!;
      const option = lattice.quantile(layer, node, Math.min(u, 1 - 2 ** -53));
      row[variable.column] = variable.values[option]!;
      node = lattice.edges[layer]![node * lattice.options[layer]! + option]!;
    }
    return used;
  }

  /** Uniform on the simplex above the lower bounds of the present elements. */
  private breakStick(point: ArrayLike<number>, start: number, row: Float64Array): number {
    const { elements } = this.model.composition!;
    const matters = presenceMatters(this.model);
    const present = elements.flatMap((_, i) => (row[i]! > 0 ? [i] : []));
    let used = start;
    let rest = 1;
    const least = (i: number): number =>
      matters[i] === true || !elements[i]!.mayBeAbsent ? elements[i]!.lo : 0;
    for (const i of present) rest -= least(i);
    let spare = Math.max(0, rest);
    present.forEach((i, k) => {
      const left = present.length - 1 - k;
      let part = spare;
      if (left > 0) {
        const u = point[used++]!;
        part = u >= 1 ? spare : spare * (1 - exp(log(1 - u) / left));
      }
      row[i] = least(i) + part;
      spare -= part;
    });
    return start + elements.length - 1;
  }
}
