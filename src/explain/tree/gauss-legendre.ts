import { cos } from "../../core/elementary.ts";

/** Points and weights on (0, 1); the weights sum to one. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss-Legendre quadrature on (0, 1): exact for polynomials up to degree 2 n - 1. Roots of the Legendre
 * polynomial by Newton's method from their asymptotic places.
 * Source: W. H. Press et al., Numerical Recipes, 3rd ed. (2007), section 4.6.1.
 */
export function gaussLegendre(n: number): Quadrature {
  const points = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let [last, value] = [0, 1];
      for (let k = 0; k < n; k++) {
        [last, value] = [value, ((2 * k + 1) * x * value - k * last) / (k + 1)];
      }
      slope = (n * (x * value - last)) / (x * x - 1);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) < 1e-15) break;
    }
    points[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}
