import type { Quadrature } from "./gauss-legendre.ts";
import type { TreePaths } from "./tree-paths.ts";

/**
 * Shapley values of one tree, in time nodes x points for a row.
 *
 * With share z of the background and o = 1 where the row agrees (else 0), a leaf of value v is worth
 * `v prod_j (t o_j + (1 - t) z_j)` when every feature is known with probability t, and the Shapley value
 * of feature i is the integral over t of the derivative with respect to i,
 * `v (o_i - z_i) prod_{j != i} (t o_j + (1 - t) z_j)`: a polynomial, which Gauss-Legendre quadrature
 * integrates exactly. Per point, products run down the tree and sums over the leaves run back up.
 * Source: G. Owen, Manage. Sci. 18, P64 (1972), doi:10.1287/mnsc.18.5.64 (the integral); P. Yu et al.,
 * "Linear TreeShap", NeurIPS 35 (2022), arXiv:2209.08192 (sums over a tree in linear time).
 */
export class PathSums {
  private readonly paths: TreePaths;
  private readonly points: number;
  /** Value of each node's leaf, 0 inside. */
  private readonly value: Float64Array;
  /** Quadrature weights: what the products start from. */
  private readonly start: Float64Array;
  /**
   * Per node, state and point: what the product is multiplied with, then what the leaves below count for
   * the feature. States: 0 = the row disagreed with an earlier split on the feature; 1 = it disagrees
   * here for the first time; 2 = it agrees.
   */
  private readonly table: Float64Array;
  private readonly product: Float64Array;
  private readonly below: Float64Array;
  private readonly agrees: Uint8Array;
  private readonly place: Int32Array;

  constructor(paths: TreePaths, value: Float64Array, { points, weights }: Quadrature) {
    const q = points.length;
    this.paths = paths;
    this.value = value;
    this.points = q;
    this.start = weights;
    this.table = new Float64Array(paths.nodes * 6 * q);
    this.product = new Float64Array(paths.nodes * q);
    this.below = new Float64Array(paths.nodes * q);
    this.agrees = new Uint8Array(paths.nodes);
    this.place = new Int32Array(paths.nodes);
    for (let n = 1; n < paths.nodes; n++) {
      const z = paths.share[n];
      const same = paths.same[n];
      for (let k = 0; k < q; k++) {
        const t = points[k];
        const factor = [(1 - t) * z, t + (1 - t) * z];
        const slope = [-1 / (1 - t), (1 - z) / (t + (1 - t) * z)];
        const z0 = paths.share[same];
        const before = same > 0 ? [(1 - t) * z0, t + (1 - t) * z0] : [1, 1];
        const counted = same > 0 ? [-1 / (1 - t), (1 - z0) / before[1]] : [0, 0];
        this.set(n, 0, k, factor[0] / before[0], slope[0] - counted[0]);
        this.set(n, 1, k, factor[0] / before[1], slope[0] - counted[1]);
        this.set(n, 2, k, factor[1] / before[1], slope[1] - counted[1]);
      }
    }
  }

  private set(n: number, state: number, k: number, ratio: number, slope: number): void {
    const place = (n * 3 + state) * 2 * this.points;
    this.table[place + k] = ratio;
    this.table[place + this.points + k] = slope;
  }

  /** Adds the Shapley values of the row that starts at `x[row]` to `phi` from `at` on. */
  add(phi: Float64Array, at: number, x: Float64Array, row: number): void {
    const { paths, points: q, table, product, below, agrees, place, value } = this;
    const { nodes, parent, feature, threshold, isRight, same } = paths;
    product.set(this.start);
    agrees[0] = 1;
    for (let n = 1; n < nodes; n++) {
      const here = Number(x[row + feature[n]] > threshold[n]) === isRight[n] ? 1 : 0;
      const before = agrees[same[n]];
      agrees[n] = here & before;
      const entry = (n * 3 + before * (1 + here)) * 2 * q;
      place[n] = entry + q;
      const up = parent[n] * q;
      const own = n * q;
      const leaf = value[n];
      for (let k = 0; k < q; k++) {
        const p = product[up + k] * table[entry + k];
        product[own + k] = p;
        below[own + k] = p * leaf;
      }
    }
    for (let n = nodes - 1; n > 0; n--) {
      const entry = place[n];
      const up = parent[n] * q;
      const own = n * q;
      let sum = 0;
      for (let k = 0; k < q; k++) {
        const h = below[own + k];
        sum += h * table[entry + k];
        below[up + k] += h;
      }
      phi[at + feature[n]] += sum;
    }
  }
}
