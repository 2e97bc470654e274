import type { Condition } from "../contract.ts";
import type { SumRule } from "./lattice.ts";
import type { LinearRow, Model } from "../model/model.ts";
import { PRESENT } from "../model/tolerance.ts";

/**
 * One choice from a list: an element's fraction on a grid, whether an element is present (where
 * fractions are continuous), a number of a list, or a category.
 */
export interface FiniteVariable {
  readonly column: number;
  readonly kind: "fraction" | "presence" | "value";
  /** The column's value of each option; 0 or 1 for presence. */
  readonly values: Float64Array;
}

/** The part of a space that is choices from lists, and what is known of the rest. */
export interface FiniteModel {
  readonly variables: readonly FiniteVariable[];
  /** Whole-number rules, with what they stand for in words. */
  readonly rules: readonly { readonly rule: SumRule; readonly text: string }[];
  /** Rules with real coefficients over finite variables only. */
  readonly realRules: readonly { readonly rule: SumRule<Float64Array>; readonly text: string }[];
  /** Texts of the limits that involve continuous columns or functions; only whole rows can be tested. */
  readonly rest: readonly string[];
}

/** Coefficients are scaled by whole numbers up to this one in search of a whole-number rule. */
const LARGEST_SCALE = 1000;
const WHOLE = 1e-9;

/** Splits a model into finite variables with sum rules and the rest. */
export function finiteModel(model: Model): FiniteModel {
  const { composition } = model;
  const variables: FiniteVariable[] = [];
  const grid = composition?.grid ?? 0;
  const presence = presenceMatters(model);
  composition?.elements.forEach(({ loUnits, hiUnits, mayBeAbsent }, column) => {
    if (grid > 0) {
      const units = mayBeAbsent ? [0] : [];
      for (let k = loUnits; k <= hiUnits; k++) units.push(k);
      variables.push({
        column,
        kind: "fraction",
        values: Float64Array.from(units, (k) => k / grid),
      });
    } else {
      const values = mayBeAbsent && presence[column] === true ? [0, 1] : [1];
      variables.push({ column, kind: "presence", values: Float64Array.from(values) });
    }
  });
  for (const other of model.others) {
    if (other.kind === "finite") {
      variables.push({
        column: other.column,
        kind: "value",
        values: Float64Array.from(other.values),
      });
    }
  }
  const switched = new Set<number>();
  for (const other of model.others) {
    if (other.kind !== "continuous" || other.gap === 0) continue;
    switched.add(other.column);
    variables.push({ column: other.column, kind: "presence", values: Float64Array.of(0, 1) });
  }
  const rules: { rule: SumRule; text: string }[] = [];
  const realRules: { rule: SumRule<Float64Array>; text: string }[] = [];
  const rest: string[] = [];
  const textOf = (source: number): string =>
    model.spec.constraints[source]?.text ?? "count of elements";
  const finiteColumn = new Map(
    variables
      .filter(({ kind }) => kind !== "presence")
      .map((variable) => [variable.column, variable]),
  );

  if (grid > 0) {
    rules.push({
      rule: {
        tables: variables.map(({ kind, values }) =>
          kind === "fraction" ? Int32Array.from(values, (x) => Math.round(x * grid)) : null,
        ),
        lower: grid,
        upper: grid,
      },
      text: "sum of fractions",
    });
  } else if (composition !== null) {
    const { elements } = composition;
    const table = (limit: (column: number) => number): (Float64Array | null)[] =>
      variables.map(({ kind, column, values }) =>
        kind === "presence" && column < elements.length
          ? values.map((is) => is * limit(column))
          : null,
      );
    const infinity = Number.POSITIVE_INFINITY;
    // An element of the support that need not be there may have any fraction down to zero.
    const least = (i: number): number =>
      presence[i] === true || !elements[i]!.mayBeAbsent ? elements[i]!.lo : 0;
    realRules.push({
      rule: { tables: table(least), lower: -infinity, upper: 1 },
      text: "sum of fractions",
    });
    realRules.push({
      rule: { tables: table((i) => elements[i]!.hi), lower: 1, upper: infinity },
      text: "sum of fractions",
    });
  }
  for (const { source, columns, min, max } of model.counts) {
    const members = new Set(columns);
    rules.push({
      rule: {
        tables: variables.map(({ column, kind, values }) =>
          kind !== "value" && members.has(column)
            ? Int32Array.from(values, (x) => (x > 0 ? 1 : 0))
            : null,
        ),
        lower: min,
        upper: max,
      },
      text: textOf(source),
    });
  }
  for (const { source, conditions } of model.exclusions) {
    const isFinite = conditions.every(
      ({ column, condition }) =>
        finiteColumn.has(column) ||
        (presence[column] === true &&
          (condition.kind === "present" || condition.kind === "absent")) ||
        (switched.has(column) && condition.kind === "compare" && isZeroOf(condition)),
    );
    if (!isFinite) {
      rest.push(textOf(source));
      continue;
    }
    rules.push({
      rule: {
        tables: variables.map(({ column, values }) => {
          const here = conditions.filter((condition) => condition.column === column);
          if (here.length === 0) return null;
          return Int32Array.from(values, (x) => here.filter(({ holds }) => holds(x)).length);
        }),
        lower: Number.NEGATIVE_INFINITY,
        upper: conditions.length - 1,
      },
      text: textOf(source),
    });
  }
  for (const row of model.linear) {
    const involved = [...row.coefficients.keys()].filter(
      (column) => row.coefficients[column] !== 0,
    );
    if (!involved.every((column) => finiteColumn.has(column))) {
      rest.push(textOf(row.source));
      continue;
    }
    const text = textOf(row.source);
    const whole = wholeRule(row, variables, grid);
    if (whole !== null) rules.push({ rule: whole, text });
    else realRules.push({ rule: realRule(row, variables), text });
  }
  for (const { source } of model.functions) rest.push(textOf(source));
  return { variables, rules, realRules, rest };
}

/**
 * Whether it matters, beyond the fraction itself, that an element is there: it has a gap between
 * absent and its least fraction, or takes part in a count or a rule about presence.
 */
export function presenceMatters(model: Model): boolean[] {
  const { composition } = model;
  if (composition === null) return [];
  const matters = composition.elements.map(({ lo, loUnits }) =>
    composition.grid > 0 ? loUnits > 1 : lo > PRESENT,
  );
  for (const { columns, min, max } of model.counts) {
    if (min > 0 || max < columns.length) for (const column of columns) matters[column] = true;
  }
  for (const { conditions } of model.exclusions) {
    for (const { column, condition } of conditions) {
      if (condition.kind === "present" || condition.kind === "absent") matters[column] = true;
    }
  }
  return matters;
}

/** Whether a comparison asks no more than whether a number is there. */
const isZeroOf = ({ relation, bound }: Extract<Condition, { kind: "compare" }>): boolean =>
  bound === 0 && (relation === ">" || relation === "<=");

function realRule(row: LinearRow, variables: readonly FiniteVariable[]): SumRule<Float64Array> {
  return {
    tables: variables.map(({ column, values }) => {
      const coefficient = row.coefficients[column]!;
      return coefficient === 0 ? null : values.map((x) => coefficient * x);
    }),
    lower: row.lower,
    upper: row.upper,
  };
}

/** The row times the smallest whole number that makes every contribution whole, or null. */
function wholeRule(
  row: LinearRow,
  variables: readonly FiniteVariable[],
  grid: number,
): SumRule | null {
  const unit = grid > 0 ? grid : 1;
  const real = realRule(row, variables).tables;
  // With fractions on a grid only the coefficients have to become whole.
  const generators = variables.flatMap(({ column, kind }, v) => {
    const coefficient = row.coefficients[column]!;
    if (coefficient === 0) return [];
    return kind === "fraction" ? [coefficient] : Array.from(real[v]!, (x) => x * unit);
  });
  const largest = generators.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const scale = wholeScale(generators);
  if (scale === null || largest * scale * unit * variables.length > 1e8) return null;
  const total = scale * unit;
  return {
    tables: real.map((table) =>
      table === null ? null : Int32Array.from(table, (x) => Math.round(x * total)),
    ),
    lower: Math.ceil(row.lower * total),
    upper: Math.floor(row.upper * total),
  };
}

function wholeScale(values: readonly number[]): number | null {
  for (let scale = 1; scale <= LARGEST_SCALE; scale++) {
    if (
      values.every(
        (x) =>
          Math.abs(x * scale - Math.round(x * scale)) <= WHOLE * Math.max(1, Math.abs(x * scale)),
      )
    ) {
      return scale;
    }
  }
  return null;
}
