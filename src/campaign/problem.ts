import { InfeasibleError, InputError, UnsupportedError } from "../core/errors.ts";
import { matrix } from "../core/matrix.ts";
import { suggest } from "../core/nearest-name.ts";
import { columnsWithRole } from "../data/table.ts";
import type { Domain, Featuriser } from "../domains/contract.ts";
import { domains } from "../domains/registry.ts";
import { elementHint, isElement } from "../materials/elements.ts";
import type { CompositionParameter, Constraint, SearchSpace, Target } from "../space/contract.ts";
import { createSpace } from "../space/create-space.ts";
import { parseConstraint } from "../space/parse-constraint.ts";
import { parseTarget } from "../space/parse-target.ts";
import type { KnownParameter, KnownProperty } from "../space/vocabulary.ts";
import { surrogates, type SurrogateName } from "../surrogates/registry.ts";
import type { PropertySpec } from "../surrogates/forward-model.ts";
import { propertySpec, type Dataset } from "./dataset.ts";
import { resolveFormulas, type FormulaModels } from "./formula-models.ts";
import { locate, located } from "./locate.ts";
import { requireOnnxModels, type OnnxModels } from "./onnx-models.ts";
import { pathText, type ParsedProblemFile, type ProblemFile } from "./problem-file.ts";
import { processParameters, type ProcessParameter } from "./process-parameters.ts";
import { requireSavedModels, requireWrittenTargets, type SavedModels } from "./saved-models.ts";

/** A problem whose every name is known: ready to be solved. */
export interface Problem {
  readonly parsed: ParsedProblemFile;
  readonly domain: Domain;
  readonly space: SearchSpace;
  readonly constraints: readonly Constraint[];
  readonly targets: readonly Target[];
  readonly featurisers: readonly Featuriser[];
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
 * @param saved the models that the file names under `models`, loaded
 * @param onnx the ONNX models that it names there, opened
 * @throws InputError with file, place and nearest name for whatever is unknown or of the wrong dimension
 * @throws InfeasibleError when no design satisfies the constraints, with those in conflict
 */
export async function resolveProblem(
  parsed: ParsedProblemFile,
  dataset: Dataset,
  saved: SavedModels = {},
  onnx: OnnxModels = {},
): Promise<Problem> {
  const { content } = parsed;
  const at = <T>(path: readonly PropertyKey[], read: () => T): T => locate(parsed, path, read);
  const domain: Domain = domains[content.domain as keyof typeof domains];
  const composition = at(["space"], () => compositionParameter(parsed));
  const process = at(["space", "process"], () =>
    processParameters(content.space.process ?? {}, dataset.table),
  );
  const parameters = [composition, ...process];
  const measured = columnsWithRole(dataset.table, "property").map(propertySpec);
  requireSavedModels(parsed, saved, {
    elements: composition.elements.map((element) => element.symbol),
    process,
    measured,
  });
  const designs = {
    elements: composition.elements.map((element) => element.symbol),
    process,
    domain,
    measured,
  };
  requireOnnxModels(parsed, onnx, designs);
  const formulas = resolveFormulas(parsed, designs);
  const written = { ...saved, ...onnx, ...formulas };
  const context = {
    elements: composition.elements.map((element) => element.symbol),
    parameters: process.map(knownParameter),
    quantities: domain.quantities,
    properties: knownProperties(
      measured,
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
    const first = targets.findIndex((one) => one.property === target.property);
    if (first < i) {
      const error = new InputError(`"${target.property}" has two targets.`, {
        expected: "one target for each property",
        received: `"${targets[first]!.text}" and "${target.text}"`,
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
  if (learned.length > 0)
    at(["space", "elements"], () => requireDescribable(context.elements, featurisers));

  const space = await createSpace({
    parameters,
    constraints,
    quantities: domain.quantities,
  }).catch((error: unknown) => {
    throw located(parsed, placeOf(parsed, constraints, error), error);
  });
  return {
    parsed,
    domain,
    space,
    constraints,
    targets,
    featurisers,
    saved,
    onnx,
    formulas,
    surrogateOf: (property) => surrogateOf(content, property),
  };
}

const knownParameter = (parameter: ProcessParameter): KnownParameter => {
  const { name, kind } = parameter;
  return kind === "categorical"
    ? { name, kind, values: parameter.values }
    : { name, kind, unit: parameter.unit };
};

/** What targets may name: measured properties, those of the file's models, and quantities that are computed. */
function knownProperties(
  inData: readonly PropertySpec[],
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

/** @throws InputError for a limit that is no share of one, with its place */
function requireShares({ content }: ParsedProblemFile): void {
  const { fraction, fractions = {} } = content.space;
  const limits = [
    { path: ["space", "fraction"], limit: fraction ?? {} },
    ...Object.entries(fractions).map(([symbol, limit]) => ({
      path: ["space", "fractions", symbol],
      limit,
    })),
  ];
  for (const { path, limit } of limits) {
    const { min = 0, max = 1 } = limit;
    for (const [end, value] of Object.entries({ min, max })) {
      if (value >= 0 && value <= 1) continue;
      throw new InputError(`A fraction lies between 0 and 1, and "${end}" is ${value}.`, {
        path: pathText([...path, end]),
        expected: "an atomic share of one, 0 ... 1",
        received: String(value),
        hint: value > 1 ? `Write ${value / 100} for ${value} at%.` : "An absent element is 0.",
      });
    }
    if (min <= max || limit.min === undefined || limit.max === undefined) continue;
    throw new InputError(`The smallest fraction, ${min}, is above the largest, ${max}.`, {
      path: pathText(path),
      expected: "min <= max",
      received: `min ${min}, max ${max}`,
    });
  }
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

function compositionParameter(parsed: ParsedProblemFile): CompositionParameter {
  const { space } = parsed.content;
  space.elements.forEach((symbol, i) => {
    if (isElement(symbol)) return;
    throw new InputError(`"${symbol}" is not the symbol of an element.`, {
      path: pathText(["space", "elements", i]),
      expected: "symbols such as Al, Ti, Nb",
      received: symbol,
      hint: elementHint(symbol),
    });
  });
  for (const symbol of Object.keys(space.fractions ?? {})) {
    if (space.elements.includes(symbol)) continue;
    throw new InputError(`"${symbol}" has limits but is not among the elements of the space.`, {
      path: pathText(["space", "fractions", symbol]),
      hint: suggest(symbol, space.elements),
    });
  }
  requireShares(parsed);
  const { min = 0, max = 1, step } = space.fraction ?? {};
  const count =
    typeof space.count === "number"
      ? { min: space.count, max: space.count }
      : space.count && {
          min: space.count.min ?? 1,
          max: space.count.max ?? space.elements.length,
        };
  return {
    kind: "composition",
    name: "composition",
    elements: space.elements.map((symbol) => {
      const own = space.fractions?.[symbol];
      return {
        symbol,
        min: own?.min ?? min,
        max: own?.max ?? max,
        ...(own?.required === undefined ? {} : { required: own.required }),
      };
    }),
    ...(step === undefined ? {} : { step }),
    ...(count === undefined ? {} : { count }),
  };
}
