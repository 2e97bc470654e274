import { matrix, type Matrix } from "../../core/matrix.ts";

/**
 * Levels of a category that lie in a plane at places which are parameters: their distance there adds to that of the
 * other coordinates. The points know the level by one coordinate for each, which is 0 for all others.
 * Source: Y. Zhang, S. Tao, W. Chen, D. W. Apley, Technometrics 62, 291 (2020), doi:10.1080/00401706.2019.1638834.
 */
export interface LatentLevels {
  /** Coordinate of the first level. */
  readonly first: number;
  readonly levels: number;
}

/** Coordinates of a plane. */
export const latentAxes = 2;

/** Parameters of these categories: two coordinates a level, one level after the other. */
export const latentCount = (latent: readonly LatentLevels[] = []): number =>
  latent.reduce((sum, { levels }) => sum + latentAxes * levels, 0);

/**
 * Where points lie in the planes, n x (2 categories).
 * @param places the parameters, as many as `latentCount`
 */
export function latentPlaces(
  latent: readonly LatentLevels[] = [],
  places: Float64Array,
  points: Matrix,
): Matrix {
  const result = matrix(points.rows, latentAxes * latent.length);
  let from = 0;
  latent.forEach((category, c) => {
    for (let i = 0; i < points.rows; i++) {
      const level = levelAt(category, points, i);
      if (level < 0) continue;
      for (let axis = 0; axis < latentAxes; axis++) {
        result.data[i * result.columns + latentAxes * c + axis] =
          places[from + latentAxes * level + axis];
      }
    }
    from += latentAxes * category.levels;
  });
  return result;
}

/** The level of a point; -1 where it has none. */
function levelAt({ first, levels }: LatentLevels, points: Matrix, i: number): number {
  for (let level = 0; level < levels; level++) {
    if (points.data[i * points.columns + first + level] !== 0) return level;
  }
  return -1;
}

/**
 * Derivatives by the places of a function of the squared distances of points.
 * @param slope derivative by half the squared distance of points i and j < i
 * @param out receives them, as many as `latentCount`
 */
export function latentGradient(
  latent: readonly LatentLevels[],
  places: Float64Array,
  points: Matrix,
  slope: (i: number, j: number) => number,
  out: Float64Array,
): void {
  const n = points.rows;
  let from = 0;
  for (const category of latent) {
    const { levels } = category;
    const level = Int32Array.from({ length: n }, (_, i) => levelAt(category, points, i));
    const sums = new Float64Array(levels * levels);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        if (level[i] === level[j] || level[i] < 0 || level[j] < 0) continue;
        const value = slope(i, j);
        sums[level[i] * levels + level[j]] += value;
        sums[level[j] * levels + level[i]] += value;
      }
    }
    for (let a = 0; a < levels; a++) {
      for (let axis = 0; axis < latentAxes; axis++) {
        const at = from + latentAxes * a + axis;
        let sum = 0;
        for (let b = 0; b < levels; b++) {
          sum += sums[a * levels + b] * (places[at] - places[from + latentAxes * b + axis]);
        }
        out[at] = sum;
      }
    }
    from += latentAxes * levels;
  }
}
