/**
 * Drawing without replacement from `designs` of which `top` are top: exact answers, no simulation.
 * The share of the top found after n draws is n / designs on average.
 */

/** Chance that n draws hold at least one of the top. */
export function chanceOfOne(designs: number, top: number, n: number): number {
  let none = 1;
  for (let i = 0; i < Math.min(n, designs); i++)
    none *= Math.max(0, designs - top - i) / (designs - i);
  return 1 - none;
}

/** Draws after which more than half of all orders have found one of the top; null where there is none. */
export function medianDrawsToOne(designs: number, top: number): number | null {
  if (top === 0) return null;
  let n = 1;
  while (chanceOfOne(designs, top, n) < 0.5) n++;
  return n;
}

/** Draws after which the average share of the top found reaches this share. */
export const drawsToShare = (designs: number, share: number): number => Math.ceil(share * designs);
