import { InputError } from "../../core/errors.ts";
import { shortNumber } from "../../core/format.ts";
import { nearestName } from "../../core/nearest-name.ts";
import { matrixOf } from "../../core/matrix.ts";
import { convert, convertDifference } from "../../core/units.ts";
import type {
  CompositionParameter,
  Design,
  Parameter,
  ParameterValue,
} from "../../space/contract.ts";
import { isConditional } from "../../space/model/activity.ts";
import { unitsOf, type OpenProblem } from "./campaign-problem.ts";
import type { Measurement, OutcomeValue } from "./contract.ts";
import type { MeasurementState } from "./history/state.ts";
import { inUnits, type Units } from "./in-units.ts";

/** How a design stands to the space that holds now. */
export interface DesignStanding {
  /** The design with the parameters of the space alone; null where the space cannot express it. */
  readonly design: Design | null;
  /** Why it lies outside, in words; empty inside. */
  readonly outside: readonly string[];
}

/** Reasons that are told of one design. */
const mostReasons = 3;

/** Why a design lies outside, in one line: the first reasons, and how many more there are. */
export function outsideText(outside: readonly string[]): string {
  const more = outside.length - mostReasons;
  const told = outside.slice(0, mostReasons).join("; ");
  return more > 0 ? `${told}; and ${more} more` : told;
}

/**
 * A design, wherever it came from, against the space that holds now: parameters that the space lacks are left out,
 * a parameter that the design lacks has the value assumed for such designs, or the only one of the space.
 * @param units of its numbers
 */
export function standingOf(problem: OpenProblem, design: Design, units: Units): DesignStanding {
  const converted = inUnits(design, units, unitsOf(problem.problem));
  const known: Record<string, ParameterValue> = {};
  const outside: string[] = [];
  let isExpressible = true;
  for (const parameter of problem.space.parameters) {
    const { name } = parameter;
    const value = converted[name] ?? problem.problem.assumed?.[name] ?? fixedValue(parameter);
    if (value === undefined) {
      // Whether a design has a parameter that depends on others is seen when it is encoded.
      if (isConditional(parameter)) continue;
      isExpressible = false;
      outside.push(`${name} is not known`);
    } else if (parameter.kind === "composition") {
      const strange = strangeElements(parameter, value);
      isExpressible &&= strange.length === 0;
      outside.push(...strange.map((symbol) => `${symbol} is not in the space`));
      known[name] = value;
    } else if (parameter.kind === "categorical" && !parameter.values.includes(value as string)) {
      isExpressible = false;
      const word = typeof value === "object" ? "a composition" : String(value);
      const near = nearestName(word, parameter.values);
      const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
      outside.push(`${name} ${word} is not in the space${hint}`);
    } else {
      known[name] = value;
      const other = otherThanFixed(parameter, value);
      if (other === null) continue;
      // The model does not see a parameter that never varies: another value would pass for the same design.
      isExpressible = false;
      outside.push(other);
    }
  }
  if (!isExpressible) return { design: null, outside };
  const lacking = missingCondition(problem, known);
  if (lacking !== null) return { design: null, outside: [`${lacking} is not known`] };
  const failed = problem.space
    .check(problem.space.encode(known))
    .filter(({ satisfied }) => !satisfied);
  return { design: known, outside: failed.map(({ text }) => text) };
}

/** The conditional parameter that a design lacks although it has the conditions; null where it lacks none. */
export function missingCondition({ space }: OpenProblem, design: Design): string | null {
  const absent = space.parameters
    .filter((one) => isConditional(one) && design[one.name] === undefined)
    .map(({ name }) => name);
  if (absent.length === 0) return null;
  try {
    space.encode(design);
    return null;
  } catch (error) {
    const path = error instanceof InputError ? error.details.path : undefined;
    if (path !== undefined && absent.includes(path)) return path;
    throw error;
  }
}

/** The value of a parameter that has one only. */
export function fixedValue(parameter: Parameter): number | string | undefined {
  return "values" in parameter && parameter.values.length === 1 ? parameter.values[0] : undefined;
}

function otherThanFixed(
  parameter: Exclude<Parameter, CompositionParameter>,
  value: ParameterValue,
): string | null {
  if (parameter.kind !== "discrete" || parameter.values.length > 1) return null;
  const [fixed] = parameter.values;
  const tolerance = 1e-9 * Math.abs(fixed!);
  if (typeof value !== "number" || Math.abs(value - fixed!) <= tolerance) return null;
  const unit = parameter.unit === "1" ? "" : ` ${parameter.unit}`;
  return `${parameter.name} is ${shortNumber(value)}${unit}, and ${shortNumber(fixed!)}${unit} in the whole space`;
}

function strangeElements(parameter: CompositionParameter, value: ParameterValue): string[] {
  if (typeof value !== "object") return [];
  const symbols = parameter.elements.map(({ symbol }) => symbol);
  return Object.keys(value).filter((symbol) => value[symbol]! > 0 && !symbols.includes(symbol));
}

/** A measurement as the planner sees it, and how it stands to the space. */
export interface UsableMeasurement {
  /** Null where nothing can be learned from it. */
  readonly measurement: Measurement | null;
  readonly outside: readonly string[];
}

/**
 * A measurement in the units of the problem that holds now, with its outcomes alone. Partial results of a running
 * one count; a running one without results has no part yet.
 */
export function usableMeasurement(
  problem: OpenProblem,
  state: MeasurementState,
): UsableMeasurement {
  const { design, outside } = standingOf(problem, state.design, state.units);
  const units = unitsOf(problem.problem);
  const names = problem.outcomes.map(({ name }) => name);
  const own = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
  const told = knownClasses(problem, own(inUnits(state.outcomes, state.units, units)));
  const noiseStd = own(inUnits(state.noiseStd, state.units, units, convertDifference));
  const hasOutcomes = Object.keys(told).length > 0;
  if (design === null || (state.status === "running" && !hasOutcomes)) {
    return { measurement: null, outside };
  }
  const status = state.status === "running" ? "completed" : state.status;
  const lost = problem.outcomes.filter(
    ({ name }) => (state.outcomes[name] ?? null) !== null && !Object.hasOwn(told, name),
  );
  const isLearned = status === "completed" || status === "abandoned";
  return {
    measurement: {
      label: state.id,
      design,
      status,
      outcomes: isLearned ? { ...computedOutcomes(problem, design), ...told } : {},
      ...(isLearned && Object.keys(noiseStd).length > 0 ? { noiseStd } : {}),
    },
    outside: [
      ...outside,
      ...lost.map(({ name }) => `${name} was ${state.outcomes[name]}, which is no value of it now`),
    ],
  };
}

/** Targets that follow from the design by a rule and are not measured. */
export function computedOutcomes(
  { computed, space }: OpenProblem,
  design: Design,
): Record<string, number> {
  if (computed.length === 0) return {};
  const row = matrixOf([space.encode(design)]);
  return Object.fromEntries(computed.map(({ name, of }) => [name, of(row)[0]!]));
}

/** A class that the problem lists no longer counts as not measured. */
function knownClasses(
  { outcomes }: OpenProblem,
  values: Readonly<Record<string, OutcomeValue>>,
): Record<string, OutcomeValue> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      const spec = outcomes.find((one) => one.name === name)!;
      return spec.kind === "class"
        ? spec.classes.includes(String(value))
        : typeof value === "number";
    }),
  );
}

/**
 * Whether all that was recorded can be read in the units of another problem.
 * @throws InputError naming the parameter or outcome whose units cannot be converted
 */
export function requireConvertible(recorded: readonly Units[], to: Units): void {
  for (const units of recorded) {
    for (const [name, unit] of Object.entries(units)) {
      const wanted = to[name];
      if (wanted === undefined || wanted === unit) continue;
      try {
        convert(1, unit, wanted);
      } catch (cause) {
        throw new InputError(`"${name}" was recorded in ${unit}, which cannot become ${wanted}.`, {
          expected: `a unit that ${unit} converts to`,
          received: wanted,
          hint: "Give the new quantity another name.",
          cause,
        });
      }
    }
  }
}
