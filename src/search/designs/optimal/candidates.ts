import { matrix, matrixOf, rowOf, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import { checkpoint, type Work } from "../../../core/work.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { layoutOf, type CompositionVariable, type Layout } from "../../operators/layout.ts";
import { createRowSet } from "../../row-set.ts";

/** Spaces up to this size are gone through completely. */
const mostListed = 3000;
/** How far outside the ranges the points lie whose nearest designs are corners, in ranges. */
const far = 100;
/** Shares of an amount that a change of a composition moves. */
const movedShares = [1, 0.5, 0.25] as const;

/**
 * Designs that may be worth an experiment, all different: every one of a small space, else corners (the feasible
 * designs nearest to points far outside), the middles of pairs of corners, the middle of all, and random designs.
 * @param size about how many
 */
export async function candidateRows(
  space: SearchSpace,
  size: number,
  rng: Rng,
  work: Work,
): Promise<Matrix> {
  const count = space.count();
  if (count !== "uncountable" && count <= BigInt(mostListed)) {
    return matrixOf([...space.enumerate()]);
  }
  const known = createRowSet(space.dimension);
  const rows: Float64Array[] = [];
  const offer = (row: Float64Array): void => {
    if (known.add(row)) rows.push(row.slice());
  };
  const random = space.sample(Math.ceil(size / 2), rng.fork("random"));
  const corners: Float64Array[] = [];
  const directions = rng.fork("directions");
  for (let k = 0; k < size / 4; k++) {
    const corner = space.repair(farPoint(space, rowOf(random, k % random.rows), directions));
    if (known.add(corner)) {
      rows.push(corner);
      corners.push(corner);
    }
    if (k % 20 === 0) {
      await checkpoint(work, { label: "corners of the space", done: k, total: size / 4 });
    }
  }
  offer(space.repair(middleOf(space, corners)));
  const pairs = rng.fork("pairs");
  for (let k = 0; k < size / 4 && corners.length > 1; k++) {
    const a = corners[pairs.integer(corners.length)];
    const b = corners[pairs.integer(corners.length)];
    offer(space.repair(middleOf(space, [a, b])));
  }
  for (let i = 0; i < random.rows; i++) offer(rowOf(random, i));
  return matrixOf(rows);
}

/** A point in a random direction, far outside; numbers may also stay in the middle of their range. */
function farPoint(space: SearchSpace, from: Float64Array, rng: Rng): Float64Array {
  return from.map((value, j) => {
    const { kind, min, max } = space.columns[j];
    if (max === min) return value;
    if (kind === "category") return min + rng.integer(max - min + 1);
    if (kind === "fraction") return value + far * (max - min) * rng.normal();
    const side = rng.integer(3) - 1;
    return (min + max) / 2 + side * far * (max - min);
  });
}

/** The middle of several rows; a category is that of the first. */
function middleOf(space: SearchSpace, rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(space.columns, ({ kind }, j) =>
    kind === "category" ? rows[0][j] : rows.reduce((sum, row) => sum + row[j] / rows.length, 0),
  );
}

/**
 * Feasible designs that differ from a row in one variable (coordinate exchange) or by an amount that
 * one element gives to another.
 * @param levels values of a continuous number
 */
export function createNeighbourhood(
  space: SearchSpace,
  levels: number,
): (row: Float64Array) => Matrix {
  const layout = layoutOf(space);
  return (row) => {
    const found: Float64Array[] = [];
    const offer = (change: (next: Float64Array) => void): void => {
      const next = row.slice();
      change(next);
      if (space.isFeasible(next)) found.push(next);
    };
    changeColumns(layout, levels, offer);
    for (const composition of layout.compositions) moveAmounts(row, composition, offer);
    return found.length === 0 ? matrix(0, space.dimension) : matrixOf(found);
  };
}

type Offer = (change: (next: Float64Array) => void) => void;

function changeColumns({ reals, lists, categories }: Layout, levels: number, offer: Offer): void {
  const values = [
    ...reals.map(({ column, min, max }) => ({
      column,
      values: Array.from({ length: levels }, (_, k) =>
        k === levels - 1 ? max : min + ((max - min) * k) / (levels - 1),
      ),
    })),
    ...lists,
    ...categories.map(({ column, count }) => ({
      column,
      values: Array.from({ length: count }, (_, k) => k),
    })),
  ];
  for (const { column, values: own } of values) {
    for (const value of own) offer((next) => (next[column] = value));
  }
}

function moveAmounts(
  row: Float64Array,
  { columns, elements, step }: CompositionVariable,
  offer: Offer,
): void {
  const grid = step === undefined ? null : Math.round(1 / step);
  columns.forEach((from, i) => {
    if (!(row[from] > 0)) return;
    columns.forEach((to, j) => {
      if (i === j) return;
      const most = [row[from], row[from] - elements[i].min, elements[j].max - row[to]];
      for (const amount of most.flatMap((one) => movedShares.map((share) => share * one))) {
        const moved = grid === null ? amount : Math.round(amount * grid) / grid;
        if (!(moved > 0 && moved <= row[from])) continue;
        offer((next) => {
          next[from] = onGrid(row[from] - moved, grid);
          next[to] = onGrid(row[to] + moved, grid);
        });
      }
    });
  });
}

const onGrid = (value: number, grid: number | null): number =>
  grid === null ? value : Math.round(value * grid) / grid;
