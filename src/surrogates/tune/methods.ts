import { normalCdf, normalPdf } from "../../core/special.ts";
import { matrixOf } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { createSobol } from "../../core/sobol.ts";
import { UnsupportedError } from "../../core/errors.ts";
import { stage, type Work } from "../../core/work.ts";
import type { SurrogateSpec } from "../contract.ts";
import { gaussianProcess } from "../gaussian-process/gaussian-process.ts";
import { lossOf, type Trial, type TryOptions } from "./inner-score.ts";
import type { OptionSpace, TunedOptions } from "./option-space.ts";

/** What a method searches with. */
export interface TuningSearch {
  readonly space: OptionSpace;
  /** The family's own options, which every method tries first. */
  readonly defaults: TunedOptions;
  /** Cost in trials on all training rows; a trial on a share of the rows costs that share. */
  readonly budget: number;
  /** Rows in the smallest inner training part. */
  readonly trainingRows: number;
  readonly sign: 1 | -1;
  readonly tryOptions: TryOptions;
  /** For a family that works in rounds: how many, the fewest that tell, and trials with a share of them. */
  readonly rounds?: {
    readonly most: number;
    readonly least: number;
    readonly tryOptions: TryOptions;
  };
  readonly rng: Rng;
  readonly work: Work;
}

/** Finds good options; the answer is the best trial on all rows. */
export type TuningMethod = (search: TuningSearch) => Promise<Trial[]>;

/** The defaults, then points drawn evenly. */
const random: TuningMethod = async ({ space, defaults, budget, tryOptions, rng, work }) => {
  const trials: Trial[] = [];
  for (let k = 0; k < budget; k++) {
    const options =
      k === 0 ? defaults : space.optionsAt(randomPoint(space, rng.fork(`point ${k}`)));
    trials.push(await tryOptions(options, 1, stage(work, k / budget, (k + 1) / budget)));
  }
  return trials;
};

/** Each rung keeps this part of the trials and multiplies their rows (or rounds) by its inverse. */
const halvingFactor = 3;
/** Fewest rows on which a first rung judges. */
const leastRungRows = 40;
const mostRungs = 3;

/** What a rung has more of than the one before it. */
interface Effort {
  readonly most: number;
  /** Fewest with which a first rung judges. */
  readonly least: number;
  readonly tryOptions: TryOptions;
}

/** Successive halving by rows: many options on few rows, the best third on three times as many, and so on. */
const halving: TuningMethod = (search) =>
  halvingBy(search, {
    most: search.trainingRows,
    least: leastRungRows,
    tryOptions: search.tryOptions,
  });

/** Successive halving by trees, rounds or epochs, all of them on all rows. */
const halvingRounds: TuningMethod = async (search) => {
  if (search.rounds !== undefined) return halvingBy(search, search.rounds);
  throw new UnsupportedError("The family does not work in rounds that could be fewer.", {
    path: "--method",
    received: "halving-rounds",
    hint: "Choose halving, which goes by rows.",
  });
};

/**
 * Successive halving. The defaults stay to the last rung.
 * Source: K. Jamieson, A. Talwalkar, AISTATS, 240 (2016).
 */
async function halvingBy(
  search: TuningSearch,
  { most, least, tryOptions }: Effort,
): Promise<Trial[]> {
  const { space, defaults, budget, sign, rng, work } = search;
  const rungs = rungsFor(most, least, budget);
  const smallest = powerOf(halvingFactor, 1 - rungs);
  // All rungs cost the same: as many trials less as rows or rounds more.
  const first = Math.max(1, Math.floor(budget / rungs / smallest));
  let kept: TunedOptions[] = Array.from({ length: first }, (_, k) =>
    k === 0 ? defaults : space.optionsAt(randomPoint(space, rng.fork(`point ${k}`))),
  );
  const trials: Trial[] = [];
  for (let rung = 0; rung < rungs; rung++) {
    const share = smallest * powerOf(halvingFactor, rung);
    const part = stage(work, rung / rungs, (rung + 1) / rungs);
    const judged: Trial[] = [];
    for (const [k, options] of kept.entries()) {
      const at = (done: number) => done / kept.length;
      judged.push(await tryOptions(options, share, stage(part, at(k), at(k + 1))));
    }
    trials.push(...judged);
    const size = Math.max(1, Math.floor(kept.length / halvingFactor));
    const best = judged.toSorted((a, b) => lossOf(a, sign) - lossOf(b, sign)).slice(0, size);
    kept = best.map(({ options }) => options);
    if (!kept.includes(defaults)) kept.splice(Math.max(1, size - 1), 1, defaults);
  }
  return trials;
}

/** Rungs so that the first has enough to judge by and the last more than one trial. */
function rungsFor(most: number, least: number, budget: number): number {
  let rungs = 1;
  while (
    rungs < mostRungs &&
    most * powerOf(halvingFactor, -rungs) >= least &&
    budget / (rungs + 1) >= 2
  ) {
    rungs++;
  }
  return rungs;
}

/** Whole powers by multiplication, the same on every machine. */
function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let k = 0; k < Math.abs(exponent); k++) power *= base;
  return exponent < 0 ? 1 / power : power;
}

/** Candidates at which the expected improvement is compared: drawn evenly, and around the best. */
const evenCandidates = 512;
const nearCandidates = 128;
const nearSpread = 0.1;

/**
 * Bayesian optimisation with the library's own Gaussian process: the defaults and a scrambled Sobol start,
 * then each time the candidate of largest expected improvement of the loss.
 * Source: D. R. Jones, M. Schonlau, W. J. Welch, J. Glob. Optim. 13, 455 (1998),
 * doi:10.1023/A:1008306431147; J. Snoek, H. Larochelle, R. P. Adams, NeurIPS (2012).
 */
const bayesian: TuningMethod = async ({ space, defaults, budget, sign, tryOptions, rng, work }) => {
  const start = Math.min(budget, Math.max(3, Math.min(2 * space.dimension + 1, budget >> 1)));
  const sobol = createSobol(space.dimension, { scramble: rng.fork("start") }).take(start);
  const trials: Trial[] = [];
  const points: (ArrayLike<number> | undefined)[] = [];
  for (let k = 0; k < budget; k++) {
    let point: ArrayLike<number> | undefined;
    if (k >= start) {
      point = await improving(space, trials, points, sign, rng.fork(`point ${k}`), work);
    } else if (k > 0) {
      point = sobol.data.subarray(k * space.dimension, (k + 1) * space.dimension);
    }
    const options = point === undefined ? defaults : space.optionsAt(point);
    points.push(point);
    trials.push(await tryOptions(options, 1, stage(work, k / budget, (k + 1) / budget)));
  }
  return trials;
};

async function improving(
  space: OptionSpace,
  trials: readonly Trial[],
  points: readonly (ArrayLike<number> | undefined)[],
  sign: 1 | -1,
  rng: Rng,
  work: Work,
): Promise<ArrayLike<number>> {
  const losses = trials.map((trial) => lossOf(trial, sign));
  const worst = Math.max(...losses.filter(Number.isFinite));
  const least = Math.min(...losses);
  if (!Number.isFinite(least)) return randomPoint(space, rng);
  const model = await gaussianProcess.fit(
    {
      x: matrixOf(trials.map(({ options }) => space.featuresOf(options))),
      // What failed counts as the worst that did not.
      y: Float64Array.from(losses, (loss) => Math.min(loss, worst)),
      task: { kind: "regression" },
      rng: rng.fork("model"),
      work: { signal: work.signal },
    },
    { starts: 2 },
  );
  const best = points[losses.indexOf(least)];
  const draw = rng.fork("candidates");
  const candidates = Array.from({ length: evenCandidates }, () => randomPoint(space, draw));
  const near = best === undefined ? 0 : nearCandidates;
  for (let k = 0; k < near; k++) {
    candidates.push(
      Float64Array.from(best!, (value) =>
        Math.min(1, Math.max(0, value + nearSpread * draw.normal())),
      ),
    );
  }
  const { mean, epistemicStd } = model.predict(
    matrixOf(candidates.map((point) => space.featuresOf(space.optionsAt(point)))),
  );
  const improvement = mean.data.map((m, i) => expectedImprovement(least - m, epistemicStd.data[i]));
  return candidates[improvement.indexOf(Math.max(...improvement))];
}

/** Mean of the part above 0 of a normal number with this mean and standard deviation. */
function expectedImprovement(mean: number, std: number): number {
  if (std === 0) return Math.max(0, mean);
  const z = mean / std;
  return mean * normalCdf(z) + std * normalPdf(z);
}

const randomPoint = (space: OptionSpace, rng: Rng): Float64Array =>
  Float64Array.from({ length: space.dimension }, () => rng.uniform());

/** All ways of tuning by name; a new one is a function above and a line here. */
export const tuningMethods = {
  random,
  halving,
  "halving-rounds": halvingRounds,
  "gaussian-process": bayesian,
} as const satisfies Record<string, TuningMethod>;

export type TuningMethodName = keyof typeof tuningMethods;

/** The ways that a family can be tuned. */
export const tuningMethodsFor = ({ rounds }: Pick<SurrogateSpec, "rounds">): TuningMethodName[] =>
  (Object.keys(tuningMethods) as TuningMethodName[]).filter(
    (name) => name !== "halving-rounds" || rounds !== undefined,
  );
