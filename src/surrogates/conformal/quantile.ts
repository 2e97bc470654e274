/**
 * The conformal quantile: of n exchangeable scores and a new one, the new one is at most this with a
 * chance of at least `level`. It is the `ceil((n + 1) level)`-th smallest score, infinite when there are
 * too few.
 * Source: V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World (2005), section 4.1.
 * @param ascending scores in ascending order
 */
export function conformalQuantile(ascending: ArrayLike<number>, level: number): number {
  const place = rankOf(level * (ascending.length + 1));
  return place > ascending.length ? Number.POSITIVE_INFINITY : ascending[Math.max(0, place - 1)];
}

/** The rank rounded up, but not for what rounding added to a whole number. */
export function rankOf(place: number): number {
  const whole = Math.round(place);
  return Math.abs(place - whole) < 1e-9 ? whole : Math.ceil(place);
}
