import { InputError } from "../../../core/errors.ts";
import { nearestName, suggest } from "../../../core/nearest-name.ts";
import { convert, convertDifference, parseQuantity } from "../../../core/units.ts";
import { parseFormula } from "../../../materials/formula.ts";
import type { CompositionParameter, Fractions, Parameter } from "../../../space/contract.ts";
import type { PropertySpec } from "../../../surrogates/forward-model.ts";
import type { CampaignProblem } from "../campaign-problem.ts";
import type { OutcomeValue } from "../contract.ts";

/** A value as it comes from a person or an instrument; null or an empty text is no value. */
export type GivenValue = string | number | boolean | null;

/** What of a problem says how values are read. */
export type ValueNames = Pick<CampaignProblem, "parameters" | "outcomes">;

/** Values by what they are, in the problem's units. */
export interface ReadValues {
  readonly outcomes: Readonly<Record<string, OutcomeValue>>;
  readonly noiseStd: Readonly<Record<string, number>>;
  /** Parameters other than the composition. */
  readonly parameters: Readonly<Record<string, number | string>>;
  /** Whole compositions, given as formulas. */
  readonly compositions: Readonly<Record<string, Fractions>>;
  /** Single fractions, by element or ingredient. */
  readonly fractions: Readonly<Record<string, number>>;
}

/**
 * Reads values by name: outcomes (`520`, `0.52 GPa`, `520 ± 8 MPa`, a class), parameters (`850 K`) and fractions
 * (`0.2`, `20 %`).
 * @throws InputError with the name as its path: for one that the problem does not have, a unit of another
 *   dimension, a number that is not finite, a class that is not listed
 */
export function readValues(
  problem: ValueNames,
  values: Readonly<Record<string, GivenValue>>,
): ReadValues {
  const outcomes: Record<string, OutcomeValue> = {};
  const noiseStd: Record<string, number> = {};
  const parameters: Record<string, number | string> = {};
  const compositions: Record<string, Fractions> = {};
  const fractions: Record<string, number> = {};
  for (const [name, given] of Object.entries(values)) {
    const meaning = meaningOf(problem, name);
    if (given === null || (typeof given === "string" && given.trim() === "")) continue;
    if ("outcome" in meaning) {
      const { outcome } = meaning;
      if (outcome.kind === "class") outcomes[name] = readClass(outcome, given);
      else {
        const { value, std } = readAmount(name, given, outcome.unit);
        outcomes[name] = value;
        if (std !== null) noiseStd[name] = std;
      }
    } else if ("symbol" in meaning) fractions[name] = readFraction(name, given);
    else if (meaning.parameter.kind === "composition") {
      compositions[name] = parseFormula(String(given)).fractions;
    } else parameters[name] = readParameter(meaning.parameter, given);
  }
  return { outcomes, noiseStd, parameters, compositions, fractions };
}

type Meaning =
  | { readonly outcome: PropertySpec }
  | { readonly parameter: Parameter }
  | { readonly symbol: string };

/** @throws InputError with the nearest name */
function meaningOf(problem: ValueNames, name: string): Meaning {
  const outcome = problem.outcomes.find((one) => one.name === name);
  if (outcome !== undefined) return { outcome };
  const parameter = problem.parameters.find((one) => one.name === name);
  if (parameter !== undefined) return { parameter };
  if (fractionNames(problem).includes(name)) return { symbol: name };
  const known = valueNames(problem);
  throw new InputError(`The problem has no parameter or outcome "${name}".`, {
    path: name,
    expected: `one of ${known.join(", ")}`,
    received: name,
    ...(nearestName(name, known) === undefined ? {} : { hint: suggest(name, known) }),
  });
}

/** Everything that a value can be told of: outcomes, parameters, elements or ingredients. */
export const valueNames = (problem: ValueNames): string[] => [
  ...problem.outcomes.map(({ name }) => name),
  ...problem.parameters.map(({ name }) => name),
  ...fractionNames(problem),
];

/** Elements or ingredients of the compositions. */
export const fractionNames = (problem: ValueNames): string[] =>
  compositionsOf(problem).flatMap(({ elements }) => elements.map(({ symbol }) => symbol));

export const compositionsOf = ({ parameters }: ValueNames): CompositionParameter[] =>
  parameters.filter((one) => one.kind === "composition");

/** What people write for the classes 0 and 1. */
const truths: Readonly<Record<string, string>> = {
  yes: "1",
  true: "1",
  no: "0",
  false: "0",
};

function readClass({ name, classes }: PropertySpec, given: GivenValue): string {
  const word = String(given).trim();
  if (classes.includes(word)) return word;
  const truth = truths[word.toLowerCase()];
  if (truth !== undefined && classes.includes(truth)) return truth;
  throw new InputError(`"${word}" is no class of ${name}.`, {
    path: name,
    expected: `one of ${classes.join(", ")}`,
    received: word,
    hint: suggest(word, classes),
  });
}

function readParameter(
  parameter: Exclude<Parameter, CompositionParameter>,
  given: GivenValue,
): number | string {
  if (parameter.kind === "categorical") return String(given).trim();
  const { value, std } = readAmount(parameter.name, given, parameter.unit);
  if (std === null) return value;
  throw new InputError(`A setting has no uncertainty: ${parameter.name} is "${String(given)}".`, {
    path: parameter.name,
    expected: "the value that was set, such as 850 K",
    received: String(given),
  });
}

function readFraction(name: string, given: GivenValue): number {
  const { value } = readAmount(name, given, "1");
  if (value >= 0 && value <= 1) return value;
  throw new InputError(`The fraction of ${name} is ${value}, which is no share of one.`, {
    path: name,
    expected: "0 ... 1, or a percentage such as 20 %",
    received: String(given),
    ...(value > 1 && value <= 100 ? { hint: `Write ${value / 100} or "${value} %".` } : {}),
  });
}

interface Amount {
  readonly value: number;
  readonly std: number | null;
}

/** A number in `unit`: `520`, `0.52 GPa`, `520 ± 8 MPa`, `520 +- 8`. */
function readAmount(name: string, given: GivenValue, unit: string): Amount {
  const fail = (reason: string, hint?: string): never => {
    throw new InputError(`"${String(given)}" is not a value of ${name}: ${reason}`, {
      path: name,
      expected:
        unit === "1" ? "a number" : `a number in ${unit}, or with a unit that converts to it`,
      received: String(given),
      ...(hint === undefined ? {} : { hint }),
    });
  };
  if (typeof given === "boolean") return fail("it is neither yes nor no but a number.");
  if (typeof given === "number" || /^\s*[+-]?\s*(?:nan|inf(?:inity)?)\s*$/i.test(String(given))) {
    if (typeof given === "number" && Number.isFinite(given)) return { value: given, std: null };
    return fail(
      "it is not finite.",
      "Leave out what was not measured, or say what became of it with a status.",
    );
  }
  const [main, spread, ...more] = given!.split(/±|\+\/-|\+-/);
  try {
    if (more.length > 0) throw new InputError("there are several uncertainties.");
    const left = parseQuantity(main!);
    if (spread === undefined) return { value: toUnit(left, unit, convert), std: null };
    const right = parseQuantity(spread);
    // `520 ± 8 MPa` names the unit once, for both.
    const unitOfBoth = left.unit === "1" ? right.unit : left.unit;
    const ownUnit = right.unit === "1" ? unitOfBoth : right.unit;
    const std = toUnit({ value: right.value, unit: ownUnit }, unit, convertDifference);
    if (!(std > 0)) throw new InputError("the uncertainty is not above 0.");
    return { value: toUnit({ value: left.value, unit: unitOfBoth }, unit, convert), std };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return fail(error.message, error.details.hint);
  }
}

/** A number without a unit is in the unit that is asked for. */
function toUnit(
  { value, unit }: { readonly value: number; readonly unit: string },
  wanted: string,
  change: typeof convert,
): number {
  const converted = unit === "1" && wanted !== "1" ? value : change(value, unit, wanted);
  if (Number.isFinite(converted)) return converted;
  throw new InputError("the number is too large.");
}
