import { keepsExclusion } from "../model/feasibility.ts";
import { presenceMatters } from "../finite/finite.ts";
import type { ConditionModel, ExclusionRow, Model } from "../model/model.ts";
import { STRICT, TOLERANCE } from "../model/tolerance.ts";

/**
 * A box of designs that repair works in: bounds of every column while it is not zero, and which
 * elements may or must be absent. Exclusions are kept by narrowing it.
 */
export interface Region {
  /** Fractions, or numbers. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** 1 where an element may be absent. */
  readonly mayBeAbsent: Uint8Array;
  /** 1 where an element may be present. */
  readonly mayBePresent: Uint8Array;
  /** Allowed values of the columns with lists. */
  readonly values: ReadonlyMap<number, readonly number[]>;
}

/** Everything the parameters allow. */
export function wholeRegion(model: Model): Region {
  const n = model.columns.length;
  const region = {
    lower: new Float64Array(n),
    upper: new Float64Array(n),
    mayBeAbsent: new Uint8Array(n),
    mayBePresent: new Uint8Array(n),
    values: new Map<number, readonly number[]>(),
  };
  const matters = presenceMatters(model);
  model.composition?.elements.forEach(({ lo, hi, mayBeAbsent }, i) => {
    // Where presence does not matter an element always takes part, down to zero.
    const isFree = mayBeAbsent && matters[i] === false;
    region.lower[i] = isFree ? 0 : lo;
    region.upper[i] = hi;
    region.mayBeAbsent[i] = mayBeAbsent && !isFree ? 1 : 0;
    region.mayBePresent[i] = isFree || hi >= lo ? 1 : 0;
  });
  for (const other of model.others) {
    if (other.kind === "finite") region.values.set(other.column, other.values);
    else {
      region.lower[other.column] = other.min;
      region.upper[other.column] = other.max;
    }
  }
  return region;
}

/** The part of a region in which a condition does not hold, or null when there is none. */
export function without(model: Model, region: Region, test: ConditionModel): Region | null {
  const { column, condition, holds } = test;
  const copy = {
    lower: region.lower.slice(),
    upper: region.upper.slice(),
    mayBeAbsent: region.mayBeAbsent.slice(),
    mayBePresent: region.mayBePresent.slice(),
    values: region.values,
  };
  const list = region.values.get(column);
  if (list !== undefined) {
    const kept = list.filter((value) => !holds(value));
    if (kept.length === 0) return null;
    return { ...copy, values: new Map([...region.values, [column, kept]]) };
  }
  const isFraction = model.columns[column]!.kind === "fraction";
  if (condition.kind === "present") copy.mayBePresent[column] = 0;
  else if (condition.kind === "absent") copy.mayBeAbsent[column] = 0;
  else if (condition.kind === "compare") {
    if (isFraction && holds(0)) copy.mayBeAbsent[column] = 0;
    const [low, high] = complement(model, column, test);
    copy.lower[column] = Math.max(copy.lower[column]!, low);
    copy.upper[column] = Math.min(copy.upper[column]!, high);
    if (copy.lower[column] > copy.upper[column]) {
      if (!isFraction || copy.mayBeAbsent[column] === 0) return null;
      copy.mayBePresent[column] = 0;
    }
  }
  return isFraction && copy.mayBeAbsent[column] === 0 && copy.mayBePresent[column] === 0
    ? null
    : copy;
}

/** Values of a column for which a comparison is false, on the grid where there is one. */
function complement(
  model: Model,
  column: number,
  { condition, holds }: ConditionModel,
): [number, number] {
  if (condition.kind !== "compare") return [0, 0];
  const { min, max, kind } = model.columns[column]!;
  const infinity = Number.POSITIVE_INFINITY;
  const isUpper = condition.relation === ">" || condition.relation === ">=";
  const grid = kind === "fraction" ? model.composition!.grid : 0;
  if (grid > 0) {
    const start = Math.round(condition.bound * grid);
    for (let step = 0; step <= 2; step++) {
      // The grid point next to the bound on the side where the comparison is false.
      const k = isUpper ? start + 1 - step : start - 1 + step;
      if (!holds(k / grid)) return isUpper ? [-infinity, k / grid] : [k / grid, infinity];
    }
  }
  // The bound itself is outside a strict comparison.
  const margin = holds(condition.bound)
    ? STRICT * TOLERANCE * Math.max(Math.abs(condition.bound), Math.abs(min), Math.abs(max))
    : 0;
  return isUpper ? [-infinity, condition.bound - margin] : [condition.bound + margin, infinity];
}

/** Exclusions that a row breaks. */
export function brokenExclusion(model: Model, row: ArrayLike<number>): ExclusionRow | undefined {
  return model.exclusions.find((exclusion) => !keepsExclusion(exclusion, row));
}
