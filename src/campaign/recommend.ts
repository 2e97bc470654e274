import { createRng } from "../core/rng.ts";
import { checkpoint, stage } from "../core/work.ts";
import { matrix } from "../core/matrix.ts";
import { defaultDomain } from "../domains/registry.ts";
import { buildObjectives, objectivesOf } from "../search/objectives.ts";
import { createSpace } from "../space/create-space.ts";
import { toCandidates } from "./candidates/candidates.ts";
import type { DesignResult } from "./contract.ts";
import type { Dataset } from "./dataset.ts";
import { located } from "./problem/locate.ts";
import { measuredDesigns, measuredRows } from "./candidates/measured-designs.ts";
import { compositionNovelty, experimentNovelty } from "./candidates/novelty.ts";
import type { PreparedData } from "./learning/prepared-data.ts";
import { preparedData } from "./problem/problem-data.ts";
import type { ParsedProblemFile } from "./problem/problem-file.ts";
import { resolveProblem, type Problem } from "./problem/problem.ts";
import type { RunOptions } from "./problem/settings/run-options.ts";
import { elementsOf } from "./models/space-rows.ts";
import {
  gradientOf,
  predictGoals,
  predictTargets,
  processUnits,
  targetModels,
} from "./models/target-models.ts";
import { strategySettings, type AskedStrategy } from "./problem/settings/strategy-settings.ts";
import { warningsFor } from "./candidates/warnings.ts";

export interface RecommendOptions extends RunOptions, AskedStrategy {
  /** Instead of the problem file's. */
  readonly candidates?: number;
}

/** Designs that are scored when the problem file does not say. */
const defaultBudget = 40_000;

/** Share of the progress bar that learning and validating the models takes. */
const modelShare = 0.6;

/**
 * Finds the designs to make next. Pure: the same problem, data and seed give the same result, byte for
 * byte.
 * @param dataset null for a problem whose targets are all computed
 * @throws InputError for whatever in the problem does not fit the data, with its place in the file
 * @throws InfeasibleError when the constraints leave no design
 */
export async function recommend(
  parsed: ParsedProblemFile,
  dataset: Dataset | null,
  options: RecommendOptions = {},
): Promise<DesignResult> {
  const problem = await resolveProblem(parsed, dataset, options.models, options.onnx);
  return solve(problem, options).catch((error: unknown) => {
    throw located(parsed, [], error);
  });
}

async function solve(problem: Problem, options: RecommendOptions): Promise<DesignResult> {
  const { parsed, dataset, space, domain } = problem;
  const { content } = parsed;
  const work = options.work ?? {};
  const seed = options.seed ?? content.seed;
  const rng = createRng(seed);
  await checkpoint(work, { label: "auditing the data", done: 0, total: 1 });
  const isAlloy = domain.name !== defaultDomain;
  const data = dataset === null ? null : preparedData(problem, dataset);
  const models = await targetModels(problem, data, rng.fork("models"), stage(work, 0, modelShare));
  const goals = models.map((one) => one.goal);
  const targets = models.map((one) => one.target);

  const measured = data === null ? [] : measuredDesigns(problem, data, targets);
  const known = data === null ? matrix(0, space.dimension) : measuredRows(problem, data, measured);
  const strategy = strategySettings(problem, options);
  const budget = content.budget ?? defaultBudget;
  const asked = options.candidates ?? content.candidates;
  const found = await strategy.spec.search(
    {
      space: problem.space,
      objectives: objectivesOf(goals),
      evaluate: async (rows) => buildObjectives(goals, await predictGoals(models, rows)),
      ...gradientOf(models),
    },
    {
      batchSize: asked,
      budget,
      start: known,
      exclude: known,
      rng: rng.fork("search"),
      work: stage(work, modelShare, 1),
    },
    strategy.encoded,
  );

  const noveltyOf = isAlloy ? compositionNovelty : experimentNovelty;
  const novelty = data === null ? null : noveltyOf(found.rows, space, data);
  const candidates = toCandidates(found.rows, found.rank, {
    space,
    isAlloy,
    nouns: domain.nouns,
    novelty,
    targets,
    models: models.map((one) => one.model),
    predictions: await predictTargets(models, found.rows),
    goals,
    measured,
  });
  const cards = models.flatMap((one) => (one.card === undefined ? [] : [one.card]));
  return {
    problem: {
      name: content.name,
      domain: domain.name,
      nouns: domain.nouns,
      data: dataset?.name ?? null,
      strategy: strategy.spec.name,
      targets,
      constraints: content.constraints,
      elements: elementsOf(problem.space),
      processUnits: processUnits(problem),
      text: parsed.text,
    },
    seed,
    versions: options.versions ?? {},
    dataHash: dataset?.sha256 ?? null,
    data: data === null ? null : dataSummary(data),
    space: await sizeOf(problem),
    candidates,
    models: cards,
    measured,
    extrapolationLimit: novelty?.limit ?? null,
    search: {
      evaluated: found.evaluated,
      budget,
      settings: strategy.settings,
      objectives: objectivesOf(goals).map((one) => one.label),
      history: found.history,
    },
    warnings: warningsFor({
      candidates,
      cards,
      targets,
      asked,
      designs: problem.space.count(),
      dataHash: dataset?.sha256 ?? null,
      table: dataset?.table ?? null,
    }),
  };
}

function dataSummary({ dataset, keptRows, findings }: PreparedData): DesignResult["data"] {
  const { name, table, provenance } = dataset;
  return {
    source: name,
    rows: table.rows,
    usedRows: keptRows,
    audit: findings,
    license: provenance?.license ?? "your own file",
    reference: provenance === undefined ? "" : referenceText(provenance),
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
