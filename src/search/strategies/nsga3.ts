import type { StrategySpec } from "../contract.ts";
import { createBreeder } from "../operators/breed.ts";
import { variationNotes, type VariationSettings } from "../operators/variation.ts";
import { createNiches } from "../pareto/niches.ts";
import { referenceDirections } from "../pareto/reference-directions.ts";
import { beginSearch, requireRange, requireWhole, resolveSettings } from "../run.ts";
import { archiveNote } from "../settings.ts";
import { createPool } from "./pool.ts";
import { coversSpace, screenAll, screeningDefaults } from "./screen.ts";

export interface ManyObjectiveSettings extends VariationSettings {
  /** Designs in a generation; the reference directions are the finest lattice of no more than these. */
  readonly populationSize: number;
  /** Designs kept of all generations; at least twice the batch are. */
  readonly archiveSize: number;
}

/**
 * Evolutionary search for the Pareto front of two to eight objectives: NSGA-III, which keeps designs near
 * evenly spread directions instead of uncrowded ones, with constraint-domination, on children that the
 * space makes feasible. No design is scored twice, and the result is chosen from all generations. A space
 * that the budget covers is gone through completely instead; the search ends before its budget when no
 * new design can be found.
 * Source: K. Deb, H. Jain, IEEE Trans. Evol. Comput. 18, 577 (2014), doi:10.1109/TEVC.2013.2281535.
 */
export const directions: StrategySpec<ManyObjectiveSettings> = {
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
    ...variationNotes,
    archiveSize: archiveNote,
  },
  async search(problem, options, settings) {
    const resolved = resolveSettings(directions.name, directions.defaults, settings);
    requireSettings(resolved);
    const { space, objectives } = problem;
    const run = beginSearch(directions, problem, options, resolved.archiveSize);
    if (coversSpace(run)) return screenAll(run, space, screeningDefaults.chunkSize);

    const rng = options.rng.fork("directions");
    const breeder = createBreeder(space, resolved, rng);
    const { populationSize } = resolved;
    const niches = createNiches(
      referenceDirections(objectives.length, populationSize),
      rng.fork("niches"),
    );
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
      pool.keep(niches.choose(evaluation.objectives, evaluation.violation, populationSize).chosen);
      const { violation } = pool.evaluation;
      // Among designs that meet the requirements chance decides, else the smaller violation.
      const parent = (): number => {
        const one = rng.integer(violation.length);
        const other = rng.integer(violation.length);
        return violation[other] < violation[one] ? other : one;
      };
      const count = Math.min(populationSize, run.remaining);
      const children = breeder.breed(pool.rows, count, parent);
      if (children.rows === 0) break;
      pool.add(children, await run.score(children));
    }
    return run.finish();
  },
};

function requireSettings(settings: ManyObjectiveSettings): void {
  const { name } = directions;
  requireWhole(name, "populationSize", settings.populationSize, 8);
  requireWhole(name, "archiveSize", settings.archiveSize, 1);
  requireRange(name, "crossoverProbability", settings.crossoverProbability, 0, 1);
  requireRange(name, "crossoverIndex", settings.crossoverIndex, 0, 1000);
  requireRange(name, "mutationIndex", settings.mutationIndex, 0, 1000);
}
