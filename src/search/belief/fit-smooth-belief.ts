import type { Matrix } from "../../core/matrix.ts";
import type { Column } from "../../space/contract.ts";
import { fitBelief, type FitBeliefOptions, type FittedBelief } from "./fit-belief.ts";

/** Fits again with another correlation, beginning at known hyper-parameters. */
export type Refit = (how: Pick<FitBeliefOptions, "correlation" | "from">) => Promise<FittedBelief>;

/**
 * A belief with the correlation under which values and hyper-parameters are more probable: Matern-5/2, which takes
 * little for granted, or the squared exponential, which learns a smooth outcome from fewer measurements.
 */
export async function fitSmoothBelief(
  columns: readonly Column[],
  rows: Matrix,
  values: Float64Array,
  options: FitBeliefOptions,
): Promise<FittedBelief> {
  const rough = await fitBelief(columns, rows, values, options);
  return orSmoother(rough, (how) => fitBelief(columns, rows, values, { ...options, ...how }));
}

/**
 * The fit with Matern-5/2, or that with the squared exponential where its posterior density is larger; both have
 * the same hyper-parameters and priors.
 * Source: C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), section 5.2.
 */
export async function orSmoother(rough: FittedBelief, refit: Refit): Promise<FittedBelief> {
  const smooth = await refit({ correlation: "rbf", from: rough.parameters });
  return smooth.logDensity > rough.logDensity ? smooth : rough;
}
