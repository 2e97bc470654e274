import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { weightedMean, weightedQuantile } from "../../core/statistics.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { createRowSet } from "../row-set.ts";
import { resolveSettings } from "../run.ts";
import { columnWeights } from "../similarity.ts";
import type { Posterior } from "./contract.ts";

/** How one column varies within a mode, in the column's unit. */
export interface ColumnSpread {
  readonly label: string;
  readonly unit: string;
  readonly mean: number;
  readonly std: number;
  /** Ends of the central 90 %. */
  readonly low: number;
  readonly high: number;
  /** Categories only: the share of each word that occurs. */
  readonly shares?: Readonly<Record<string, number>>;
}

/** One family of designs that have what is asked for. */
export interface Mode {
  /** Share of the posterior, 0 ... 1. */
  readonly weight: number;
  /** The most probable design of the sample in this mode. */
  readonly representative: Float64Array;
  /** Its row in the posterior. */
  readonly index: number;
  readonly logLikelihood: number;
  /** One per column of the space. */
  readonly spread: readonly ColumnSpread[];
  /** Rows of the posterior that belong to it. */
  readonly members: Int32Array;
}

export interface ModeSettings {
  /** Neighbours of each design in the graph over which modes are connected. */
  readonly neighbours: number;
  /** How far the log-likelihood must fall between two modes, below the lower of both, to keep them apart. */
  readonly depth: number;
  /** Modes with a smaller share of the posterior are left out of the list. */
  readonly leastWeight: number;
  /** Most designs that are compared with each other. */
  readonly mostCompared: number;
}

export const modeDefaults: ModeSettings = {
  neighbours: 12,
  depth: 2,
  leastWeight: 0.01,
  mostCompared: 3000,
};

/** Log-likelihoods of designs. */
export type Judge = (rows: Matrix) => Promise<Float64Array>;

/** Points between two designs at which the log-likelihood is looked up. */
const between = [0.25, 0.5, 0.75] as const;
const acrossPeaks = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;
/** Most modes whose straight connections are looked at. */
const mostConnected = 20;

/**
 * The modes of a posterior, the weightiest first. Every design climbs to its most probable near neighbour; the tops
 * that are reached this way are modes, and two of them are one when the way between them (over neighbours, or
 * straight) does not fall by `depth` in log-likelihood. So a ridge is one mode however long it is bent.
 * Designs that differ in a category only are next to each other: a category that makes no difference makes no modes.
 * @param judge looks up the log-likelihood of designs between those of the sample
 * @returns modes of at least `leastWeight`; the weights of those left out are what is missing to one
 * Source: F. Chazal et al., J. ACM 60, 41 (2013), doi:10.1145/2535927 (clusters by persistence).
 */
export async function findModes(
  posterior: Posterior,
  space: SearchSpace,
  judge: Judge,
  given: Partial<ModeSettings> = {},
  work: Work = {},
): Promise<Mode[]> {
  const settings = resolveSettings("modes", modeDefaults, given);
  const points = await distinctPoints(posterior, settings.mostCompared, work);
  const { rows, logLikelihood } = points;
  const scale = columnWeights(space.columns);
  const near = nearestNeighbours(rows, space, scale, settings.neighbours);
  const top = climb(near, logLikelihood);
  const joins = createJoins(top, logLikelihood);

  const bridges = await bridgesOf(near, top, rows, logLikelihood, space, judge);
  joins.merge(bridges, settings.depth);
  const peaks = peaksByWeight(joins, points.weights).slice(0, mostConnected);
  const pairs = peaks.flatMap((a, k) => peaks.slice(k + 1).map((b) => [a, b] as const));
  const saddles = await saddlesOf(pairs, rows, logLikelihood, space, judge, acrossPeaks);
  joins.merge(
    pairs.map(([a, b], k) => ({ a, b, saddle: saddles[k] })),
    settings.depth,
  );

  const members = new Map<number, number[]>();
  points.pointOf.forEach((point, i) => {
    if (point < 0) return;
    const peak = joins.rootOf(point);
    const own = members.get(peak);
    if (own === undefined) members.set(peak, [i]);
    else own.push(i);
  });
  const modes = [...members].map(([peak, own]) =>
    describeMode(posterior, space, points.first[peak], Int32Array.from(own)),
  );
  return modes
    .filter(({ weight }) => weight >= settings.leastWeight)
    .sort((a, b) => b.weight - a.weight);
}

interface Points {
  readonly rows: Matrix;
  readonly logLikelihood: Float64Array;
  readonly weights: Float64Array;
  /** A row of the posterior for each point. */
  readonly first: Int32Array;
  /** The point of each row of the posterior; -1 for rows of negligible weight. */
  readonly pointOf: Int32Array;
}

/** Rows below this share of the mean weight count to no mode; together they weigh less than this. */
const negligible = 1e-3;
/** Rows that are assigned between two looks at the event loop. */
const assignedAtOnce = 2000;

/**
 * The different designs of a sample. Where there are too many, some stand for those nearest to them, chosen
 * by their weights.
 */
async function distinctPoints(posterior: Posterior, most: number, work: Work): Promise<Points> {
  const { rows, weights, logLikelihood } = posterior;
  const known = createRowSet(rows.columns);
  const first: number[] = [];
  const distinct = new Int32Array(rows.rows).fill(-1);
  for (let i = 0; i < rows.rows; i++) {
    if (weights[i] * rows.rows < negligible) continue;
    const row = rowOf(rows, i);
    if (known.add(row)) first.push(i);
    distinct[i] = known.indexOf(row);
  }
  const mass = new Float64Array(first.length);
  distinct.forEach((one, i) => {
    if (one >= 0) mass[one] += weights[i];
  });
  const kept = chosenByWeight(mass, most);
  const all = takeRows(rows, first);
  const points = takeRows(all, kept);
  const spread = rangeWeights(all);
  const place = new Int32Array(first.length).fill(-1);
  kept.forEach((one, k) => (place[one] = k));
  for (let k = 0; k < first.length; k++) {
    if (place[k] < 0) place[k] = nearestTo(rowOf(all, k), points, spread);
    if (k % assignedAtOnce === 0) {
      await checkpoint(work, { label: "families of solutions", done: k, total: first.length });
    }
  }
  const pointOf = distinct.map((one) => (one < 0 ? -1 : place[one]));
  const pointMass = new Float64Array(kept.length);
  mass.forEach((weight, k) => (pointMass[place[k]] += weight));
  return {
    rows: points,
    weights: pointMass,
    first: Int32Array.from(kept, (one) => first[one]),
    logLikelihood: Float64Array.from(kept, (one) => logLikelihood[first[one]]),
    pointOf,
  };
}

/** All, or at most `most` of them spread evenly over the sum of the weights, each once. */
function chosenByWeight(mass: Float64Array, most: number): number[] {
  if (mass.length <= most) return [...mass.keys()];
  const step = mass.reduce((sum, value) => sum + value, 0) / most;
  const chosen: number[] = [];
  let sum = 0;
  mass.forEach((value, k) => {
    const before = Math.floor(sum / step);
    sum += value;
    if (Math.floor(sum / step) > before) chosen.push(k);
  });
  return chosen;
}

function rangeWeights(rows: Matrix): Float64Array {
  return Float64Array.from({ length: rows.columns }, (_, j) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < rows.rows; i++) {
      low = Math.min(low, rows.data[i * rows.columns + j]);
      high = Math.max(high, rows.data[i * rows.columns + j]);
    }
    return high > low ? 1 / (high - low) : 0;
  });
}

function nearestTo(row: Float64Array, points: Matrix, scale: Float64Array): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < points.rows; k++) {
    let square = 0;
    for (let j = 0; j < row.length && square < least; j++) {
      const gap = (row[j] - points.data[k * points.columns + j]) * scale[j];
      square += gap * gap;
    }
    if (square < least) {
      least = square;
      nearest = k;
    }
  }
  return nearest;
}

/** Numbers of the nearest points of each point; different categories are one apart. */
function nearestNeighbours(
  rows: Matrix,
  { columns }: SearchSpace,
  scale: Float64Array,
  k: number,
): readonly Int32Array[] {
  const { rows: n, columns: d, data } = rows;
  const isCategory = columns.map(({ kind }) => kind === "category");
  const count = Math.min(k, n - 1);
  return Array.from({ length: n }, (_, i) => {
    const index = new Int32Array(count);
    const square = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    for (let o = 0; o < n; o++) {
      if (o === i || count === 0) continue;
      let distance = 0;
      for (let j = 0; j < d && distance < square[count - 1]; j++) {
        const gap = (data[i * d + j] - data[o * d + j]) * scale[j];
        distance += isCategory[j] ? Number(gap !== 0) : gap * gap;
      }
      if (!(distance < square[count - 1])) continue;
      let at = count - 1;
      for (; at > 0 && square[at - 1] > distance; at--) {
        square[at] = square[at - 1];
        index[at] = index[at - 1];
      }
      square[at] = distance;
      index[at] = o;
    }
    return index;
  });
}

/** The top that each point reaches over its most probable neighbours. */
function climb(near: readonly Int32Array[], height: Float64Array): Int32Array {
  const order = Int32Array.from(height.keys()).sort((a, b) => height[b] - height[a] || a - b);
  const place = new Int32Array(order.length);
  order.forEach((i, k) => (place[i] = k));
  const top = new Int32Array(order.length);
  for (const i of order) {
    let up = i;
    for (const o of near[i]) if (place[o] < place[up]) up = o;
    top[i] = up === i ? i : top[up];
  }
  return top;
}

interface Bridge {
  readonly a: number;
  readonly b: number;
  /** The lowest log-likelihood on the way. */
  readonly saddle: number;
}

interface Joins {
  /** The top that stands for the mode of a point. */
  rootOf(point: number): number;
  merge(bridges: readonly Bridge[], depth: number): void;
}

function createJoins(top: Int32Array, height: Float64Array): Joins {
  const parent = top.slice();
  const rootOf = (point: number): number => {
    let root = point;
    while (parent[root] !== root) root = parent[root];
    return root;
  };
  return {
    rootOf,
    merge(bridges, depth) {
      for (const { a, b, saddle } of bridges.toSorted((x, y) => y.saddle - x.saddle)) {
        const one = rootOf(a);
        const other = rootOf(b);
        if (one === other) continue;
        const [low, high] = height[one] < height[other] ? [one, other] : [other, one];
        if (height[low] - saddle < depth) parent[low] = high;
      }
    },
  };
}

/** The highest way between each two neighbouring tops, looked up in between as well. */
async function bridgesOf(
  near: readonly Int32Array[],
  top: Int32Array,
  rows: Matrix,
  height: Float64Array,
  space: SearchSpace,
  judge: Judge,
): Promise<Bridge[]> {
  const best = new Map<
    string,
    { pair: readonly [number, number]; ends: readonly [number, number] }
  >();
  const least = ([a, b]: readonly [number, number]): number => Math.min(height[a], height[b]);
  near.forEach((others, i) => {
    for (const o of others) {
      if (top[i] === top[o]) continue;
      const pair = [Math.min(top[i], top[o]), Math.max(top[i], top[o])] as const;
      const known = best.get(pair.join(" "));
      const ends = [i, o] as const;
      if (known === undefined || least(ends) > least(known.ends)) {
        best.set(pair.join(" "), { pair, ends });
      }
    }
  });
  const found = [...best.values()];
  const saddles = await saddlesOf(
    found.map(({ ends }) => ends),
    rows,
    height,
    space,
    judge,
    between,
  );
  return found.map(({ pair: [a, b] }, k) => ({ a, b, saddle: saddles[k] }));
}

/** The lowest log-likelihood on the straight way between two points; way points are made feasible. */
async function saddlesOf(
  pairs: readonly (readonly [number, number])[],
  rows: Matrix,
  height: Float64Array,
  space: SearchSpace,
  judge: Judge,
  places: readonly number[],
): Promise<Float64Array> {
  const way = matrix(pairs.length * places.length, rows.columns);
  pairs.forEach(([a, b], p) => {
    const from = rowOf(rows, a);
    const to = rowOf(rows, b);
    places.forEach((t, k) => {
      const at = from.map((value, j) => {
        if (space.columns[j].kind === "category") return t < 0.5 ? value : to[j];
        return value + t * (to[j] - value);
      });
      rowOf(way, p * places.length + k).set(space.repair(at));
    });
  });
  const heights = way.rows === 0 ? new Float64Array() : await judge(way);
  return Float64Array.from(pairs, ([a, b], p) =>
    places.reduce(
      (lowest, _, k) => Math.min(lowest, heights[p * places.length + k]),
      Math.min(height[a], height[b]),
    ),
  );
}

/** Tops in the order of the weight that they stand for. */
function peaksByWeight(joins: Joins, weights: Float64Array): number[] {
  const mass = new Map<number, number>();
  weights.forEach((weight, point) => {
    const root = joins.rootOf(point);
    mass.set(root, (mass.get(root) ?? 0) + weight);
  });
  return [...mass].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([root]) => root);
}

function describeMode(
  { rows, weights, logLikelihood }: Posterior,
  space: SearchSpace,
  start: number,
  members: Int32Array,
): Mode {
  const own = Float64Array.from(members, (i) => weights[i]);
  const weight = own.reduce((sum, value) => sum + value, 0);
  const index = members.reduce(
    (best, i) => (logLikelihood[i] > logLikelihood[best] ? i : best),
    members.includes(start) ? start : members[0],
  );
  return {
    weight,
    representative: rowOf(rows, index).slice(),
    index,
    logLikelihood: logLikelihood[index],
    spread: space.columns.map((_, j) =>
      spreadOf(
        space,
        j,
        Float64Array.from(members, (i) => rows.data[i * rows.columns + j]),
        own,
      ),
    ),
    members,
  };
}

function spreadOf(
  { columns, parameters }: SearchSpace,
  j: number,
  values: Float64Array,
  weights: Float64Array,
): ColumnSpread {
  const { label, unit, kind } = columns[j];
  const mean = weightedMean(values, weights);
  const squares = values.map((value) => (value - mean) * (value - mean));
  const quantile = (share: number): number => weightedQuantile(values, weights, share);
  const numbers = {
    label,
    unit,
    mean,
    std: Math.sqrt(weightedMean(squares, weights)),
    low: quantile(0.05),
    high: quantile(0.95),
  };
  if (kind !== "category") return numbers;
  const parameter = parameters.find((one) => one.kind === "categorical" && one.name === label);
  const words = parameter?.kind === "categorical" ? parameter.values : [];
  const total = weights.reduce((sum, value) => sum + value, 0);
  const shares = Object.fromEntries(
    words.flatMap((word, c) => {
      const share = weights.reduce((sum, w, i) => (values[i] === c ? sum + w : sum), 0) / total;
      return share > 0 ? [[word, share] as const] : [];
    }),
  );
  return { ...numbers, shares };
}
