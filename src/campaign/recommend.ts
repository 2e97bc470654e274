import { InputError } from "../core/errors.ts";
import { createRng, type Rng } from "../core/rng.ts";
import { convertDifference } from "../core/units.ts";
import { checkpoint, stage, type Work } from "../core/work.ts";
import { textAt } from "../data/table.ts";
import { buildObjectives, objectivesOf, type TargetGoal } from "../search/objectives.ts";
import { strategies } from "../search/registry.ts";
import type { StrategySpec } from "../search/contract.ts";
import { createSpace } from "../space/create-space.ts";
import { quantityValues } from "../space/quantity.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Prediction } from "../surrogates/contract.ts";
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
import { onnxOverSpace, type OnnxModels } from "./onnx-models.ts";
import { prepareData, type PreparedData } from "./prepared-data.ts";
import type { ParsedProblemFile } from "./problem-file.ts";
import { resolveProblem, type Problem } from "./problem.ts";
import type { SavedModels } from "./saved-models.ts";
import { elementsOf } from "./space-rows.ts";
import { compositionKey, trainingSet } from "./training-set.ts";
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
  /** The ONNX models that the problem file names there, opened, by property; the caller closes them. */
  readonly onnx?: OnnxModels;
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
  const problem = await resolveProblem(parsed, dataset, options.models, options.onnx);
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
  requireCompositions(data);
  const models = await forwardModels(problem, data, rng.fork("models"), stage(work, 0, modelShare));
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
      evaluate: async (rows) =>
        buildObjectives(
          goals,
          (await predictAll(models, rows)).map(({ mean, epistemicStd, aleatoricStd }) => ({
            mean: mean.data,
            epistemicStd: epistemicStd.data,
            aleatoricStd: aleatoricStd.data,
          })),
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

  const { candidates, extrapolationLimit } = toCandidates(found.rows, found.rank, {
    space: problem.space,
    data,
    targets,
    models: models.map((one) => one.model),
    predictions: await predictAll(models, found.rows),
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

/** What each model says of the designs, asked one after the other. */
async function predictAll(models: readonly TargetModel[], rows: Matrix): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for (const { model } of models) predictions.push(await model.predict(rows));
  return predictions;
}

/** @throws InputError for data with fewer than two compositions, which cannot tell what is far from them */
function requireCompositions(data: PreparedData): void {
  const { source, rows } = data.dataset.table;
  const kept = data.isKept.flatMap((isKept, row) => (isKept ? [row] : []));
  const distinct = new Set(kept.map((row) => compositionKey(data.fractions(row)))).size;
  if (distinct >= 2) return;
  throw new InputError(`${source} has too few compositions to tell what is new.`, {
    file: source,
    expected: "at least two different compositions that the audit keeps",
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
interface TargetModel {
  readonly target: TargetSummary;
  readonly goal: TargetGoal;
  readonly model: ForwardModel;
  /** For learned properties. */
  readonly card?: ModelCard;
}

async function forwardModels(
  problem: Problem,
  data: PreparedData,
  rng: Rng,
  work: Work,
): Promise<TargetModel[]> {
  const { space, parsed } = problem;
  const inputs = modelInputs(problem, data);
  const units = processUnits(problem);
  const result: TargetModel[] = [];
  const isQuantity = (name: string): boolean =>
    problem.domain.quantities.some((one) => one.name === name);
  const learned = problem.targets.filter(
    ({ property }) =>
      !isQuantity(property) &&
      !Object.hasOwn(problem.saved, property) &&
      !Object.hasOwn(problem.onnx, property) &&
      !Object.hasOwn(problem.formulas, property),
  ).length;
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
      const kept = data.isKept.flatMap((isKept, row) => (isKept ? [row] : []));
      const values = quantityValues(quantity, data.fractionsOf(kept, data.symbols), data.symbols);
      result.push({ target: summarise(model), goal: goalOf(spreadOf(values)), model });
      continue;
    }
    if (Object.hasOwn(problem.formulas, target.property)) {
      const formula = problem.formulas[target.property]!;
      const model = formulaOverSpace(parsed, formula, space, problem.domain.quantities);
      const sample = space.sample(spreadSample, rng.fork(`spread of ${target.property}`));
      const scale = spreadOf((await model.predict(sample)).mean.data);
      result.push({ target: summarise(model), goal: goalOf(scale), model });
      continue;
    }
    const wished = target.kind === "class" ? target.classes : undefined;
    if (Object.hasOwn(problem.onnx, target.property)) {
      const own = problem.onnx[target.property]!;
      const { quantities } = problem.domain;
      const model = onnxOverSpace(parsed, own, target.unit, wished ?? [], space, quantities);
      const sample = space.sample(spreadSample, rng.fork(`spread of ${target.property}`));
      const scale = wished === undefined ? spreadOf((await model.predict(sample)).mean.data) : 1;
      result.push({ target: summarise(model), goal: goalOf(scale), model });
      continue;
    }
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
    const set = trainingSet(data, target.property, inputs, { wished });
    const { surrogate, card, validity } = await learn(
      set,
      data,
      inputs,
      { spec: surrogates[problem.surrogateOf(target.property)] },
      { rng: rng.fork(target.property), work: stage(work, done / learned, (done + 1) / learned) },
    );
    done++;
    const parts = { surrogate, inputs, validity, elements: elementsSeen(data, set) };
    const model = learnedModel(set.property, parts, space);
    const scale = target.kind === "class" ? 1 : spreadOf(set.y);
    result.push({ target: summarise(model), goal: goalOf(scale), model, card });
  }
  return result;
}

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
