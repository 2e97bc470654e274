import { exp } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { sorted, sum } from "../../core/statistics.ts";
import { checkpoint } from "../../core/work.ts";
import type { GoalPrediction } from "../objectives.ts";
import { requireWhole, resolveSettings } from "../run.ts";
import type { InverseProblem, Posterior, PosteriorOptions, PosteriorSettings } from "./contract.ts";
import { likelihoodDefaults, logLikelihoodOf, requireInvertible } from "./likelihood.ts";
import { createMover } from "./moves/create-mover.ts";
import { effectiveSize, nextExponent, normaliseLog, resample } from "./tempering.ts";

export const posteriorDefaults: PosteriorSettings = {
  ...likelihoodDefaults,
  particles: 500,
  sweeps: 8,
  finalSweeps: 64,
  keptShare: 0.7,
};

const label = "posterior";
/** Sweeps between two states that are kept at the end. */
const thinning = 8;
/** Designs that are predicted at once. */
const chunkSize = 4096;

/** Designs with their predictions and likelihoods. */
interface Particles {
  readonly rows: Matrix;
  readonly predictions: readonly GoalPrediction[];
  readonly logLikelihood: Float64Array;
}

/**
 * Designs from p(design | goals) under a uniform prior over the space (what `space.sample` draws), for goals
 * that state what a property should be: all families of solutions, in proportion to how probable they are.
 *
 * A space with no more designs than there are first draws is gone through completely. Else draws from the prior are
 * led to the posterior by sequential Monte Carlo: the likelihood's exponent grows from 0 to 1 in steps that
 * leave `keptShare` of the designs effective; after each step particles are drawn by their weights and
 * moved by Metropolis steps, see `createMover`, in which infeasible designs are never taken. All states on
 * the way stand for the posterior with that exponent, not the last ones only. The particles form two halves, each
 * of which guides the moves of the other, so that no particle's moves depend on where it stands itself.
 * Sources: P. Del Moral, A. Doucet, A. Jasra, J. R. Stat. Soc. B 68, 411 (2006),
 * doi:10.1111/j.1467-9868.2006.00553.x; H.-D. Dau, N. Chopin, J. R. Stat. Soc. B 84, 114 (2022),
 * doi:10.1111/rssb.12475.
 * @throws UnsupportedError for a goal to be minimised or maximised, InputError for settings that cannot be
 *   used, NumericalError for predictions that are not finite, the signal's reason when cancelled
 */
export async function samplePosterior(
  problem: InverseProblem,
  { rng, work = {} }: PosteriorOptions,
  given: Partial<PosteriorSettings> = {},
): Promise<Posterior> {
  const settings = resolveSettings(label, posteriorDefaults, given);
  requireSettings(settings);
  requireInvertible(problem.goals, settings);
  const { space, goals } = problem;
  const { particles: n } = settings;

  let evaluated = 0;
  const judge = async (rows: Matrix): Promise<Particles> => {
    const parts: (readonly GoalPrediction[])[] = [];
    for (let from = 0; from < rows.rows; from += chunkSize) {
      const size = Math.min(chunkSize, rows.rows - from);
      const d = rows.columns;
      const part = matrix(size, d, rows.data.slice(from * d, (from + size) * d));
      parts.push(await problem.predict(part));
      if (rows.rows > chunkSize) await checkpoint(work, { label, done: 0, total: 1 });
    }
    evaluated += rows.rows;
    const predictions = parts.length === 1 ? parts[0] : joined(parts);
    return { rows, predictions, logLikelihood: logLikelihoodOf(goals, predictions, settings) };
  };

  const count = space.count();
  if (count !== "uncountable" && count <= BigInt(n * settings.sweeps)) {
    const all = matrix(Number(count), space.dimension);
    let i = 0;
    for (const row of space.enumerate()) rowOf(all, i++).set(row);
    const judged = await judge(all);
    const { weights, logMean } = normaliseLog(judged.logLikelihood);
    await checkpoint(work, { label, done: 1, total: 1 });
    return {
      ...judged,
      weights,
      prior: all,
      method: "enumeration",
      evaluated,
      logEvidence: logMean,
      temperatures: [
        { exponent: 0, effectiveSize: all.rows },
        { exponent: 1, effectiveSize: effectiveSize(weights) },
      ],
      ancestors: all.rows,
      ancestorOf: Int32Array.from({ length: all.rows }, (_, k) => k),
      moves: [],
    };
  }

  const mover = createMover(space);
  const proposed = new Float64Array(mover.kinds.length);
  const accepted = new Float64Array(mover.kinds.length);
  const moveRng = rng.fork("moves");
  const acceptRng = rng.fork("acceptance");
  /** One Metropolis step of every particle towards the posterior with this exponent. */
  const sweep = async (
    from: Particles,
    exponent: number,
    reference: Matrix,
  ): Promise<Particles> => {
    const proposal = mover.propose(from.rows, reference, moveRng);
    const inside = Array.from(proposal.isInside.keys()).filter((i) => proposal.isInside[i] === 1);
    const judged = await judge(takeRows(proposal.rows, inside));
    const next = copyOf(from);
    for (const kind of proposal.kind) proposed[kind]++;
    inside.forEach((i, k) => {
      const likelier = judged.logLikelihood[k] - from.logLikelihood[i];
      const gain = proposal.balance[i] + exponent * likelier;
      if (!(gain >= 0 || acceptRng.uniform() < exp(gain))) return;
      accepted[proposal.kind[i]]++;
      put(judged, k, next, i);
    });
    return next;
  };

  const half = Math.ceil(n / 2);
  const draws = [0, 1].map((h) => space.sample(half * settings.sweeps, rng.fork(`prior ${h}`)));
  let pools = await both(draws, judge);
  let ancestors = draws.map((rows, h) =>
    Int32Array.from({ length: rows.rows }, (_, i) => i + h * rows.rows),
  );
  let exponent = 0;
  let logEvidence = 0;
  const temperatures = [{ exponent, effectiveSize: pools[0].rows.rows + pools[1].rows.rows }];
  for (let round = 1; exponent < 1; round++) {
    const all = joinedNumbers(pools.map(({ logLikelihood }) => logLikelihood));
    const next = nextExponent(all, exponent, settings.keptShare);
    const increment = (values: Float64Array) =>
      normaliseLog(values.map((value) => (next - exponent) * value));
    const { weights, logMean } = increment(all);
    logEvidence += logMean;
    temperatures.push({ exponent: next, effectiveSize: effectiveSize(weights) });
    const chosen = pools.map(({ logLikelihood }, h) =>
      resample(increment(logLikelihood).weights, half, rng.fork(`resampling ${round}, half ${h}`)),
    );
    exponent = next;
    let now = pools.map((pool, h) => taken(pool, chosen[h]));
    const chains = ancestors.map((from, h) => Int32Array.from(chosen[h], (i) => from[i]));
    // The designs whose differences guide the moves are those of the other half, as they are at the start.
    const references = now.map(({ rows }) => rows).reverse();
    const kept: Particles[][] = [];
    const isLast = exponent === 1;
    const sweeps = settings.sweeps + (isLast ? settings.finalSweeps : 0);
    for (let s = 1; s <= sweeps; s++) {
      now = await both(now, (from, h) => sweep(from, exponent, references[h]));
      if (!isLast || s % thinning === 0 || s === sweeps) kept.push(now);
      const done = 700 * exponent + (isLast ? (300 * s) / sweeps : 0);
      await checkpoint(work, { label, done: Math.round(done), total: 1000 });
    }
    pools = [0, 1].map((h) => stacked(kept.map((parts) => parts[h])));
    ancestors = pools.map(({ rows }, h) =>
      Int32Array.from({ length: rows.rows }, (_, i) => chains[h][i % half]),
    );
  }
  const sample = stacked(pools);
  const ancestorOf = Int32Array.from(ancestors.flatMap((of) => [...of]));
  return {
    ...sample,
    weights: new Float64Array(sample.rows.rows).fill(1 / sample.rows.rows),
    prior: stackRows(draws),
    method: "sequential Monte Carlo",
    evaluated,
    logEvidence,
    temperatures,
    ancestors: new Set(ancestorOf).size,
    ancestorOf,
    moves: mover.kinds.map((kind, k) => ({
      kind,
      proposed: proposed[k],
      accepted: accepted[k],
    })),
  };
}

/** The same for both halves, one after the other, so that random numbers come in a fixed order. */
async function both<T, R>(
  halves: readonly T[],
  make: (half: T, h: number) => Promise<R>,
): Promise<R[]> {
  return [await make(halves[0], 0), await make(halves[1], 1)];
}

/**
 * The log-likelihood above which designs make up this share of the posterior: the set of most probable designs
 * with that credibility (the prior is uniform).
 * @param share 0 ... 1
 */
export function credibleLevel(
  { logLikelihood, weights }: Pick<Posterior, "logLikelihood" | "weights">,
  share: number,
): number {
  if (!(share > 0 && share <= 1)) {
    throw new InputError(`credibleLevel: expected a share above 0 and at most 1, got ${share}.`);
  }
  const order = Int32Array.from(logLikelihood.keys()).sort(
    (a, b) => logLikelihood[b] - logLikelihood[a],
  );
  let mass = 0;
  for (const i of order) {
    mass += weights[i];
    if (mass >= share - 1e-12) return logLikelihood[i];
  }
  return sorted(logLikelihood)[0];
}

function taken(from: Particles, chosen: Int32Array): Particles {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(chosen, (i) => values[i]);
  return {
    rows: takeRows(from.rows, chosen),
    logLikelihood: pick(from.logLikelihood),
    predictions: from.predictions.map(({ mean, epistemicStd, aleatoricStd }) => ({
      mean: pick(mean),
      epistemicStd: pick(epistemicStd),
      aleatoricStd: pick(aleatoricStd),
    })),
  };
}

const copyOf = (from: Particles): Particles =>
  taken(from, Int32Array.from(from.logLikelihood.keys()));

/** Writes particle k of one set over particle i of another. */
function put(from: Particles, k: number, to: Particles, i: number): void {
  rowOf(to.rows, i).set(rowOf(from.rows, k));
  to.logLikelihood[i] = from.logLikelihood[k];
  to.predictions.forEach((goal, g) => {
    const source = from.predictions[g];
    goal.mean[i] = source.mean[k];
    goal.epistemicStd[i] = source.epistemicStd[k];
    goal.aleatoricStd[i] = source.aleatoricStd[k];
  });
}

function stacked(parts: readonly Particles[]): Particles {
  return {
    rows: stackRows(parts.map(({ rows }) => rows)),
    logLikelihood: joinedNumbers(parts.map(({ logLikelihood }) => logLikelihood)),
    predictions: joined(parts.map(({ predictions }) => predictions)),
  };
}

const stackRows = (parts: readonly Matrix[]): Matrix =>
  matrix(
    sum(parts.map(({ rows }) => rows)),
    parts[0].columns,
    joinedNumbers(parts.map(({ data }) => data)),
  );

const joined = (parts: readonly (readonly GoalPrediction[])[]): GoalPrediction[] =>
  parts[0].map((_, g) => ({
    mean: joinedNumbers(parts.map((part) => part[g].mean)),
    epistemicStd: joinedNumbers(parts.map((part) => part[g].epistemicStd)),
    aleatoricStd: joinedNumbers(parts.map((part) => part[g].aleatoricStd)),
  }));

function joinedNumbers(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(sum(parts.map((part) => part.length)));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function requireSettings({ particles, sweeps, finalSweeps, keptShare }: PosteriorSettings): void {
  requireWhole(label, "particles", particles, 10);
  requireWhole(label, "sweeps", sweeps, 1);
  requireWhole(label, "finalSweeps", finalSweeps, 0);
  if (!(keptShare > 0 && keptShare < 1)) {
    throw new InputError(`posterior: expected keptShare between 0 and 1, got ${keptShare}.`, {
      path: "keptShare",
    });
  }
}
