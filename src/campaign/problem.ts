import { InfeasibleError, InputError, type ErrorDetails } from "../core/errors.ts";
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
import { propertySpec, type Dataset } from "./dataset.ts";
import { pathText, type ParsedProblemFile, type ProblemFile } from "./problem-file.ts";
import { processParameters, type ProcessParameter } from "./process-parameters.ts";

/** A problem whose every name is known: ready to be solved. */
export interface Problem {
  readonly parsed: ParsedProblemFile;
  readonly domain: Domain;
  readonly space: SearchSpace;
  readonly constraints: readonly Constraint[];
  readonly targets: readonly Target[];
  readonly featurisers: readonly Featuriser[];
  /** Name of the surrogate that learns this property. */
  surrogateOf(property: string): SurrogateName;
}

/**
 * Resolves a problem file against its domain and data.
 * @throws InputError with file, place and nearest name for whatever is unknown or of the wrong dimension
 * @throws InfeasibleError when no design satisfies the constraints, with those in conflict
 */
export async function resolveProblem(
  parsed: ParsedProblemFile,
  dataset: Dataset,
): Promise<Problem> {
  const { content } = parsed;
  const at = <T>(path: readonly PropertyKey[], read: () => T): T => locate(parsed, path, read);
  const domain: Domain = domains[content.domain as keyof typeof domains];
  const composition = at(["space"], () => compositionParameter(parsed));
  const process = at(["space", "process"], () =>
    processParameters(content.space.process ?? {}, dataset.table),
  );
  const parameters = [composition, ...process];
  const context = {
    elements: composition.elements.map((element) => element.symbol),
    parameters: process.map(knownParameter),
    quantities: domain.quantities,
    properties: knownProperties(dataset, domain),
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
      throw new InputError(`"${target.property}" has two targets.`, {
        file: parsed.file,
        path: pathText(["targets", i]),
        expected: "one target for each property",
        received: `"${targets[first]!.text}" and "${target.text}"`,
        hint: "Join them, such as: yield_strength in [800, 1200] MPa.",
      });
    }
  });

  const known = domain.featurisers.map((one) => one.name);
  const featurisers = (content.features ?? domain.defaultFeaturisers).map((name, i) => {
    const featuriser = domain.featurisers.find((one) => one.name === name);
    if (featuriser !== undefined) return featuriser;
    throw new InputError(`There is no feature set "${name}" for the domain ${domain.name}.`, {
      file: parsed.file,
      path: pathText(["features", i]),
      hint: suggest(name, known),
    });
  });

  const space = await createSpace({
    parameters,
    constraints,
    quantities: domain.quantities,
  }).catch((error: unknown) => {
    throw located(parsed, ["space"], error);
  });
  return {
    parsed,
    domain,
    space,
    constraints,
    targets,
    featurisers,
    surrogateOf: (property) => surrogateOf(content, property),
  };
}

const knownParameter = (parameter: ProcessParameter): KnownParameter => {
  const { name, kind } = parameter;
  return kind === "categorical"
    ? { name, kind, values: parameter.values }
    : { name, kind, unit: parameter.unit };
};

/** What targets may name: measured properties, and quantities that are computed instead. */
function knownProperties(dataset: Dataset, domain: Domain): KnownProperty[] {
  const computed = domain.quantities.map(({ name, unit }): KnownProperty => ({
    name,
    unit,
    kind: "number",
  }));
  const measured = columnsWithRole(dataset.table, "property")
    .map(propertySpec)
    .filter((property) => computed.every((one) => one.name !== property.name));
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

/** Runs a reader and adds the file and the line to its error. */
function locate<T>(parsed: ParsedProblemFile, path: readonly PropertyKey[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw located(parsed, path, error);
  }
}

/** The same error with the problem file and the place in it; other errors stay as they are. */
function located(parsed: ParsedProblemFile, path: readonly PropertyKey[], error: unknown): unknown {
  if (!(error instanceof InputError || error instanceof InfeasibleError)) return error;
  const line = parsed.lineOf(path);
  const inner = error.details.path;
  const place = inner?.startsWith(String(path[0])) ? inner : pathText(path);
  const details: ErrorDetails = {
    ...error.details,
    file: parsed.file,
    path: `${place}${line === undefined ? "" : ` (line ${line})`}`,
    cause: error,
  };
  return error instanceof InfeasibleError
    ? new InfeasibleError(error.message, error.conflicts, details)
    : new InputError(error.message, details);
}
