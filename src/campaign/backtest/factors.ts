import { median, quantile } from "../../core/statistics.ts";
import type { Acceleration, BacktestResult } from "./contract.ts";
import { drawsToShare, medianDrawsToOne } from "./random-draws.ts";
import type { Course, Yardstick } from "./yardstick.ts";

type Pool = NonNullable<BacktestResult["pool"]>;

/**
 * Enhancement factor at the end of the budget: the share of the top found, over the share that as many
 * random draws find on average.
 * Source: B. Rohr et al., Chem. Sci. 11, 2696 (2020), doi:10.1039/C9SC05999G; Q. Liang et al., npj Comput. Mater.
 *   7, 188 (2021), doi:10.1038/s41524-021-00656-9.
 */
export function enhancementOf(
  courses: readonly Course[],
  { designs }: Pool,
): BacktestResult["enhancement"] {
  const factors = courses.map(({ share }) => share.at(-1)! / (share.length / designs));
  return {
    median: median(factors),
    low: quantile(factors, 0.25),
    high: quantile(factors, 0.75),
  };
}

/** Shares of the top that are asked for besides the first one. */
const levels = [
  { share: 0.25, title: "a quarter" },
  { share: 0.5, title: "half" },
] as const;

/**
 * Acceleration factors: experiments that random draws need over those that the planner needs, to the first of the
 * top (medians over runs), and to a share of it (the median run against the average of random draws).
 * Sources as for `enhancementOf`.
 */
export function accelerations(
  courses: readonly Course[],
  { topTitle }: Yardstick,
  pool: Pool | null,
): Acceleration[] {
  if (pool === null) return [];
  const shares = courses.map(({ share }) => share);
  const first = middle(shares.map((curve) => experimentsTo(curve, Number.MIN_VALUE)));
  const medians = medianCurve(shares);
  return [
    acceleration(`one of ${topTitle}`, first, medianDrawsToOne(pool.designs, pool.top)),
    ...levels.map(({ share, title }) => {
      const reached = experimentsTo(medians, share);
      const planner = Number.isFinite(reached) ? reached : null;
      return acceleration(`${title} of ${topTitle}`, planner, drawsToShare(pool.designs, share));
    }),
  ];
}

/**
 * Where nothing is listed as top, or several objectives are weighed: experiments until the median run is as good as
 * the median of random designs is at the end.
 * @param planner what each run reached, larger is better
 */
export function accelerationToRandom(
  planner: readonly Float64Array[],
  random: readonly Float64Array[],
  several: boolean,
): Acceleration {
  const own = medianCurve(planner);
  const blind = medianCurve(random);
  const level = blind.at(-1)!;
  const reached = experimentsTo(own, level);
  return acceleration(
    `the ${several ? "hypervolume" : "best"} of ${blind.length} random designs`,
    Number.isFinite(reached) ? reached : null,
    experimentsTo(blind, level),
  );
}

function medianCurve(curves: readonly Float64Array[]): Float64Array {
  const steps = Math.min(...curves.map(({ length }) => length));
  return Float64Array.from({ length: steps }, (_, i) => median(curves.map((curve) => curve[i]!)));
}

const acceleration = (
  level: string,
  planner: number | null,
  random: number | null,
): Acceleration => ({
  level,
  planner,
  random,
  factor: planner === null || random === null ? null : random / planner,
});

/** Experiments until a curve reaches a level; infinite where it does not. */
function experimentsTo(curve: Float64Array, level: number): number {
  const at = curve.findIndex((value) => value >= level);
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
}

/** The experiment by which half of the runs are there; null where fewer ever are. */
function middle(counts: readonly number[]): number | null {
  const ascending = [...counts].sort((a, b) => a - b);
  const value = ascending[Math.ceil(ascending.length / 2) - 1]!;
  return Number.isFinite(value) ? value : null;
}
