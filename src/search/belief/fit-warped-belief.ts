import { log } from "../../core/elementary.ts";
import { takeRows, type Matrix } from "../../core/matrix.ts";
import type { Column } from "../../space/contract.ts";
import type { Belief } from "./contract.ts";
import { fitBelief, type FitBeliefOptions, type FittedBelief } from "./fit-belief.ts";
import { orSmoother } from "./fit-smooth-belief.ts";
import { powerWarp, unwarped, warpPowers, type Warp } from "./warp.ts";

/** A belief of warped values, and the way back. */
export interface WarpedBelief {
  /** Of the values on the scale of `warp`. */
  readonly belief: Belief;
  readonly warp: Warp;
}

/** Fewer values tell nothing about the shape of their distribution. */
const leastValues = 8;
/** Rows that the choice looks at. */
const mostRows = 150;

/**
 * Fits a belief on the scale on which the values look most like a Gaussian process: the power transformation of
 * largest posterior density, counted in the values' own unit, if it exceeds that of no transformation by
 * log(n) / 2 (what a further parameter must gain by the Bayesian information criterion). The correlation is chosen
 * for that scale.
 * Source: E. Snelson, C. E. Rasmussen, Z. Ghahramani, Warped Gaussian processes, NIPS 16 (2003).
 */
export async function fitWarpedBelief(
  columns: readonly Column[],
  rows: Matrix,
  values: Float64Array,
  options: FitBeliefOptions,
): Promise<WarpedBelief> {
  const plain = await fitBelief(columns, rows, values, options);
  const isConstant = values.every((value) => value === values[0]);
  const smoother = async (warp: Warp, rough: FittedBelief): Promise<WarpedBelief> => {
    const { belief } = await orSmoother(rough, (how) =>
      fitWith(warp, columns, rows, values, { ...options, ...how }),
    );
    return { belief, warp };
  };
  if (values.length < leastValues || isConstant) return smoother(unwarped, plain);

  const n = Math.min(mostRows, values.length);
  const some = options.rng.fork("warp").permutation(values.length).slice(0, n);
  const { noiseStd } = options;
  const pick = (of: Float64Array): Float64Array => Float64Array.from(some, (i) => of[i]);
  const isAll = n === values.length;
  const fit = (warp: Warp): Promise<FittedBelief> =>
    fitWith(warp, columns, isAll ? rows : takeRows(rows, some), isAll ? values : pick(values), {
      ...options,
      ...(noiseStd === undefined || isAll ? {} : { noiseStd: pick(noiseStd) }),
      from: plain.parameters,
    });
  const identity = isAll ? plain : await fit(unwarped);
  let best = { warp: unwarped, fitted: identity };
  for (const powers of warpPowers) {
    // A stronger warp of a kind is tried where the weaker one is a gain.
    let last = identity.logDensity;
    for (const power of powers) {
      const warp = powerWarp(values, power, options.scale ?? 1);
      const fitted = await fit(warp);
      if (!(fitted.logDensity > last)) break;
      last = fitted.logDensity;
      if (last > best.fitted.logDensity) best = { warp, fitted };
    }
  }
  const gain = best.fitted.logDensity - identity.logDensity;
  if (gain <= 0.5 * log(n)) return smoother(unwarped, plain);
  const { warp, fitted } = best;
  return smoother(warp, isAll ? fitted : await fitWith(warp, columns, rows, values, options));
}

/** Fits warped values; the density is that of the values in their own unit. */
async function fitWith(
  warp: Warp,
  columns: readonly Column[],
  rows: Matrix,
  values: Float64Array,
  options: FitBeliefOptions,
): Promise<FittedBelief> {
  const { noiseStd } = options;
  const warped = values.map((value) => warp.to(value));
  const fitted = await fitBelief(columns, rows, warped, {
    ...options,
    ...(noiseStd === undefined
      ? {}
      : { noiseStd: noiseStd.map((std, i) => std * warp.slope(values[i])) }),
  });
  const logSlopes = values.reduce((sum, value) => sum + log(warp.slope(value)), 0);
  return { ...fitted, logDensity: fitted.logDensity + logSlopes };
}
