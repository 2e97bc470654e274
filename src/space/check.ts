import { isConditional } from "./model/activity.ts";
import type { Constraint, ConstraintCheck } from "./contract.ts";
import {
  countPresent,
  evaluateQuantity,
  isAllowedFraction,
  isAllowedValue,
  keepsCount,
  keepsExclusion,
  keepsFunction,
  valueOf,
} from "./model/feasibility.ts";
import type { Model } from "./model/model.ts";
import { TOLERANCE } from "./model/tolerance.ts";
import { describeCount, describeRange, plain } from "./model/validate.ts";

/** Every bound and constraint in words, with its value for a row. */
export function checkRow(model: Model, row: ArrayLike<number>): ConstraintCheck[] {
  return [
    ...checkComposition(model, row),
    ...checkOthers(model, row),
    ...checkConstraints(model, row),
  ];
}

function checkComposition(model: Model, row: ArrayLike<number>): ConstraintCheck[] {
  const { composition } = model;
  if (composition === null) return [];
  const { parameter, elements, grid } = composition;
  let sum = 0;
  for (let i = 0; i < elements.length; i++) sum += row[i]!;
  const checks: ConstraintCheck[] = [
    {
      text: "fractions sum to 1",
      value: sum,
      unit: "1",
      satisfied: Math.abs(sum - 1) <= TOLERANCE,
    },
  ];
  parameter.elements.forEach((element, i) => {
    const step = grid > 0 ? ` in steps of ${plain(1 / grid)}` : "";
    const must = element.required === true && element.min === 0 ? ", must be present" : "";
    checks.push({
      text: `${element.symbol}: ${describeRange(element)}${must}${step}`,
      value: row[i]!,
      unit: "1",
      satisfied: isAllowedFraction(composition, i, row[i]!),
    });
  });
  const own = model.counts.find(({ source }) => source < 0);
  if (own !== undefined) {
    checks.push({
      text: describeCount(own),
      value: countPresent(own.columns, row),
      unit: "1",
      satisfied: keepsCount(own, row),
    });
  }
  return checks;
}

function checkOthers(model: Model, row: ArrayLike<number>): ConstraintCheck[] {
  return model.others.map((other) => {
    const { label, unit } = model.columns[other.column]!;
    const value = row[other.column]!;
    const conditional = model.conditionals.find(({ column }) => column === other.column);
    const parameter = model.spec.parameters.find(({ name }) => name === label)!;
    if (conditional !== undefined && !conditional.isActive(row) && isConditional(parameter)) {
      const text = `${label}: only when ${parameter.when.text}`;
      const satisfied = Math.abs(value - conditional.canonical) <= TOLERANCE * Math.abs(value);
      return { text, value: null, unit: "1", satisfied };
    }
    const satisfied = isAllowedValue(other, value);
    if (parameter.kind === "continuous") {
      const zero = parameter.zeroOr === true ? "0, or " : "";
      const text = `${label}: ${zero}${plain(parameter.min)} to ${plain(parameter.max)}${unitText(unit)}`;
      return { text, value, unit, satisfied };
    }
    if (parameter.kind === "discrete") {
      return {
        text: `${label}: one of ${parameter.values.map(plain).join(", ")}${unitText(unit)}`,
        value,
        unit,
        satisfied,
      };
    }
    const words = parameter.kind === "categorical" ? parameter.values.join(", ") : "";
    return { text: `${label}: one of ${words}`, value: null, unit: "1", satisfied };
  });
}

function checkConstraints(model: Model, row: ArrayLike<number>): ConstraintCheck[] {
  return model.spec.constraints
    .slice(0, model.stated)
    .map((constraint, source): ConstraintCheck => {
      const isMine = (part: { readonly source: number }): boolean => part.source === source;
      const satisfied =
        model.linear.filter(isMine).every((linear) => {
          const value = valueOf(linear, row);
          return value >= linear.lower && value <= linear.upper;
        }) &&
        model.counts.filter(isMine).every((count) => keepsCount(count, row)) &&
        model.exclusions.filter(isMine).every((exclusion) => keepsExclusion(exclusion, row)) &&
        model.functions.filter(isMine).every((limit) => keepsFunction(limit, row));
      return { text: constraint.text, ...valueAndUnit(model, constraint, row), satisfied };
    });
}

function valueAndUnit(
  model: Model,
  constraint: Constraint,
  row: ArrayLike<number>,
): { readonly value: number | null; readonly unit: string } {
  const sum = (coefficients: Readonly<Record<string, number>>): number =>
    model.columns.reduce((total, { label }, j) => total + (coefficients[label] ?? 0) * row[j]!, 0);
  switch (constraint.kind) {
    case "linear": {
      const above = sum(constraint.coefficients);
      const units = new Set(
        model.columns
          .filter(({ label }) => (constraint.coefficients[label] ?? 0) !== 0)
          .map(({ unit }) => unit),
      );
      const unit = units.size === 1 ? [...units][0]! : "1";
      if (constraint.denominator === undefined) return { value: above, unit };
      const below = sum(constraint.denominator);
      return { value: below > 0 ? above / below : null, unit: "1" };
    }
    case "count":
      return {
        value: constraint.elements.filter((name) => {
          const column = model.columns.findIndex(({ label }) => label === name);
          return row[column]! > TOLERANCE;
        }).length,
        unit: "1",
      };
    case "quantity": {
      const quantity = model.spec.quantities.find(({ name }) => name === constraint.quantity)!;
      return { value: evaluateQuantity(model.composition!, quantity, row), unit: quantity.unit };
    }
    case "nonlinear":
      return nonlinearValue(model, constraint, row);
    default:
      return { value: null, unit: "1" };
  }
}

/** The left-hand side where it is compared with a number. */
function nonlinearValue(
  model: Model,
  constraint: Constraint,
  row: ArrayLike<number>,
): { readonly value: number | null; readonly unit: string } {
  const source = model.spec.constraints.indexOf(constraint);
  const limit = model.functions.find((one) => one.source === source);
  if (limit === undefined || limit.unit === "") return { value: null, unit: "1" };
  const value = limit.evaluate(row);
  return { value: Number.isNaN(value) ? null : value, unit: limit.unit };
}

const unitText = (unit: string): string => (unit === "" || unit === "1" ? "" : ` ${unit}`);
