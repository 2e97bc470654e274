import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { both, type Alternatives } from "./activity.ts";
import type {
  Column,
  Condition,
  Constraint,
  ExclusionConstraint,
  LinearConstraint,
  Quantity,
  QuantityConstraint,
  Relation,
} from "../contract.ts";
import type {
  CompositionModel,
  ConditionModel,
  CountRow,
  ExclusionRow,
  FunctionRow,
  LinearRow,
  SpaceSpec,
} from "./model.ts";
import { evaluateQuantity } from "./feasibility.ts";
import { limits } from "./limits.ts";
import { compileNonlinear } from "./nonlinear.ts";
import { STRICT, TOLERANCE } from "./tolerance.ts";
import { plain } from "./validate.ts";

/**
 * Turns constraints into rows over the columns, one by one.
 */
export class ConstraintCompiler {
  readonly linear: LinearRow[] = [];
  readonly counts: CountRow[] = [];
  readonly exclusions: ExclusionRow[] = [];
  readonly functions: FunctionRow[] = [];
  private readonly spec: SpaceSpec;
  private readonly columns: readonly Column[];
  private readonly composition: CompositionModel | null;

  private readonly active: ReadonlyMap<string, Alternatives>;
  /** Constraints from here on follow from the parameters themselves. */
  private readonly stated: number;

  constructor(
    spec: SpaceSpec,
    columns: readonly Column[],
    composition: CompositionModel | null,
    active: ReadonlyMap<string, Alternatives>,
    stated: number,
  ) {
    this.active = active;
    this.stated = stated;
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
      case "nonlinear": {
        const row = compileNonlinear(
          constraint,
          this.columns,
          this.composition,
          this.spec.quantities,
        );
        const names = row.columns.map((column) => this.columns[column]!.label);
        this.functions.push({ source, ...row, ...this.applies(names, constraint.text) });
        break;
      }
      case "exclusion":
        this.addExclusion(constraint, source);
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
    const applies = this.applies(Object.keys(coefficients), text);
    if (applies.applies === undefined) {
      this.linear.push({ source, coefficients: numerator, lower, upper, slack: TOLERANCE * scale });
      return;
    }
    const columns = [...numerator.keys()].filter((j) => numerator[j] !== 0);
    this.functions.push({
      source,
      columns,
      unit:
        new Set(columns.map((j) => this.columns[j]!.unit)).size === 1
          ? this.columns[columns[0]!]!.unit
          : "",
      lower,
      upper,
      evaluate: (row) => columns.reduce((sum, j) => sum + numerator[j]! * row[j]!, 0),
      ...applies,
    });
  }

  /** Not all conditions at once, among the designs that have all the parameters they name. */
  private addExclusion({ conditions, text }: ExclusionConstraint, source: number): void {
    const own = conditions.map((condition) => this.condition(condition, text));
    const names = conditions.flatMap((condition) =>
      condition.kind === "compare"
        ? [condition.column]
        : condition.kind === "is"
          ? [condition.parameter]
          : [],
    );
    const where = source < this.stated ? this.activityOf(names, text) : [[]];
    for (const list of where) {
      const also = list.map((condition) => this.condition(condition, text));
      this.exclusions.push({ source, conditions: [...own, ...also] });
    }
  }

  /** When designs have all of these parameters. */
  private activityOf(names: readonly string[], text: string): Alternatives {
    let all: Alternatives = [[]];
    for (const name of new Set(names)) {
      const own = this.active.get(name);
      if (own !== undefined) all = both(all, own, text);
    }
    return all;
  }

  /** Whether a row has all of these parameters. */
  isActive(names: readonly string[], text: string): (row: ArrayLike<number>) => boolean {
    const lists = this.activityOf(names, text).map((list) =>
      list.map((condition) => this.condition(condition, text)),
    );
    return (row) => lists.some((list) => list.every(({ column, holds }) => holds(row[column]!)));
  }

  /** The part of a function row that says where it applies; nothing where it does everywhere. */
  private applies(names: readonly string[], text: string): Pick<FunctionRow, "applies"> {
    return names.some((name) => this.active.has(name))
      ? { applies: this.isActive(names, text) }
      : {};
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
      const { composition } = this;
      this.functions.push({
        source,
        columns: composition.elements.map((_, i) => i),
        unit: quantity.unit,
        lower,
        upper,
        evaluate: (row) => evaluateQuantity(composition, quantity, row),
      });
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
        const { relation, bound } = condition;
        const scale = Math.max(Math.abs(bound), Math.abs(min), Math.abs(max));
        // What is false of a design is missed by one tolerance, as other bounds are: strict limits keep more away.
        const share = relation === "<" || relation === ">" ? 1 / STRICT : 1;
        const [lower, upper] = limits(relation, bound, share * TOLERANCE * scale);
        return { column, condition, holds: (value) => value >= lower && value <= upper };
      }
    }
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
