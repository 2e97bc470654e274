import { matrix, rowOf, takeRows } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { rowNumbers } from "../pareto/sort-by-key.ts";
import { createRowSet } from "../row-set.ts";
import { createVariation } from "./variation.ts";
import type { VariationSettings } from "./variation.ts";

/** Makes the generations of an evolutionary search; no design comes twice. */
export interface Breeder {
  /** New random designs, at most n x dimension: fewer where the space has no more. */
  draw(n: number): Matrix;
  /** Counts rows as made. */
  know(rows: Matrix): void;
  /**
   * Children of a population, at most `count`: fewer when nothing new is found.
   * @param parent gives the number of the next parent
   */
  breed(population: Matrix, count: number, parent: () => number): Matrix;
}

/** Rounds that may bring nothing new before drawing or breeding gives up. */
const patience = 50;

/**
 * A breeder on a space: parents are mixed and mutated, and their children repaired. A child that was made
 * before is mutated again, a few times; then a fresh draw from the space takes its place if that is new.
 */
export function createBreeder(space: SearchSpace, settings: VariationSettings, rng: Rng): Breeder {
  const d = space.dimension;
  const variation = createVariation(space, settings, rng.fork("variation"));
  const sampler = rng.fork("first generation");
  const seen = createRowSet(d);

  /** The child made new and feasible, or nothing. */
  function renewed(child: Float64Array): Float64Array | undefined {
    for (let attempt = 0; attempt < 4; attempt++) {
      variation.mutate(child);
      const row = space.repair(child, child);
      if (seen.add(row)) return row;
      if (row !== child) child.set(row);
    }
    const row = rowOf(space.sample(1, rng), 0);
    return seen.add(row) ? row : undefined;
  }

  return {
    draw(n) {
      const drawn = matrix(n, d);
      let filled = 0;
      for (let idle = 0; filled < n && idle < patience; idle++) {
        const rows = space.sample(n - filled, sampler);
        for (let i = 0; i < rows.rows; i++) {
          if (!seen.add(rowOf(rows, i))) continue;
          drawn.data.set(rowOf(rows, i), filled++ * d);
          idle = 0;
        }
      }
      return firstRows(drawn, filled);
    },
    know(rows) {
      for (let i = 0; i < rows.rows; i++) seen.add(rowOf(rows, i));
    },
    breed(population, count, parent) {
      const children = matrix(count, d);
      const a = new Float64Array(d);
      const b = new Float64Array(d);
      let filled = 0;
      for (let idle = 0; filled < count && idle < patience; idle++) {
        copyRow(population, parent(), a);
        copyRow(population, parent(), b);
        variation.cross(a, b);
        for (const child of [a, b]) {
          const row = filled < count ? renewed(child) : undefined;
          if (row === undefined) continue;
          children.data.set(row, filled++ * d);
          idle = 0;
        }
      }
      return firstRows(children, filled);
    },
  };
}

function copyRow({ data, columns: d }: Matrix, i: number, out: Float64Array): void {
  for (let k = 0, at = i * d; k < d; k++, at++) out[k] = data[at];
}

const firstRows = (m: Matrix, rows: number): Matrix =>
  rows === m.rows ? m : takeRows(m, rowNumbers(rows));
