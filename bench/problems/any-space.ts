import type { Rng } from "../../src/core/rng.ts";
import type { Column, Constraint, ElementRange, Parameter } from "../../src/space/contract.ts";
import type { SpaceSpec } from "../../src/space/model/model.ts";

const symbols = ["A", "B", "C", "D", "F", "G"];

/**
 * Any parameters and constraints: with or without a composition (with or without a grid, with bounds, required
 * elements and counts), numbers, lists and categories, and up to four linear limits, quotients, counts and
 * exclusions over them. Some of these sets leave no design.
 */
export function anySpace(rng: Rng): SpaceSpec {
  const chance = (share: number): boolean => rng.uniform() < share;
  const pick = <T>(from: readonly T[]): T => from[rng.integer(from.length)];
  const parameters: Parameter[] = [];
  let elements: ElementRange[] = [];
  if (chance(0.75)) {
    const step = pick([undefined, undefined, 0.1, 0.05, 0.01]);
    elements = symbols.slice(0, 3 + rng.integer(4)).map((symbol): ElementRange => {
      const min = pick([0, 0, 0.05, 0.1]);
      const max = pick([0.3, 0.5, 0.7, 1]);
      return { symbol, min, max, ...(chance(0.15) ? { required: true } : {}) };
    });
    const low = 1 + rng.integer(3);
    const count = { min: low, max: low + rng.integer(elements.length - low + 1) };
    parameters.push({
      kind: "composition",
      name: "mixture",
      // Bounds lie on the grid.
      elements: elements.map((one) =>
        step === 0.1 && one.min === 0.05 ? { ...one, min: 0.1 } : one,
      ),
      ...(step === undefined ? {} : { step }),
      ...(chance(0.5) ? { count } : {}),
    });
  }
  const numbers: { name: string; min: number; max: number }[] = [];
  for (let k = rng.integer(3); k > 0 || parameters.length === 0; k--) {
    const [min, max] = [pick([-5, 0, 300]), pick([301, 1000])];
    numbers.push({ name: `number${k}`, min, max });
    parameters.push({ kind: "continuous", name: `number${k}`, unit: "1", min, max });
  }
  if (chance(0.4)) {
    const values = [1, 2, 5, 10, 20].slice(0, 1 + rng.integer(5));
    numbers.push({ name: "list", min: values[0], max: values[values.length - 1] });
    parameters.push({ kind: "discrete", name: "list", unit: "1", values });
  }
  const hasRoute = chance(0.5);
  if (hasRoute) {
    parameters.push({ kind: "categorical", name: "route", values: ["cast", "printed", "rolled"] });
  }

  const makers: (() => Constraint)[] = [];
  const some = (from: readonly string[]): string[] => {
    const chosen = from.filter(() => chance(0.5));
    return chosen.length > 0 ? chosen : [pick(from)];
  };
  const names = elements.map(({ symbol }) => symbol);
  if (names.length > 0) {
    makers.push(
      () =>
        linear(
          Object.fromEntries(some(names).map((name) => [name, 1])),
          pick(["<=", ">=", "="]),
          pick([0.2, 0.3, 0.5, 0.8]),
        ),
      () =>
        linear(
          Object.fromEntries(some(names).map((name) => [name, pick([1, 2.5, -1, 0.37])])),
          pick(["<=", ">="]),
          pick([0.1, 0.25, 0.6]),
        ),
      () => ({
        ...linear({ [names[0]]: 1 }, pick(["<=", ">="]), pick([0.3, 0.5, 0.7])),
        denominator: { [names[0]]: 1, [names[1]]: 1 },
        text: `${names[0]} / (${names[0]} + ${names[1]})`,
      }),
      () => {
        const own = some(names);
        const min = rng.integer(2);
        return {
          kind: "count",
          text: `count of ${own.join(", ")}`,
          elements: own,
          min,
          max: min + 1 + rng.integer(2),
        };
      },
      () => ({
        kind: "exclusion",
        text: `not (${names[0]} and ${names[1]})`,
        conditions: [
          { kind: "present", element: names[0] },
          { kind: pick(["present", "absent"]), element: names[1] },
        ],
      }),
    );
  }
  if (numbers.length > 0) {
    const { name, min, max } = pick(numbers);
    const middle = (min + max) / 2;
    makers.push(() => linear({ [name]: 1 }, pick(["<=", ">="]), middle));
    if (names.length > 0) {
      makers.push(
        () => linear({ [name]: 1 / max, [names[0]]: 1 }, pick(["<=", ">="]), pick([0.4, 0.8])),
        () => ({
          kind: "exclusion",
          text: `not (${names[0]} > 0.2 and ${name} >= ${middle})`,
          conditions: [
            { kind: "compare", column: names[0], relation: ">", bound: 0.2 },
            { kind: "compare", column: name, relation: ">=", bound: middle },
          ],
        }),
      );
    }
    if (hasRoute) {
      makers.push(() => ({
        kind: "exclusion",
        text: `not (${name} < ${middle} and route is cast)`,
        conditions: [
          { kind: "compare", column: name, relation: "<", bound: middle },
          { kind: "is", parameter: "route", values: ["cast"] },
        ],
      }));
    }
  }
  const constraints = Array.from({ length: makers.length === 0 ? 0 : rng.integer(5) }, () =>
    pick(makers)(),
  );
  return { parameters, constraints, quantities: [] };
}

function linear(
  coefficients: Readonly<Record<string, number>>,
  relation: "<=" | ">=" | "=",
  bound: number,
): Constraint & { kind: "linear" } {
  const terms = Object.entries(coefficients).map(([name, factor]) => `${factor} ${name}`);
  return {
    kind: "linear",
    text: `${terms.join(" + ")} ${relation} ${bound}`,
    coefficients,
    relation,
    bound,
  };
}

/**
 * What a design breaks by more than 1e-9, tested from the specification alone: of one for fractions and their
 * sum, of the larger of the bound and the largest term that its parameters' ranges allow for limits and comparisons;
 * counts, lists and categories are exact.
 */
export function brokenIn(
  { parameters, constraints }: SpaceSpec,
  row: ArrayLike<number>,
  columns: readonly Column[],
): string[] {
  const labels = columns.map(({ label }) => label);
  const at = (name: string): number => row[labels.indexOf(name)];
  const broken: string[] = [];
  const require = (holds: boolean, text: string): void => {
    if (!holds) broken.push(text);
  };
  const isPresent = (name: string): boolean => at(name) > 0;
  const near = 1e-9;

  for (const parameter of parameters) {
    switch (parameter.kind) {
      case "composition": {
        const { elements, step, count } = parameter;
        const sum = elements.reduce((total, { symbol }) => total + at(symbol), 0);
        require(Math.abs(sum - 1) <= near, `sum is ${sum}`);
        for (const { symbol, min, max, required } of elements) {
          const x = at(symbol);
          require(x >= 0 && (x > 0 || required !== true), `${symbol} is ${x}`);
          require(x === 0 || (x >= min - near && x <= max + near), `${symbol} is ${x}`);
          const steps = step === undefined ? 0 : x / step;
          require(Math.abs(steps - Math.round(steps)) * (step ?? 0) <= near, `${symbol} is ${x}`);
        }
        const present = elements.filter(({ symbol }) => isPresent(symbol)).length;
        require(count === undefined ||
          (present >= count.min && present <= count.max), `${present} elements`);
        break;
      }
      case "continuous": {
        const x = at(parameter.name);
        const slack = near * Math.max(Math.abs(parameter.min), Math.abs(parameter.max));
        require(x >= parameter.min - slack &&
          x <= parameter.max + slack, `${parameter.name} is ${x}`);
        break;
      }
      case "discrete":
        require(parameter.values.includes(at(parameter.name)), `${parameter.name} is not listed`);
        break;
      case "categorical": {
        const level = at(parameter.name);
        require(Number.isInteger(level) &&
          level >= 0 &&
          level < parameter.values.length, `${parameter.name} is ${level}`);
        break;
      }
    }
  }

  const route = parameters.find(({ kind }) => kind === "categorical");
  for (const constraint of constraints) {
    const { text } = constraint;
    if (constraint.kind === "linear") {
      const { coefficients, denominator, relation, bound } = constraint;
      let left = 0;
      let size = 0;
      for (const [name, factor] of Object.entries(coefficients)) {
        left += factor * at(name);
        const { kind, min, max } = columns[labels.indexOf(name)];
        const largest = kind === "fraction" ? 1 : Math.max(Math.abs(min), Math.abs(max));
        size = Math.max(size, Math.abs(factor) * largest);
      }
      let right = bound;
      if (denominator !== undefined) {
        right =
          bound *
          Object.entries(denominator).reduce((sum, [name, factor]) => sum + factor * at(name), 0);
      }
      const slack = near * Math.max(size, Math.abs(right));
      if (relation !== ">=") require(left <= right + slack, `${text}: ${left}`);
      if (relation !== "<=") require(left >= right - slack, `${text}: ${left}`);
    } else if (constraint.kind === "count") {
      const present = constraint.elements.filter(isPresent).length;
      require(present >= constraint.min && present <= constraint.max, `${text}: ${present}`);
    } else if (constraint.kind === "exclusion") {
      const holds = constraint.conditions.every((condition) => {
        if (condition.kind === "present") return isPresent(condition.element);
        if (condition.kind === "absent") return !isPresent(condition.element);
        if (condition.kind === "is") {
          const level = at(condition.parameter);
          return route?.kind === "categorical" && condition.values.includes(route.values[level]);
        }
        const x = at(condition.column);
        const { min, max } = columns[labels.indexOf(condition.column)];
        const slack = near * Math.max(Math.abs(condition.bound), Math.abs(min), Math.abs(max));
        // Certainly beyond the bound, not by rounding alone.
        return condition.relation.startsWith(">")
          ? x > condition.bound + slack
          : x < condition.bound - slack;
      });
      require(!holds, text);
    }
  }
  return broken;
}
