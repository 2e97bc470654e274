import type { Rng } from "../../core/rng.ts";
import type { StrategySpec } from "../contract.ts";
import { createNiches } from "../pareto/niches.ts";
import { referenceDirections } from "../pareto/reference-directions.ts";
import { resolveSettings } from "../run.ts";
import { evolve, type EvolutionSettings, type Selection } from "./evolve.ts";

/**
 * Evolutionary search for the Pareto front of two to eight objectives: NSGA-III, which keeps designs near
 * evenly spread directions instead of uncrowded ones, with constraint-domination, on children that the
 * space makes feasible. No design is scored twice, and the result is chosen from all generations. A space
 * that the budget covers is gone through completely instead; the search ends before its budget when no
 * new design can be found.
 * Source: K. Deb, H. Jain, IEEE Trans. Evol. Comput. 18, 577 (2014), doi:10.1109/TEVC.2013.2281535.
 */
export const directions: StrategySpec<EvolutionSettings> = {
  name: "directions",
  title: "Evolutionary search along directions (NSGA-III)",
  supports: { objectives: { min: 2, max: 8 }, continuous: true, discrete: true },
  defaults: {
    populationSize: 200,
    crossoverProbability: 1,
    crossoverIndex: 30,
    mutationIndex: 20,
    archiveSize: 1000,
  },
  async search(problem, options, settings) {
    const resolved = resolveSettings(directions.name, directions.defaults, settings);
    const { populationSize } = resolved;
    const begin = (rng: Rng): Selection => {
      // The directions are the finest lattice of no more than the population.
      const lattice = referenceDirections(problem.objectives.length, populationSize);
      const niches = createNiches(lattice, rng.fork("niches"));
      return (pool) => {
        const { objectives, violation } = pool.evaluation;
        pool.keep(niches.choose(objectives, violation, populationSize).chosen);
        const left = pool.evaluation.violation;
        // Among designs that meet the requirements chance decides, else the smaller violation.
        return () => {
          const one = rng.integer(left.length);
          const other = rng.integer(left.length);
          return left[other] < left[one] ? other : one;
        };
      };
    };
    return evolve(directions, problem, options, { settings: resolved, least: 8, begin });
  },
};
