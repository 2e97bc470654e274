import { InputError } from "../core/errors.ts";
import { matrix } from "../core/matrix.ts";
import { suggest } from "../core/nearest-name.ts";
import type {
  Column,
  CompositionParameter,
  Condition,
  Constraint,
  LinearConstraint,
  Parameter,
  Quantity,
  QuantityConstraint,
  Relation,
} from "./contract.ts";
import { quantityValues } from "./quantity.ts";
import { TOLERANCE } from "./tolerance.ts";
import { gridOf, plain, validateParameters } from "./validate.ts";

/** What a space is made from. */
export interface SpaceSpec {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  /** Derived quantities that constraints may name. */
  readonly quantities: readonly Quantity[];
}

/** One element of the composition; column i of the space is element i. */
export interface ElementModel {
  readonly symbol: string;
  /** Bounds while present, as fractions; `lo` is at least one grid step, or `PRESENT` without a grid. */
  readonly lo: number;
  readonly hi: number;
  /** The same in grid steps; 0 without a grid. */
  readonly loUnits: number;
  readonly hiUnits: number;
  readonly mayBeAbsent: boolean;
}

export interface CompositionModel {
  readonly parameter: CompositionParameter;
  readonly elements: readonly ElementModel[];
  /** Grid steps in one; 0 for continuous fractions. */
  readonly grid: number;
}

/** A column that is not a fraction. */
export type OtherModel =
  | {
      readonly kind: "continuous";
      readonly column: number;
      readonly min: number;
      readonly max: number;
    }
  /** Ascending numbers, or the indices of categories. */
  | {
      readonly kind: "finite";
      readonly column: number;
      readonly values: readonly number[];
      readonly isCategory: boolean;
    };

/** `lower <= sum coefficient * column <= upper`, the tolerance already inside the bounds. */
export interface LinearRow {
  /** Index of the constraint it comes from. */
  readonly source: number;
  readonly coefficients: Float64Array;
  readonly lower: number;
  readonly upper: number;
  /** The tolerance inside the bounds. */
  readonly slack: number;
}

/** `min <= number of these columns above zero <= max`. */
export interface CountRow {
  /** Index of the constraint; -1 is the composition's own count. */
  readonly source: number;
  readonly columns: readonly number[];
  readonly min: number;
  readonly max: number;
}

/** A test of one column. */
export interface ConditionModel {
  readonly column: number;
  readonly condition: Condition;
  readonly holds: (value: number) => boolean;
}

/** Not all of these at once. */
export interface ExclusionRow {
  readonly source: number;
  readonly conditions: readonly ConditionModel[];
}

/** A limit on a quantity that only a function gives. */
export interface FunctionRow {
  readonly source: number;
  readonly quantity: Quantity;
  readonly lower: number;
  readonly upper: number;
}

/** The space in numbers: what counting, sampling, repair and the programs work on. */
export interface Model {
  readonly spec: SpaceSpec;
  readonly columns: readonly Column[];
  readonly composition: CompositionModel | null;
  readonly others: readonly OtherModel[];
  readonly linear: readonly LinearRow[];
  readonly counts: readonly CountRow[];
  readonly exclusions: readonly ExclusionRow[];
  readonly functions: readonly FunctionRow[];
}

/** The smallest fraction of an element that is present, where no grid and no bound says more. */
export const PRESENT = 1e-6;

/**
 * Checks a specification and turns it into numbers.
 * @throws InputError for whatever is malformed or names something unknown
 * @throws InfeasibleError when the fractions cannot sum to one
 */
export function compileSpace(spec: SpaceSpec): Model {
  validateParameters(spec.parameters);
  // Fractions come first, whatever the order of the parameters, so that element i is column i.
  const ordered = [
    ...spec.parameters.filter((parameter) => parameter.kind === "composition"),
    ...spec.parameters.filter((parameter) => parameter.kind !== "composition"),
  ];
  const columns = ordered.flatMap(columnsOf);
  const first = ordered[0]!;
  const composition = first.kind === "composition" ? compileComposition(first) : null;
  const others = ordered
    .filter((parameter) => parameter.kind !== "composition")
    .map((parameter, i): OtherModel => {
      const column = (composition?.elements.length ?? 0) + i;
      if (parameter.kind === "continuous") {
        return { kind: "continuous", column, min: parameter.min, max: parameter.max };
      }
      if (parameter.kind === "discrete") {
        const values = [...parameter.values].sort((a, b) => a - b);
        return { kind: "finite", column, values, isCategory: false };
      }
      return {
        kind: "finite",
        column,
        values: parameter.values.map((_, j) => j),
        isCategory: true,
      };
    });
  const compiler = new Compiler(spec, columns, composition);
  spec.constraints.forEach((constraint, source) => compiler.add(constraint, source));
  const own = composition?.parameter.count;
  const counts = [...compiler.counts];
  if (own !== undefined && composition !== null) {
    counts.unshift({ source: -1, columns: composition.elements.map((_, i) => i), ...own });
  }
  return {
    spec,
    columns,
    composition,
    others,
    linear: compiler.linear,
    counts,
    exclusions: compiler.exclusions,
    functions: compiler.functions,
  };
}

function columnsOf(parameter: Parameter): Column[] {
  const { name } = parameter;
  if (parameter.kind === "composition") {
    return parameter.elements.map(({ symbol, min, max, required }) => ({
      label: symbol,
      parameter: name,
      kind: "fraction",
      unit: "1",
      min: required === true ? min : 0,
      max,
    }));
  }
  if (parameter.kind === "continuous") {
    const { unit, min, max } = parameter;
    return [{ label: name, parameter: name, kind: "number", unit, min, max }];
  }
  if (parameter.kind === "discrete") {
    const { unit, values } = parameter;
    const [min, max] = [Math.min(...values), Math.max(...values)];
    return [{ label: name, parameter: name, kind: "number", unit, min, max }];
  }
  const max = parameter.values.length - 1;
  return [{ label: name, parameter: name, kind: "category", unit: "1", min: 0, max }];
}

function compileComposition(parameter: CompositionParameter): CompositionModel {
  const grid = gridOf(parameter);
  const elements = parameter.elements.map(({ symbol, min, max, required }): ElementModel => {
    if (required === true && max === 0) {
      throw new InputError(
        `composition "${parameter.name}": ${symbol} is required but its max is 0.`,
      );
    }
    const mayBeAbsent = required !== true;
    if (grid === 0) {
      return { symbol, lo: Math.max(min, PRESENT), hi: max, loUnits: 0, hiUnits: 0, mayBeAbsent };
    }
    const loUnits = Math.max(1, Math.round(min * grid));
    const hiUnits = Math.round(max * grid);
    return { symbol, lo: loUnits / grid, hi: hiUnits / grid, loUnits, hiUnits, mayBeAbsent };
  });
  return { parameter, elements, grid };
}

class Compiler {
  readonly linear: LinearRow[] = [];
  readonly counts: CountRow[] = [];
  readonly exclusions: ExclusionRow[] = [];
  readonly functions: FunctionRow[] = [];
  private readonly spec: SpaceSpec;
  private readonly columns: readonly Column[];
  private readonly composition: CompositionModel | null;

  constructor(spec: SpaceSpec, columns: readonly Column[], composition: CompositionModel | null) {
    this.spec = spec;
    this.columns = columns;
    this.composition = composition;
  }

  add(constraint: Constraint, source: number): void {
    switch (constraint.kind) {
      case "linear":
        this.addLinear(constraint, source);
        break;
      case "count":
        this.counts.push({
          source,
          columns: constraint.elements.map((name) => this.element(name, constraint.text)),
          min: constraint.min,
          max: constraint.max,
        });
        break;
      case "quantity":
        this.addQuantity(constraint, source);
        break;
      case "exclusion":
        this.exclusions.push({
          source,
          conditions: constraint.conditions.map((condition) =>
            this.condition(condition, constraint.text),
          ),
        });
        break;
    }
  }

  private addLinear(constraint: LinearConstraint, source: number): void {
    const { coefficients, denominator, relation, bound, text } = constraint;
    const numerator = this.vector(coefficients, text);
    if (!Number.isFinite(bound)) {
      throw new InputError(`constraint "${text}": expected a finite bound, got ${bound}.`);
    }
    if (denominator !== undefined) {
      const below = this.vector(denominator, text);
      if (below.some((value) => value < 0)) {
        throw new InputError(
          `constraint "${text}": the divisor must be a sum of non-negative terms.`,
        );
      }
      this.addRatio(numerator, below, relation, bound, source);
      return;
    }
    let scale = Math.abs(bound);
    numerator.forEach((value, i) => {
      const { min, max } = this.columns[i]!;
      scale = Math.max(scale, Math.abs(value) * Math.max(Math.abs(min), Math.abs(max)));
    });
    const [lower, upper] = limits(relation, bound, TOLERANCE * scale);
    this.linear.push({ source, coefficients: numerator, lower, upper, slack: TOLERANCE * scale });
  }

  /** `numerator / denominator <relation> bound` as a row with zero on the right. */
  private addRatio(
    numerator: Float64Array,
    denominator: Float64Array,
    relation: Relation,
    bound: number,
    source: number,
  ): void {
    const scale = bound === 0 ? Math.max(...numerator.map(Math.abs)) : Math.abs(bound);
    const least = denominator.filter((value) => value > 0).reduce((a, b) => Math.min(a, b), 1e300);
    const slack = TOLERANCE * scale * least;
    const [lower, upper] = limits(relation, 0, slack);
    const coefficients = numerator.map((value, i) => value - bound * denominator[i]!);
    this.linear.push({ source, coefficients, lower, upper, slack });
  }

  private addQuantity(constraint: QuantityConstraint, source: number): void {
    const { text, relation, bound } = constraint;
    const where = `constraint "${text}"`;
    const quantity = this.spec.quantities.find(({ name }) => name === constraint.quantity);
    if (quantity === undefined) {
      const known = this.spec.quantities.map(({ name }) => name);
      throw new InputError(`${where}: there is no quantity "${constraint.quantity}".`, {
        received: constraint.quantity,
        hint: suggest(constraint.quantity, known),
      });
    }
    if (this.composition === null) {
      throw new InputError(
        `${where}: ${quantity.name} follows from a composition and the space has none.`,
      );
    }
    if (!Number.isFinite(bound))
      throw new InputError(`${where}: expected a finite bound, got ${bound}.`);
    if (quantity.ratio === undefined) {
      if (quantity.evaluate === undefined) {
        throw new InputError(
          `${where}: the quantity "${quantity.name}" has neither a ratio nor a rule.`,
        );
      }
      const [lower, upper] = limits(relation, bound, TOLERANCE * Math.max(Math.abs(bound), 1e-300));
      this.functions.push({ source, quantity, lower, upper });
      return;
    }
    const { numerator, denominator } = ratioVectors(
      quantity,
      this.composition,
      this.columns.length,
      where,
    );
    this.addRatio(numerator, denominator, relation, bound, source);
  }

  private vector(coefficients: Readonly<Record<string, number>>, text: string): Float64Array {
    const vector = new Float64Array(this.columns.length);
    for (const [name, value] of Object.entries(coefficients)) {
      const column = this.column(name, text);
      if (this.columns[column]!.kind === "category") {
        throw new InputError(`constraint "${text}": "${name}" is a category, not a number.`, {
          hint: `Write not (${name} is WORD).`,
        });
      }
      if (!Number.isFinite(value)) {
        throw new InputError(`constraint "${text}": expected finite coefficients, got ${value}.`);
      }
      vector[column] = value;
    }
    return vector;
  }

  private column(name: string, text: string): number {
    const column = this.columns.findIndex(({ label }) => label === name);
    if (column >= 0) return column;
    const known = this.columns.map(({ label }) => label);
    throw new InputError(`constraint "${text}": the space has no element or parameter "${name}".`, {
      received: name,
      hint: suggest(name, known),
    });
  }

  private element(name: string, text: string): number {
    const column = this.column(name, text);
    if (this.columns[column]!.kind !== "fraction") {
      throw new InputError(`constraint "${text}": "${name}" is not an element.`, {
        received: name,
      });
    }
    return column;
  }

  private condition(condition: Condition, text: string): ConditionModel {
    switch (condition.kind) {
      case "present":
        return {
          column: this.element(condition.element, text),
          condition,
          holds: (value) => value > TOLERANCE,
        };
      case "absent":
        return {
          column: this.element(condition.element, text),
          condition,
          holds: (value) => value <= TOLERANCE,
        };
      case "is": {
        const column = this.column(condition.parameter, text);
        const parameter = this.spec.parameters.find(({ name }) => name === condition.parameter);
        if (parameter?.kind !== "categorical") {
          throw new InputError(`constraint "${text}": "${condition.parameter}" is not a category.`);
        }
        const wanted = new Set(
          condition.values.map((word) => {
            const index = parameter.values.indexOf(word);
            if (index < 0) {
              throw new InputError(
                `constraint "${text}": "${parameter.name}" cannot be "${word}".`,
                {
                  received: word,
                  hint: suggest(word, parameter.values),
                },
              );
            }
            return index;
          }),
        );
        return { column, condition, holds: (value) => wanted.has(value) };
      }
      default: {
        const column = this.column(condition.column, text);
        const { min, max, kind } = this.columns[column]!;
        if (kind === "category") {
          throw new InputError(
            `constraint "${text}": "${condition.column}" is a category, not a number.`,
          );
        }
        const scale = Math.max(Math.abs(condition.bound), Math.abs(min), Math.abs(max));
        const [lower, upper] = limits(condition.relation, condition.bound, TOLERANCE * scale);
        return { column, condition, holds: (value) => value >= lower && value <= upper };
      }
    }
  }
}

/** How many tolerances a strict limit is kept away from, so that no solver takes it for met. */
export const STRICT = 10;

/** Bounds with the tolerance inside: wider for `<=`, narrower for `<`. */
function limits(relation: Relation, bound: number, slack: number): [number, number] {
  const infinity = Number.POSITIVE_INFINITY;
  switch (relation) {
    case "<=":
      return [-infinity, bound + slack];
    case "<":
      return [-infinity, bound - STRICT * slack];
    case ">=":
      return [bound - slack, infinity];
    case ">":
      return [bound + STRICT * slack, infinity];
    default:
      return [bound - slack, bound + slack];
  }
}

/**
 * Numerator and denominator of a quantity as vectors over the columns.
 * @throws InputError naming an element without a value, or with a denominator that is not positive
 */
export function ratioVectors(
  quantity: Quantity,
  composition: CompositionModel,
  dimension: number,
  where = `quantity "${quantity.name}"`,
): { readonly numerator: Float64Array; readonly denominator: Float64Array } {
  const numerator = new Float64Array(dimension);
  const denominator = new Float64Array(dimension);
  composition.elements.forEach(({ symbol }, i) => {
    const above = quantity.ratio?.numerator[symbol];
    const below =
      quantity.ratio?.denominator === undefined ? 1 : quantity.ratio.denominator[symbol];
    if (above === undefined || below === undefined || !Number.isFinite(above)) {
      throw new InputError(`${where}: no ${quantity.name} is known for the element ${symbol}.`, {
        received: symbol,
        hint: `Leave ${symbol} out of the space, or the limit on ${quantity.name}.`,
      });
    }
    if (!(below > 0)) {
      throw new InputError(`${where}: ${quantity.name} divides by ${plain(below)} for ${symbol}.`);
    }
    numerator[i] = above;
    denominator[i] = below;
  });
  return { numerator, denominator };
}

export function valueOf(row: LinearRow, values: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < row.coefficients.length; j++) sum += row.coefficients[j]! * values[j]!;
  return sum;
}

/** Whether a row of numbers satisfies every bound and constraint. */
export function satisfies(model: Model, row: ArrayLike<number>): boolean {
  return (
    keepsBounds(model, row) &&
    model.linear.every((linear) => {
      const value = valueOf(linear, row);
      return value >= linear.lower && value <= linear.upper;
    }) &&
    model.counts.every((count) => keepsCount(count, row)) &&
    model.exclusions.every((exclusion) => keepsExclusion(exclusion, row)) &&
    model.functions.every((limit) => keepsFunction(model, limit, row))
  );
}

/** Bounds, grids, lists and the sum of the fractions. */
export function keepsBounds(model: Model, row: ArrayLike<number>): boolean {
  const { composition } = model;
  if (composition !== null) {
    let sum = 0;
    for (let i = 0; i < composition.elements.length; i++) {
      const x = row[i]!;
      if (!isAllowedFraction(composition, i, x)) return false;
      sum += x;
    }
    if (Math.abs(sum - 1) > TOLERANCE) return false;
  }
  return model.others.every((other) => isAllowedValue(other, row[other.column]!));
}

export function isAllowedFraction(composition: CompositionModel, i: number, x: number): boolean {
  const { lo, hi, mayBeAbsent } = composition.elements[i]!;
  if (composition.grid > 0) {
    const clean = Math.round(x * composition.grid) / composition.grid;
    if (!(Math.abs(x - clean) <= TOLERANCE)) return false;
  }
  if (x >= -TOLERANCE && x <= TOLERANCE) return mayBeAbsent;
  // Without a lower bound, traces are fractions like any other.
  if (mayBeAbsent && lo === PRESENT) return x > 0 && x <= hi + TOLERANCE;
  return x >= lo - TOLERANCE && x <= hi + TOLERANCE;
}

export function isAllowedValue(other: OtherModel, value: number): boolean {
  if (other.kind === "continuous") {
    const slack = TOLERANCE * Math.max(Math.abs(other.min), Math.abs(other.max));
    return value >= other.min - slack && value <= other.max + slack;
  }
  return other.values.some((known) => Math.abs(value - known) <= TOLERANCE * Math.abs(known));
}

export function countPresent(columns: readonly number[], row: ArrayLike<number>): number {
  let present = 0;
  for (const column of columns) if (row[column]! > TOLERANCE) present++;
  return present;
}

export function keepsCount(count: CountRow, row: ArrayLike<number>): boolean {
  const present = countPresent(count.columns, row);
  return present >= count.min && present <= count.max;
}

export function keepsExclusion(exclusion: ExclusionRow, row: ArrayLike<number>): boolean {
  for (const { column, holds } of exclusion.conditions) if (!holds(row[column]!)) return true;
  return false;
}

export function keepsFunction(model: Model, limit: FunctionRow, row: ArrayLike<number>): boolean {
  const value = evaluateQuantity(model, limit.quantity, row);
  return value >= limit.lower && value <= limit.upper;
}

/** The value of a quantity for a row of the space. */
export function evaluateQuantity(model: Model, quantity: Quantity, row: ArrayLike<number>): number {
  const symbols = model.composition!.elements.map(({ symbol }) => symbol);
  const fractions = matrix(1, symbols.length);
  for (let i = 0; i < symbols.length; i++) fractions.data[i] = row[i]!;
  return quantityValues(quantity, fractions, symbols)[0]!;
}
