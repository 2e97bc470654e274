/**
 * The one tolerance of the space, relative to the numbers compared: a bound counts as met when it is
 * missed by no more than this share of the larger of the bound and the largest term. It absorbs the
 * rounding of sums of fractions (about 1e-15) and stays far below any grid step.
 */
export const TOLERANCE = 1e-9;

/** How many tolerances a strict limit is kept away from, so that no solver takes it for met. */
export const STRICT = 10;

/** The smallest fraction of an element that is present, where no grid and no bound says more. */
export const PRESENT = 1e-6;
