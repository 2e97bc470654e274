/**
 * Rounds fractions to the grid by largest remainder: floors of `x * grid`, then one step each to the
 * largest remainders with room, so that the steps sum to the grid where the bounds allow it.
 * @param units grid steps, written
 */
export function roundToSum(
  x: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  units: Int32Array,
  grid: number,
): void {
  let rest = grid;
  for (let i = 0; i < units.length; i++) {
    units[i] = Math.floor(x[i]! * grid + 1e-9);
    const lo = Math.round(lower[i]! * grid);
    if (units[i]! < lo) units[i] = lo;
    rest -= units[i]!;
  }
  while (rest > 0) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < units.length; i++) {
      const remainder = x[i]! * grid - units[i]!;
      if (remainder > most && units[i]! + 1 <= upper[i]! * grid + 1e-6) {
        most = remainder;
        best = i;
      }
    }
    if (best < 0) return;
    units[best] = units[best]! + 1;
    rest--;
  }
  while (rest < 0) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < units.length; i++) {
      const remainder = x[i]! * grid - units[i]!;
      if (remainder < least && units[i]! - 1 >= lower[i]! * grid - 1e-6 && units[i]! > 0) {
        least = remainder;
        best = i;
      }
    }
    if (best < 0) return;
    units[best] = units[best]! - 1;
    rest++;
  }
}
