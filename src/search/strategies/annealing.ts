import { exp, log } from "../../core/elementary.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Evaluation, StrategySpec } from "../contract.ts";
import { createVariation } from "../operators/variation.ts";
import { byMerit, lossOf } from "../pareto/merit.ts";
import { rememberScores } from "../remembered-scores.ts";
import { beginSearch, requireRange, requireWhole, resolveSettings } from "../run.ts";
import { archiveNote } from "../settings.ts";
import { coversSpace, screenAll, screeningDefaults } from "./screen.ts";

export interface AnnealingSettings {
  /** Walks side by side; 0: one for every thousand designs of the budget, one to eight. */
  readonly chains: number;
  /** Temperature at the end, as a share of that at the start. */
  readonly endTemperature: number;
  /** Designs kept of all; at least twice the batch are. */
  readonly archiveSize: number;
}

/**
 * Simulated annealing for one objective: walks that accept a worse neighbour with the chance
 * exp(-loss / temperature), while the temperature falls geometrically over the budget. A neighbour is a
 * mutation that the space repairs; its steps shrink where less than two in five are accepted and grow where
 * more than three are. Losses of score and of violation are
 * each counted in their median change between first neighbours, which is the temperature at the start; a
 * difference of violation goes before one of the score.
 * Source: S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Science 220, 671 (1983),
 *   doi:10.1126/science.220.4598.671; steps: A. Corana, M. Marchesi, C. Martini, S. Ridella, ACM Trans.
 *   Math. Softw. 13, 262 (1987), doi:10.1145/29380.29864.
 */
export const annealing: StrategySpec<AnnealingSettings> = {
  name: "annealing",
  title: "Simulated annealing",
  supports: { objectives: { min: 1, max: 1 }, continuous: true, discrete: true },
  defaults: { chains: 0, endTemperature: 1e-6, archiveSize: 1000 },
  about: {
    chains: "walks side by side; 0 = one for every thousand designs of the budget, one to eight",
    endTemperature: "temperature at the end, as a share of that at the start",
    archiveSize: archiveNote,
  },
  async search(problem, options, settings) {
    const resolved = resolveSettings(annealing.name, annealing.defaults, settings);
    requireSettings(resolved);
    const { space } = problem;
    const run = beginSearch(annealing, problem, options, resolved.archiveSize);
    if (coversSpace(run)) return screenAll(run, space, screeningDefaults.chunkSize);

    const rng = options.rng.fork("annealing");
    const d = space.dimension;
    const scores = rememberScores(run, d, 1);
    const budget = run.remaining;
    const chains = Math.min(
      budget,
      resolved.chains || Math.min(8, Math.max(1, Math.floor(budget / 1000))),
    );
    let at = await firstDesigns();
    let standing = await scores.score(at);
    const losses = { score: [] as number[], violation: [] as number[] };
    const unit = { score: 1, violation: 1 };
    let index = firstIndex;
    let variation = createVariation(space, stepsOf(index), rng);
    let tried = 0;
    let accepted = 0;

    for (let idle = 0; run.remaining > 0 && idle < patience;) {
      const progress = 1 - run.remaining / budget;
      const temperature = exp(progress * log(resolved.endTemperature));
      const next = matrix(at.rows, d, at.data.slice());
      for (let i = 0; i < next.rows; i++) {
        const row = rowOf(next, i);
        variation.mutate(row);
        row.set(space.repair(row, row));
      }
      const known = scores.known;
      const found = await scores.score(next);
      idle = scores.known > known ? 0 : idle + 1;
      const { objectives, violation } = standing;
      for (let i = 0; i < found.violation.length; i++) {
        const loss = lossOf(found, i, standing, i);
        const kind = found.violation[i] === violation[i] ? "score" : "violation";
        learnUnit(kind, Math.abs(loss));
        const chance = exp(-Math.max(0, loss) / (unit[kind] * temperature));
        tried++;
        if (rng.uniform() >= chance) continue;
        accepted++;
        at.data.set(rowOf(next, i), i * d);
        objectives.data[i] = found.objectives.data[i];
        violation[i] = found.violation[i];
      }
      if (tried < judged) continue;
      const share = accepted / tried;
      if (share < 0.4) index = Math.min(lastIndex, index * 1.5);
      if (share > 0.6) index = Math.max(1, index / 1.5);
      variation = createVariation(space, stepsOf(index), rng);
      tried = 0;
      accepted = 0;
    }
    return run.finish();

    /** The best start designs, and random ones where those are too few. */
    async function firstDesigns(): Promise<Matrix> {
      const rows = space.sample(chains, rng.fork("first designs"));
      if (run.start.rows === 0) return rows;
      const evaluation: Evaluation = await scores.score(run.start);
      const best = byMerit(evaluation).subarray(0, chains);
      best.forEach((i, k) => rows.data.set(rowOf(run.start, i), k * d));
      return rows;
    }

    function learnUnit(kind: keyof typeof unit, loss: number): void {
      const seen = losses[kind];
      if (!(loss > 0) || seen.length === sample) return;
      seen.push(loss);
      unit[kind] = seen.toSorted((a, b) => a - b)[seen.length >> 1];
    }
  },
};

/** Rounds that may bring nothing new before the search ends. */
const patience = 200;
/** Losses that say what is much. */
const sample = 64;

/** Trials after which the steps change. */
const judged = 40;
/** Mutation index, about one over the mean step as a share of the range: at the start, and the largest. */
const firstIndex = 5;
const lastIndex = 1e6;

const stepsOf = (mutationIndex: number) => ({
  crossoverProbability: 0,
  crossoverIndex: 0,
  mutationIndex,
});

function requireSettings({ chains, endTemperature, archiveSize }: AnnealingSettings): void {
  requireWhole(annealing.name, "chains", chains, 0);
  requireWhole(annealing.name, "archiveSize", archiveSize, 1);
  requireRange(annealing.name, "endTemperature", endTemperature, 1e-300, 1);
}
