import { InfeasibleError, InputError, ShapeError, UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf, takeRows } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import { isRequirement } from "../acquisition/requirements.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { requireWhole } from "../run.ts";
import { columnWeights, isNearAny, isWithin } from "../similarity.ts";
import type {
  ExperimentProblem,
  Observations,
  Plan,
  PlannerSpec,
  PlanOptions,
  Proposal,
} from "./contract.ts";

/** What every planner shares: the checks, which designs are taken, and the plan. */
export interface PlanningRun {
  /** Where the next design may lie: the problem's space, after the first choice with one value of what a batch shares. */
  readonly space: SearchSpace;
  /** Designs that may be proposed where those are listed: of the pool, each once, feasible and not taken. */
  readonly pool: Matrix | undefined;
  /** Completed measurements: rows with at least one outcome. */
  readonly completed: number;
  /** Designs still to be chosen. */
  readonly remaining: number;
  /** Whether a design may be proposed: feasible, and neither measured, pending, excluded nor chosen already. */
  isOpen(row: ArrayLike<number>): boolean;
  /** Puts a design into the plan; it must be open. */
  choose(proposal: Proposal): void;
  /** The chosen designs, q x dimension. */
  chosen(): Matrix;
  warn(text: string): void;
  /** @throws InfeasibleError when not a single design was chosen */
  finish(models: Plan["models"]): Plan;
}

/** Designs that differ in no column by more than this share of its range are the same design. */
export const sameDesign = 1e-6;

/**
 * Checks a problem, observations and options against what the planner supports.
 * @throws UnsupportedError for a problem outside `spec.supports`, InputError or ShapeError for observations and
 *   options that cannot be used
 */
export function beginPlanning(
  spec: PlannerSpec,
  problem: ExperimentProblem,
  observations: Observations,
  options: PlanOptions,
): PlanningRun {
  requireSupport(spec, problem);
  requireOptions(spec.name, problem, options);
  requireObservations(spec.name, problem, observations);
  const { space } = problem;
  const weights = columnWeights(space.columns);
  const none = matrix(0, space.dimension);
  const { pending = none, exclude = none, batchSize, replicates = false } = options;
  const taken = replicates
    ? [exclude]
    : [exclude, pending, observations.rows, observations.infeasible ?? none];
  const proposals: Proposal[] = [];
  const warnings: string[] = [];
  const shared = sharedColumns(spec.name, problem);
  let narrowed: SearchSpace | undefined;

  const isOpen = (row: ArrayLike<number>): boolean =>
    space.isFeasible(row) &&
    shared.every((k) => proposals.length === 0 || row[k] === proposals[0].row[k]) &&
    !taken.some((rows) => isNearAny(row, rows, weights, sameDesign)) &&
    (replicates || !proposals.some((one) => isWithin(row, one.row, weights, sameDesign)));
  const pool = options.pool === undefined ? undefined : openRows(options.pool, isOpen, weights);

  return {
    pool,
    completed: completedRows(observations),
    get space() {
      if (shared.length === 0 || proposals.length === 0) return space;
      narrowed ??= space.withFixed(namedValues(space, shared, proposals[0].row));
      return narrowed;
    },
    get remaining() {
      return batchSize - proposals.length;
    },
    isOpen,
    choose(proposal) {
      if (!isOpen(proposal.row)) {
        throw new InputError(`${spec.name}: chose a design that is infeasible or already taken.`);
      }
      proposals.push(proposal);
    },
    chosen() {
      const rows = matrix(proposals.length, space.dimension);
      proposals.forEach(({ row }, i) => rows.data.set(row, i * space.dimension));
      return rows;
    },
    warn(text) {
      warnings.push(text);
    },
    finish(models) {
      if (proposals.length === 0) {
        throw new InfeasibleError(
          `${spec.name}: every design of the ${pool === undefined ? "space" : "pool"} is measured, pending or excluded.`,
          space.explainInfeasible(),
          { hint: "Widen the space, ask for replicates, or end the campaign." },
        );
      }
      if (proposals.length < batchSize) {
        warnings.push(
          `Asked for ${batchSize} designs, but only ${proposals.length} are left that were not measured, pending or excluded.`,
        );
      }
      return { proposals, models, warnings };
    },
  };
}

/** A proposal about which nothing is believed. */
export const blindProposal = (row: Float64Array): Proposal => ({
  row,
  mean: [],
  std: [],
  feasibility: 1,
  meets: 1,
  value: 0,
  expectedGain: null,
  exploit: null,
  teaches: null,
});

/** Columns of the parameters that have one value in a batch. */
function sharedColumns(who: string, { space, perBatch = [] }: ExperimentProblem): number[] {
  return perBatch.flatMap((name) => {
    const own = space.columns.flatMap(({ parameter }, k) => (parameter === name ? [k] : []));
    if (own.length > 0) return own;
    throw new InputError(`${who}: the space has no parameter "${name}" to keep in a batch.`, {
      hint: suggest(
        name,
        space.parameters.map((parameter) => parameter.name),
      ),
    });
  });
}

/** The values of columns as `withFixed` takes them; what a design does not have is left free. */
function namedValues(
  space: SearchSpace,
  shared: readonly number[],
  row: Float64Array,
): Record<string, number | string> {
  const design = space.decode(row);
  const values: Record<string, number | string> = {};
  for (const k of shared) {
    const { label, parameter } = space.columns[k];
    const value = design[parameter];
    if (value === undefined) continue;
    values[label] = typeof value === "object" ? row[k] : value;
  }
  return values;
}

function completedRows({ outcomes }: Observations): number {
  let count = 0;
  for (let i = 0; i < outcomes.rows; i++) {
    if (rowOf(outcomes, i).some((value) => !Number.isNaN(value))) count++;
  }
  return count;
}

/** The rows that may be proposed, each once, in their order. */
function openRows(
  rows: Matrix,
  isOpen: (row: ArrayLike<number>) => boolean,
  weights: Float64Array,
): Matrix {
  const open = Array.from({ length: rows.rows }, (_, i) => i).filter((i) => isOpen(rowOf(rows, i)));
  // Rows that are the same lie next to each other along any line, and few others do along an odd one.
  const along = new Float64Array(rows.rows);
  let reach = 0;
  weights.forEach((weight, k) => {
    const part = Math.sqrt(k + 2);
    reach += part * sameDesign;
    for (const i of open) along[i] += part * weight * rows.data[i * rows.columns + k];
  });
  const order = Int32Array.from(open).sort((a, b) => along[a] - along[b] || a - b);
  const place = new Int32Array(rows.rows);
  order.forEach((i, at) => (place[i] = at));
  const isKept = new Uint8Array(rows.rows);
  const isNew = (i: number): boolean => {
    for (const step of [-1, 1]) {
      for (let at = place[i] + step; at >= 0 && at < order.length; at += step) {
        const other = order[at];
        if (Math.abs(along[other] - along[i]) > 2 * reach) break;
        if (isKept[other] === 0) continue;
        if (isWithin(rowOf(rows, i), rowOf(rows, other), weights, sameDesign)) return false;
      }
    }
    return true;
  };
  const kept = open.filter((i) => {
    if (!isNew(i)) return false;
    isKept[i] = 1;
    return true;
  });
  return takeRows(rows, kept);
}

/** @throws UnsupportedError for a problem that the planner cannot do */
export function requireSupport({ name, supports }: PlannerSpec, problem: ExperimentProblem): void {
  const objectives = problem.goals.filter(
    ({ kind }) => kind !== "range" && kind !== "class",
  ).length;
  const { min, max } = supports.objectives;
  // Requirements alone count as one objective: to meet them.
  if (Math.max(1, objectives) < min || objectives > max) {
    throw new UnsupportedError(
      `${name}: takes ${min} to ${max} objectives, the problem has ${objectives}.`,
    );
  }
  const isLearned = (g: number): boolean => problem.known?.[g] === undefined;
  const hasLimit = problem.goals.some((goal, g) => isRequirement(goal) && isLearned(g));
  if (supports.needsLimit === true && !hasLimit) {
    throw new UnsupportedError(
      `${name}: needs a goal with a limit, the problem has none to learn.`,
      {
        hint: "Ask for a range or a class, or give an objective its worst acceptable value.",
      },
    );
  }
  const lacking = [
    supports.perBatch || (problem.perBatch ?? []).length === 0 ? "" : "one value for a whole batch",
    supports.cost || problem.cost === undefined ? "" : "costs that differ",
    supports.fidelity || problem.fidelity === undefined ? "" : "fidelities",
  ].filter((text) => text !== "");
  if (lacking.length > 0) throw new UnsupportedError(`${name}: does not know ${lacking[0]}.`);
}

function requireOptions(name: string, { space }: ExperimentProblem, options: PlanOptions): void {
  requireWhole(name, "batchSize", options.batchSize, 1);
  const { exploration = 0.5 } = options;
  if (!(exploration >= 0 && exploration <= 1)) {
    throw new InputError(`${name}: expected an exploration of 0 to 1, got ${exploration}.`);
  }
  for (const key of ["pending", "exclude", "pool"] as const) {
    requireColumns(name, key, options[key], space.dimension);
  }
}

function requireObservations(
  name: string,
  { space, goals }: ExperimentProblem,
  { rows, outcomes, noiseStd, infeasible }: Observations,
): void {
  requireColumns(name, "measured rows", rows, space.dimension);
  requireColumns(name, "infeasible rows", infeasible, space.dimension);
  requireColumns(name, "outcomes", outcomes, goals.length);
  if (noiseStd !== undefined) requireColumns(name, "noise", noiseStd, goals.length);
  if (outcomes.rows !== rows.rows || (noiseStd !== undefined && noiseStd.rows !== rows.rows)) {
    throw new ShapeError(
      `${name}: expected outcomes of ${rows.rows} measured rows, got ${outcomes.rows}.`,
    );
  }
  outcomes.data.forEach((value, at) => {
    if (Number.isFinite(value) || Number.isNaN(value)) return;
    throw new InputError(
      `${name}: expected a finite outcome, got ${value} for "${goals[at % goals.length].label}".`,
      { path: `measurement ${Math.floor(at / goals.length) + 1}` },
    );
  });
}

function requireColumns(name: string, what: string, rows: Matrix | undefined, d: number): void {
  if (rows === undefined || rows.columns === d) return;
  throw new ShapeError(`${name}: expected ${what} with ${d} columns, got ${rows.columns}.`);
}
