import { InputError } from "../../../core/errors.ts";
import { exp } from "../../../core/elementary.ts";
import { choleskyInverse, cholesky } from "../../../core/linalg/cholesky.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import { countOf, formatNumber } from "../../../core/format.ts";
import { checkpoint } from "../../../core/work.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { requireWhole, resolveSettings } from "../../run.ts";
import { beginDesign } from "../begin.ts";
import type { DesignOptions, DesignSpec, ExperimentalDesign } from "../contract.ts";
import { candidateRows, createNeighbourhood } from "./candidates.ts";
import {
  criterionOf,
  exchange,
  expandAll,
  informationOf,
  keyOf,
  quadratic,
  type Criterion,
  type ExchangeProblem,
  type ExchangeResult,
} from "./exchange.ts";
import { createTerms, type ModelKind } from "./model-terms.ts";

export interface OptimalSettings {
  /** What the experiments shall tell apart, see `ModelKind`. */
  readonly model: ModelKind;
  /** Random starts, of which the best result is kept. */
  readonly starts: number;
  /** About how many designs are chosen from, beside neighbours of those chosen. */
  readonly candidates: number;
  /** Values of a continuous number when one coordinate is exchanged. */
  readonly levels: number;
  /** Whether the same design may come several times, which shows the noise. */
  readonly replicates: boolean;
}

const defaults: OptimalSettings = {
  model: "quadratic",
  starts: 8,
  candidates: 400,
  levels: 5,
  replicates: false,
};

/** Designs over which the mean prediction variance is taken. */
const regionSize = 2000;

/**
 * Experiments that fix all coefficients of a model as narrowly as possible together (largest det X'X), by exchange
 * from several starts, on any space, also as an addition to known experiments.
 */
export const dOptimal = optimalDesign("d", "d-optimal", "D-optimal");

/** Experiments with the least mean variance of the model's predictions over the space (I- or V-optimal). */
export const iOptimal = optimalDesign("i", "i-optimal", "I-optimal");

function optimalDesign(
  criterion: Criterion,
  name: string,
  title: string,
): DesignSpec<OptimalSettings> {
  const spec: DesignSpec<OptimalSettings> = {
    name,
    title,
    supports: { composition: "any", lists: true, constraints: true, ownSize: false, known: true },
    defaults,
    async points(space, options, given) {
      const settings = resolveSettings(name, defaults, given);
      requireSettings(name, settings);
      if (options.n !== null) requireWhole(name, "n", options.n, 1);
      // Replicates need no room: the space must only be able to tell the terms apart.
      beginDesign(
        spec,
        space,
        settings.replicates && options.n !== null ? { ...options, n: 1 } : options,
      );
      return search(name, criterion, space, options, settings);
    },
  };
  return spec;
}

async function search(
  name: string,
  criterion: Criterion,
  space: SearchSpace,
  options: DesignOptions,
  settings: OptimalSettings,
): Promise<ExperimentalDesign> {
  const { rng, work = {}, known = matrix(0, space.dimension) } = options;
  const n = options.n!;
  const candidates = await candidateRows(space, settings.candidates, rng.fork("candidates"), work);
  const terms = createTerms(space, settings.model, candidates);
  const p = terms.labels.length;
  requireEnough(name, n, known.rows, p, settings.model);
  const model = { terms: p, expand: terms.expand };
  const region = expandAll(model, space.sample(regionSize, rng.fork("region")));
  const sums = informationOf(region);
  const problem: ExchangeProblem = {
    ...model,
    criterion,
    candidates,
    near: createNeighbourhood(space, settings.levels),
    information: informationOf(expandAll(model, known)),
    moments: matrix(
      p,
      p,
      sums.data.map((value) => value / region.rows),
    ),
    replicates: settings.replicates,
    taken: new Set(Array.from({ length: known.rows }, (_, i) => keyOf(rowOf(known, i)))),
  };
  const free = [...Array(candidates.rows).keys()].filter(
    (k) => settings.replicates || !problem.taken.has(keyOf(rowOf(candidates, k))),
  );
  if (!settings.replicates && free.length < n) {
    throw new InputError(
      `${name}: found ${free.length} different new designs, ${n} were asked for.`,
      { path: "n", hint: "Allow replicates, or ask for fewer experiments." },
    );
  }
  let best: ExchangeResult | undefined;
  for (let start = 0; start < settings.starts; start++) {
    const order = rng.fork(`start ${start}`).permutation(free.length);
    const chosen = Int32Array.from({ length: n }, (_, i) => free[order[i % free.length]]);
    const found = await exchange(problem, takeRows(candidates, chosen), () =>
      checkpoint(work, { label: name, done: start, total: settings.starts }),
    );
    if (best === undefined || found.value < best.value) best = found;
  }
  if (best === undefined || best.value === Number.POSITIVE_INFINITY) {
    throw new InputError(
      `${name}: no ${n} experiments of this space were found that fix all ${p} terms of the model.`,
      { path: "n", hint: "Use a simpler model, or more experiments." },
    );
  }
  return described(problem, best.rows, known.rows, terms.dropped);
}

function described(
  problem: ExchangeProblem,
  rows: Matrix,
  knownRows: number,
  dropped: readonly string[],
): ExperimentalDesign {
  const { terms: p, moments } = problem;
  const expanded = expandAll(problem, rows);
  const runs = rows.rows + knownRows;
  const inverse = choleskyInverse(cholesky(informationOf(expanded, problem.information)));
  let most = 0;
  for (const from of [expandAll(problem, problem.candidates), expanded]) {
    for (let k = 0; k < from.rows; k++) most = Math.max(most, quadratic(inverse, rowOf(from, k)));
  }
  const logDet = -criterionOf({ ...problem, criterion: "d" }, expanded);
  let variance = 0;
  for (let k = 0; k < inverse.data.length; k++) variance += inverse.data[k] * moments.data[k];
  const gEfficiency = (100 * p) / (runs * most);
  return {
    rows,
    figures: {
      terms: p,
      dEfficiency: (100 * exp(logDet / p)) / runs,
      gEfficiency,
      meanVariance: variance,
      largestVariance: most,
    },
    notes: [
      `${countOf(runs, "experiment")} for ${countOf(p, "term")}; the D-efficiency is at least ` +
        `${formatNumber(gEfficiency, 2)} % of the best possible over the designs looked at.`,
      ...(dropped.length === 0
        ? []
        : [`Terms that follow from others in this space are left out: ${dropped.join(", ")}.`]),
    ],
  };
}

function requireSettings(name: string, settings: OptimalSettings): void {
  const { model, starts, candidates, levels } = settings;
  if (!["linear", "interactions", "quadratic"].includes(model)) {
    throw new InputError(
      `${name}: expected the model to be linear, interactions or quadratic, got ${model}.`,
      { path: "model" },
    );
  }
  requireWhole(name, "starts", starts, 1);
  requireWhole(name, "candidates", candidates, 4);
  requireWhole(name, "levels", levels, 2);
}

function requireEnough(name: string, n: number, known: number, terms: number, model: string): void {
  if (n + known >= terms) return;
  throw new InputError(
    `${name}: the ${model} model has ${terms} terms on this space, ${n + known} experiments cannot fix them.`,
    {
      path: "n",
      expected: `at least ${terms - known}`,
      received: `${n}`,
      hint:
        model === "linear" ? "Ask for more experiments." : "Ask for more, or use a simpler model.",
    },
  );
}
