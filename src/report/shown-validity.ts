import type { Candidate, CandidateValidity } from "../campaign/contract.ts";

type Judged = Pick<Candidate, "validity" | "extrapolation">;

/**
 * The one verdict on a candidate that the page shows: that of the learned models, which knows of far compositions
 * too; where nothing is learned, that of the composition.
 */
export function shownValidity({ validity, extrapolation }: Judged): CandidateValidity | null {
  if (validity !== null || !extrapolation) return validity;
  return { verdict: "edge", reasons: ["its composition is beyond the measured ones"] };
}

/** Whether a candidate lies at the edge of the data or beyond. */
export function isBeyond(candidate: Judged): boolean {
  const validity = shownValidity(candidate);
  return validity !== null && validity.verdict !== "inside";
}
