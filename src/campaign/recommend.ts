import { createRng } from "../core/rng.ts";
import { checkpoint, stage, type Work } from "../core/work.ts";
import { buildObjectives, objectivesOf } from "../search/objectives.ts";
import { strategies } from "../search/registry.ts";
import type { StrategySpec } from "../search/contract.ts";
import { createSpace } from "../space/create-space.ts";
import { toCandidates } from "./candidates.ts";
import type { DesignResult } from "./contract.ts";
import type { Dataset } from "./dataset.ts";
import { located } from "./locate.ts";
import { measuredDesigns, measuredRows } from "./measured-designs.ts";
import { prepareData } from "./prepared-data.ts";
import type { ParsedProblemFile } from "./problem-file.ts";
import { resolveProblem, type Problem } from "./problem.ts";
import type { SavedModels } from "./saved-models.ts";
import { elementsOf } from "./space-rows.ts";
import { predictGoals, processUnits, targetModels } from "./target-models.ts";
import { warningsFor } from "./warnings.ts";

export interface RecommendOptions {
  /** Instead of the problem file's. */
  readonly seed?: number;
  /** Instead of the problem file's. */
  readonly candidates?: number;
  /** Versions to be recorded with the result. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly work?: Work;
  /** The models that the problem file names under `models`, loaded, by property. */
  readonly models?: SavedModels;
}

/** Designs that are scored when the problem file does not say. */
const defaultBudget = 40_000;

/** Share of the progress bar that learning and validating the models takes. */
const modelShare = 0.6;

/**
 * Finds the designs to make next. Pure: the same problem, data and seed give the same result, byte for
 * byte.
 * @throws InputError for whatever in the problem does not fit the data, with its place in the file
 * @throws InfeasibleError when the constraints leave no design
 */
export async function recommend(
  parsed: ParsedProblemFile,
  dataset: Dataset,
  options: RecommendOptions = {},
): Promise<DesignResult> {
  const problem = await resolveProblem(parsed, dataset, options.models);
  return solve(problem, dataset, options).catch((error: unknown) => {
    throw located(parsed, [], error);
  });
}

async function solve(
  problem: Problem,
  dataset: Dataset,
  options: RecommendOptions,
): Promise<DesignResult> {
  const { parsed } = problem;
  const { content } = parsed;
  const work = options.work ?? {};
  const seed = options.seed ?? content.seed;
  const rng = createRng(seed);
  await checkpoint(work, { label: "auditing the data", done: 0, total: 1 });
  const data = prepareData(dataset);
  const models = await targetModels(problem, data, rng.fork("models"), stage(work, 0, modelShare));
  const goals = models.map((one) => one.goal);
  const targets = models.map((one) => one.target);

  const measured = measuredDesigns(problem, data, targets);
  const known = measuredRows(problem, data, measured);
  const strategy: StrategySpec = strategies[content.strategy as keyof typeof strategies];
  const budget = content.budget ?? defaultBudget;
  const asked = options.candidates ?? content.candidates;
  const found = await strategy.search(
    {
      space: problem.space,
      objectives: objectivesOf(goals),
      evaluate: (rows) => buildObjectives(goals, predictGoals(models, rows)),
    },
    {
      batchSize: asked,
      budget,
      start: known,
      exclude: known,
      rng: rng.fork("search"),
      work: stage(work, modelShare, 1),
    },
  );

  const { candidates, extrapolationLimit } = toCandidates(found.rows, found.rank, {
    space: problem.space,
    data,
    targets,
    models: models.map((one) => one.model),
    goals,
    measured,
  });
  const cards = models.flatMap((one) => (one.card === undefined ? [] : [one.card]));
  const { table, provenance } = dataset;
  return {
    problem: {
      name: content.name,
      domain: content.domain,
      data: dataset.name,
      strategy: content.strategy,
      targets,
      constraints: content.constraints,
      elements: elementsOf(problem.space),
      processUnits: processUnits(problem),
      text: parsed.text,
    },
    seed,
    versions: options.versions ?? {},
    dataHash: dataset.sha256,
    data: {
      source: dataset.name,
      rows: table.rows,
      usedRows: data.keptRows,
      audit: data.findings,
      license: provenance?.license ?? "your own file",
      reference: provenance === undefined ? "" : referenceText(provenance),
    },
    space: await sizeOf(problem),
    candidates,
    models: cards,
    measured,
    extrapolationLimit,
    search: {
      evaluated: found.evaluated,
      budget,
      objectives: objectivesOf(goals).map((one) => one.label),
      history: found.history,
    },
    warnings: warningsFor({
      candidates,
      cards,
      targets,
      asked,
      designs: problem.space.count(),
      dataHash: dataset.sha256,
    }),
  };
}

/** The exact number of designs; where a limit prevents that, the number without the limits on quantities. */
async function sizeOf({ space, constraints, domain }: Problem): Promise<DesignResult["space"]> {
  const { dimension, parameters } = space;
  const count = space.count();
  if (count !== "uncountable") return { count: String(count), isUpperBound: false, dimension };
  const wider = await createSpace({
    parameters,
    constraints: constraints.filter((one) => one.kind !== "quantity"),
    quantities: domain.quantities,
  });
  return { count: String(wider.count()), isUpperBound: true, dimension };
}

const referenceText = (provenance: NonNullable<Dataset["provenance"]>): string =>
  `${provenance.authors}: ${provenance.title}. ${provenance.reference}, doi:${provenance.doi}`;
