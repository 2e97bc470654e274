import { InputError, ShapeError } from "../../core/errors.ts";
import { kMeans } from "../../core/k-means.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { requireWhole, resolveSettings } from "../run.ts";
import { columnWeights } from "../similarity.ts";
import { distinctRows } from "../strategies/screen.ts";
import { beginDesign } from "./begin.ts";
import type { DesignSpec } from "./contract.ts";

export interface PoolSettings {
  /** Designs of the space that are chosen from, drawn at random; a smaller space is taken whole. */
  readonly poolSize: number;
  /** Rows to choose from instead, such as samples that exist: m rows of numbers, one per column. */
  readonly pool: readonly (readonly number[])[] | null;
}

const supports = {
  composition: "any",
  lists: true,
  constraints: true,
  ownSize: false,
  known: true,
} as const;
const defaults: PoolSettings = { poolSize: 2000, pool: null };

/**
 * Always the design of a pool that is farthest from those known and chosen (greedy k-centre): no design of the pool is
 * left farther than twice the least possible distance. Without known ones it starts nearest to the middle.
 * Sources: T. F. Gonzalez, Theor. Comput. Sci. 38, 293 (1985), doi:10.1016/0304-3975(85)90224-5; R. W. Kennard,
 * L. A. Stone, Technometrics 11, 137 (1969), doi:10.1080/00401706.1969.10490666.
 */
export const coreSet: DesignSpec<PoolSettings> = {
  name: "core-set",
  title: "Core-set of a pool, farthest first",
  supports,
  defaults,
  async points(space, options, given) {
    const settings = resolveSettings(coreSet.name, coreSet.defaults, given);
    beginDesign(coreSet, space, options);
    const n = options.n!;
    const { rows, places } = poolOf(coreSet.name, space, n, settings, options.rng, options.known);
    const distance = new Float64Array(places.rows).fill(Number.POSITIVE_INFINITY);
    const approach = (place: Float64Array): void => {
      for (let i = 0; i < places.rows; i++) {
        distance[i] = Math.min(distance[i], squared(rowOf(places, i), place));
      }
    };
    const chosen: number[] = [];
    const { known } = options;
    if (known !== undefined && known.rows > 0) {
      const knownPlaces = placesOf(space, known);
      for (let i = 0; i < known.rows; i++) approach(rowOf(knownPlaces, i));
    } else {
      chosen.push(nearestRow(places, meanRow(places)));
      approach(rowOf(places, chosen[0]));
    }
    while (chosen.length < n) {
      const farthest = distance.reduce((best, value, i) => (value > distance[best] ? i : best), 0);
      chosen.push(farthest);
      approach(rowOf(places, farthest));
      // Designs of the pool are all different, so those that are left lie at a distance.
      distance[farthest] = -1;
    }
    return Promise.resolve({
      rows: takeRows(rows, chosen),
      figures: { coveringRadius: Math.sqrt(Math.max(0, ...distance)) },
      notes: [`Chosen out of ${rows.rows} designs.`],
    });
  },
};

/**
 * The designs of a pool that are nearest to the centres of as many clusters: as dense as the pool is.
 * Source: J. MacQueen, Proc. 5th Berkeley Symp. Math. Stat. Prob. 1, 281 (1967).
 */
export const clusterCentres: DesignSpec<PoolSettings> = {
  name: "k-means",
  title: "Centres of clusters of a pool",
  supports: { ...supports, known: false },
  defaults,
  async points(space, options, given) {
    const settings = resolveSettings(clusterCentres.name, clusterCentres.defaults, given);
    beginDesign(clusterCentres, space, options);
    const n = options.n!;
    const { rows, places } = poolOf(
      clusterCentres.name,
      space,
      n,
      settings,
      options.rng,
      undefined,
    );
    const { cluster, centres } = kMeans(places, n, options.rng.fork("clusters"));
    const nearest = new Int32Array(n).fill(-1);
    const least = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    cluster.forEach((c, i) => {
      const distance = squared(rowOf(places, i), rowOf(centres, c));
      if (distance >= least[c]) return;
      least[c] = distance;
      nearest[c] = i;
    });
    return Promise.resolve({
      rows: takeRows(rows, nearest),
      figures: {},
      notes: [`Chosen out of ${rows.rows} designs.`],
    });
  },
};

interface Pool {
  readonly rows: Matrix;
  /** Rows with differences as shares of the ranges; categories as one coordinate a word. */
  readonly places: Matrix;
}

/** @throws InputError for a pool that is too small or holds rows that are no designs of the space */
function poolOf(
  name: string,
  space: SearchSpace,
  n: number,
  { poolSize, pool }: PoolSettings,
  rng: Rng,
  known: Matrix | undefined,
): Pool {
  requireWhole(name, "poolSize", poolSize, 1);
  const d = space.dimension;
  const count = space.count();
  const draws = rng.fork("pool");
  const all =
    pool !== null
      ? given(name, space, pool)
      : count !== "uncountable" && count <= BigInt(poolSize)
        ? listed(space, Number(count))
        : distinctRows(poolSize, d, (size) => space.sample(size, draws));
  const taken = new Set<string>();
  for (let i = 0; i < (known?.rows ?? 0); i++) taken.add(rowOf(known!, i).join(" "));
  const kept: number[] = [];
  for (let i = 0; i < all.rows; i++) {
    const key = rowOf(all, i).join(" ");
    if (taken.has(key)) continue;
    taken.add(key);
    kept.push(i);
  }
  const rows = takeRows(all, kept);
  if (rows.rows < n) {
    throw new InputError(
      `${name}: the pool has ${rows.rows} different new designs, ${n} were asked for.`,
      { path: "n", expected: `at most ${rows.rows}`, received: `${n}` },
    );
  }
  return { rows, places: placesOf(space, rows) };
}

function given(name: string, space: SearchSpace, pool: readonly (readonly number[])[]): Matrix {
  const d = space.dimension;
  const rows = matrix(pool.length, d);
  pool.forEach((row, i) => {
    if (row.length !== d) {
      throw new ShapeError(
        `${name}: expected ${d} numbers in row ${i} of the pool, got ${row.length}.`,
      );
    }
    if (!space.isFeasible(row)) {
      throw new InputError(`${name}: row ${i} of the pool is not a design of the space.`, {
        path: `pool[${i}]`,
      });
    }
    rowOf(rows, i).set(row);
  });
  return rows;
}

function listed(space: SearchSpace, count: number): Matrix {
  const rows = matrix(count, space.dimension);
  let i = 0;
  for (const row of space.enumerate()) rowOf(rows, i++).set(row);
  return rows;
}

/** Coordinates for distances: shares of the range; a word is a corner of a simplex with edges of length one. */
function placesOf(space: SearchSpace, rows: Matrix): Matrix {
  const weights = columnWeights(space.columns);
  const parts = space.columns.flatMap(({ kind, min, max }, j) => {
    if (max === min) return [];
    if (kind !== "category") return [{ j, word: -1 }];
    return Array.from({ length: max - min + 1 }, (_, k) => ({ j, word: min + k }));
  });
  const places = matrix(rows.rows, parts.length);
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i);
    parts.forEach(({ j, word }, k) => {
      const value = word < 0 ? row[j] * weights[j] : row[j] === word ? Math.SQRT1_2 : 0;
      places.data[i * parts.length + k] = value;
    });
  }
  return places;
}

function meanRow(places: Matrix): Float64Array {
  const mean = new Float64Array(places.columns);
  for (let i = 0; i < places.rows; i++) {
    rowOf(places, i).forEach((value, k) => (mean[k] += value / places.rows));
  }
  return mean;
}

function nearestRow(places: Matrix, to: Float64Array): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < places.rows; i++) {
    const distance = squared(rowOf(places, i), to);
    if (distance >= least) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}

function squared(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}
