import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { best } from "../archive.ts";
import type { Evaluation, StrategySpec } from "../contract.ts";
import { createVariation } from "../operators/variation.ts";
import type { Variation, VariationSettings } from "../operators/variation.ts";
import { crowdingDistance } from "../pareto/crowding.ts";
import { groupByRank } from "../pareto/sort.ts";
import { createRowSet } from "../row-set.ts";
import type { RowSet } from "../row-set.ts";
import { beginSearch, requireWhole, resolveSettings } from "../run.ts";
import { coversSpace, distinctRows, screenAll, screeningDefaults } from "./screen.ts";

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
  async search(problem, options, settings) {
    const resolved = resolveSettings(evolutionary.name, evolutionary.defaults, settings);
    requireSettings(resolved);
    const { space } = problem;
    const run = beginSearch(evolutionary, problem, options, resolved.archiveSize);
    if (coversSpace(run)) return screenAll(run, space, screeningDefaults.chunkSize);

    const rng = options.rng.fork("evolutionary");
    const variation = createVariation(space, resolved, rng.fork("variation"));
    const seen = createRowSet(space.dimension);
    const size = Math.min(resolved.populationSize, run.remaining);
    let population = await firstGeneration();
    while (run.remaining > 0) {
      const parents = order(population);
      const count = Math.min(resolved.populationSize, run.remaining);
      const children = breed(population.rows, parents, count, space, variation, seen, rng);
      if (children.rows === 0) break;
      const evaluation = await run.score(children);
      population = survivors(
        stack(population.rows, children),
        joined(population.evaluation, evaluation),
        resolved.populationSize,
      );
    }
    return run.finish();

    async function firstGeneration(): Promise<Population> {
      const { start } = run;
      for (let i = 0; i < start.rows; i++) seen.add(rowOf(start, i));
      const sampler = rng.fork("first generation");
      const drawn = distinctRows(Math.max(0, size - start.rows), space.dimension, (n) =>
        newRows(space.sample(n, sampler), seen),
      );
      const rows = stack(start, drawn);
      return survivors(rows, await run.score(rows), resolved.populationSize);
    }
  },
};

interface Population {
  readonly rows: Matrix;
  readonly evaluation: Evaluation;
  readonly rank: Int32Array;
}

/** Where each member stands in a comparison of two: smaller is better (by rank, then by crowding). */
function order({ evaluation, rank }: Population): Int32Array {
  const place = new Int32Array(rank.length);
  let next = 0;
  for (const group of groupByRank(rank)) {
    const crowding = crowdingDistance(evaluation.objectives, group);
    // Members of equal crowding (the ends) share a place.
    const byRoom = Int32Array.from(group, (_, a) => a).sort((a, b) =>
      crowding[a] === crowding[b] ? a - b : crowding[b] - crowding[a],
    );
    for (let k = 0; k < byRoom.length; k++) {
      if (k === 0 || crowding[byRoom[k]] !== crowding[byRoom[k - 1]]) next++;
      place[group[byRoom[k]]] = next;
    }
    next++;
  }
  return place;
}

/** The best `size` designs; their ranks stay what they were among all, as whole fronts come first. */
function survivors(rows: Matrix, { objectives, violation }: Evaluation, size: number): Population {
  const { chosen, rank } = best(objectives, violation, size);
  return {
    rows: takeRows(rows, chosen),
    evaluation: {
      objectives: takeRows(objectives, chosen),
      violation: Float64Array.from(chosen, (i) => violation[i]),
    },
    rank,
  };
}

function joined(a: Evaluation, b: Evaluation): Evaluation {
  const violation = new Float64Array(a.violation.length + b.violation.length);
  violation.set(a.violation);
  violation.set(b.violation, a.violation.length);
  return { objectives: stack(a.objectives, b.objectives), violation };
}

/** Pairs in a row that may bring nothing new before breeding gives up. */
const patience = 50;

/**
 * New designs from a population: parents win a comparison of two neighbours in a shuffled order, are
 * mixed and mutated, and their children repaired. A child that was seen before is mutated again, a few
 * times; then a fresh draw from the space takes its place if that is new.
 * @returns at most `count` rows; fewer when nothing new is found
 */
function breed(
  population: Matrix,
  place: Int32Array,
  count: number,
  space: SearchSpace,
  variation: Variation,
  seen: RowSet,
  rng: Rng,
): Matrix {
  const d = population.columns;
  const n = population.rows;
  const children = matrix(count, d);
  const a = new Float64Array(d);
  const b = new Float64Array(d);
  let queue = rng.permutation(n);
  let at = 0;

  const contender = (): number => {
    if (at === n) {
      queue = rng.permutation(n);
      at = 0;
    }
    return queue[at++];
  };
  const parent = (): number => {
    const first = contender();
    const second = contender();
    return place[second] < place[first] ? second : first;
  };
  /** The child made new and feasible, or nothing. */
  const renew = (child: Float64Array): Float64Array | undefined => {
    for (let attempt = 0; attempt < 4; attempt++) {
      variation.mutate(child);
      const row = space.repair(child);
      if (seen.add(row)) return row;
      child.set(row);
    }
    const row = rowOf(space.sample(1, rng), 0);
    return seen.add(row) ? row : undefined;
  };

  let filled = 0;
  for (let idle = 0; filled < count && idle < patience; idle++) {
    a.set(rowOf(population, parent()));
    b.set(rowOf(population, parent()));
    variation.cross(a, b);
    for (const child of [a, b]) {
      const row = filled < count ? renew(child) : undefined;
      if (row === undefined) continue;
      children.data.set(row, filled * d);
      filled++;
      idle = 0;
    }
  }
  return filled === count ? children : matrix(filled, d, children.data.slice(0, filled * d));
}

function newRows(rows: Matrix, seen: RowSet): Matrix {
  const fresh: number[] = [];
  for (let i = 0; i < rows.rows; i++) if (seen.add(rowOf(rows, i))) fresh.push(i);
  return takeRows(rows, fresh);
}

function stack(top: Matrix, bottom: Matrix): Matrix {
  const result = matrix(top.rows + bottom.rows, bottom.columns);
  result.data.set(top.data);
  result.data.set(bottom.data, top.data.length);
  return result;
}

function requireSettings(settings: EvolutionSettings): void {
  requireWhole(evolutionary.name, "populationSize", settings.populationSize, 4);
  requireWhole(evolutionary.name, "archiveSize", settings.archiveSize, 1);
  const { crossoverProbability: p } = settings;
  if (!(p >= 0 && p <= 1)) {
    throw new InputError(`evolutionary: expected crossoverProbability of 0 to 1, got ${p}.`);
  }
  for (const key of ["crossoverIndex", "mutationIndex"] as const) {
    if (settings[key] >= 0) continue;
    throw new InputError(`evolutionary: expected ${key} of 0 or more, got ${settings[key]}.`);
  }
}
