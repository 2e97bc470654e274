import { InputError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { convertDifference } from "../../core/units.ts";
import { stage, type Work } from "../../core/work.ts";
import { textAt } from "../../data/table.ts";
import type { SearchProblem } from "../../search/contract.ts";
import {
  haveGradient,
  objectiveGradients,
  type GoalPrediction,
  type TargetGoal,
} from "../../search/objectives.ts";
import type { Quantity, Target } from "../../space/contract.ts";
import { quantityValues } from "../../space/model/quantity.ts";
import type { ForwardModel } from "../../surrogates/forward-model.ts";
import type { Prediction } from "../../surrogates/contract.ts";
import { surrogates } from "../../surrogates/registry.ts";
import type { ModelCard, TargetSummary } from "../contract.ts";
import { formulaOverSpace } from "./formula-models.ts";
import { learnedModel, physicsModel, savedModel } from "./forward-models.ts";
import { elementsSeen } from "../learning/known-designs.ts";
import { learn } from "../learning/learn.ts";
import { located } from "../problem/locate.ts";
import {
  createModelInputs,
  type ModelInputs,
  type ProcessInput,
} from "../learning/model-inputs.ts";
import { onnxOverSpace } from "./onnx-models.ts";
import type { PreparedData } from "../learning/prepared-data.ts";
import type { Problem } from "../problem/problem.ts";
import { elementsOf } from "./space-rows.ts";
import { trainingSet } from "../learning/training-set.ts";

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

/**
 * The targets of a problem with the models that predict them: computed, read from files, or learned from the data and
 * validated.
 * @param data null for a problem whose targets are all computed
 * @throws InputError for a target that nothing predicts, and for data that cannot be learned from
 */
export async function targetModels(
  problem: Problem,
  data: PreparedData | null,
  rng: Rng,
  work: Work,
): Promise<TargetModel[]> {
  requirePredictable(problem);
  if (data !== null) requireDistinct(data);
  const { space, parsed } = problem;
  const learning = data === null ? undefined : { data, inputs: modelInputs(problem, data) };
  const units = processUnits(problem);
  const result: TargetModel[] = [];
  const targets = joinedTargets(problem.targets);
  const learned = targets.filter(({ property }) => isLearned(problem, property)).length;
  let done = 0;
  for (const target of targets) {
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
    const sampledSpread = async (model: ForwardModel): Promise<number> => {
      const sample = space.sample(spreadSample, rng.fork(`spread of ${target.property}`));
      return spreadOf((await model.predict(sample)).mean.data);
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
      const scale =
        data === null ? await sampledSpread(model) : spreadOf(measuredValues(quantity, data));
      result.push({ target: summarise(model), goal: goalOf(scale), model });
      continue;
    }
    if (Object.hasOwn(problem.formulas, target.property)) {
      const formula = problem.formulas[target.property]!;
      const model = formulaOverSpace(parsed, formula, space, problem.domain.quantities);
      result.push({ target: summarise(model), goal: goalOf(await sampledSpread(model)), model });
      continue;
    }
    const wished = target.kind === "class" ? target.classes : undefined;
    if (Object.hasOwn(problem.onnx, target.property)) {
      const own = problem.onnx[target.property]!;
      const { quantities } = problem.domain;
      const model = onnxOverSpace(parsed, own, target.unit, wished ?? [], space, quantities);
      const scale = wished === undefined ? await sampledSpread(model) : 1;
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
export const processUnits = ({ space }: Problem): Record<string, string> =>
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

/** A target; a goal and a limit on one property (`x -> maximise`, `x >= 3`) are one. */
type JoinedTarget = Pick<
  TargetSummary,
  "text" | "property" | "unit" | "kind" | "low" | "high" | "classes"
>;

function joinedTargets(targets: readonly Target[]): JoinedTarget[] {
  const joined = new Map<string, JoinedTarget>();
  for (const target of targets) {
    const other = joined.get(target.property);
    const [goal, limit] = target.kind === "range" ? [other, target] : [target, other];
    const text = [goal?.text, limit?.text].filter((one) => one !== undefined).join(", ");
    const { low, high } = limit ?? target;
    joined.set(target.property, { ...(goal ?? target), text, low, high });
  }
  return [...joined.values()];
}

/** What the models say of encoded designs, one prediction per target, asked one after the other. */
export async function predictTargets(
  models: readonly TargetModel[],
  rows: Matrix,
): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for (const { model } of models) predictions.push(await model.predict(rows));
  return predictions;
}

/** The same as plain numbers. */
export async function predictGoals(
  models: readonly TargetModel[],
  rows: Matrix,
): Promise<GoalPrediction[]> {
  const predictions = await predictTargets(models, rows);
  return predictions.map(({ mean, epistemicStd, aleatoricStd }) => ({
    mean: mean.data,
    epistemicStd: epistemicStd.data,
    aleatoricStd: aleatoricStd.data,
  }));
}

/**
 * The gradient of the objectives, where every model has one and no goal counts standard deviations. By
 * the features of a composition models are differentiated exactly, the features themselves by differences.
 */
export function gradientOf(models: readonly TargetModel[]): Pick<SearchProblem, "gradient"> {
  const goals = models.map(({ goal }) => goal);
  const parts = models.map(({ model }) => model);
  if (!haveGradient(goals) || parts.some((model) => model.gradient === undefined)) return {};
  return {
    gradient: async (rows) =>
      objectiveGradients(
        goals,
        (await predictTargets(models, rows)).map(({ mean }) => mean.data),
        parts.map((model) => model.gradient!(rows)),
      ),
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
const isLearned = ({ domain, saved, onnx, formulas }: Problem, property: string): boolean =>
  domain.quantities.every((one) => one.name !== property) &&
  !Object.hasOwn(saved, property) &&
  !Object.hasOwn(onnx, property) &&
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
