import { settle } from "../model/feasibility.ts";
import type { ConditionModel, LinearRow, Model, OtherModel } from "../model/model.ts";
import { Program } from "./solver.ts";
import type { Term } from "./solver.ts";
import { PRESENT, STRICT, TOLERANCE } from "../model/tolerance.ts";

/** Which parts of a model take part in a program; everything does when a member is absent. */
export interface Parts {
  /** Constraint i of the specification. */
  readonly constraint?: (index: number) => boolean;
  /** Bounds of element i (else 0 to 1). */
  readonly range?: (element: number) => boolean;
  /** Element i must be there. */
  readonly required?: (element: number) => boolean;
  /** The composition's own number of elements. */
  readonly count?: boolean;
  /** Range or list of the parameter in this column. */
  readonly parameter?: (column: number) => boolean;
}

/** A model as a mixed-integer program, with where its columns went. */
export interface Formulation {
  readonly program: Program;
  /** Terms whose sum is the value of a column of the space. */
  readonly terms: readonly (readonly Term[])[];
  /** Binary of each element: 1 where it is present. */
  readonly present: readonly number[];
  /** Row of the space for a solution: on the grid, exact numbers of the lists. */
  rowOf(solution: Float64Array): Float64Array;
}

const infinity = Number.POSITIVE_INFINITY;
/** Bound on a number whose own range is left out. */
const FREE = 1e7;

/**
 * The program whose solutions are the designs. Limits on quantities that only a function gives are
 * left out.
 */
export function formulate(model: Model, parts: Parts = {}): Formulation {
  const program = new Program();
  const { composition } = model;
  const grid = composition?.grid ?? 0;
  const terms: Term[][] = [];
  const present: number[] = [];
  const lists = new Map<number, number[]>();

  composition?.elements.forEach(({ lo, hi, mayBeAbsent }, i) => {
    const unit = grid > 0 ? 1 / grid : 1;
    const x = program.column(0, grid > 0 ? grid : 1, grid > 0);
    const isRanged = parts.range?.(i) ?? true;
    const isRequired = !mayBeAbsent && (parts.required?.(i) ?? true);
    const y = program.column(isRequired ? 1 : 0, 1, true);
    const least = isRanged ? lo : grid > 0 ? unit : PRESENT;
    const most = isRanged ? hi : 1;
    program.row(0, infinity, [
      [x, unit],
      [y, -least],
    ]);
    program.row(-infinity, 0, [
      [x, unit],
      [y, -most],
    ]);
    terms.push([[x, unit]]);
    present.push(y);
  });
  if (composition !== null) program.row(1, 1, terms.flat());

  for (const other of model.others) {
    const isKept = parts.parameter?.(other.column) ?? true;
    if (other.kind === "continuous") {
      const x = isKept ? program.column(other.min, other.max) : program.column(-FREE, FREE);
      terms[other.column] = [[x, 1]];
      continue;
    }
    const hot = other.values.map(() => program.binary());
    lists.set(other.column, hot);
    terms[other.column] = hot.map((w, v): Term => [w, other.values[v]!]);
    const sum = hot.map((w): Term => [w, 1]);
    if (!isKept) {
      // Some value that is not in the list.
      const elsewhere = program.binary();
      sum.push([elsewhere, 1]);
      if (!other.isCategory) {
        const free = program.column(-FREE, FREE);
        program.row(-infinity, 0, [
          [free, 1],
          [elsewhere, -FREE],
        ]);
        program.row(0, infinity, [
          [free, 1],
          [elsewhere, FREE],
        ]);
        terms[other.column]!.push([free, 1]);
      }
    }
    program.row(1, 1, sum);
  }

  const isActive = (source: number): boolean => parts.constraint?.(source) ?? true;
  for (const linear of model.linear) {
    if (!isActive(linear.source)) continue;
    // The bounds themselves: the solver has a tolerance of its own.
    const { lower, upper, slack } = linear;
    program.row(lower + slack, upper - slack, combine(linear, terms));
  }
  for (const { source, columns, min, max } of model.counts) {
    if (source < 0 ? parts.count !== false : isActive(source)) {
      program.row(
        min,
        max,
        columns.map((column): Term => [present[column]!, 1]),
      );
    }
  }
  const context = { model, program, terms, present, lists };
  for (const { source, conditions } of model.exclusions) {
    if (!isActive(source)) continue;
    program.row(
      1,
      infinity,
      conditions.map((condition): Term => [falsified(context, condition), 1]),
    );
  }
  return {
    program,
    terms,
    present,
    rowOf: (solution) => readRow(model, terms, lists, solution),
  };
}

/** A linear row of the space in the program's columns. */
export function combine(
  row: Pick<LinearRow, "coefficients">,
  terms: readonly (readonly Term[])[],
): Term[] {
  return terms.flatMap((list, column) => {
    const coefficient = row.coefficients[column]!;
    return coefficient === 0 ? [] : list.map(([x, value]): Term => [x, value * coefficient]);
  });
}

interface Context {
  readonly model: Model;
  readonly program: Program;
  readonly terms: readonly (readonly Term[])[];
  readonly present: readonly number[];
  readonly lists: ReadonlyMap<number, readonly number[]>;
}

/** A binary that can be 1 only where the condition does not hold. */
function falsified(context: Context, { column, condition, holds }: ConditionModel): number {
  const { model, program, present, lists } = context;
  const f = program.binary();
  const y = present[column];
  if (condition.kind === "present")
    program.row(-infinity, 1, [
      [f, 1],
      [y!, 1],
    ]);
  else if (condition.kind === "absent")
    program.row(-infinity, 0, [
      [f, 1],
      [y!, -1],
    ]);
  else {
    const hot = lists.get(column);
    const other = model.others.find((one) => one.column === column);
    if (hot !== undefined && other?.kind === "finite") {
      const holding = hot.filter((_, v) => holds(other.values[v]!));
      program.row(-infinity, 1, [[f, 1], ...holding.map((w): Term => [w, 1])]);
    } else if (condition.kind === "compare") {
      falsifyComparison(context, f, column, condition.relation, condition.bound, holds);
    }
  }
  return f;
}

function falsifyComparison(
  { model, program, terms }: Context,
  f: number,
  column: number,
  relation: "<" | "<=" | ">" | ">=",
  bound: number,
  holds: (value: number) => boolean,
): void {
  const { min, max } = model.columns[column]!;
  const isFraction = model.columns[column]!.kind === "fraction";
  const grid = isFraction ? model.composition!.grid : 0;
  const variable = terms[column]![0]![0];
  const low = isFraction ? 0 : program.lower[variable]!;
  const high = isFraction ? 1 : program.upper[variable]!;
  const isUpper = relation === ">" || relation === ">=";
  let limit: number;
  if (grid > 0) {
    const units = Array.from({ length: grid + 1 }, (_, k) => k).filter((k) => !holds(k / grid));
    if (units.length === 0) {
      program.upper[f] = 0;
      return;
    }
    limit = (isUpper ? units.at(-1)! : units[0]!) / grid;
  } else {
    // The bound itself is outside a strict comparison.
    const margin = holds(bound)
      ? STRICT * TOLERANCE * Math.max(Math.abs(bound), Math.abs(min), Math.abs(max))
      : 0;
    limit = isUpper ? bound - margin : bound + margin;
    if (limit < low || limit > high) {
      const isAlwaysTrue = isUpper ? limit < low : limit > high;
      program.upper[f] = isAlwaysTrue ? 0 : 1;
      return;
    }
  }
  if (isUpper) program.row(-infinity, high, [...terms[column]!, [f, high - limit]]);
  else program.row(low, infinity, [...terms[column]!, [f, low - limit]]);
}

function readRow(
  model: Model,
  terms: readonly (readonly Term[])[],
  lists: ReadonlyMap<number, readonly number[]>,
  solution: Float64Array,
): Float64Array {
  const row = new Float64Array(model.columns.length);
  const { composition } = model;
  composition?.elements.forEach((_, i) => {
    const value = terms[i]!.reduce((sum, [x, unit]) => sum + solution[x]! * unit, 0);
    if (composition.grid > 0) row[i] = Math.round(value * composition.grid) / composition.grid;
    else row[i] = value < PRESENT / 2 ? 0 : value;
  });
  for (const other of model.others) row[other.column] = readOther(other, terms, lists, solution);
  settle(model, row);
  return row;
}

function readOther(
  other: OtherModel,
  terms: readonly (readonly Term[])[],
  lists: ReadonlyMap<number, readonly number[]>,
  solution: Float64Array,
): number {
  const hot = lists.get(other.column);
  if (hot === undefined || other.kind === "continuous") {
    const value = solution[terms[other.column]![0]![0]]!;
    // The solver's zero is not quite one.
    return other.kind === "continuous" && other.gap > 0 && value < other.gap / 2 ? 0 : value;
  }
  let best = 0;
  for (let v = 1; v < hot.length; v++) if (solution[hot[v]!]! > solution[hot[best]!]!) best = v;
  return other.values[best]!;
}
