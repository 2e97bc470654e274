import { InfeasibleError, InputError, UnsupportedError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import { columnsWithRole } from "../../data/table.ts";
import type { Domain, Featuriser } from "../../domains/contract.ts";
import { defaultDomain, domains } from "../../domains/registry.ts";
import { strategies } from "../../search/registry.ts";
import type { Constraint, Parameter, SearchSpace, Target } from "../../space/contract.ts";
import { createSpace } from "../../space/create-space.ts";
import { parseConstraint } from "../../space/language/parse-constraint.ts";
import { parseTarget } from "../../space/language/parse-target.ts";
import type { KnownParameter, KnownProperty } from "../../space/language/vocabulary.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import { compositionParameter } from "./parameters/composition-parameter.ts";
import { conformDataset, settleDataset } from "./conform-table.ts";
import { propertySpec, type Dataset } from "../dataset.ts";
import { declaredParameters, withConditions } from "./parameters/declared-parameters.ts";
import { resolveFormulas, type FormulaModels } from "../models/formula-models.ts";
import { experimentCost, costOverSpace, requirePositiveCost } from "./settings/experiment-cost.ts";
import type { ExperimentCost } from "./settings/experiment-cost.ts";
import { nameAndSettings, type NamedWithSettings } from "./settings/experiment-entries.ts";
import { experimentSettings, requireSettings } from "./settings/experiment-settings.ts";
import type { ExperimentSettings } from "./settings/experiment-settings.ts";
import { readFidelity, type Fidelity } from "./settings/fidelity.ts";
import { locate, located } from "./locate.ts";
import { declaredOutcomes, measuredProperties } from "./outcomes.ts";
import { requireOnnxModels, type OnnxModels } from "../models/onnx-models.ts";
import { pathText, type ParsedProblemFile, type ProblemFile } from "./problem-file.ts";
import { processParameters, type ProcessParameter } from "./parameters/process-parameters.ts";
import { stopLimits, type StopLimits } from "./settings/stop-limits.ts";
import {
  requireSavedModels,
  requireWrittenTargets,
  type SavedModels,
} from "../models/saved-models.ts";

/** A problem whose every name is known: ready to be solved. */
export interface Problem {
  readonly parsed: ParsedProblemFile;
  /** `general`, which knows nothing, where the file names none. */
  readonly domain: Domain;
  readonly space: SearchSpace;
  /** What is varied: the composition first, where there is one. */
  readonly parameters: readonly Parameter[];
  /** What is measured: declared outcomes and the properties of the data. */
  readonly outcomes: readonly PropertySpec[];
  /** Parameters that all designs of one batch share. */
  readonly perBatch: readonly string[];
  /** What one measurement costs; undefined = all the same. */
  readonly cost: ExperimentCost | undefined;
  readonly fidelity: Fidelity | undefined;
  /** How experiments are chosen, as far as the file says. */
  readonly experiments: ExperimentSettings;
  /** How designs are searched, with settings that the strategy has. */
  readonly strategy: NamedWithSettings;
  /** When a campaign is to be ended. */
  readonly stop: StopLimits | undefined;
  readonly constraints: readonly Constraint[];
  readonly targets: readonly Target[];
  readonly featurisers: readonly Featuriser[];
  /** The data with the columns of declared parameters and outcomes in their roles; null without data. */
  readonly dataset: Dataset | null;
  /** Models from files by property. */
  readonly saved: SavedModels;
  /** ONNX models by property. */
  readonly onnx: OnnxModels;
  /** Formulas of the file by property. */
  readonly formulas: FormulaModels;
  /** Name of the surrogate that learns this property. */
  surrogateOf(property: string): SurrogateName;
}

/**
 * Resolves a problem file against its domain and data.
 * @param given null for a problem without data
 * @param saved the models that the file names under `models`, loaded
 * @param onnx the ONNX models that it names there, opened
 * @throws InputError with file, place and nearest name for whatever is unknown or of the wrong dimension
 * @throws InfeasibleError when no design satisfies the constraints, with those in conflict
 */
export async function resolveProblem(
  parsed: ParsedProblemFile,
  given: Dataset | null,
  saved: SavedModels = {},
  onnx: OnnxModels = {},
): Promise<Problem> {
  const { content } = parsed;
  const at = <T>(path: readonly PropertyKey[], read: () => T): T => locate(parsed, path, read);
  const domain: Domain = domains[(content.domain ?? defaultDomain) as keyof typeof domains];
  const composition = at(["space"], () => compositionParameter(parsed));
  const elements = composition?.elements.map((element) => element.symbol) ?? [];
  const declared = at(["space", "parameters"], () =>
    declaredParameters(content.space.parameters ?? {}),
  );
  const outcomes = at(["outcomes"], () => declaredOutcomes(content.outcomes));
  at([], () => requireDistinct(elements, declared, outcomes, content, domain));
  const dataset =
    given === null
      ? null
      : at([], () =>
          conformDataset(given, {
            parameters: declared,
            outcomes,
            ingredients: content.space.mixture?.ingredients ?? [],
          }),
        );
  const fromData = at(["space", "process"], () => {
    const settings = content.space.process ?? {};
    if (dataset !== null) return processParameters(settings, dataset.table);
    const first = Object.keys(settings)[0];
    if (first === undefined) return [];
    throw new InputError(`"${first}" is a process variable of data, and the problem has none.`, {
      path: pathText(["space", "process", first]),
      hint: "Declare it under space.parameters, with its unit.",
    });
  });
  const unconditional = [...fromData, ...declared];
  const process = withConditions(parsed, unconditional, {
    elements,
    parameters: unconditional.map(knownParameter),
    quantities: domain.quantities,
    properties: outcomes.map((one) => ({ ...one })),
  });
  const settled = dataset === null ? null : settleDataset(dataset, process);
  const parameters = [...(composition === null ? [] : [composition]), ...process];
  if (parameters.length === 0) throw located(parsed, ["space"], emptySpace());
  const perBatch = content.perBatch ?? [];
  at(["perBatch"], () => requirePerBatch(perBatch, process));
  const fidelity =
    content.fidelity && at(["fidelity"], () => readFidelity(content.fidelity!, process));
  const experiments = experimentSettings(parsed);
  const strategy = at(["strategy"], () =>
    requireSettings(strategies, nameAndSettings(content.strategy)),
  );
  const measured = measuredProperties(
    settled === null ? [] : columnsWithRole(settled.table, "property").map(propertySpec),
    outcomes,
  );
  const designs = { elements, process, domain, measured };
  requireSavedModels(parsed, saved, designs);
  requireOnnxModels(parsed, onnx, designs);
  const formulas = resolveFormulas(parsed, designs);
  const written = { ...saved, ...onnx, ...formulas };
  const context = {
    elements,
    parameters: process.map(knownParameter),
    quantities: domain.quantities,
    properties: knownProperties(
      measured.map((one) => ({ ...one, ...headerOf(settled, one.name) })),
      Object.values(written).map((model) => model.property),
      domain,
    ),
  };
  const constraints = content.constraints.flatMap((text, i) =>
    at(["constraints", i], () => parseConstraint(text, context)),
  );
  const targets = content.targets.map((text, i) =>
    at(["targets", i], () => parseTarget(text, context)),
  );
  targets.forEach((target, i) => {
    const others = targets.slice(0, i).filter((one) => one.property === target.property);
    if (others.length > 1 || others.some((one) => !isGoalWithLimit(one, target))) {
      const error = new InputError(`"${target.property}" has two targets.`, {
        expected: "one target for each property, or a goal with a limit",
        received: `"${others[0]!.text}" and "${target.text}"`,
        hint: "Join them, such as: yield_strength in [800, 1200] MPa.",
      });
      throw located(parsed, ["targets", i], error);
    }
  });

  const known = domain.featurisers.map((one) => one.name);
  const featurisers = (content.features ?? domain.defaultFeaturisers).map((name, i) => {
    const featuriser = domain.featurisers.find((one) => one.name === name);
    if (featuriser !== undefined) return featuriser;
    const error = new InputError(
      `There is no feature set "${name}" for the domain ${domain.name}.`,
      {
        hint: suggest(name, known),
      },
    );
    throw located(parsed, ["features", i], error);
  });
  requireWrittenTargets(parsed, { ...saved, ...onnx }, targets);
  const learned = targets.filter(
    ({ property }) =>
      !Object.hasOwn(written, property) && domain.quantities.every((one) => one.name !== property),
  );
  requireModels(parsed, learned);
  if (learned.length > 0 && content.space.elements !== undefined)
    at(["space", "elements"], () => requireDescribable(elements, featurisers));

  const space = await createSpace({
    parameters,
    constraints,
    quantities: domain.quantities,
  }).catch((error: unknown) => {
    throw located(parsed, placeOf(parsed, constraints, error), error);
  });
  const cost = at(["cost"], () => {
    if (content.cost === undefined) return undefined;
    const read = experimentCost(content.cost, designs);
    requirePositiveCost(space, costOverSpace(read, space, domain.quantities), read.unit);
    return read;
  });
  return {
    parsed,
    domain,
    space,
    parameters,
    outcomes: measured,
    perBatch,
    cost,
    fidelity,
    experiments,
    strategy,
    stop: stopLimits(parsed, targets, cost),
    constraints,
    targets,
    featurisers,
    dataset: settled,
    saved,
    onnx,
    formulas,
    surrogateOf: (property) => surrogateOf(content, property),
  };
}

const emptySpace = (): InputError =>
  new InputError("The space has nothing to vary.", {
    expected: "space.elements, space.mixture or space.parameters",
    hint: "Write space: { parameters: { temperature: { min: 300, max: 900, unit: K } } }.",
  });

/** @throws InputError for a name that elements, parameters, outcomes and quantities share */
function requireDistinct(
  elements: readonly string[],
  parameters: readonly ProcessParameter[],
  outcomes: readonly PropertySpec[],
  { models = {} }: ProblemFile,
  domain: Domain,
): void {
  const taken = new Map<string, string>([
    ...elements.map((name) => [name, "part of the composition"] as const),
    ...domain.quantities.map(({ name }) => [name, "a quantity of the domain"] as const),
  ]);
  const claim = (name: string, what: string, path: readonly PropertyKey[]): void => {
    const before = taken.get(name);
    if (before !== undefined) {
      throw new InputError(`"${name}" is ${before} and ${what}.`, {
        path: pathText(path),
        expected: "a different name for every part of the problem",
        received: name,
      });
    }
    taken.set(name, what);
  };
  for (const { name } of parameters) claim(name, "a parameter", ["space", "parameters", name]);
  const inputs = new Map(taken);
  for (const { name } of outcomes) claim(name, "an outcome", ["outcomes", name]);
  for (const name of Object.keys(models)) {
    const before = inputs.get(name);
    if (before === undefined || before.startsWith("a quantity")) continue;
    throw new InputError(`"${name}" is ${before}, so a model cannot give it.`, {
      path: pathText(["models", name]),
      received: name,
    });
  }
}

/** @throws InputError for a name that is no parameter, or named twice */
function requirePerBatch(names: readonly string[], process: readonly ProcessParameter[]): void {
  const known = process.map(({ name }) => name);
  names.forEach((name, i) => {
    if (known.includes(name) && names.indexOf(name) === i) return;
    const isTwice = known.includes(name);
    throw new InputError(
      isTwice ? `"${name}" is listed twice.` : `"${name}" is not a parameter of the space.`,
      {
        path: pathText(["perBatch", i]),
        expected: "parameters that one batch shares",
        received: name,
        ...(isTwice ? {} : { hint: suggest(name, known) }),
      },
    );
  });
}

const knownParameter = (parameter: ProcessParameter): KnownParameter => {
  const { name, kind } = parameter;
  return kind === "categorical"
    ? { name, kind, values: parameter.values }
    : { name, kind, unit: parameter.unit };
};

/** The header of a property's column, by which it goes as well. */
function headerOf(dataset: Dataset | null, name: string): Pick<KnownProperty, "also"> {
  const column = dataset?.table.columns.find((one) => one.name === name);
  return column === undefined ? {} : { also: column.header };
}

/** What targets may name: measured properties, those of the file's models, and quantities that are computed. */
function knownProperties(
  inData: readonly (PropertySpec & Pick<KnownProperty, "also">)[],
  ofModels: readonly PropertySpec[],
  domain: Domain,
): KnownProperty[] {
  const computed = domain.quantities.map(({ name, unit }): KnownProperty => ({
    name,
    unit,
    kind: "number",
  }));
  const others = ofModels.filter((property) => inData.every((one) => one.name !== property.name));
  const measured = [...inData, ...others].filter((property) =>
    computed.every((one) => one.name !== property.name),
  );
  return [
    ...computed,
    ...measured.map((property) => ({
      ...property,
      ...(property.classes.includes("1") ? { positive: "1" } : {}),
    })),
  ];
}

function surrogateOf(content: ProblemFile, property: string): SurrogateName {
  const { model } = content;
  const name = typeof model === "string" ? model : model?.[property];
  return name !== undefined && name in surrogates ? (name as SurrogateName) : "random-forest";
}

/**
 * Every model that the file names is for a property that is learned, and can learn it.
 * @throws InputError for a property that is not, UnsupportedError for a family that cannot
 */
function requireModels(parsed: ParsedProblemFile, learned: readonly Target[]): void {
  const { model } = parsed.content;
  if (model === undefined) return;
  const names = learned.map((target) => target.property);
  for (const property of typeof model === "string" ? [] : Object.keys(model)) {
    if (names.includes(property)) continue;
    const error = new InputError(`"${property}" has a model but no target that needs one.`, {
      expected: "properties that are targets and learned from the data",
      received: property,
      hint: suggest(property, names),
    });
    throw located(parsed, ["model", property], error);
  }
  for (const { property, kind, text } of learned) {
    const name = surrogateOf(parsed.content, property);
    const isClass = kind === "class";
    const can = (family: SurrogateName): boolean =>
      isClass ? surrogates[family].supports.classification : surrogates[family].supports.regression;
    if (can(name)) continue;
    const families = (Object.keys(surrogates) as SurrogateName[]).filter(can);
    const error = new UnsupportedError(
      `The model "${name}" does not learn ${isClass ? "classes" : "numbers"}, which "${text}" needs.`,
      {
        expected: `one of ${families.join(", ")} for ${property}`,
        received: name,
        hint: `Name a model for each property: model: { ${names.map((one) => `${one}: ${one === property ? families[0] : name}`).join(", ")} }.`,
      },
    );
    throw located(parsed, typeof model === "string" ? ["model"] : ["model", property], error);
  }
}

/** @throws InputError for an element that one of the feature sets has no values for */
function requireDescribable(elements: readonly string[], featurisers: readonly Featuriser[]): void {
  elements.forEach((symbol, i) => {
    for (const featuriser of featurisers) {
      try {
        featuriser.compute(matrix(1, 1, Float64Array.of(1)), [symbol]);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw new InputError(`The feature set "${featuriser.name}" cannot describe ${symbol}.`, {
          path: pathText(["space", "elements", i]),
          received: error.message,
          hint: `Leave ${symbol} out, or name feature sets that need no such value, such as features: [fractions].`,
          cause: error,
        });
      }
    }
  });
}

/** Where in the file a space without designs is best mended: the first constraint in conflict. */
function placeOf(
  parsed: ParsedProblemFile,
  constraints: readonly Constraint[],
  error: unknown,
): PropertyKey[] {
  const named = error instanceof InfeasibleError ? (error.conflicts[0]?.constraints ?? []) : [];
  const texts = parsed.content.constraints;
  const i = texts.findIndex((text) => named.includes(text.trim()));
  return i < 0 || constraints.length === 0 ? ["space"] : ["constraints", i];
}

/** `strength -> maximise` with `strength >= 800 MPa`: the limit is the worst that is accepted. */
function isGoalWithLimit(one: Target, other: Target): boolean {
  const isGoal = ({ kind }: Target): boolean => kind === "minimise" || kind === "maximise";
  return isGoal(one) !== isGoal(other) && (one.kind === "range" || other.kind === "range");
}
