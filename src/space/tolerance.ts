/**
 * The one tolerance of the space, relative to the numbers compared: a bound counts as met when it is
 * missed by no more than this share of the larger of the bound and the largest term. It absorbs the
 * rounding of sums of fractions (about 1e-15) and stays far below any grid step.
 */
export const TOLERANCE = 1e-9;
