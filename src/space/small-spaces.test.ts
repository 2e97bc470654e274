import fc from "fast-check";
import type { Constraint, Parameter, Quantity, SearchSpace } from "./contract.ts";
import { createSpace } from "./create-space.ts";
import type { SpaceSpec } from "./model/model.ts";
import { parseConstraint } from "./language/parse-constraint.ts";

// What the tests of the space share: small spaces, and what a design is, written from the contract alone.

export const composition = (
  symbols: string,
  options: {
    min?: number;
    max?: number;
    step?: number;
    count?: [number, number];
    required?: boolean;
  } = {},
): Parameter => ({
  kind: "composition",
  name: "alloy",
  elements: symbols.split(",").map((symbol) => ({
    symbol,
    min: options.min ?? 0,
    max: options.max ?? 1,
    ...(options.required === true ? { required: true } : {}),
  })),
  ...(options.step === undefined ? {} : { step: options.step }),
  ...(options.count === undefined
    ? {}
    : { count: { min: options.count[0], max: options.count[1] } }),
});

export const price: Quantity = {
  name: "price",
  title: "Price",
  unit: "USD/kg",
  source: "made up for tests",
  ratio: {
    numerator: { A: 65.1, B: 527.3, C: 18_000.7, D: 489.9, E: 3377.2, F: 40.01 },
    denominator: { A: 26.98, B: 47.87, C: 50.94, D: 52, E: 91.22, F: 28.09 },
  },
};

export const routes: Parameter = {
  kind: "categorical",
  name: "route",
  values: ["CAST", "WROUGHT", "POWDER"],
};
export const heat: Parameter = {
  kind: "discrete",
  name: "heat",
  unit: "K",
  values: [300, 600, 900],
};

const context = (parameters: readonly Parameter[]) => ({
  elements: parameters.flatMap((p) =>
    p.kind === "composition" ? p.elements.map(({ symbol }) => symbol) : [],
  ),
  parameters: parameters.flatMap((p) =>
    p.kind === "composition"
      ? []
      : [
          {
            name: p.name,
            kind: p.kind,
            ...(p.kind === "categorical" ? { values: p.values } : { unit: p.unit }),
          },
        ],
  ),
  quantities: [{ name: "price", unit: "USD/kg" }],
  properties: [],
});

export const specOf = (parameters: readonly Parameter[], texts: readonly string[]): SpaceSpec => ({
  parameters,
  constraints: texts.flatMap((text) => parseConstraint(text, context(parameters))),
  quantities: [price],
});

export const spaceOf = (
  parameters: readonly Parameter[],
  texts: readonly string[] = [],
): Promise<SearchSpace> => createSpace(specOf(parameters, texts));

/** The number of designs by nested loops over everything, tested by `isDesign` alone. */
export function bruteForce(spec: SpaceSpec): number[][] {
  const lists: number[][] = [];
  for (const parameter of spec.parameters) {
    if (parameter.kind === "composition") {
      const grid = Math.round(1 / parameter.step!);
      for (const _ of parameter.elements)
        lists.push(Array.from({ length: grid + 1 }, (_, k) => k / grid));
    } else if (parameter.kind === "discrete") lists.push([...parameter.values]);
    else if (parameter.kind === "categorical") lists.push(parameter.values.map((_, i) => i));
  }
  let rows: number[][] = [[]];
  for (const list of lists) {
    rows = rows
      .flatMap((row) => list.map((value) => [...row, value]))
      .filter(
        (row) => row.reduce((a, b, i) => (i < fractionCount(spec) ? a + b : a), 0) < 1 + 1e-9,
      );
  }
  return rows.filter((row) => isDesign(spec, row));
}

const fractionCount = (spec: SpaceSpec): number =>
  spec.parameters.reduce((n, p) => (p.kind === "composition" ? p.elements.length : n), 0);

/** Written from the meaning of the contract alone, without the space's own code. */
export function isDesign(spec: SpaceSpec, row: ArrayLike<number>, slack = 3e-9): boolean {
  const named = new Map<string, number>();
  const words = new Map<string, string>();
  let column = 0;
  for (const parameter of spec.parameters) {
    if (parameter.kind === "composition") {
      let sum = 0;
      let present = 0;
      for (const { symbol, min, max, required } of parameter.elements) {
        const x = row[column++];
        named.set(symbol, x);
        sum += x;
        if (x > 1e-9) {
          present++;
          if (x < min - slack || x > max + slack) return false;
        } else if (required === true || x < -1e-12) return false;
        if (parameter.step !== undefined) {
          const k = x / parameter.step;
          if (Math.abs(k - Math.round(k)) > 1e-6) return false;
        }
      }
      if (Math.abs(sum - 1) > 1e-9) return false;
      if (
        parameter.count !== undefined &&
        (present < parameter.count.min || present > parameter.count.max)
      )
        return false;
    } else {
      const value = row[column++];
      named.set(parameter.name, value);
      if (
        parameter.kind === "continuous" &&
        (value < parameter.min - 1e-6 || value > parameter.max + 1e-6)
      )
        return false;
      if (parameter.kind === "discrete" && !parameter.values.includes(value)) return false;
      if (parameter.kind === "categorical") {
        if (parameter.values[value] === undefined) return false;
        words.set(parameter.name, parameter.values[value]);
      }
    }
  }
  return spec.constraints.every((constraint) => holds(constraint, named, words, slack));
}

function holds(
  constraint: Constraint,
  named: Map<string, number>,
  words: Map<string, string>,
  slack: number,
): boolean {
  const sum = (record: Readonly<Record<string, number>>): number =>
    Object.entries(record).reduce(
      (total, [name, value]) => total + value * (named.get(name) ?? 0),
      0,
    );
  const relates = (value: number, relation: string, bound: number, scale: number): boolean => {
    const e = slack * Math.max(1, Math.abs(bound), scale);
    if (relation === "<=") return value <= bound + e;
    if (relation === ">=") return value >= bound - e;
    if (relation === "<") return value < bound - 1e-12;
    if (relation === ">") return value > bound + 1e-12;
    return Math.abs(value - bound) <= e;
  };
  switch (constraint.kind) {
    case "linear": {
      const scale = Object.entries(constraint.coefficients).reduce(
        (m, [name, v]) => Math.max(m, Math.abs(v * (named.get(name) ?? 0))),
        0,
      );
      if (constraint.denominator === undefined)
        return relates(sum(constraint.coefficients), constraint.relation, constraint.bound, scale);
      const below = sum(constraint.denominator);
      return relates(
        sum(constraint.coefficients),
        constraint.relation,
        constraint.bound * below,
        scale,
      );
    }
    case "count": {
      const n = constraint.elements.filter((name) => named.get(name)! > 1e-9).length;
      return n >= constraint.min && n <= constraint.max;
    }
    case "quantity": {
      const share = Object.fromEntries(
        [...named].filter(([name]) => name in price.ratio!.numerator),
      );
      const above = Object.entries(share).reduce(
        (t, [name, x]) => t + x * price.ratio!.numerator[name],
        0,
      );
      const below = Object.entries(share).reduce(
        (t, [name, x]) => t + x * price.ratio!.denominator![name],
        0,
      );
      return relates(above / below, constraint.relation, constraint.bound, 0);
    }
    case "nonlinear":
      throw new Error("these tests have none");
    default:
      return !constraint.conditions.every((condition) => {
        switch (condition.kind) {
          case "present":
            return named.get(condition.element)! > 1e-9;
          case "absent":
            return named.get(condition.element)! <= 1e-9;
          case "is":
            return condition.values.includes(words.get(condition.parameter)!);
          default: {
            const value = named.get(condition.column)!;
            if (condition.relation === ">") return value > condition.bound + 1e-7;
            if (condition.relation === ">=")
              return value >= condition.bound + (slack > 1e-8 ? 1e-6 : -1e-9);
            if (condition.relation === "<") return value < condition.bound - 1e-7;
            return value <= condition.bound - (slack > 1e-8 ? 1e-6 : -1e-9);
          }
        }
      });
  }
}

/** Texts that leave many designs, few, or none. */
const constraintText = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("A + B", "A + C + D", "2*A - B", "B - 0.5*C"),
      fc.constantFrom("<=", ">=", "<", ">"),
      fc.integer({ min: 0, max: 8 }),
    )
    .map(([left, op, bound]) => `${left} ${op} ${bound / 10}`),
  fc
    .tuple(
      fc.constantFrom("A / (A + B)", "C / (A + C + D)"),
      fc.constantFrom("<=", ">="),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([left, op, bound]) => `${left} ${op} ${bound / 10}`),
  fc
    .tuple(
      fc.constantFrom("count(A, B, C)", "count(elements)"),
      fc.constantFrom("<=", ">=", "="),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(([left, op, bound]) => `${left} ${op} ${bound}`),
  fc
    .tuple(fc.constantFrom("<=", ">="), fc.integer({ min: 5, max: 120 }))
    .map(([op, bound]) => `price ${op} ${bound}.3 USD/kg`),
  fc.constantFrom(
    "not (A and B)",
    "not (A > 0.2 and route is CAST)",
    "if C then not D",
    "if D then B",
    "not (A >= 0.3 and C <= 0.2)",
    "route is not CAST",
    "0.1 <= A + B <= 0.6",
  ),
);
export const texts = fc.uniqueArray(constraintText, { minLength: 0, maxLength: 4 });
export const ranges = fc.constantFrom(
  { min: 0, max: 1 },
  { min: 0.1, max: 0.5 },
  { min: 0.2, max: 0.4 },
  { min: 0, max: 0.6 },
);
export const gridSpec = fc
  .tuple(
    ranges,
    texts,
    fc.option(fc.constantFrom<[number, number]>([2, 3], [1, 4], [3, 4]), { nil: undefined }),
  )
  .map(([range, list, count]) =>
    specOf(
      [
        composition("A,B,C,D", { ...range, step: 0.1, ...(count === undefined ? {} : { count }) }),
        routes,
      ],
      list,
    ),
  );
