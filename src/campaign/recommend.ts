import { InputError } from "../core/errors.ts";
import { createRng, type Rng } from "../core/rng.ts";
import { convertDifference } from "../core/units.ts";
import { checkpoint, stage, type Work } from "../core/work.ts";
import { matrix } from "../core/matrix.ts";
import { textAt } from "../data/table.ts";
import { defaultDomain } from "../domains/registry.ts";
import { buildObjectives, objectivesOf, type TargetGoal } from "../search/objectives.ts";
import { strategies } from "../search/registry.ts";
import type { StrategySpec } from "../search/contract.ts";
import { createSpace } from "../space/create-space.ts";
import type { Quantity } from "../space/contract.ts";
import { quantityValues } from "../space/quantity.ts";
import type { ForwardModel } from "../surrogates/forward-model.ts";
import { surrogates } from "../surrogates/registry.ts";
import { toCandidates } from "./candidates.ts";
import type { DesignResult, ModelCard, TargetSummary } from "./contract.ts";
import type { Dataset } from "./dataset.ts";
import { formulaOverSpace } from "./formula-models.ts";
import { learnedModel, physicsModel, savedModel } from "./forward-models.ts";
import { elementsSeen } from "./known-designs.ts";
import { learn } from "./learn.ts";
import { located } from "./locate.ts";
import { measuredDesigns, measuredRows } from "./measured-designs.ts";
import { createModelInputs, type ModelInputs, type ProcessInput } from "./model-inputs.ts";
import { compositionNovelty, experimentNovelty } from "./novelty.ts";
import { prepareData, prepareExperiments, type PreparedData } from "./prepared-data.ts";
import type { ParsedProblemFile } from "./problem-file.ts";
import { resolveProblem, type Problem } from "./problem.ts";
import type { SavedModels } from "./saved-models.ts";
import { elementsOf } from "./space-rows.ts";
import { trainingSet } from "./training-set.ts";
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
 * @param dataset null for a problem whose targets are all computed
 * @throws InputError for whatever in the problem does not fit the data, with its place in the file
 * @throws InfeasibleError when the constraints leave no design
 */
export async function recommend(
  parsed: ParsedProblemFile,
  dataset: Dataset | null,
  options: RecommendOptions = {},
): Promise<DesignResult> {
  const problem = await resolveProblem(parsed, dataset, options.models);
  requirePredictable(problem);
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
  if (data !== null) requireDistinct(data);
  const models = await forwardModels(problem, data, rng.fork("models"), stage(work, 0, modelShare));
  const goals = models.map((one) => one.goal);
  const targets = models.map((one) => one.target);

  const measured = data === null ? [] : measuredDesigns(problem, data, targets);
  const known = data === null ? matrix(0, space.dimension) : measuredRows(problem, data, measured);
  const strategy: StrategySpec = strategies[content.strategy as keyof typeof strategies];
  const budget = content.budget ?? defaultBudget;
  const asked = options.candidates ?? content.candidates;
  const found = await strategy.search(
    {
      space: problem.space,
      objectives: objectivesOf(goals),
      evaluate: (rows) =>
        buildObjectives(
          goals,
          models.map(({ model }) => {
            const { mean, epistemicStd, aleatoricStd } = model.predict(rows);
            return {
              mean: mean.data,
              epistemicStd: epistemicStd.data,
              aleatoricStd: aleatoricStd.data,
            };
          }),
        ),
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

  const noveltyOf = isAlloy ? compositionNovelty : experimentNovelty;
  const novelty = data === null ? null : noveltyOf(found.rows, space, data);
  const candidates = toCandidates(found.rows, found.rank, {
    space,
    isAlloy,
    nouns: domain.nouns,
    novelty,
    targets,
    models: models.map((one) => one.model),
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
      strategy: content.strategy,
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
    }),
  };
}

/** The data after the audit, as its domain reads them. */
export function preparedData({ domain, space }: Problem, dataset: Dataset): PreparedData {
  return domain.name === defaultDomain
    ? prepareExperiments(dataset, elementsOf(space))
    : prepareData(dataset);
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

/** @throws InputError for a target that nothing can predict, as the problem has no data */
function requirePredictable(problem: Problem): void {
  const { dataset, targets, parsed } = problem;
  if (dataset !== null) return;
  targets.forEach((target, i) => {
    if (!isLearned(problem, target.property)) return;
    const { property } = target;
    const formula = `models: { ${property}: { formula: "..." } }`;
    const error = new InputError(
      `Nothing predicts "${property}": the problem has no data and no formula for it.`,
      {
        expected: `data with measured ${property}, or a formula or a model file that gives it`,
        hint: `Add data: measurements.csv, or ${formula}.`,
      },
    );
    throw located(parsed, ["targets", i], error);
  });
}

/** Whether a property has to be learned from data. */
const isLearned = ({ domain, saved, formulas }: Problem, property: string): boolean =>
  domain.quantities.every((one) => one.name !== property) &&
  !Object.hasOwn(saved, property) &&
  !Object.hasOwn(formulas, property);

/** @throws InputError for data with fewer than two designs, which cannot tell what is far from them */
function requireDistinct(data: PreparedData): void {
  const { source, rows } = data.dataset.table;
  const kept = data.isKept.flatMap((isKept, row) => (isKept ? [row] : []));
  const distinct = new Set(kept.map((row) => data.keyOf(row))).size;
  if (distinct >= 2) return;
  throw new InputError(`${source} has too few ${data.identity}s to tell what is new.`, {
    file: source,
    expected: `at least two different ${data.identity}s that the audit keeps`,
    received: `${distinct} in ${rows} rows`,
    hint: "Run `ystar audit` on the file to see what is left out and why.",
  });
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

/** Designs whose spread says what is much for a property that is not in the data. */
const spreadSample = 256;

/** One target with the model that predicts it. */
export interface TargetModel {
  readonly target: TargetSummary;
  readonly goal: TargetGoal;
  readonly model: ForwardModel;
  /** For learned properties. */
  readonly card?: ModelCard;
}

/** The models of all targets: computed, from files, or learned from the data. */
export async function forwardModels(
  problem: Problem,
  data: PreparedData | null,
  rng: Rng,
  work: Work,
): Promise<TargetModel[]> {
  const { space, parsed } = problem;
  const learning = data === null ? undefined : { data, inputs: modelInputs(problem, data) };
  const units = processUnits(problem);
  const result: TargetModel[] = [];
  const learned = problem.targets.filter(({ property }) => isLearned(problem, property)).length;
  let done = 0;
  for (const target of problem.targets) {
    const quantity = problem.domain.quantities.find((one) => one.name === target.property);
    const summarise = (model: ForwardModel): TargetSummary => ({
      text: target.text,
      property: target.property,
      unit: target.unit,
      kind: target.kind,
      low: target.low,
      high: target.high,
      classes: target.classes,
      model: model.model,
      title: target.property.replaceAll("_", " "),
    });
    const sampledSpread = (model: ForwardModel): number => {
      const sample = space.sample(spreadSample, rng.fork(`spread of ${target.property}`));
      return spreadOf(model.predict(sample).mean.data);
    };
    const goalOf = (scale: number): TargetGoal => ({
      label: target.text,
      kind: target.kind,
      low: target.low,
      high: target.high,
      scale,
      confidence: parsed.content.confidence,
    });
    if (quantity !== undefined) {
      const model = physicsModel(quantity, space);
      const scale = data === null ? sampledSpread(model) : spreadOf(measuredValues(quantity, data));
      result.push({ target: summarise(model), goal: goalOf(scale), model });
      continue;
    }
    if (Object.hasOwn(problem.formulas, target.property)) {
      const formula = problem.formulas[target.property]!;
      const model = formulaOverSpace(parsed, formula, space, problem.domain.quantities);
      result.push({ target: summarise(model), goal: goalOf(sampledSpread(model)), model });
      continue;
    }
    const wished = target.kind === "class" ? target.classes : undefined;
    const saved = Object.hasOwn(problem.saved, target.property)
      ? problem.saved[target.property]
      : undefined;
    if (saved !== undefined) {
      const property = { ...saved.property, unit: target.unit };
      const model = savedModel(property, saved, wished ?? [], units, space);
      const spread = convertDifference(saved.spread, saved.property.unit, target.unit);
      const card = { ...saved.card, trainedOn: saved.data };
      result.push({ target: summarise(model), goal: goalOf(spread), model, card });
      continue;
    }
    const { data: rows, inputs } = learning!;
    const set = trainingSet(rows, target.property, inputs, { wished });
    const { surrogate, card, validity } = await learn(
      set,
      rows,
      inputs,
      { spec: surrogates[problem.surrogateOf(target.property)] },
      { rng: rng.fork(target.property), work: stage(work, done / learned, (done + 1) / learned) },
    );
    done++;
    const parts = { surrogate, inputs, validity, elements: elementsSeen(rows, set) };
    const model = learnedModel(set.property, parts, space);
    const scale = target.kind === "class" ? 1 : spreadOf(set.y);
    result.push({ target: summarise(model), goal: goalOf(scale), model, card });
  }
  return result;
}

const measuredValues = (quantity: Quantity, data: PreparedData): Float64Array => {
  const kept = data.isKept.flatMap((isKept, row) => (isKept ? [row] : []));
  return quantityValues(quantity, data.fractionsOf(kept, data.symbols), data.symbols);
};

/** Units of the numeric process variables of the space. */
const processUnits = ({ space }: Problem): Record<string, string> =>
  Object.fromEntries(
    space.columns.flatMap(({ kind, label, unit }) => (kind === "number" ? [[label, unit]] : [])),
  );

/** The problem's features over the elements of data and space, and the process variables it names. */
function modelInputs(problem: Problem, data: PreparedData): ModelInputs {
  const symbols = [...new Set([...data.symbols, ...elementsOf(problem.space)])];
  const process = problem.space.parameters.flatMap((parameter): ProcessInput[] => {
    if (parameter.kind === "composition") return [];
    if (parameter.kind !== "categorical") return [{ name: parameter.name, kind: "number" }];
    const column = data.dataset.table.columns.find((one) => one.name === parameter.name)!;
    const levels = new Set(
      data.isKept.flatMap((isKept, row) => (isKept ? [textAt(column, row)] : [])),
    );
    levels.delete("");
    return [{ name: parameter.name, kind: "category", levels: [...levels].sort() }];
  });
  return createModelInputs(symbols, problem.featurisers, process);
}

/** Standard deviation, or one where all values are equal. */
function spreadOf(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let square = 0;
  for (const value of values) square += ((value - mean) * (value - mean)) / values.length;
  return square > 0 ? Math.sqrt(square) : 1;
}
