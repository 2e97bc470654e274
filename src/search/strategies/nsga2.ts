import type { Rng } from "../../core/rng.ts";
import { best } from "../archive.ts";
import type { Evaluation, StrategySpec } from "../contract.ts";
import { crowdingDistance } from "../pareto/crowding.ts";
import { groupByRank } from "../pareto/sort.ts";
import { resolveSettings } from "../run.ts";
import { evolve, type EvolutionSettings, type Selection } from "./evolve.ts";

/**
 * Evolutionary search for the Pareto front, or for the best design of one objective: NSGA-II with
 * constraint-domination, on children that the space makes feasible. No design is scored twice, and the
 * result is chosen from all generations. Crowded designs leave one at a time (see pruneByCrowding). A
 * space that the budget covers is gone through completely instead; the search ends before its budget
 * when no new design can be found.
 * Source: K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, IEEE Trans. Evol. Comput. 6, 182 (2002),
 *   doi:10.1109/4235.996017.
 */
export const evolutionary: StrategySpec<EvolutionSettings> = {
  name: "evolutionary",
  title: "Evolutionary search (NSGA-II)",
  supports: { objectives: { min: 1, max: 8 }, continuous: true, discrete: true },
  defaults: {
    populationSize: 200,
    crossoverProbability: 0.9,
    crossoverIndex: 15,
    mutationIndex: 20,
    archiveSize: 1000,
  },
  async search(problem, options, settings) {
    const resolved = resolveSettings(evolutionary.name, evolutionary.defaults, settings);
    const { populationSize } = resolved;
    const begin =
      (rng: Rng): Selection =>
      (pool) => {
        const { objectives, violation } = pool.evaluation;
        const { chosen, rank } = best(objectives, violation, populationSize);
        pool.keep(chosen);
        return tournament(rank, roomOf(pool.evaluation, rank), rng);
      };
    return evolve(evolutionary, problem, options, { settings: resolved, least: 4, begin });
  },
};

/** How much room each member has on its own front. */
function roomOf({ objectives }: Evaluation, rank: Int32Array): Float64Array {
  const room = new Float64Array(rank.length);
  for (const group of groupByRank(rank)) {
    const distance = crowdingDistance(objectives, group);
    for (let k = 0; k < group.length; k++) room[group[k]] = distance[k];
  }
  return room;
}

/**
 * Parents that win a comparison (by rank, then by room) of two neighbours in a shuffled order, which is
 * shuffled anew when it ends.
 */
function tournament(rank: Int32Array, room: Float64Array, rng: Rng): () => number {
  const n = rank.length;
  let queue = rng.permutation(n);
  let at = 0;
  const contender = (): number => {
    if (at === n) {
      queue = rng.permutation(n);
      at = 0;
    }
    return queue[at++];
  };
  return () => {
    const first = contender();
    const second = contender();
    if (rank[second] !== rank[first]) return rank[second] < rank[first] ? second : first;
    return room[second] > room[first] ? second : first;
  };
}
