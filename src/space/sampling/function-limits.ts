import { InfeasibleError, UnsupportedError } from "../../core/errors.ts";
import type { Conflict } from "../../core/errors.ts";
import { rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { keepsFunction } from "../model/feasibility.ts";
import { FiniteSpace } from "../finite/finite-space.ts";
import { finiteModel } from "../finite/finite.ts";
import type { FunctionRow, Model } from "../model/model.ts";
import { FunctionRepairer } from "../repair/repair-functions.ts";
import { Sampler } from "./sample.ts";
import type { Solver } from "../conflicts/solver.ts";
import { plain, roundOutward } from "../model/validate.ts";

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

function functionError(whole: Model, solver: Solver): InfeasibleError {
  const model = smallest(whole, solver);
  const conflict = functionConflict(model, solver);
  const texts = conflict.constraints.map((text) => `"${text}"`).join(" and ");
  const them = conflict.constraints.length === 1 ? "it" : "all of them";
  const columns = new Set(model.functions.flatMap((limit) => limit.columns));
  const names = [...columns].map((column) => model.columns[column]!.label);
  return new InfeasibleError(
    `space: no design was found that satisfies ${texts}. Limits by functions cannot be solved, so designs were drawn and tested: none keeps ${them} within the ranges of ${names.join(", ")}.`,
    [conflict],
  );
}

/** The part of a model with the fewest constraints that still lets no draw through, one left out after another. */
function smallest(model: Model, solver: Solver): Model {
  const texts = model.spec.constraints.slice(0, model.stated).map(({ text }) => text);
  let kept = new Set(texts);
  let part = model;
  for (const text of kept) {
    const fewer = new Set([...kept].filter((one) => one !== text));
    const candidate = partOf(model, (source) => fewer.has(texts[source]!));
    if (candidate.functions.length === 0 || canDraw(candidate, solver)) continue;
    kept = fewer;
    part = candidate;
  }
  return part;
}

/** The model with some of the stated constraints. */
function partOf(model: Model, isKept: (source: number) => boolean): Model {
  const keep = ({ source }: { readonly source: number }): boolean =>
    source < 0 || source >= model.stated || isKept(source);
  return {
    ...model,
    linear: model.linear.filter(keep),
    counts: model.counts.filter(keep),
    exclusions: model.exclusions.filter(keep),
    functions: model.functions.filter(keep),
  };
}

const samplerOf = (model: Model, solver: Solver): Sampler =>
  new Sampler(model, new FiniteSpace(finiteModel(model)), solver, new FunctionRepairer(model));

function canDraw(model: Model, solver: Solver): boolean {
  try {
    samplerOf(model, solver).sample(1, createRng("function limits"));
    return true;
  } catch (error) {
    if (error instanceof InfeasibleError) return false;
    throw error;
  }
}

/** A bound without the tolerance inside it. */
const rounded = (bound: number): string => plain(Number(bound.toPrecision(8)));

function functionConflict(model: Model, solver: Solver): Conflict {
  const sampler = samplerOf({ ...model, functions: [] }, solver);
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
  const others = [...model.linear, ...model.counts, ...model.exclusions].flatMap(({ source }) =>
    source >= 0 && source < model.stated ? [model.spec.constraints[source]!.text] : [],
  );
  const changes = new Map<string, string>();
  for (const text of others) changes.set(text, `loosen "${text}"`);
  for (const { limit, nearest, gap } of limits) {
    const { text } = model.spec.constraints[limit.source]!;
    if (gap === 0 || limit.unit === "" || !Number.isFinite(nearest)) {
      if (!changes.has(text)) changes.set(text, `loosen "${text}"`);
      continue;
    }
    const isUpper = nearest > limit.upper;
    const round = isUpper ? Math.ceil : Math.floor;
    const unit = limit.unit === "1" ? "" : ` ${limit.unit}`;
    const bound = rounded(isUpper ? limit.upper : limit.lower);
    const value = plain(roundOutward(nearest, round));
    changes.set(
      text,
      `change the limit of "${text}" from ${bound} to ${value}${unit}, the nearest value among ${DRAWS} designs that keep everything else`,
    );
  }
  return { constraints: [...changes.keys()], relaxations: [...changes.values()] };
}
