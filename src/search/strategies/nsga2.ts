import type { Rng } from "../../core/rng.ts";
import { best } from "../archive.ts";
import type { Evaluation, StrategySpec } from "../contract.ts";
import { createBreeder } from "../operators/breed.ts";
import { variationNotes, type VariationSettings } from "../operators/variation.ts";
import { crowdingDistance } from "../pareto/crowding.ts";
import { groupByRank } from "../pareto/sort.ts";
import { beginSearch, requireRange, requireWhole, resolveSettings } from "../run.ts";
import { archiveNote } from "../settings.ts";
import { createPool } from "./pool.ts";
import { coversSpace, screenAll, screeningDefaults } from "./screen.ts";

export interface EvolutionSettings extends VariationSettings {
  /** Designs in a generation; the number of generations follows from the budget. */
  readonly populationSize: number;
  /** Designs kept of all generations; at least twice the batch are. */
  readonly archiveSize: number;
}

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
  about: {
    populationSize: "designs in a generation",
    ...variationNotes,
    archiveSize: archiveNote,
  },
  async search(problem, options, settings) {
    const resolved = resolveSettings(evolutionary.name, evolutionary.defaults, settings);
    requireSettings(resolved);
    const { space, objectives } = problem;
    const run = beginSearch(evolutionary, problem, options, resolved.archiveSize);
    if (coversSpace(run)) return screenAll(run, space, screeningDefaults.chunkSize);

    const rng = options.rng.fork("evolutionary");
    const breeder = createBreeder(space, resolved, rng);
    const { populationSize } = resolved;
    const pool = createPool(
      2 * populationSize + run.start.rows,
      space.dimension,
      objectives.length,
    );
    const first = Math.min(populationSize, run.remaining);
    breeder.know(run.start);
    if (run.start.rows > 0) pool.add(run.start, await run.score(run.start));
    const drawn = breeder.draw(Math.max(0, first - run.start.rows));
    if (drawn.rows > 0) pool.add(drawn, await run.score(drawn));
    while (run.remaining > 0) {
      const { evaluation } = pool;
      const { chosen, rank } = best(evaluation.objectives, evaluation.violation, populationSize);
      pool.keep(chosen);
      const parents = tournament(rank, roomOf(pool.evaluation, rank), rng);
      const count = Math.min(populationSize, run.remaining);
      const children = breeder.breed(pool.rows, count, parents);
      if (children.rows === 0) break;
      pool.add(children, await run.score(children));
    }
    return run.finish();
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

function requireSettings(settings: EvolutionSettings): void {
  requireWhole(evolutionary.name, "populationSize", settings.populationSize, 4);
  requireWhole(evolutionary.name, "archiveSize", settings.archiveSize, 1);
  const { name } = evolutionary;
  requireRange(name, "crossoverProbability", settings.crossoverProbability, 0, 1);
  requireRange(name, "crossoverIndex", settings.crossoverIndex, 0, 1000);
  requireRange(name, "mutationIndex", settings.mutationIndex, 0, 1000);
}
