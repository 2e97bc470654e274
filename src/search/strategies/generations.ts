import type { Rng } from "../../core/rng.ts";
import type { SearchOptions, SearchProblem, SearchResult, StrategySpec } from "../contract.ts";
import { createBreeder } from "../operators/breed.ts";
import { variationNotes, type VariationSettings } from "../operators/variation.ts";
import { beginSearch, requireRange, requireWhole, resolveSettings } from "../run.ts";
import { archiveNote } from "../settings.ts";
import { createPool, type Pool } from "./pool.ts";
import { coversSpace, screenAll, screeningDefaults } from "./screen.ts";

/** Settings that evolutionary searches share. */
export interface GenerationSettings extends VariationSettings {
  /** Designs in a generation; the number of generations follows from the budget. */
  readonly populationSize: number;
  /** Designs kept of all generations; at least twice the batch are. */
  readonly archiveSize: number;
}

/** What they mean, but for the size of the population. */
export const generationNotes = { ...variationNotes, archiveSize: archiveNote };

/** How one evolutionary search chooses. */
export interface Selection {
  /** Leaves the survivors in the pool, and gives what draws the number of the next parent among them. */
  select(pool: Pool): () => number;
}

/** What a selection is made for. */
export interface SelectionContext {
  readonly objectives: number;
  readonly populationSize: number;
  readonly rng: Rng;
}

/**
 * Generation after generation of an evolutionary search, until the budget is spent or nothing new is found: survivors
 * are selected and bear children that the space makes feasible. No design is scored twice. A space that the
 * budget covers is gone through completely instead.
 * @param leastPopulation fewest designs in a generation
 */
export async function searchByGenerations(
  spec: StrategySpec<GenerationSettings>,
  problem: SearchProblem,
  options: SearchOptions,
  settings: Partial<GenerationSettings> | undefined,
  leastPopulation: number,
  createSelection: (context: SelectionContext) => Selection,
): Promise<SearchResult> {
  const { name } = spec;
  const resolved = resolveSettings(name, spec.defaults, settings);
  requireWhole(name, "populationSize", resolved.populationSize, leastPopulation);
  requireWhole(name, "archiveSize", resolved.archiveSize, 1);
  requireRange(name, "crossoverProbability", resolved.crossoverProbability, 0, 1);
  requireRange(name, "crossoverIndex", resolved.crossoverIndex, 0, 1000);
  requireRange(name, "mutationIndex", resolved.mutationIndex, 0, 1000);
  const { space } = problem;
  const objectives = problem.objectives.length;
  const run = beginSearch(spec, problem, options, resolved.archiveSize);
  if (coversSpace(run)) return screenAll(run, space, screeningDefaults.chunkSize);

  const rng = options.rng.fork(name);
  const breeder = createBreeder(space, resolved, rng);
  const { populationSize } = resolved;
  const selection = createSelection({ objectives, populationSize, rng });
  const pool = createPool(2 * populationSize + run.start.rows, space.dimension, objectives);
  const first = Math.min(populationSize, run.remaining);
  breeder.know(run.start);
  if (run.start.rows > 0) pool.add(run.start, await run.score(run.start));
  const drawn = breeder.draw(Math.max(0, first - run.start.rows));
  if (drawn.rows > 0) pool.add(drawn, await run.score(drawn));
  while (run.remaining > 0) {
    const parent = selection.select(pool);
    const children = breeder.breed(pool.rows, Math.min(populationSize, run.remaining), parent);
    if (children.rows === 0) break;
    pool.add(children, await run.score(children));
  }
  return run.finish();
}
