import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { sha256 } from "../../core/sha256.ts";
import type { Domain } from "../../domains/contract.ts";
import { domains } from "../../domains/registry.ts";
import type { Constraint, Parameter, Quantity, Target } from "../../space/contract.ts";
import { createSpace } from "../../space/create-space.ts";
import type { FormulaDeclaration } from "../../surrogates/formula/formula-model.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import { costOverSpace, type ExperimentCost } from "../problem/settings/experiment-cost.ts";
import type { ExperimentSettings } from "../problem/settings/experiment-settings.ts";
import type { Fidelity } from "../problem/settings/fidelity.ts";
import { formulaEntries } from "../problem/problem-file.ts";
import type { Problem } from "../problem/problem.ts";
import type { StopLimits } from "../problem/settings/stop-limits.ts";
import { formulaOfDesigns, quantityOverSpace } from "./computed-outcomes.ts";
import type { ComputedOutcome, ExperimentSetup } from "./contract.ts";

/** The problem of a campaign as plain JSON: complete in itself, so that it needs no other file. */
export interface CampaignProblem {
  readonly title: string;
  /** Name and text of the problem file, as written. */
  readonly file: string;
  readonly text: string;
  /** Where quantities such as a density come from. */
  readonly domain: string;
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  readonly targets: readonly Target[];
  readonly outcomes: readonly PropertySpec[];
  readonly perBatch: readonly string[];
  readonly cost?: ExperimentCost;
  readonly fidelity?: Fidelity;
  /** How designs are suggested unless a round is asked for otherwise. */
  readonly experiments?: ExperimentSettings;
  readonly stop?: StopLimits;
  /** Outcomes that formulas give. */
  readonly formulas?: readonly FormulaDeclaration[];
  /** What designs from before a parameter was added had, in the problem's units. */
  readonly assumed?: Readonly<Record<string, number | string>>;
}

/** A campaign's problem with its space built; its outcomes are what is measured and what is computed. */
export interface OpenProblem extends ExperimentSetup {
  readonly problem: CampaignProblem;
  /** Targets that follow from the design by a rule: quantities of the domain such as a density, and formulas. */
  readonly computed: readonly ComputedOutcome[];
}

/**
 * A problem as a campaign keeps it. Its outcomes are those that the file declares and whatever else a target names;
 * targets on quantities of the domain are computed, and so are those that a formula gives unless the file or its data
 * have them as outcomes.
 * @throws InputError where nothing is left to be measured
 */
export function freezeProblem(problem: Problem): CampaignProblem {
  const { parsed, domain, parameters, constraints, targets, perBatch } = problem;
  const { cost, fidelity, experiments, stop } = problem;
  const declared = Object.keys(parsed.content.outcomes ?? {});
  const { saved, onnx, formulas } = problem;
  const modelled = [saved, onnx, formulas].flatMap((models) => Object.values(models));
  const known = [...problem.outcomes, ...modelled.map(({ property }) => property)];
  const isMeasured = (name: string): boolean => problem.outcomes.some((one) => one.name === name);
  const given = formulaEntries(parsed.content).flatMap(
    ([name, { formula }]): FormulaDeclaration[] => {
      if (isMeasured(name) || targets.every(({ property }) => property !== name)) return [];
      const { inputs, property } = formulas[name]!;
      return [{ formula, inputs, output: { name, unit: property.unit } }];
    },
  );
  const isComputed = (name: string): boolean =>
    domain.quantities.some((one) => one.name === name) ||
    given.some(({ output }) => output.name === name);
  const wanted = targets.map(({ property }) => property).filter((name) => !isComputed(name));
  const names = [...new Set([...declared, ...wanted])];
  if (names.length === 0) {
    throw new InputError("There is nothing to measure: every target is computed.", {
      file: parsed.file,
      path: "targets",
      expected: "at least one outcome that is measured",
      hint: "Search with ystar design, or declare what is measured: outcomes: { yield: % }.",
    });
  }
  return {
    title: parsed.content.name,
    file: parsed.file,
    text: parsed.text,
    domain: domain.name,
    parameters,
    constraints,
    targets,
    outcomes: names.map((name) => known.find((one) => one.name === name)!),
    perBatch,
    ...(cost === undefined ? {} : { cost }),
    ...(fidelity === undefined ? {} : { fidelity }),
    ...(Object.keys(experiments).length === 0 ? {} : { experiments }),
    ...(stop === undefined ? {} : { stop }),
    ...(given.length === 0 ? {} : { formulas: given }),
  };
}

/**
 * Builds the space of a campaign's problem.
 * @throws InfeasibleError with the conflict where no design is left
 * @throws InputError for a domain that this ystar does not have
 */
export async function openProblem(problem: CampaignProblem): Promise<OpenProblem> {
  const { parameters, constraints, targets, perBatch, cost, fidelity, formulas = [] } = problem;
  const quantities = quantitiesOf(problem.domain);
  const space = await createSpace({ parameters, constraints, quantities });
  const isMeasured = (name: string): boolean => problem.outcomes.some((one) => one.name === name);
  const wanted = quantities.filter(
    ({ name }) => !isMeasured(name) && targets.some(({ property }) => property === name),
  );
  const outcomes = [
    ...problem.outcomes,
    ...wanted.map(({ name, title, unit }) => numberSpec(name, title, unit)),
    ...formulas.map(({ output: { name, unit } }) => numberSpec(name, words(name), unit)),
  ];
  const computed = [
    ...wanted.map((quantity) => ({ name: quantity.name, of: quantityOverSpace(quantity, space) })),
    ...formulas.map((formula) => ({
      name: formula.output.name,
      of: formulaOfDesigns(formula, space, quantities),
    })),
  ];
  return {
    problem,
    computed,
    space,
    targets,
    outcomes,
    perBatch,
    ...(cost === undefined
      ? {}
      : { cost: { unit: cost.unit, of: costOverSpace(cost, space, quantities) } }),
    ...(fidelity === undefined ? {} : { fidelity }),
  };
}

const numberSpec = (name: string, title: string, unit: string): PropertySpec => ({
  name,
  title,
  unit,
  kind: "number",
  classes: [],
});

const words = (name: string): string => name.replaceAll("_", " ");

const quantitiesOf = (name: string): readonly Quantity[] => domainNamed(name).quantities;

/** @throws InputError for a domain that this ystar does not have */
export function domainNamed(name: string): Domain {
  if (Object.hasOwn(domains, name)) return domains[name as keyof typeof domains];
  throw new InputError(`The campaign is about the domain "${name}", which this ystar lacks.`, {
    received: name,
    hint: suggest(name, Object.keys(domains)),
  });
}

/** SHA-256 of everything that the suggestions depend on; the wording of the file does not count. */
export function problemHash(problem: CampaignProblem): Promise<string> {
  const { domain, parameters, constraints, targets, outcomes, perBatch, assumed } = problem;
  const { cost, fidelity, formulas } = problem;
  // What is undefined leaves no trace, so that problems without it keep their hash.
  const content = {
    domain,
    parameters,
    constraints,
    targets,
    outcomes,
    perBatch,
    assumed,
    cost,
    fidelity,
    formulas,
  };
  return sha256(new TextEncoder().encode(JSON.stringify(content)) as Uint8Array<ArrayBuffer>);
}

/** Units of every number that a campaign records: parameters and outcomes by name. */
export function unitsOf(problem: CampaignProblem): Readonly<Record<string, string>> {
  const units: Record<string, string> = {};
  for (const parameter of problem.parameters) {
    if ("unit" in parameter) units[parameter.name] = parameter.unit;
  }
  for (const { name, kind, unit } of problem.outcomes) {
    if (kind === "number") units[name] = unit;
  }
  return units;
}
