import { log } from "../../core/elementary.ts";
import { matrixOf, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { createAdaptation } from "../cma/adaptation.ts";
import type { Evaluation, StrategySpec } from "../contract.ts";
import { latentSpace } from "../operators/latent.ts";
import { byMerit } from "../pareto/merit.ts";
import { rememberScores } from "../remembered-scores.ts";
import { beginSearch, requireRange, requireWhole, resolveSettings } from "../run.ts";
import { archiveNote } from "../settings.ts";
import { coversSpace, screenAll, screeningDefaults } from "./screen.ts";

export interface CovarianceSettings {
  /** Draws in the first generation; 0: 4 + 3 log(coordinates). */
  readonly populationSize: number;
  /** Standard deviation to start with, as a share of the columns' ranges. */
  readonly initialStd: number;
  /** Factor of the population from one restart to the next. */
  readonly growth: number;
  /** Designs kept of all generations; at least twice the batch are. */
  readonly archiveSize: number;
}

/**
 * Evolution strategy with covariance matrix adaptation for one objective. Draws are made feasible by the
 * space's repair and ranked by the feasibility rules (designs that meet the requirements by their score,
 * before all others by their violation); what is learned from continuous columns is the repaired design.
 * When a run has converged, or brings nothing new, another begins elsewhere with a larger population,
 * until the budget is spent.
 * Source: N. Hansen, arXiv:1604.00772 (2016); restarts: A. Auger, N. Hansen, IEEE CEC 2005, 1769,
 *   doi:10.1109/CEC.2005.1554902; feasibility rules: K. Deb, Comput. Methods Appl. Mech. Eng. 186, 311
 *   (2000), doi:10.1016/S0045-7825(99)00389-8.
 */
export const covariance: StrategySpec<CovarianceSettings> = {
  name: "covariance",
  title: "Covariance matrix adaptation (CMA-ES)",
  supports: { objectives: { min: 1, max: 1 }, continuous: true, discrete: true },
  defaults: { populationSize: 0, initialStd: 0.3, growth: 2, archiveSize: 1000 },
  about: {
    populationSize: "draws in the first generation; 0 = 4 + 3 log(coordinates)",
    initialStd: "standard deviation to start with, as a share of the columns' ranges",
    growth: "factor of the population from one restart to the next",
    archiveSize: archiveNote,
  },
  async search(problem, options, settings) {
    const resolved = resolveSettings(covariance.name, covariance.defaults, settings);
    requireSettings(resolved);
    const { space } = problem;
    const run = beginSearch(covariance, problem, options, resolved.archiveSize);
    if (coversSpace(run)) return screenAll(run, space, screeningDefaults.chunkSize);

    const rng = options.rng.fork("covariance");
    const latent = latentSpace(space);
    const n = latent.dimension;
    const scores = rememberScores(run, space.dimension, 1);
    const first = resolved.populationSize || 4 + Math.floor(3 * log(Math.max(1, n)));
    let size = first;
    let start = await bestStart(run.start, (rows) => scores.score(rows));
    let idle = 0;
    for (let restart = 0; run.remaining > 0 && idle < patience; restart++) {
      const known = scores.known;
      const stream = rng.fork(`run ${restart}`);
      await runOnce(start ?? rowOf(space.sample(1, stream), 0), stream);
      start = undefined;
      size = Math.min(Math.round(size * resolved.growth), mostGrowth * first);
      idle = scores.known > known ? 0 : idle + 1;
    }
    return run.finish();

    /** One descent from a row until it has converged. */
    async function runOnce(from: Float64Array, stream: typeof rng): Promise<void> {
      const adaptation = createAdaptation(latent.encode(from), resolved.initialStd, size);
      const window = 10 + Math.ceil((30 * n) / size);
      const recent: number[] = [];
      let dull = 0;
      while (run.remaining > 0) {
        const points = adaptation.draw(stream);
        const rows = points.map((point) => latent.decode(point));
        const known = scores.known;
        const evaluation = await scores.score(matrixOf(rows));
        if (evaluation.violation.length < points.length) return;
        points.forEach((point, i) => latent.settle(point, rows[i]));
        const order = byMerit(evaluation);
        adaptation.tell(Array.from(order, (i) => points[i]));
        dull = scores.known > known ? 0 : dull + 1;
        recent.push(meritOf(evaluation, order[0]));
        if (recent.length > window) recent.shift();
        if (dull === 3 || adaptation.largestStd() < leastStd) return;
        if (adaptation.condition() > mostCondition) return;
        if (recent.length === window && isFlat(recent)) return;
      }
    }
  },
};

/** Restarts that may bring nothing new before the search ends. */
const patience = 10;
/** The largest population as a multiple of the first. */
const mostGrowth = 100;
/** Share of a column's range below which a run has converged. */
const leastStd = 1e-10;
const mostCondition = 1e14;
/** Best scores of some generations that differ by no more than this share have converged. */
const flatShare = 1e-12;

async function bestStart(
  rows: Matrix,
  score: (rows: Matrix) => Promise<Evaluation>,
): Promise<Float64Array | undefined> {
  if (rows.rows === 0) return undefined;
  return rowOf(rows, byMerit(await score(rows))[0]).slice();
}

/** One number whose changes tell of progress: the score, or the violation where there is one. */
const meritOf = ({ objectives, violation }: Evaluation, i: number): number =>
  violation[i] > 0 ? violation[i] : objectives.data[i];

function isFlat(values: readonly number[]): boolean {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high - low <= flatShare * Math.max(Math.abs(low), Math.abs(high));
}

function requireSettings(settings: CovarianceSettings): void {
  const { name } = covariance;
  if (settings.populationSize !== 0) {
    requireWhole(name, "populationSize", settings.populationSize, 4);
  }
  requireWhole(name, "archiveSize", settings.archiveSize, 1);
  requireRange(name, "initialStd", settings.initialStd, 1e-6, 10);
  requireRange(name, "growth", settings.growth, 1, 10);
}
