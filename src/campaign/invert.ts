import { exp } from "../core/elementary.ts";
import { UnsupportedError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { checkpoint, stage } from "../core/work.ts";
import type { Reach } from "../search/posterior/attainable.ts";
import type { Posterior } from "../search/posterior/contract.ts";
import {
  reportIllPosedness,
  type IllPosedness,
  type JudgedMode,
} from "../search/posterior/ill-posedness.ts";
import { likelihoodDefaults } from "../search/posterior/likelihood.ts";
import { effectiveSize } from "../search/posterior/tempering.ts";
import type { ColumnSpread } from "../search/posterior/column-spread.ts";
import { posteriorDefaults, samplePosterior } from "../search/posterior/sample-posterior.ts";
import type { SearchSpace } from "../space/contract.ts";
import { defaultDomain } from "../domains/registry.ts";
import { designOf } from "./candidates/candidates.ts";
import type { CandidateDesign, DesignResult, ModelCard, PredictedProperty } from "./contract.ts";
import type { Dataset } from "./dataset.ts";
import { sampleOf, type InversionSample } from "./inversion-sample.ts";
import { located } from "./problem/locate.ts";
import { preparedData } from "./problem/problem-data.ts";
import type { ParsedProblemFile } from "./problem/problem-file.ts";
import { resolveProblem, type Problem } from "./problem/problem.ts";
import type { RunOptions } from "./problem/settings/run-options.ts";
import { elementsOf } from "./models/space-rows.ts";
import {
  predictGoals,
  processUnits,
  targetModels,
  type TargetModel,
} from "./models/target-models.ts";
import { modelWarnings } from "./candidates/warnings.ts";

export interface InvertOptions extends RunOptions {
  /** Designs that are moved together; more give finer weights. */
  readonly samples?: number;
}

/** A design with what is predicted for it. */
export interface PredictedDesign {
  readonly design: CandidateDesign;
  readonly predictions: Readonly<Record<string, PredictedProperty>>;
}

/** How the designs of a family follow a change of one target. */
export interface TargetSensitivity {
  readonly target: string;
  /** Change of each varied column, in its unit, per unit of the target's property. */
  readonly shift: Readonly<Record<string, number>>;
  /** The largest change of a column over its range, per change of the target over the property's spread. */
  readonly gain: number;
  readonly column: string;
}

/** One family of designs that have what is asked for. */
export interface SolutionFamily extends PredictedDesign {
  /** Share of the probability, 0 ... 1; `design` is the most probable design found. */
  readonly weight: number;
  /** Standard error of the share; 0 where every design of the space was looked at. */
  readonly weightError: number;
  /** Of the varied columns. */
  readonly spread: readonly ColumnSpread[];
  /** Independent directions in which designs stay about as open as the space, of how many. */
  readonly open: number;
  readonly directions: number;
  readonly sensitivity: readonly TargetSensitivity[];
}

/** What `invert` found, and designs of the posterior for pictures and tables. */
export interface Inversion {
  readonly result: InvertResult;
  readonly sample: InversionSample;
}

/** The families, the verdict and how they were found: the JSON document of the command. */
export interface InvertResult {
  readonly problem: Omit<DesignResult["problem"], "strategy">;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  /** SHA-256 of the data file's bytes. */
  readonly dataHash: string | null;
  readonly verdict: IllPosedness;
  /** The verdict and its reasons. */
  readonly sentences: readonly string[];
  readonly modes: readonly SolutionFamily[];
  /** Share of the probability in families too small to be listed. */
  readonly otherWeight: number;
  /** The design whose predictions come nearest to all targets together. */
  readonly nearest: PredictedDesign &
    Pick<Reach, "distance" | "isReached"> & { readonly targets: Reach["goals"] };
  readonly posterior: Pick<
    Posterior,
    "method" | "logEvidence" | "temperatures" | "ancestors" | "moves"
  > & {
    readonly samples: number;
    readonly evaluated: number;
    /** Different designs among the samples, and how many equally probable ones they are worth. */
    readonly distinct: number;
    readonly effective: number;
    /** Share of the space that the targets leave: exp of minus the information that they give. */
    readonly remaining: number;
  };
  readonly models: readonly ModelCard[];
  readonly warnings: readonly string[];
}

/** Shares of the progress bar at which learning and sampling end. */
const learned = 0.5;
const sampled = 0.85;
/** Surviving first draws below which the weights of families are a rough guess. */
const fewAncestors = 10;

/**
 * Finds all families of designs that have what is asked for, and says what kind of answer the problem has. Pure: the
 * same problem, data and seed give the same result, byte for byte.
 * @throws InputError for whatever in the problem does not fit the data, UnsupportedError for a target without a
 *   value, both with the place in the file
 * @throws InfeasibleError when the constraints leave no design
 */
export async function invert(
  parsed: ParsedProblemFile,
  dataset: Dataset | null,
  options: InvertOptions = {},
): Promise<Inversion> {
  const problem = await resolveProblem(parsed, dataset, options.models, options.onnx);
  requireValues(problem);
  return solve(problem, options).catch((error: unknown) => {
    throw located(parsed, [], error);
  });
}

/** @throws UnsupportedError for a target to be pushed as far as it goes */
function requireValues({ parsed, targets }: Problem): void {
  targets.forEach(({ kind, property, text }, i) => {
    const isPushed = kind === "minimise" || kind === "maximise";
    if (!isPushed) return;
    const error = new UnsupportedError(
      `"${text}" has no value to be reached, so it cannot be inverted.`,
      {
        expected: "a value, a limit, a range or a class",
        received: text,
        hint: `Say which value is wanted, such as ${property} >= a number, or run \`ystar design\`.`,
      },
    );
    throw located(parsed, ["targets", i], error);
  });
}

async function solve(problem: Problem, options: InvertOptions): Promise<Inversion> {
  const { parsed, dataset, space, domain } = problem;
  const { content } = parsed;
  const work = options.work ?? {};
  const seed = options.seed ?? content.seed;
  const rng = createRng(seed);
  await checkpoint(work, { label: "auditing the data", done: 0, total: 1 });
  const data = dataset === null ? null : preparedData(problem, dataset);
  const models = await targetModels(problem, data, rng.fork("models"), stage(work, 0, learned));
  const inverse = {
    space,
    goals: models.map(({ goal }) => goal),
    predict: (rows: Matrix) => predictGoals(models, rows),
  };
  const posterior = await samplePosterior(
    inverse,
    { rng: rng.fork("posterior"), work: stage(work, learned, sampled) },
    { particles: options.samples ?? posteriorDefaults.particles },
  );
  const report = await reportIllPosedness(inverse, posterior, likelihoodDefaults, {
    rng: rng.fork("ill-posedness"),
    work: stage(work, sampled, 1),
  });
  const { reach } = report;
  const targets = models.map(({ target }) => target);
  const cards = models.flatMap(({ card }) => (card === undefined ? [] : [card]));
  const predicted = async (row: Float64Array): Promise<PredictedDesign> => ({
    design: designOf(space, row, domain.name !== defaultDomain),
    predictions: await predictionsOf(models, row),
  });
  const sample = await sampleOf(posterior, report.modes, models, space);
  const result: InvertResult = {
    problem: {
      name: content.name,
      domain: domain.name,
      nouns: domain.nouns,
      data: dataset?.name ?? null,
      targets,
      constraints: content.constraints,
      elements: elementsOf(space),
      processUnits: processUnits(problem),
      text: parsed.text,
    },
    seed,
    versions: options.versions ?? {},
    dataHash: dataset?.sha256 ?? null,
    verdict: report.verdict,
    sentences: report.sentences,
    modes: await Promise.all(
      report.modes.map(async (mode) => ({
        ...(await predicted(mode.representative)),
        ...familyOf(mode, space),
      })),
    ),
    otherWeight: report.otherWeight,
    nearest: {
      ...(await predicted(reach.nearest)),
      distance: reach.distance,
      isReached: reach.isReached,
      targets: reach.goals,
    },
    posterior: {
      method: posterior.method,
      samples: posterior.rows.rows,
      evaluated: posterior.evaluated + report.evaluated,
      logEvidence: posterior.logEvidence,
      temperatures: posterior.temperatures,
      ancestors: posterior.ancestors,
      moves: posterior.moves,
      distinct: sample.designs.length,
      effective: effectiveSize(sample.designs.map(({ weight }) => weight)),
      remaining: remainingShare(posterior),
    },
    models: cards,
    warnings: [
      ...modelWarnings({ cards, dataHash: dataset?.sha256 ?? null }),
      ...(posterior.ancestors >= fewAncestors
        ? []
        : [
            `Only ${posterior.ancestors} of the first draws lead to the solutions: families may be missing and ` +
              "their shares are rough. More samples (--samples) make them finer.",
          ]),
    ],
  };
  return { result, sample };
}

/**
 * The volume that a uniform distribution would have that is as far from the prior as the posterior is: exp of minus
 * the Kullback-Leibler divergence, as a share of the space.
 */
function remainingShare({ weights, logLikelihood, logEvidence }: Posterior): number {
  let mean = 0;
  weights.forEach((w, i) => (mean += w > 0 ? w * logLikelihood[i]! : 0));
  return Math.min(1, exp(logEvidence - mean));
}

function familyOf(
  { weight, weightError, spread, freedom, sensitivity }: JudgedMode,
  space: SearchSpace,
): Omit<SolutionFamily, keyof PredictedDesign> {
  const varied = space.columns.flatMap(({ min, max }, j) => (max > min ? [j] : []));
  const numbers = varied.filter((j) => space.columns[j]!.kind !== "category");
  return {
    weight,
    weightError,
    spread: varied.map((j) => spread[j]!),
    ...freedom,
    sensitivity: sensitivity.map(({ label, shift, gain, column }) => ({
      target: label,
      shift: Object.fromEntries(numbers.map((j) => [space.columns[j]!.label, shift[j]!])),
      gain,
      column,
    })),
  };
}

async function predictionsOf(
  models: readonly TargetModel[],
  row: Float64Array,
): Promise<Record<string, PredictedProperty>> {
  const rows = { data: row, rows: 1, columns: row.length };
  const predictions = await predictGoals(models, rows);
  return Object.fromEntries(
    models.map(({ target }, t) => {
      const { mean, epistemicStd, aleatoricStd } = predictions[t]!;
      const one = {
        mean: mean[0]!,
        epistemicStd: epistemicStd[0]!,
        aleatoricStd: aleatoricStd[0]!,
      };
      return [target.property, { ...one, unit: target.unit }];
    }),
  );
}
