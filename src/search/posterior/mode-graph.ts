import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { SearchSpace } from "../../space/contract.ts";

/** Log-likelihoods of designs. */
export type Judge = (rows: Matrix) => Promise<Float64Array>;

/** Points between two neighbours at which the log-likelihood is looked up. */
const between = [0.25, 0.5, 0.75] as const;

/** The top that each point reaches over its most probable neighbours. */
export function climb(near: readonly Int32Array[], height: Float64Array): Int32Array {
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

export interface Bridge {
  readonly a: number;
  readonly b: number;
  /** The lowest log-likelihood on the way. */
  readonly saddle: number;
}

export interface Joins {
  /** The top that stands for the mode of a point. */
  rootOf(point: number): number;
  merge(bridges: readonly Bridge[], depth: number): void;
}

export function createJoins(top: Int32Array, height: Float64Array): Joins {
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
export async function bridgesOf(
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
export async function saddlesOf(
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
