import { InputError, UnsupportedError } from "../../core/errors.ts";
import type {
  Condition,
  ContinuousParameter,
  ExclusionConstraint,
  Parameter,
} from "../contract.ts";
import { plain } from "./validate.ts";

/** A parameter that only some designs have. */
export type Conditional = Exclude<Parameter, { kind: "composition" }> & {
  readonly when: NonNullable<Exclude<Parameter, { kind: "composition" }>["when"]>;
};

/** Lists of conditions, of which one has to hold as a whole. */
export type Alternatives = readonly (readonly Condition[])[];

/** Most lists of conditions that joining several parameters may lead to. */
const MOST_ALTERNATIVES = 256;

export const isConditional = (parameter: Parameter): parameter is Conditional =>
  parameter.kind !== "composition" && parameter.when !== undefined;

/** The value of a parameter in designs that do not have it: the lowest, or the first word. */
export const canonicalValue = (parameter: Conditional): number => {
  if (parameter.kind === "categorical") return 0;
  if (parameter.kind === "discrete") return Math.min(...parameter.values);
  return parameter.zeroOr === true ? 0 : parameter.min;
};

/**
 * When each conditional parameter is there: its own conditions and those of the parameters they name.
 * The order is that in which they can be decided.
 * @throws InputError for parameters that wait for each other, UnsupportedError for conditions on
 *   continuous numbers
 */
export function activities(parameters: readonly Parameter[]): Map<string, Alternatives> {
  const result = new Map<string, Alternatives>();
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const resolve = (parameter: Conditional, path: readonly string[]): Alternatives => {
    const known = result.get(parameter.name);
    if (known !== undefined) return known;
    if (path.includes(parameter.name)) {
      throw new InputError(
        `parameter "${parameter.name}": its condition depends on itself (${[...path, parameter.name].join(", ")}).`,
        { path: parameter.name },
      );
    }
    let all: Alternatives = parameter.when.alternatives;
    for (const name of new Set(all.flat().map(nameOf))) {
      const other = byName.get(name);
      requireListed(parameter, name, other);
      if (other !== undefined && isConditional(other)) {
        all = both(all, resolve(other, [...path, parameter.name]), parameter.name);
      }
    }
    result.set(parameter.name, all);
    return all;
  };
  for (const parameter of parameters) if (isConditional(parameter)) resolve(parameter, []);
  return result;
}

const nameOf = (condition: Condition): string =>
  condition.kind === "compare"
    ? condition.column
    : condition.kind === "is"
      ? condition.parameter
      : condition.element;

/** Conditions must be decided by choices, so that a design without a parameter can be drawn. */
function requireListed(parameter: Conditional, name: string, other: Parameter | undefined): void {
  if (other?.kind !== "continuous") return;
  const tests = parameter.when.alternatives
    .flat()
    .filter((condition) => nameOf(condition) === name);
  if (tests.every((condition) => isZeroTest(other, condition))) return;
  throw new UnsupportedError(
    `parameter "${parameter.name}": "${parameter.when.text}" depends on "${name}", which is continuous.`,
    {
      path: parameter.name,
      expected: "conditions on categories, listed numbers, or ingredients that are present",
      hint: `Give "${name}" a step.`,
    },
  );
}

/** Whether a condition asks no more than whether a number that may be absent is 0. */
export const isZeroTest = (parameter: ContinuousParameter, condition: Condition): boolean =>
  parameter.zeroOr === true &&
  condition.kind === "compare" &&
  condition.bound === 0 &&
  (condition.relation === ">" || condition.relation === "<=");

/** Both of two alternatives. */
export function both(a: Alternatives, b: Alternatives, who: string): Alternatives {
  const joined = a.flatMap((left) => b.map((right) => [...left, ...right]));
  if (joined.length <= MOST_ALTERNATIVES) return joined;
  throw new UnsupportedError(`"${who}" depends on too many combinations of conditions.`, {
    expected: `at most ${MOST_ALTERNATIVES}`,
    received: String(joined.length),
  });
}

/** Where none of the alternatives holds, as alternatives. */
function negated(parameters: readonly Parameter[], all: Alternatives, who: string): Alternatives {
  let result: Alternatives = [[]];
  for (const conditions of all) {
    result = both(
      result,
      conditions.map((condition) => [opposite(parameters, condition)]),
      who,
    );
  }
  return result;
}

const opposites = { "<=": ">", "<": ">=", ">=": "<", ">": "<=" } as const;

function opposite(parameters: readonly Parameter[], condition: Condition): Condition {
  switch (condition.kind) {
    case "present":
      return { kind: "absent", element: condition.element };
    case "absent":
      return { kind: "present", element: condition.element };
    case "compare":
      return { ...condition, relation: opposites[condition.relation] };
    default: {
      const parameter = parameters.find(({ name }) => name === condition.parameter);
      const words = parameter?.kind === "categorical" ? parameter.values : [];
      return { ...condition, values: words.filter((word) => !condition.values.includes(word)) };
    }
  }
}

/**
 * What conditional parameters and numbers that may be absent add to the constraints: without a parameter
 * its value is the canonical one; between zero and the least value there is nothing.
 */
export function impliedConstraints(parameters: readonly Parameter[]): ExclusionConstraint[] {
  const active = activities(parameters);
  return parameters.flatMap((parameter): ExclusionConstraint[] => {
    if (parameter.kind === "composition") return [];
    const { name } = parameter;
    const implied: ExclusionConstraint[] = [];
    if (parameter.kind === "continuous" && parameter.zeroOr === true) {
      implied.push({
        kind: "exclusion",
        text: `${name}: 0, or from ${plain(parameter.min)} ${parameter.unit}`.trim(),
        conditions: [
          { kind: "compare", column: name, relation: ">", bound: 0 },
          { kind: "compare", column: name, relation: "<", bound: parameter.min },
        ],
      });
    }
    const all = active.get(name);
    if (all === undefined || !isConditional(parameter)) return implied;
    const isSet: Condition | null =
      parameter.kind !== "categorical"
        ? { kind: "compare", column: name, relation: ">", bound: canonicalValue(parameter) }
        : parameter.values.length > 1
          ? { kind: "is", parameter: name, values: parameter.values.slice(1) }
          : null;
    if (isSet === null) return implied;
    for (const conditions of negated(parameters, all, name)) {
      implied.push({
        kind: "exclusion",
        text: `${name} only when ${parameter.when.text}`,
        conditions: [...conditions, isSet],
      });
    }
    return implied;
  });
}
