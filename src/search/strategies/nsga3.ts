import type { StrategySpec } from "../contract.ts";
import { createNiches } from "../pareto/niches.ts";
import { referenceDirections } from "../pareto/reference-directions.ts";
import { generationNotes, searchByGenerations, type GenerationSettings } from "./generations.ts";

/**
 * Evolutionary search for the Pareto front of two to eight objectives: NSGA-III, which keeps designs near
 * evenly spread directions instead of uncrowded ones, with constraint-domination, on children that the
 * space makes feasible. No design is scored twice, and the result is chosen from all generations. A space
 * that the budget covers is gone through completely instead; the search ends before its budget when no
 * new design can be found.
 * The directions are the finest lattice of no more than `populationSize`.
 * Source: K. Deb, H. Jain, IEEE Trans. Evol. Comput. 18, 577 (2014), doi:10.1109/TEVC.2013.2281535.
 */
export const directions: StrategySpec<GenerationSettings> = {
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
  about: {
    populationSize: "designs in a generation, and about as many reference directions",
    ...generationNotes,
  },
  search: (problem, options, settings) =>
    searchByGenerations(
      directions,
      problem,
      options,
      settings,
      8,
      ({ objectives, populationSize, rng }) => {
        const niches = createNiches(
          referenceDirections(objectives, populationSize),
          rng.fork("niches"),
        );
        return {
          select(pool) {
            const { evaluation } = pool;
            pool.keep(
              niches.choose(evaluation.objectives, evaluation.violation, populationSize).chosen,
            );
            const { violation } = pool.evaluation;
            // Among designs that meet the requirements chance decides, else the smaller violation.
            return () => {
              const one = rng.integer(violation.length);
              const other = rng.integer(violation.length);
              return violation[other] < violation[one] ? other : one;
            };
          },
        };
      },
    ),
};
