import { InfeasibleError, UnsupportedError } from "../core/errors.ts";
import type { Conflict } from "../core/errors.ts";
import { rowOf } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { keepsFunction } from "./feasibility.ts";
import { FiniteSpace } from "./finite-space.ts";
import { finiteModel } from "./finite.ts";
import type { FunctionRow, Model } from "./model.ts";
import { FunctionRepairer } from "./repair-functions.ts";
import { Sampler } from "./sample.ts";
import type { Solver } from "./solver.ts";
import { plain, roundOutward } from "./validate.ts";

/** Designs that show how near a limit can be come. */
const DRAWS = 2000;

/**
 * Refuses a space whose limits on quantities that only a function gives let no draw through. No program
 * can solve such limits, so this is a finding, not a proof, and the error says so.
 * @param sampler of this model, whose linear limits, counts and exclusions can hold together
 * @throws InfeasibleError with the limits and the nearest values that were met
 */
export function checkFunctionLimits(model: Model, sampler: Sampler, solver: Solver): void {
  if (model.functions.length === 0) return;
  try {
    sampler.sample(1, createRng("function limits"));
  } catch (error) {
    if (error instanceof InfeasibleError) throw functionError(model, solver);
    // A grid too fine to be sampled can still be counted and repaired to.
    if (!(error instanceof UnsupportedError)) throw error;
  }
}

/** A bound without the tolerance inside it. */
const rounded = (bound: number): string => plain(Number(bound.toPrecision(8)));

function functionError(model: Model, solver: Solver): InfeasibleError {
  const conflict = functionConflict(model, solver);
  const texts = conflict.constraints.map((text) => `"${text}"`).join(" and ");
  const [their, them] = conflict.constraints.length === 1 ? ["Its", "it"] : ["Their", "them"];
  return new InfeasibleError(
    `space: no design was found that satisfies ${texts}. ${their} rule is a function, so designs were drawn and tested: none keeps ${them} and everything else.`,
    [conflict],
  );
}

function functionConflict(model: Model, solver: Solver): Conflict {
  const rest: Model = { ...model, functions: [] };
  const sampler = new Sampler(
    rest,
    new FiniteSpace(finiteModel(rest)),
    solver,
    new FunctionRepairer(rest),
  );
  const draws = sampler.sample(DRAWS, createRng("nearest values"));
  const bySource = new Map<number, FunctionRow>();
  for (const limit of model.functions) bySource.set(limit.source, limit);
  const limits = [...bySource.values()].map((limit) => {
    let nearest = Number.NaN;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < draws.rows; i++) {
      const row = rowOf(draws, i);
      const value = limit.evaluate(row);
      const gap = keepsFunction(limit, row)
        ? 0
        : Math.max(limit.lower - value, value - limit.upper, 0);
      if (!(gap < least)) continue;
      least = gap;
      nearest = value;
    }
    return { limit, nearest, gap: least };
  });
  // Limits that some draw keeps are to blame only where every one of them is kept by some.
  const unmet = limits.filter(({ gap }) => gap > 0);
  const blamed = unmet.length > 0 ? unmet : limits;
  return {
    constraints: blamed.map(({ limit }) => model.spec.constraints[limit.source]!.text),
    relaxations: blamed.map(({ limit, nearest, gap }) => {
      const constraint = model.spec.constraints[limit.source]!;
      if (gap === 0 || limit.unit === "" || !Number.isFinite(nearest)) {
        return `loosen "${constraint.text}"`;
      }
      const isUpper = nearest > limit.upper;
      const round = isUpper ? Math.ceil : Math.floor;
      const unit = limit.unit === "1" ? "" : ` ${limit.unit}`;
      const bound = isUpper ? limit.upper : limit.lower;
      return `change the limit of "${constraint.text}" from ${rounded(bound)} to ${plain(roundOutward(nearest, round))}${unit}, the nearest value among ${DRAWS} designs that keep everything else`;
    }),
  };
}
