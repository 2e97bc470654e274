import { matrix, rowOf } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { layoutOf } from "../../operators/layout.ts";
import { otherThan } from "../../operators/list.ts";
import { even, type Change, type Changed, type Mover } from "./contract.ts";
import { differencesOf } from "./differences.ts";
import { presenceOf, switchNumber } from "./presence.ts";
import { changeElements, changeListed, randomSize, swap, transfer } from "./single-changes.ts";

/**
 * Moves for the kinds of variables that a space has, which keep its prior: what `space.sample` draws.
 *
 * The prior. A cell is all designs with the same choices: listed values, categories, fractions on a grid, and which
 * numbers and continuous fractions are there. Without continuous columns every design is a cell, and all are equally
 * probable. Within a cell the prior is uniform by the lengths, areas and volumes of its own dimension, which say nothing of
 * cells of another dimension; so the weights of cells are a matter of definition (`SpaceCells.areEqual`): in
 * proportion to the share of the ranges of its numbers that keeps all constraints, which makes absence weigh as
 * much as the whole range; or, with continuous fractions and where feasible designs are rare, the same for every cell
 * that has designs.
 *
 * Each kind is drawn with the same chance in every state. A proposal is taken with the chance min(1, exp(balance)
 * likelihood(y) / likelihood(x)), a design that is not feasible never. The balance is 0 where y comes from x as
 * probably as x from y:
 *
 * - `step`: a normal step of one number; its size is drawn without regard to the state;
 * - `list`: another value of a list, by an even step to a neighbour (staying at an end) or any other;
 * - `flip`: any other category;
 * - `transfer`: two elements share their sum anew, uniformly, or by a step; on a grid this brings elements in
 *   and takes them out, and all splits of a sum are equally likely in both directions;
 * - `swap`: two elements exchange their amounts, its own inverse;
 * - `difference`: adds a multiple of the difference of two reference designs, whose order is random, which
 *   leads along ridges and, with the multiple one, from mode to mode;
 * - `jump`: the difference of any reference design a and one of the five that are nearest to x, b. The way back from
 *   y chooses b and a, which is as probable if a is among the five nearest to y, else y is not proposed;
 * - `switch`: a number that may be absent is left out, or drawn from its range;
 * - `elements`: a continuous fraction is split off another one, merged with it, or takes its place;
 * - `prior`: a fresh draw from the space. Its chance does not depend on the state, so the rule of acceptance is
 *   the same.
 *
 * Between cells these are reversible jumps: coordinates of both are kept (all maps keep volume), new ones drawn. Where a
 * change brings conditional parameters in, they are drawn evenly from their m values, and left out on the way back,
 * which gives the balance log m (see `Presence.conform`). Where cells are equally probable, the prior density of a
 * design is 1 / volume of its cell, and volumes are not known. They are not needed: with y, a design w is drawn
 * from the cell of y and brought to the cell of x by the same move backwards, and y is proposed only if what
 * becomes of w is feasible. In the chance of (x, w) becoming (y, w') and of the way back both volumes stand once, so they
 * cancel (the exchange algorithm), whatever the constraints are.
 * Sources: N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953), doi:10.1063/1.1699114; C. J. F. ter Braak,
 * Stat. Comput. 16, 239 (2006), doi:10.1007/s11222-006-8769-1; P. J. Green, Biometrika 82, 711 (1995),
 * doi:10.1093/biomet/82.4.711; I. Murray, Z. Ghahramani, D. MacKay, Proc. UAI 22, 359 (2006).
 */
export function createMover(space: SearchSpace): Mover {
  const { lists, categories, compositions } = layoutOf(space);
  const cells = space.cells();
  const presence = presenceOf(space, cells);
  const { ranges, isActive, isThere, conform } = presence;
  const optional = new Set(cells.optionalFractions);
  const switches = ranges.filter(({ isOptional }) => isOptional);
  const { addDifference, jump } = differencesOf(space, presence);

  /** A change of one column, by which conditional parameters come and go. */
  const conforming =
    (change: (row: Float64Array, rng: Rng) => Changed | null): Change =>
    (row, _, rng) => {
      const before = row.slice();
      const changed = change(row, rng);
      if (changed === null) return null;
      return { ...changed, balance: changed.balance + conform(row, before, rng) };
    };

  const changes: [string, Change][] = [];
  if (ranges.length > 0) {
    changes.push([
      "step",
      (row, _, rng) => {
        const { column, least, most, isOptional } = ranges[rng.integer(ranges.length)];
        const width = isOptional ? most : most - least;
        const next = row[column] + width * randomSize(rng) * rng.normal();
        if (!isThere(row, column) || (isOptional && !(next >= least))) return null;
        row[column] = next;
        return even;
      },
    ]);
  }
  if (lists.length > 0) {
    changes.push([
      "list",
      conforming((row, rng) => {
        const list = lists[rng.integer(lists.length)];
        return isActive(row, list.column) ? changeListed(row, list, rng) : null;
      }),
    ]);
  }
  if (categories.length > 0) {
    changes.push([
      "flip",
      conforming((row, rng) => {
        const { column, count } = categories[rng.integer(categories.length)];
        if (!isActive(row, column)) return null;
        row[column] = otherThan(row[column], count, rng);
        return even;
      }),
    ]);
  }
  for (const composition of compositions) {
    changes.push(["transfer", conforming((row, rng) => transfer(row, composition, rng))]);
    changes.push(["swap", conforming((row, rng) => swap(row, composition, rng))]);
    if (!composition.columns.some((column) => optional.has(column))) continue;
    const isOptional = (column: number): boolean => optional.has(column);
    changes.push([
      "elements",
      conforming((row, rng) => changeElements(row, composition, isOptional, rng)),
    ]);
  }
  if (switches.length > 0) {
    changes.push([
      "switch",
      conforming((row, rng) => (switchNumber(row, switches, presence, rng) ? even : null)),
    ]);
  }
  if (ranges.length + lists.length + compositions.length > 0) {
    changes.push(["difference", addDifference]);
  }
  changes.push(["jump", jump]);
  const kinds = [...changes.map(([kind]) => kind), "prior"];

  /** What the volumes of equally probable cells add to the balance, see above; null where y is not proposed. */
  function exchanged(
    before: Float64Array,
    row: Float64Array,
    undo: Changed["undo"],
    rng: Rng,
  ): number | null {
    if (!cells.areEqual || !presence.differ(row, before)) return 0;
    const other = row.slice();
    if (!cells.redraw(other, rng)) return null;
    presence.adopt(other, before, rng);
    const balance = undo === undefined ? 0 : undo(other, rng);
    return balance !== null && space.isFeasible(other) ? balance : null;
  }

  return {
    kinds,
    propose(rows, reference, rng) {
      const n = rows.rows;
      const result = matrix(n, rows.columns, rows.data.slice());
      const kind = new Uint8Array(n);
      const isInside = new Uint8Array(n);
      const balance = new Float64Array(n);
      const fresh: number[] = [];
      for (let i = 0; i < n; i++) {
        kind[i] = rng.integer(kinds.length);
        if (kind[i] === changes.length) {
          fresh.push(i);
          continue;
        }
        const before = rowOf(rows, i);
        const row = rowOf(result, i);
        const changed = changes[kind[i]][1](row, reference, rng);
        const further =
          changed !== null && space.isFeasible(row)
            ? exchanged(before, row, changed.undo, rng)
            : null;
        if (changed !== null && further !== null) {
          isInside[i] = 1;
          balance[i] = changed.balance + further;
        } else row.set(before);
      }
      const drawn = space.sample(fresh.length, rng);
      fresh.forEach((i, k) => {
        rowOf(result, i).set(rowOf(drawn, k));
        isInside[i] = 1;
      });
      return { rows: result, kind, isInside, balance };
    },
  };
}
