import { InputError, ShapeError, UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { createRowSet } from "../row-set.ts";
import { requireWhole } from "../run.ts";
import { distinctRows } from "../strategies/screen.ts";
import type { DesignOptions, DesignSpec } from "./contract.ts";

const optimalHint = "A d-optimal design takes any space and any number of experiments.";

/** Columns that vary: fractions of compositions, and the others. */
export interface VariedColumns {
  readonly fractions: readonly number[];
  readonly others: readonly number[];
}

/**
 * Checks space and options against what a design supports.
 * @throws UnsupportedError for a space outside `spec.supports`, InputError for a size that cannot be used or is
 *   more than the space has
 */
export function beginDesign(
  { name, supports }: DesignSpec,
  space: SearchSpace,
  { n, known }: DesignOptions,
): VariedColumns {
  if (n === null && !supports.ownSize) {
    throw new InputError(
      `${name}: expected a number of experiments, as it has no size of its own.`,
      {
        path: "n",
      },
    );
  }
  if (n !== null) {
    requireWhole(name, "n", n, 1);
    requireRoom(name, space, n);
  }
  if (known !== undefined) {
    if (!supports.known) {
      throw new UnsupportedError(`${name}: cannot add to experiments that exist already.`, {
        hint: optimalHint,
      });
    }
    if (known.columns !== space.dimension) {
      throw new ShapeError(
        `${name}: expected known experiments with ${space.dimension} columns, got ${known.columns}.`,
      );
    }
  }
  const varied = space.columns.flatMap(({ min, max }, j) => (max > min ? [j] : []));
  const fractions = varied.filter((j) => space.columns[j].kind === "fraction");
  const others = varied.filter((j) => space.columns[j].kind !== "fraction");
  if (supports.composition === "none" && fractions.length > 0) {
    throw new UnsupportedError(`${name}: fractions that sum to one cannot be varied one by one.`, {
      received: fractions.map((j) => space.columns[j].label).join(", "),
      hint: `Use a simplex design for a mixture. ${optimalHint}`,
    });
  }
  if (supports.composition === "only" && (fractions.length < 2 || others.length > 0)) {
    throw new UnsupportedError(
      `${name}: takes a composition of at least two elements and nothing else that varies.`,
      {
        received: varied.map((j) => space.columns[j].label).join(", ") || "nothing that varies",
        hint: optimalHint,
      },
    );
  }
  return { fractions, others };
}

/** @throws InputError for a space with fewer designs than experiments */
export function requireRoom(name: string, space: SearchSpace, n: number): void {
  const count = space.count();
  if (count === "uncountable" || count >= BigInt(n)) return;
  throw new InputError(
    `${name}: the space has ${count} designs, ${n} experiments were asked for.`,
    {
      path: "n",
      expected: `at most ${count}`,
      received: `${n}`,
    },
  );
}

/** @throws InputError for a number of experiments that is not the design's own */
export function requireOwnSize(name: string, n: number | null, own: number, why: string): void {
  if (n === null || n === own) return;
  throw new InputError(`${name}: has ${own} experiments (${why}), ${n} were asked for.`, {
    path: "n",
    expected: `${own}, or none`,
    received: `${n}`,
    hint: optimalHint,
  });
}

/**
 * Rows of a fixed design as they are.
 * @throws InputError for one that a constraint forbids, naming the constraint
 */
export function requireFeasible(name: string, space: SearchSpace, rows: Matrix): Matrix {
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i);
    if (space.isFeasible(row)) continue;
    const broken = space.check(row).find(({ satisfied }) => !satisfied);
    throw new InputError(
      `${name}: experiment ${i + 1} is not a design of the space${broken === undefined ? "" : `: it breaks "${broken.text}"`}.`,
      {
        path: "constraints",
        received: space.columns.map(({ label }, j) => `${label} ${row[j]}`).join(", "),
        hint: optimalHint,
      },
    );
  }
  return rows;
}

/** A feasible design whose columns that do not vary have the values that they must have. */
export const baseRow = (space: SearchSpace, rng: Rng): Float64Array =>
  rowOf(space.sample(1, rng.fork("base")), 0).slice();

/** Largest space that is gone through for what random draws do not find. */
const mostListed = 100_000n;

/**
 * `n` different designs: those that `draw` gives, then random ones, then whatever the space still has.
 * @throws InputError when no more are found
 */
export function differentRows(
  name: string,
  space: SearchSpace,
  n: number,
  draw: (n: number) => Matrix,
  rng: Rng,
): { readonly rows: Matrix; readonly replaced: number } {
  const d = space.dimension;
  const first = distinctRows(n, d, draw);
  if (first.rows === n) return { rows: first, replaced: 0 };
  const known = createRowSet(d);
  const rows = matrix(n, d);
  let filled = 0;
  const offer = (row: Float64Array): void => {
    if (filled === n || !known.add(row)) return;
    rows.data.set(row, filled * d);
    filled++;
  };
  for (let i = 0; i < first.rows; i++) offer(rowOf(first, i));
  const fresh = distinctRows(n, d, (count) => space.sample(count, rng));
  for (let i = 0; i < fresh.rows; i++) offer(rowOf(fresh, i));
  const count = space.count();
  if (filled < n && count !== "uncountable" && count <= mostListed) {
    for (const row of space.enumerate()) offer(row);
  }
  if (filled < n) {
    throw new InputError(`${name}: found ${filled} different designs, ${n} were asked for.`, {
      path: "n",
      expected: `at most ${filled}`,
      received: `${n}`,
    });
  }
  return { rows, replaced: n - first.rows };
}
