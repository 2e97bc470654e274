/**
 * Whether row i dominates row j: nowhere larger and somewhere smaller (all objectives are minimised).
 * @param objectives flat n x m
 */
export function dominates(objectives: Float64Array, m: number, i: number, j: number): boolean {
  let smaller = false;
  for (let k = 0, a = i * m, b = j * m; k < m; k++, a++, b++) {
    if (objectives[a] > objectives[b]) return false;
    if (objectives[a] < objectives[b]) smaller = true;
  }
  return smaller;
}
