import { ratioVectors } from "../model/compile-constraints.ts";
import type { Constraint } from "../contract.ts";
import { combine, formulate } from "./formulate.ts";
import type { Formulation, Parts } from "./formulate.ts";
import type { LinearRow, Model } from "../model/model.ts";
import type { Solver, Term } from "./solver.ts";
import { describeCount, plain, roundOutward } from "../model/validate.ts";

/** Something that may give way: a constraint as written, or a group of bounds. */
export type Member =
  | { readonly kind: "constraint"; readonly text: string; readonly sources: readonly number[] }
  | { readonly kind: "range"; readonly text: string; readonly elements: readonly number[] }
  | { readonly kind: "required"; readonly text: string; readonly element: number }
  | { readonly kind: "count"; readonly text: string }
  | { readonly kind: "parameter"; readonly text: string; readonly column: number };

/** What of a model these members stand for, without one of the constraints. */
export function partsOf(members: readonly Member[], skipped = -1): Parts {
  const sources = new Set(members.flatMap((one) => (one.kind === "constraint" ? one.sources : [])));
  sources.delete(skipped);
  const ranged = new Set(members.flatMap((one) => (one.kind === "range" ? one.elements : [])));
  const required = new Set(
    members.flatMap((one) => (one.kind === "required" ? [one.element] : [])),
  );
  const columns = new Set(members.flatMap((one) => (one.kind === "parameter" ? [one.column] : [])));
  return {
    constraint: (i) => sources.has(i),
    range: (i) => ranged.has(i),
    required: (i) => required.has(i),
    count: members.some(({ kind }) => kind === "count"),
    parameter: (column) => columns.has(column),
  };
}

/** The smallest change of one member after which the others of a set can hold too, in words. */
export function relaxation(
  model: Model,
  solver: Solver,
  member: Member,
  conflict: readonly Member[],
): string {
  const others = conflict.filter((one) => one !== member);
  switch (member.kind) {
    case "constraint":
      return relaxConstraint(model, solver, member, others);
    case "count":
      return relaxCount(model, solver, others);
    case "range":
      return relaxRange(model, solver, member, others);
    case "required":
      return `let ${model.composition!.elements[member.element]!.symbol} be absent`;
    default:
      return relaxParameter(model, solver, member.column, others);
  }
}

/** Least and largest value of a linear form over what the members allow. */
function extremes(
  model: Model,
  solver: Solver,
  parts: Parts,
  form: (formulation: Formulation) => readonly Term[],
): readonly [number, number] | null {
  const ends: number[] = [];
  for (const sign of [1, -1]) {
    const formulation = formulate(model, parts);
    const terms = form(formulation);
    for (const [column, value] of terms) formulation.program.cost[column]! += sign * value;
    const solution = solver.solve(formulation.program);
    if (solution === null) return null;
    ends.push(terms.reduce((sum, [column, value]) => sum + value * solution[column]!, 0));
  }
  return [ends[0]!, ends[1]!];
}

function relaxConstraint(
  model: Model,
  solver: Solver,
  member: Extract<Member, { kind: "constraint" }>,
  others: readonly Member[],
): string {
  const drop = `drop "${member.text}"`;
  for (const source of member.sources) {
    const constraint = model.spec.constraints[source]!;
    const parts = partsOf([...others, member], source);
    const words = relaxOne(model, solver, constraint, parts);
    if (words !== null) return words;
  }
  return drop;
}

/** In words, or null when the change of this one alone does not help or cannot be put as a number. */
function relaxOne(
  model: Model,
  solver: Solver,
  constraint: Constraint,
  parts: Parts,
): string | null {
  if (constraint.kind === "exclusion" || constraint.kind === "nonlinear") return null;
  if (constraint.kind === "count") {
    const columns = constraint.elements.map((name) =>
      model.columns.findIndex(({ label }) => label === name),
    );
    const range = extremes(model, solver, parts, ({ present }) =>
      columns.map((column): Term => [present[column]!, 1]),
    );
    if (range === null) return null;
    return `let "${constraint.text}" allow ${plain(nearest(range, constraint.min, constraint.max))} of ${constraint.elements.join(", ")}`;
  }
  const quotient = quotientOf(model, constraint);
  if (quotient === null) return null;
  const { relation, bound } = constraint;
  const low =
    relation === "<=" || relation === "<"
      ? null
      : extremeQuotient(model, solver, parts, quotient, -1);
  const high =
    relation === ">=" || relation === ">"
      ? null
      : extremeQuotient(model, solver, parts, quotient, 1);
  const unit = unitOf(model, constraint);
  // For an upper limit: the least value that can be reached; for a lower one: the largest.
  const reachable = [low, high].filter((value) => value !== null);
  if (reachable.length === 0) return null;
  const value = reachable.reduce((a, b) => (Math.abs(a - bound) <= Math.abs(b - bound) ? a : b));
  const outward = value > bound ? Math.ceil : Math.floor;
  const rounded = roundOutward(value, outward);
  if (rounded === bound) return `let "${constraint.text}" hold at ${plain(bound)}${unit} too`;
  const shift = roundOutward(rounded - bound, Math.round);
  const included = relation === "<" || relation === ">" ? " included" : "";
  return `change the limit of "${constraint.text}" from ${plain(bound)} to ${plain(rounded)}${unit}${included} (${shift > 0 ? "+" : ""}${plain(shift)})`;
}

interface Quotient {
  readonly numerator: Float64Array;
  /** All zero where the form is not a quotient. */
  readonly denominator: Float64Array | null;
}

function quotientOf(
  model: Model,
  constraint: Exclude<Constraint, { kind: "exclusion" | "count" | "nonlinear" }>,
): Quotient | null {
  const dimension = model.columns.length;
  if (constraint.kind === "quantity") {
    const quantity = model.spec.quantities.find(({ name }) => name === constraint.quantity)!;
    return quantity.ratio === undefined
      ? null
      : ratioVectors(quantity, model.composition!, dimension);
  }
  const vector = (coefficients: Readonly<Record<string, number>>): Float64Array =>
    Float64Array.from(model.columns, ({ label }) => coefficients[label] ?? 0);
  return {
    numerator: vector(constraint.coefficients),
    denominator: constraint.denominator === undefined ? null : vector(constraint.denominator),
  };
}

/**
 * The least (sign 1) or largest (sign -1) value of a quotient of linear forms.
 * Source: W. Dinkelbach, Manage. Sci. 13, 492 (1967), doi:10.1287/mnsc.13.7.492.
 */
function extremeQuotient(
  model: Model,
  solver: Solver,
  parts: Parts,
  quotient: Quotient,
  sign: number,
): number | null {
  const { numerator, denominator } = quotient;
  let value = 0;
  for (let iteration = 0; iteration < 30; iteration++) {
    const form: Pick<LinearRow, "coefficients"> = {
      coefficients: numerator.map((x, i) => x - value * (denominator?.[i] ?? 0)),
    };
    const formulation = formulate(model, parts);
    const terms = combine(form, formulation.terms);
    const scale = terms.reduce((most, [, x]) => Math.max(most, Math.abs(x)), 0) || 1;
    for (const [column, x] of terms) formulation.program.cost[column]! += (sign * x) / scale;
    const solution = solver.solve(formulation.program);
    if (solution === null) return null;
    const at = (coefficients: Float64Array): number =>
      combine({ coefficients }, formulation.terms).reduce(
        (sum, [column, x]) => sum + x * solution[column]!,
        0,
      );
    if (denominator === null) return at(numerator);
    const below = at(denominator);
    // Where the divisor vanishes the constraint holds whatever its limit.
    if (!(below > 0)) return null;
    const next = at(numerator) / below;
    if (Math.abs(next - value) <= 1e-12 * Math.max(Math.abs(next), Math.abs(value))) return next;
    value = next;
  }
  return value;
}

function relaxCount(model: Model, solver: Solver, others: readonly Member[]): string {
  const { count, name } = model.composition!.parameter;
  const range = extremes(model, solver, partsOf(others), ({ present }) =>
    present.map((y): Term => [y, 1]),
  );
  if (range === null || count === undefined) return "drop the number of elements";
  const value = nearest(range, count.min, count.max);
  return `${name}: allow ${plain(value)} elements instead of ${describeCount(count).replace(" elements present", "")}`;
}

/** The end of what is reachable that lies nearest to the wanted range. */
function nearest(range: readonly [number, number], min: number, max: number): number {
  return Math.round(range[0]) > max ? Math.round(range[0]) : Math.min(Math.round(range[1]), min);
}

function relaxRange(
  model: Model,
  solver: Solver,
  member: Extract<Member, { kind: "range" }>,
  others: readonly Member[],
): string {
  const { elements, grid } = model.composition!;
  const names = member.elements.map((i) => elements[i]!.symbol).join(", ");
  const words: string[] = [];
  const { min, max } = model.composition!.parameter.elements[member.elements[0]!]!;
  for (const side of ["max", "min"] as const) {
    const formulation = formulate(model, partsOf(others));
    const { program, present, terms } = formulation;
    const slack = program.column(0, 1);
    program.cost[slack] = 1;
    for (const i of member.elements) {
      const { lo, hi } = elements[i]!;
      const isMax = side === "max";
      program.row(0, Number.POSITIVE_INFINITY, [
        ...terms[i]!,
        [present[i]!, -lo],
        ...(isMax ? [] : [[slack, 1] as const]),
      ]);
      program.row(Number.NEGATIVE_INFINITY, 0, [
        ...terms[i]!,
        [present[i]!, -hi],
        ...(isMax ? [[slack, -1] as const] : []),
      ]);
    }
    const solution = solver.solve(program);
    if (solution === null) continue;
    const unit = grid > 0 ? grid : 1e6;
    const shift = Math.ceil(solution[slack]! * unit - 1e-6) / unit;
    if (shift <= 0) continue;
    words.push(
      side === "max"
        ? `raise max of ${names} from ${plain(max)} to ${plain(max + shift)}`
        : `lower min of ${names} from ${plain(min)} to ${plain(Math.max(0, min - shift))}`,
    );
  }
  return words.length > 0 ? words.join(", or ") : `drop the bounds of ${names}`;
}

function relaxParameter(
  model: Model,
  solver: Solver,
  column: number,
  others: readonly Member[],
): string {
  const { label, kind, min, max, unit } = model.columns[column]!;
  if (kind === "category") return `allow another ${label}`;
  const range = extremes(model, solver, partsOf(others), ({ terms }) => terms[column]!);
  if (range === null) return `drop the range of ${label}`;
  const [low, high] = range;
  if (low > max)
    return `raise max of ${label} from ${plain(max)} to ${plain(roundOutward(low, Math.ceil))} ${unit}`.trim();
  if (high < min)
    return `lower min of ${label} from ${plain(min)} to ${plain(roundOutward(high, Math.floor))} ${unit}`.trim();
  return `allow another value of ${label}`;
}

function unitOf(model: Model, constraint: Constraint): string {
  if (constraint.kind !== "quantity") return "";
  const unit = model.spec.quantities.find(({ name }) => name === constraint.quantity)?.unit ?? "1";
  return unit === "1" || unit === "" ? "" : ` ${unit}`;
}
