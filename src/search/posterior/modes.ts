import { rowOf } from "../../core/matrix.ts";
import type { Work } from "../../core/work.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { resolveSettings } from "../run.ts";
import { columnWeights } from "../similarity.ts";
import { conditionalSpread, spreadOf, type ColumnSpread } from "./column-spread.ts";
import type { Posterior } from "./contract.ts";
import { bridgesOf, climb, createJoins, saddlesOf, type Joins, type Judge } from "./mode-graph.ts";
import { distinctPoints, nearestNeighbours } from "./mode-points.ts";

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

/** Places on the straight way between two tops at which the log-likelihood is looked up. */
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
  const conditionals = new Map(space.cells().conditionals.map((one) => [one.column, one]));
  return {
    weight,
    representative: rowOf(rows, index).slice(),
    index,
    logLikelihood: logLikelihood[index],
    spread: space.columns.map((_, j) => {
      const values = Float64Array.from(members, (i) => rows.data[i * rows.columns + j]);
      const condition = conditionals.get(j);
      if (condition === undefined) return spreadOf(space, j, values, own);
      return conditionalSpread(space, j, values, own, (place) =>
        condition.isActive(rowOf(rows, members[place])),
      );
    }),
    members,
  };
}
