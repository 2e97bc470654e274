import { tan } from "../../core/elementary.ts";
import { matrix, matrixOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { Evaluation, StrategySpec } from "../contract.ts";
import { encodeRows, latentSpace } from "../operators/latent.ts";
import { byMerit, lossOf } from "../pareto/merit.ts";
import { rowNumbers } from "../pareto/sort-by-key.ts";
import { rememberScores } from "../remembered-scores.ts";
import { beginSearch, requireRange, requireWhole, resolveSettings } from "../run.ts";
import { archiveNote } from "../settings.ts";
import { coversSpace, distinctRows, screenAll, screeningDefaults } from "./screen.ts";

export interface DifferentialSettings {
  /** Designs in the first generation; 0: 18 a coordinate, as far as that leaves 25 generations. */
  readonly populationSize: number;
  /** Share of the best designs that steps go towards. */
  readonly bestShare: number;
  /** Replaced designs that still give differences, as a multiple of the population. */
  readonly memoryShare: number;
  /** Designs kept of all generations; at least twice the batch are. */
  readonly archiveSize: number;
}

/**
 * Differential evolution for one objective with step lengths learned from success and a population that
 * shrinks over the budget (L-SHADE). Trials are made feasible by the space's repair and compared by the
 * feasibility rules. The search ends before its budget when nothing new can be found.
 * Source: R. Tanabe, A. S. Fukunaga, IEEE CEC 2014, 1658, doi:10.1109/CEC.2014.6900380; feasibility rules
 *   as in the covariance search.
 */
export const differential: StrategySpec<DifferentialSettings> = {
  name: "differential",
  title: "Differential evolution (L-SHADE)",
  supports: { objectives: { min: 1, max: 1 }, continuous: true, discrete: true },
  defaults: { populationSize: 0, bestShare: 0.11, memoryShare: 2.6, archiveSize: 1000 },
  about: {
    populationSize:
      "designs in the first generation; 0 = 18 a coordinate, for at least 25 generations",
    bestShare: "share of the best designs that steps go towards",
    memoryShare: "replaced designs that still give differences, as a multiple of the population",
    archiveSize: archiveNote,
  },
  async search(problem, options, settings) {
    const resolved = resolveSettings(differential.name, differential.defaults, settings);
    requireSettings(resolved);
    const { space } = problem;
    const run = beginSearch(differential, problem, options, resolved.archiveSize);
    if (coversSpace(run)) return screenAll(run, space, screeningDefaults.chunkSize);

    const rng = options.rng.fork("differential");
    const latent = latentSpace(space);
    const scores = rememberScores(run, space.dimension, 1);
    const budget = run.remaining;
    const first = Math.min(
      budget,
      resolved.populationSize ||
        Math.max(8, Math.min(18 * latent.dimension, Math.floor(budget / 25))),
    );
    const sampler = rng.fork("first generation");
    const drawn = distinctRows(Math.max(1, first - run.start.rows), space.dimension, (count) =>
      space.sample(count, sampler),
    );
    const rows = joined(run.start, drawn);
    let evaluation = await scores.score(rows);
    let points = encodeRows(latent, rows).slice(0, evaluation.violation.length);
    const replaced: Float64Array[] = [];
    const habits = createHabits();

    for (let idle = 0; run.remaining > 0 && idle < patience;) {
      const order = byMerit(evaluation);
      const n = order.length;
      const steps = Array.from({ length: n }, () => habits.draw(rng));
      const trials = points.map((point, i) => {
        const best = points[order[rng.integer(Math.max(1, Math.round(resolved.bestShare * n)))]];
        const pool = n + replaced.length;
        const one = points[rng.integer(n)];
        const at = rng.integer(pool);
        const other = at < n ? points[at] : replaced[at - n];
        return trialOf(point, best, one, other, steps[i], rng);
      });
      const trialRows = trials.map((trial) => latent.decode(trial));
      const known = scores.known;
      const found = await scores.score(matrixOf(trialRows));
      idle = scores.known > known ? 0 : idle + 1;

      const taken = rowNumbers(n);
      for (let i = 0; i < found.violation.length; i++) {
        const loss = lossOf(found, i, evaluation, i);
        if (loss > 0) continue;
        taken[i] = n + i;
        if (loss === 0) continue;
        habits.note(steps[i], -loss);
        replaced.push(points[i]);
      }
      habits.learn();
      trials.forEach((trial, i) => latent.settle(trial, trialRows[i]));
      const all = [...points, ...trials];
      const left = 4 + Math.round(((first - 4) * run.remaining) / budget);
      const merged = pick(evaluation, found, taken);
      const survivors = byMerit(merged).subarray(0, Math.max(4, left)).toSorted();
      points = Array.from(survivors, (i) => all[taken[i]]);
      evaluation = pick(merged, merged, survivors);
      while (replaced.length > resolved.memoryShare * points.length) {
        replaced.splice(rng.integer(replaced.length), 1);
      }
    }
    return run.finish();
  },
};

/** Generations that may bring nothing new before the search ends. */
const patience = 30;

/** How far a trial steps, and how much of it is taken over. */
interface Step {
  readonly length: number;
  readonly share: number;
}

/** A step towards one of the best and along a difference; some coordinates, one at least, are taken. */
function trialOf(
  point: Float64Array,
  best: Float64Array,
  one: Float64Array,
  other: Float64Array,
  { length, share }: Step,
  rng: Rng,
): Float64Array {
  const certain = rng.integer(Math.max(1, point.length));
  return point.map((x, j) => {
    const isTaken = rng.uniform() < share || j === certain;
    if (!isTaken) return x;
    const moved = x + length * (best[j] - x + one[j] - other[j]);
    // Beyond a bound: half way to it.
    return moved < 0 ? x / 2 : moved > 1 ? (x + 1) / 2 : moved;
  });
}

/** Lengths and shares that were of use lately, and draws around them. */
function createHabits() {
  const slots = 6;
  const lengths = new Float64Array(slots).fill(0.5);
  // Below 0: only the certain coordinate is taken from then on.
  const shares = new Float64Array(slots).fill(0.5);
  let next = 0;
  let useful: { readonly step: Step; readonly gain: number }[] = [];

  return {
    draw(rng: Rng): Step {
      const slot = rng.integer(slots);
      const share =
        shares[slot] < 0 ? 0 : Math.min(1, Math.max(0, shares[slot] + 0.1 * rng.normal()));
      let length = 0;
      while (length <= 0) {
        length = lengths[slot] + 0.1 * tan(Math.PI * (rng.uniform() - 0.5));
      }
      return { length: Math.min(1, length), share };
    },
    note(step: Step, gain: number): void {
      useful.push({ step, gain });
    },
    /** Takes over what the last generation showed: means weighted by the gains, squares over sums. */
    learn(): void {
      if (useful.length === 0) return;
      const meanOf = (of: (step: Step) => number): number => {
        let above = 0;
        let below = 0;
        for (const { step, gain } of useful) {
          above += gain * of(step) * of(step);
          below += gain * of(step);
        }
        return below > 0 ? above / below : 0;
      };
      const isOver = shares[next] < 0 || useful.every(({ step }) => step.share === 0);
      lengths[next] = meanOf(({ length }) => length);
      shares[next] = isOver ? -1 : meanOf(({ share }) => share);
      next = (next + 1) % slots;
      useful = [];
    },
  };
}

/** Rows of two evaluations by number: those of the second count on after the first. */
function pick(a: Evaluation, b: Evaluation, rows: ArrayLike<number>): Evaluation {
  const n = a.violation.length;
  const objectives = matrix(rows.length, 1);
  const violation = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k];
    objectives.data[k] = i < n ? a.objectives.data[i] : b.objectives.data[i - n];
    violation[k] = i < n ? a.violation[i] : b.violation[i - n];
  }
  return { objectives, violation };
}

function joined(top: Matrix, bottom: Matrix): Matrix {
  const data = new Float64Array(top.data.length + bottom.data.length);
  data.set(top.data);
  data.set(bottom.data, top.data.length);
  return matrix(top.rows + bottom.rows, bottom.columns, data);
}

function requireSettings({
  populationSize,
  bestShare,
  memoryShare,
  archiveSize,
}: DifferentialSettings): void {
  const { name } = differential;
  if (populationSize !== 0) requireWhole(name, "populationSize", populationSize, 4);
  requireWhole(name, "archiveSize", archiveSize, 1);
  requireRange(name, "bestShare", bestShare, 0, 1);
  requireRange(name, "memoryShare", memoryShare, 0, 100);
}
