import type { Posterior } from "./contract.ts";

/**
 * Standard error of the share of a posterior that some of its designs hold. Designs that descend from one
 * of the first draws are not independent, so each such family of descent counts as one observation; 0 where every
 * design of the space was looked at. It holds for many particles: with the default number errors of shares of known
 * weights were as large as it says, with 200 particles they were twice as large.
 * Source: A. Lee, N. Whiteley, Biometrika 105, 609 (2018), doi:10.1093/biomet/asy028, the estimator of section 4.
 * @param members rows of the posterior
 */
export function shareError(
  { weights, ancestorOf, method }: Pick<Posterior, "weights" | "ancestorOf" | "method">,
  members: Int32Array,
): number {
  if (method === "enumeration") return 0;
  const own = new Map<number, number>();
  let share = 0;
  for (const i of members) {
    own.set(ancestorOf[i], (own.get(ancestorOf[i]) ?? 0) + weights[i]);
    share += weights[i];
  }
  const whole = new Map<number, number>();
  weights.forEach((w, i) => whole.set(ancestorOf[i], (whole.get(ancestorOf[i]) ?? 0) + w));
  let squares = 0;
  for (const [ancestor, all] of whole) {
    const excess = (own.get(ancestor) ?? 0) - share * all;
    squares += excess * excess;
  }
  return Math.sqrt(squares);
}
