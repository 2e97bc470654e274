import { InputError } from "../../core/errors.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint } from "../../core/work.ts";
import type { PlanOptions } from "../../search/planning/contract.ts";
import { choosePlanner } from "../experiments/planning/choose-planner.ts";
import type { Laboratory, ReplayOptions } from "./contract.ts";

/** One campaign from its first to its last experiment. */
export interface Replay {
  /** Designs in the order in which they were measured; fewer than the budget when the pool ran out. */
  readonly rows: Matrix;
  /** As measured. */
  readonly outcomes: Matrix;
  /** Planners that chose the batches, each once, in order. */
  readonly planners: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Runs a campaign in a laboratory: random designs first, then what the planner proposes on what was measured so
 * far, batch by batch. The initial designs depend on the stream alone, so that planners can be compared in pairs.
 * @throws InputError for sizes that do not go together, or a pool smaller than the initial designs
 */
export async function replay(
  laboratory: Laboratory,
  options: ReplayOptions,
  rng: Rng,
): Promise<Replay> {
  const { problem, pool } = laboratory;
  const { budget, batchSize, work = {}, exploration } = options;
  requireSizes(options, pool);
  const noise = rng.fork("measurement");
  let rows = initialRows(laboratory, options.initial, rng.fork("initial"));
  let outcomes = await laboratory.measure(rows, noise);
  const planners: string[] = [];
  const warnings: string[] = [];
  const most = pool === undefined ? budget : Math.min(budget, pool.rows);
  for (let batch = 0; rows.rows < most; batch++) {
    const observations = { rows, outcomes };
    const completed = outcomes.data.some((value) => !Number.isNaN(value)) ? rows.rows : 0;
    const { planner, settings, warnings: why } = choosePlanner(problem, completed, options);
    if (!planners.includes(planner.name)) planners.push(planner.name);
    const planOptions: PlanOptions = {
      batchSize: Math.min(batchSize, most - rows.rows),
      rng: rng.fork(`batch ${batch}`),
      ...(pool === undefined ? {} : { pool }),
      ...(exploration === undefined ? {} : { exploration }),
    };
    const plan = await planner.plan(problem, observations, planOptions, settings);
    const next = matrix(plan.proposals.length, rows.columns);
    plan.proposals.forEach(({ row }, i) => next.data.set(row, i * rows.columns));
    rows = below(rows, next);
    outcomes = below(outcomes, await laboratory.measure(next, noise));
    for (const warning of [...why, ...plan.warnings]) {
      if (!warnings.includes(warning)) warnings.push(warning);
    }
    await checkpoint(work, { label: planner.title, done: rows.rows, total: most });
  }
  return { rows, outcomes, planners, warnings };
}

/** Rows of one matrix below those of another. */
function below(a: Matrix, b: Matrix): Matrix {
  const joined = matrix(a.rows + b.rows, a.columns);
  joined.data.set(a.data);
  joined.data.set(b.data, a.data.length);
  return joined;
}

function initialRows({ problem, pool }: Laboratory, count: number, rng: Rng): Matrix {
  if (pool === undefined) return problem.space.sample(count, rng);
  return takeRows(pool, rng.permutation(pool.rows).subarray(0, count));
}

function requireSizes(
  { budget, batchSize, initial }: ReplayOptions,
  pool: Matrix | undefined,
): void {
  for (const [name, value, least] of [
    ["budget", budget, 1],
    ["batch size", batchSize, 1],
    ["number of initial designs", initial, 1],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new InputError(`backtest: expected a ${name} of at least ${least}, got ${value}.`);
  }
  if (initial >= budget) {
    throw new InputError(
      `backtest: ${initial} initial designs leave nothing of a budget of ${budget} to plan.`,
      { hint: "Raise the budget or start with fewer." },
    );
  }
  if (pool !== undefined && pool.rows <= initial) {
    throw new InputError(
      `backtest: the table has ${pool.rows} different designs, the start alone takes ${initial}.`,
    );
  }
}
