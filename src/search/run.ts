import {
  InfeasibleError,
  InputError,
  NumericalError,
  ShapeError,
  UnsupportedError,
} from "../core/errors.ts";
import { matrix, rowOf, takeRows } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import { suggest } from "../core/nearest-name.ts";
import { checkpoint } from "../core/work.ts";
import { createArchive } from "./archive.ts";
import type { Archive, ArchiveOptions, RankedDesigns } from "./archive.ts";
import type {
  Evaluation,
  SearchHistoryPoint,
  SearchOptions,
  SearchProblem,
  SearchResult,
  StrategySpec,
} from "./contract.ts";
import { selectDiverse } from "./diversity.ts";
import { columnWeights, isNearAny } from "./similarity.ts";

/** What every strategy shares: the budget, the archive of the best designs, progress, and the result. */
export interface SearchRun {
  /** How many more designs may be scored. */
  readonly remaining: number;
  /** Number of designs in the space where it is known. */
  readonly count: bigint | "uncountable";
  /** The designs to start from, made feasible, each once; at least a batch of the budget is left. */
  readonly start: Matrix;
  /**
   * Scores designs, keeps the best and reports progress. At most `remaining` rows; call it every chunk.
   * @throws NumericalError when a score is NaN or infinite, the signal's reason when cancelled
   */
  score(rows: Matrix): Promise<Evaluation>;
  /** The chosen designs of all that were scored. */
  finish(): SearchResult;
}

/** History points come at most this often over the budget. */
const historyPoints = 100;
const defaultTolerance = 0.05;

/**
 * Checks a problem and its options against what the strategy supports, and prepares the run.
 * @param archiveSize how many designs are kept while searching; at least twice the batch are
 * @throws UnsupportedError for a problem outside `spec.supports`, InputError for options that cannot be
 *   used, InfeasibleError for a space without any design
 */
export function beginSearch(
  spec: StrategySpec,
  problem: SearchProblem,
  options: SearchOptions,
  archiveSize: number,
): SearchRun {
  const { space, objectives } = problem;
  const { batchSize, budget, work = {}, exclude, tolerance = defaultTolerance } = options;
  requireWhole(spec.name, "batchSize", batchSize, 1);
  requireWhole(spec.name, "budget", budget, 1);
  if (budget < batchSize) {
    throw new InputError(
      `${spec.name}: expected a budget of at least the batch size ${batchSize}, got ${budget}.`,
      { hint: "Raise the budget (designs that may be scored) or ask for fewer candidates." },
    );
  }
  if (!(tolerance >= 0)) {
    throw new InputError(`${spec.name}: expected a tolerance of 0 or more, got ${tolerance}.`);
  }
  requireColumns(spec.name, "start", options.start, space.dimension);
  requireColumns(spec.name, "exclude", exclude, space.dimension);
  const count = space.count();
  requireSupport(spec, problem, count);

  const weights = columnWeights(space.columns);
  const shape = {
    dimension: space.dimension,
    objectives: objectives.length,
    ...(exclude === undefined || exclude.rows === 0
      ? {}
      : { isExcluded: (row: Float64Array) => isNearAny(row, exclude, weights, tolerance) }),
  };
  // Different designs to choose from, and near copies in case that those are too few.
  const archive = createArchive({
    ...shape,
    capacity: Math.max(archiveSize, 2 * batchSize),
    cell: weights.map((weight) => (weight > 0 ? tolerance / weight : 0)),
  });
  const copies = tolerance > 0 ? createArchive({ ...shape, capacity: 2 * batchSize }) : undefined;
  const history: SearchHistoryPoint[] = [];
  const best = new Float64Array(objectives.length).fill(Number.POSITIVE_INFINITY);
  const total = count !== "uncountable" && count < BigInt(budget) ? Number(count) : budget;
  let evaluated = 0;
  let feasible = 0;
  let nextPoint = 0;

  const point = (): SearchHistoryPoint => ({
    evaluated,
    feasible,
    front: archive.frontSize(),
    best: Array.from(best, (value) => (value === Number.POSITIVE_INFINITY ? null : value)),
  });

  work.report?.({ label: spec.title, done: 0, total });
  return {
    count,
    start: startRows(problem, options),
    get remaining() {
      return budget - evaluated;
    },
    async score(rows) {
      if (work.signal?.aborted === true) throw work.signal.reason;
      const evaluation = await problem.evaluate(rows);
      requireEvaluation(spec.name, problem, rows, evaluation);
      evaluated += rows.rows;
      for (let i = 0; i < rows.rows; i++) {
        if (evaluation.violation[i] > 0) continue;
        feasible++;
        for (let k = 0, at = i * best.length; k < best.length; k++, at++) {
          best[k] = Math.min(best[k], evaluation.objectives.data[at]);
        }
      }
      archive.offer(rows, evaluation);
      copies?.offer(rows, evaluation);
      if (evaluated >= nextPoint) {
        history.push(point());
        nextPoint = evaluated + total / historyPoints;
      }
      await checkpoint(work, { label: spec.title, done: evaluated, total });
      return evaluation;
    },
    finish() {
      const kept = merged([archive, ...(copies === undefined ? [] : [copies])], shape);
      const chosen = selectDiverse(kept, { count: batchSize, tolerance, weights });
      work.report?.({ label: spec.title, done: total, total });
      return {
        rows: takeRows(kept.rows, chosen),
        evaluation: {
          objectives: takeRows(kept.evaluation.objectives, chosen),
          violation: Float64Array.from(chosen, (i) => kept.evaluation.violation[i]),
        },
        rank: chosen.map((i) => kept.rank[i]),
        evaluated,
        history: history.at(-1)?.evaluated === evaluated ? history : [...history, point()],
      };
    },
  };
}

/** What several archives hold, each design once, ranked together. */
function merged(
  archives: readonly Archive[],
  shape: Pick<ArchiveOptions, "dimension" | "objectives">,
): RankedDesigns {
  const parts = archives.map((archive) => archive.contents());
  const capacity = parts.reduce((sum, { rows }) => sum + rows.rows, 1);
  const all = createArchive({ ...shape, capacity });
  for (const { rows, evaluation } of parts) all.offer(rows, evaluation);
  return all.contents();
}

/**
 * The settings of a strategy: its defaults, overridden by what was given.
 * @throws InputError for a name that the strategy does not have
 */
export function resolveSettings<Options extends object>(
  name: string,
  defaults: Options,
  settings: Partial<Options> = {},
): Options {
  for (const key of Object.keys(settings)) {
    if (key in defaults) continue;
    throw new InputError(`${name}: unknown setting "${key}".`, {
      path: key,
      hint: suggest(key, Object.keys(defaults)),
    });
  }
  return { ...defaults, ...settings };
}

/** @throws InputError unless `value` is a whole number of at least `least` */
export function requireWhole(who: string, what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new InputError(`${who}: expected ${what} to be a whole number >= ${least}, got ${value}.`, {
    path: what,
  });
}

/** @throws InputError unless `value` is a number of `low` to `high` */
export function requireRange(
  who: string,
  what: string,
  value: number,
  low: number,
  high: number,
): void {
  if (value >= low && value <= high) return;
  throw new InputError(`${who}: expected ${what} of ${low} to ${high}, got ${value}.`, {
    path: what,
  });
}

function requireColumns(who: string, what: string, rows: Matrix | undefined, d: number): void {
  if (rows === undefined || rows.columns === d) return;
  throw new ShapeError(`${who}: expected ${what} with ${d} columns, got ${rows.columns}.`);
}

function requireSupport(
  { name, supports }: StrategySpec,
  { space, objectives }: SearchProblem,
  count: bigint | "uncountable",
): void {
  const { min, max } = supports.objectives;
  if (objectives.length < min || objectives.length > max) {
    throw new UnsupportedError(
      `${name}: takes ${min} to ${max} objectives, the problem has ${objectives.length}.`,
    );
  }
  if (count === 0n) {
    throw new InfeasibleError(
      `${name}: no design satisfies all bounds and constraints.`,
      space.explainInfeasible(),
    );
  }
  if (count === "uncountable" && !supports.continuous) {
    throw new UnsupportedError(
      `${name}: needs a space whose designs can be counted. ${space.countReason() ?? ""}`.trim(),
      { hint: "Give every continuous parameter a step, or use another strategy." },
    );
  }
  if (count !== "uncountable" && !supports.discrete) {
    throw new UnsupportedError(
      `${name}: needs continuous parameters, the space has ${count} points.`,
    );
  }
}

/** The designs to start from; they leave the budget at least one batch of designs that are new. */
function startRows({ space }: SearchProblem, options: SearchOptions): Matrix {
  const { start, budget, batchSize } = options;
  const d = space.dimension;
  if (start === undefined) return matrix(0, d);
  const kept: Float64Array[] = [];
  const known = new Set<string>();
  for (let i = 0; i < start.rows && kept.length < budget - batchSize; i++) {
    const row = space.repair(rowOf(start, i));
    const key = row.join(" ");
    if (known.has(key)) continue;
    known.add(key);
    kept.push(row);
  }
  const rows = matrix(kept.length, d);
  kept.forEach((row, i) => rows.data.set(row, i * d));
  return rows;
}

function requireEvaluation(
  name: string,
  { objectives }: SearchProblem,
  rows: Matrix,
  evaluation: Evaluation,
): void {
  const { objectives: scores, violation } = evaluation;
  if (
    scores.rows !== rows.rows ||
    scores.columns !== objectives.length ||
    violation.length !== rows.rows
  ) {
    throw new ShapeError(
      `${name}: expected scores of ${rows.rows} x ${objectives.length} and ${rows.rows} violations, ` +
        `got ${scores.rows} x ${scores.columns} and ${violation.length}.`,
    );
  }
  for (let i = 0; i < scores.data.length; i++) {
    if (Number.isFinite(scores.data[i])) continue;
    const label = objectives[i % scores.columns].label;
    throw new NumericalError(
      `${name}: expected a finite score for "${label}", got ${scores.data[i]}.`,
    );
  }
  for (const value of violation) {
    if (value >= 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new NumericalError(`${name}: expected a finite violation of 0 or more, got ${value}.`);
  }
}
