import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchOptions, SearchProblem, SearchResult, StrategySpec } from "../contract.ts";
import { createBreeder } from "../operators/breed.ts";
import type { VariationSettings } from "../operators/variation.ts";
import { beginSearch, requireRange, requireWhole } from "../run.ts";
import { createPool, type Pool } from "./pool.ts";
import { coversSpace, screenAll, screeningDefaults } from "./screen.ts";

/** Settings of every evolution in generations. */
export interface EvolutionSettings extends VariationSettings {
  /** Designs in a generation; the number of generations follows from the budget. */
  readonly populationSize: number;
  /** Designs kept of all generations; at least twice the batch are. */
  readonly archiveSize: number;
}

/** Thins the pool to the survivors of a generation and says how their parents are chosen. */
export type Selection = (pool: Pool) => () => number;

/** What tells one evolution from another. */
export interface Evolution {
  readonly settings: EvolutionSettings;
  /** Smallest population. */
  readonly least: number;
  /** Makes the selection from the strategy's stream. */
  readonly begin: (rng: Rng) => Selection;
}

/**
 * Evolution in generations: children that the space makes feasible, survivors and parents by the selection. No
 * design is scored twice, and the result is chosen from all generations. A space that the budget covers is gone
 * through completely instead; the search ends before its budget when no new design can be found.
 */
export async function evolve(
  strategy: StrategySpec<EvolutionSettings>,
  problem: SearchProblem,
  options: SearchOptions,
  { settings, least, begin }: Evolution,
): Promise<SearchResult> {
  requireSettings(strategy.name, settings, least);
  const { space, objectives } = problem;
  const run = beginSearch(strategy, problem, options, settings.archiveSize);
  if (coversSpace(run)) return screenAll(run, space, screeningDefaults.chunkSize);

  const rng = options.rng.fork(strategy.name);
  const breeder = createBreeder(space, settings, rng);
  const select = begin(rng);
  const { populationSize } = settings;
  const pool = createPool(2 * populationSize + run.start.rows, space.dimension, objectives.length);
  const score = async (rows: Matrix): Promise<void> => {
    if (rows.rows > 0) pool.add(rows, await run.score(rows));
  };
  const first = Math.min(populationSize, run.remaining);
  breeder.know(run.start);
  await score(run.start);
  await score(breeder.draw(Math.max(0, first - run.start.rows)));
  while (run.remaining > 0) {
    const parent = select(pool);
    const count = Math.min(populationSize, run.remaining);
    const children = breeder.breed(pool.rows, count, parent);
    if (children.rows === 0) break;
    await score(children);
  }
  return run.finish();
}

function requireSettings(name: string, settings: EvolutionSettings, least: number): void {
  requireWhole(name, "populationSize", settings.populationSize, least);
  requireWhole(name, "archiveSize", settings.archiveSize, 1);
  requireRange(name, "crossoverProbability", settings.crossoverProbability, 0, 1);
  requireRange(name, "crossoverIndex", settings.crossoverIndex, 0, 1000);
  requireRange(name, "mutationIndex", settings.mutationIndex, 0, 1000);
}
