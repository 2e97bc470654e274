import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import { createSobol, maxSobolDimension } from "../../../core/sobol.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { layoutOf } from "../../operators/layout.ts";
import { createVariation } from "../../operators/variation.ts";

/** Designs over the whole space, and variations of known good ones. */
export interface RawCounts {
  readonly spread: number;
  readonly nearby: number;
}

/** Continuous compositions cost a walk in their polytope each; variations of a few stand in for the rest. */
const mostWalks = 128;

/**
 * Feasible designs to look for the best among: a scrambled Sobol sequence over the space, and small changes
 * (a few columns each, of several sizes) of the designs `near`.
 */
export function rawDesigns(
  space: SearchSpace,
  near: Matrix,
  { spread, nearby }: RawCounts,
  rng: Rng,
): Matrix {
  const isCostly = space.parameters.some(
    (parameter) => parameter.kind === "composition" && parameter.step === undefined,
  );
  const drawn = spreadDesigns(space, isCostly ? Math.min(mostWalks, spread) : spread, rng);
  const rows: Float64Array[] = [];
  for (let i = 0; i < drawn.rows; i++) rows.push(rowOf(drawn, i));
  const { lists, categories } = layoutOf(space);
  const listed = [...lists, ...categories].map(({ column }) => column);
  const vary = (from: ArrayLike<number>, index: number, stream: Rng): void => {
    const variation = createVariation(space, { ...noCrossover, mutationIndex: index }, stream);
    const row = Float64Array.from(from);
    variation.mutate(row);
    // What is listed goes back where it breaks a constraint: the nearest design is then found without a program.
    if (!space.isFeasible(row)) for (const column of listed) row[column] = from[column];
    rows.push(space.repair(row));
  };
  const stream = rng.fork("variations");
  for (let i = drawn.rows; i < spread; i++) vary(rows[i % drawn.rows], 5, stream);
  for (let i = 0; i < nearby && near.rows > 0; i++) {
    // The larger the index, the smaller the change: about a third, a tenth and a thirtieth of the range.
    vary(rowOf(near, i % near.rows), [2, 10, 30][i % 3], stream);
  }
  // Where replicates are allowed, the best measured designs themselves are to be had, too.
  for (let i = 0; i < near.rows; i++) rows.push(rowOf(near, i));
  const all = matrix(rows.length, space.dimension);
  rows.forEach((row, i) => all.data.set(row, i * space.dimension));
  return all;
}

const noCrossover = { crossoverProbability: 0, crossoverIndex: 1 };

/** n feasible designs that fill the space evenly. */
export function spreadDesigns(space: SearchSpace, n: number, rng: Rng): Matrix {
  if (space.unitDimension > maxSobolDimension) return space.sample(n, rng.fork("spread"));
  const points = createSobol(space.unitDimension, { scramble: rng.fork("spread") }).take(n);
  const rows = matrix(n, space.dimension);
  for (let i = 0; i < n; i++) rowOf(rows, i).set(space.fromUnit(rowOf(points, i)));
  return rows;
}

/** Some rows of a matrix, evenly spaced. */
export function evenly(rows: Matrix, count: number): Matrix {
  const every = Math.max(1, Math.floor(rows.rows / count));
  return takeRows(
    rows,
    Array.from({ length: Math.min(count, rows.rows) }, (_, k) => k * every),
  );
}
