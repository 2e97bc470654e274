import { matrixOf, rowOf } from "../../core/matrix.ts";
import type { SearchResult, StrategySpec } from "../contract.ts";
import { penalisedScore, withPenalty } from "../descent/penalised-score.ts";
import type { Standing } from "../descent/penalised-score.ts";
import { descend } from "../descent/projected-gradient.ts";
import { createRegulariser } from "../descent/regulariser.ts";
import type { RegulariserSettings } from "../descent/regulariser.ts";
import { scaledColumns } from "../descent/scaled-columns.ts";
import { neighboursOf } from "../operators/neighbours.ts";
import { byMerit } from "../pareto/merit.ts";
import { rememberScores } from "../remembered-scores.ts";
import { beginSearch, requireRange, requireWhole, resolveSettings } from "../run.ts";
import { archiveNote } from "../settings.ts";
import { coversSpace, screenAll, screeningDefaults } from "./screen.ts";

export interface DescentSettings extends RegulariserSettings {
  /** Designs kept of all; at least twice the batch are. */
  readonly archiveSize: number;
}

/**
 * Gradient descent for one objective, from the given designs and then from random ones until the budget
 * is spent: projected gradient steps on the continuous columns, with the space's repair as projection, in
 * turn with the discrete neighbours of where they end. Requirements enter as half the squared violation with a
 * weight that grows while they are missed, and are then met by steps along the violation's gradient. A
 * problem without a gradient is differentiated by central differences over feasible designs, which count
 * towards the budget. Designs and history are ranked with their penalty (see createRegulariser for what
 * the settings mean); the evaluation of the result is without it.
 */
export const descent: StrategySpec<DescentSettings> = {
  name: "descent",
  title: "Gradient descent",
  supports: { objectives: { min: 1, max: 1 }, continuous: true, discrete: true },
  defaults: { tikhonov: 0, sparsity: 0, distance: 0, reference: null, archiveSize: 1000 },
  about: {
    tikhonov: "weight of half the squared length of the design, numbers as shares of their range",
    sparsity: "weight of the sum of differences to the reference: few parameters differ from it",
    distance: "weight of half the squared distance to the reference",
    reference: {
      text: "a design to stay near; null = the low end of each number, no element, the first category",
      isDesign: true,
    },
    archiveSize: archiveNote,
  },
  async search(problem, options, settings) {
    const resolved = resolveSettings(descent.name, descent.defaults, settings);
    requireSettings(resolved);
    const { space } = problem;
    const regulariser = createRegulariser(space, resolved);
    const run = beginSearch(
      descent,
      withPenalty(problem, regulariser),
      options,
      resolved.archiveSize,
    );
    if (coversSpace(run)) {
      return withoutPenalty(await screenAll(run, space, screeningDefaults.chunkSize));
    }
    const rng = options.rng.fork("descent");
    const scaled = scaledColumns(space);
    const scores = rememberScores(run, space.dimension, 1);
    const score = penalisedScore(problem, scaled, regulariser, (rows) => scores.score(rows));
    const given = run.start.rows === 0 ? [] : byMerit(await scores.score(run.start));
    for (const i of given) await descendFrom(rowOf(run.start, i));
    for (let idle = 0; run.remaining > 0 && idle < patience;) {
      const known = scores.known;
      await descendFrom(rowOf(space.sample(1, rng), 0));
      idle = scores.known > known ? 0 : idle + 1;
    }
    return withoutPenalty(run.finish());

    /** Down from one design, as long as a gradient or a neighbour leads on. */
    async function descendFrom(start: Float64Array): Promise<void> {
      let standing = await score.at(start);
      if (standing !== undefined) standing = await slideDown(standing);
      while (standing !== undefined && run.remaining > 0) standing = await nextValley(standing);
    }

    /** What is better than a valley: the best neighbours in turn, or where the slope from them leads. */
    async function nextValley(valley: Standing): Promise<Standing | undefined> {
      for (const neighbour of await bestNeighbours(valley.row)) {
        const reached = await slideDown(neighbour);
        if (isBetter(reached, valley)) return reached;
      }
      return undefined;
    }

    /** Along the gradient, with the weight of the violation growing until the requirements are met. */
    async function slideDown(start: Standing): Promise<Standing> {
      if (scaled.moving.length === 0) return start;
      let best = start;
      let { row } = start;
      let weight = 1 + Math.abs(start.score);
      for (let round = 0; round < mostRounds; round++, weight *= 10) {
        const end = await descend(row, scaled, score.weighted(weight));
        const reached = end && (await score.at(end.row));
        if (reached === undefined) return best;
        row = reached.row;
        const met = await restored(reached);
        const loss = met.score - best.score;
        if (isBetter(met, best)) best = met;
        if (reached.violation === 0 || Math.abs(loss) <= least * (1 + Math.abs(best.score))) break;
      }
      return best;
    }

    /** Steps that make the violation zero to first order, until it is. */
    async function restored(from: Standing): Promise<Standing> {
      let standing = from;
      for (let step = 0; step < mostSteps && standing.violation > 0; step++) {
        const slope = await score.violationGradient(standing);
        if (slope === undefined) break;
        let square = 0;
        for (const k of scaled.moving)
          square += slope[k] * scaled.unit[k] * slope[k] * scaled.unit[k];
        if (square === 0) break;
        const row = standing.row.slice();
        // A little more, as a requirement that is met by rounding alone may be missed again.
        const length = ((1 + 1e-6) * standing.violation + 1e-12) / square;
        for (const k of scaled.moving)
          row[k] -= length * slope[k] * scaled.unit[k] * scaled.unit[k];
        const next = await score.at(space.repair(row, row));
        if (next === undefined || next.violation >= standing.violation) break;
        standing = next;
      }
      return standing;
    }

    async function bestNeighbours(row: Float64Array): Promise<Standing[]> {
      const rows = neighboursOf(space, row);
      if (rows.length === 0) return [];
      const found = await scores.score(matrixOf(rows));
      return Array.from(byMerit(found).subarray(0, mostValleys), (i) => ({
        row: rows[i],
        score: found.objectives.data[i],
        violation: found.violation[i],
      }));
    }

    /** The result with the scores themselves; the designs were scored before, so this counts none. */
    async function withoutPenalty(result: SearchResult): Promise<SearchResult> {
      if (!regulariser.isActive) return result;
      return { ...result, evaluation: await problem.evaluate(result.rows) };
    }
  },
};

/** Random starts that may bring nothing new before the search ends. */
const patience = 20;
/** Weights of the violation tried in turn, each ten times the one before. */
const mostRounds = 8;
/** Steps to meet requirements. */
const mostSteps = 20;
/** Neighbours of a valley from which the slope is followed. */
const mostValleys = 3;
/** Gains below this share count as none. */
const least = 1e-9;

const isBetter = (a: Standing, b: Standing): boolean =>
  a.violation === b.violation ? a.score < b.score : a.violation < b.violation;

function requireSettings(settings: DescentSettings): void {
  requireWhole(descent.name, "archiveSize", settings.archiveSize, 1);
  for (const key of ["tikhonov", "sparsity", "distance"] as const) {
    requireRange(descent.name, key, settings[key], 0, Number.MAX_VALUE);
  }
}
