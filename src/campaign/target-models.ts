import { InputError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import { convertDifference } from "../core/units.ts";
import { stage, type Work } from "../core/work.ts";
import { textAt } from "../data/table.ts";
import type { GoalPrediction, TargetGoal } from "../search/objectives.ts";
import { quantityValues } from "../space/quantity.ts";
import type { ForwardModel } from "../surrogates/forward-model.ts";
import { surrogates } from "../surrogates/registry.ts";
import type { ModelCard, TargetSummary } from "./contract.ts";
import { formulaOverSpace } from "./formula-models.ts";
import { learnedModel, physicsModel, savedModel } from "./forward-models.ts";
import { elementsSeen } from "./known-designs.ts";
import { learn } from "./learn.ts";
import { createModelInputs, type ModelInputs, type ProcessInput } from "./model-inputs.ts";
import type { PreparedData } from "./prepared-data.ts";
import type { Problem } from "./problem.ts";
import { elementsOf } from "./space-rows.ts";
import { compositionKey, trainingSet } from "./training-set.ts";

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
 * @throws InputError for data that cannot be learned from
 */
export async function targetModels(
  problem: Problem,
  data: PreparedData,
  rng: Rng,
  work: Work,
): Promise<TargetModel[]> {
  requireCompositions(data);
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
      const scale = spreadOf(model.predict(sample).mean.data);
      result.push({ target: summarise(model), goal: goalOf(scale), model });
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

/** What the models say of encoded designs, one prediction per target. */
export const predictGoals = (models: readonly TargetModel[], rows: Matrix): GoalPrediction[] =>
  models.map(({ model }) => {
    const { mean, epistemicStd, aleatoricStd } = model.predict(rows);
    return { mean: mean.data, epistemicStd: epistemicStd.data, aleatoricStd: aleatoricStd.data };
  });

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
