import { matrix, type Matrix } from "../../core/matrix.ts";
import { kernels } from "../../kernels/instance.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import type { TreePaths } from "./tree-paths.ts";

/** Rows that are worked on at once; bounds the memory. */
const blockRows = 4096;

/**
 * Shapley values of one tree for the rows of x, n x d, in time rows x nodes x features on a path.
 *
 * With share z of the background and o = 1 where the row agrees (else 0), a leaf of value v is worth
 * `v prod_j (t o_j + (1 - t) z_j)` when every feature is known with probability t, and the Shapley value
 * of feature i is the integral over t of the derivative with respect to i,
 * `v (o_i - z_i) prod_{j != i} (t o_j + (1 - t) z_j)`: a polynomial, which Gauss-Legendre quadrature
 * integrates exactly. Per point, products run down the tree and sums over the leaves run back up.
 * Source: G. Owen, Manage. Sci. 18, P64 (1972), doi:10.1287/mnsc.18.5.64 (the integral); P. Yu et al.,
 * "Linear TreeShap", NeurIPS 35 (2022), arXiv:2209.08192 (sums over a tree in linear time).
 * @param value value of each node's leaf, 0 inside
 */
export function pathSums(paths: TreePaths, value: Float64Array, x: Matrix): Matrix {
  const result = matrix(x.rows, x.columns);
  // Even, because the kernel works on two points at a time; more than needed stay exact.
  const points = 2 * Math.ceil(pointsFor(paths.mostFeatures) / 2);
  const quadrature = gaussLegendre(points);
  const table = stateTable(paths, quadrature.points);
  const { heap, functions } = kernels();
  for (let first = 0; first < x.rows; first += blockRows) {
    const rows = Math.min(blockRows, x.rows - first);
    const range = [first * x.columns, (first + rows) * x.columns] as const;
    heap.scope(() => {
      const records = heap.allocate(4 * paths.nodes);
      const tableAt = heap.store(table);
      const start = heap.store(quadrature.weights);
      const rowsAt = heap.store(x.data.subarray(...range));
      const phi = heap.store(result.data.subarray(...range));
      const scratch = heap.allocate(paths.nodes * (2 * points + 1));
      // After the last allocation, which may move the memory.
      writeRecords(heap.view(records, 4 * paths.nodes), paths, value);
      functions.addPathSums(
        paths.nodes,
        points,
        rows,
        x.columns,
        records,
        tableAt,
        start,
        rowsAt,
        phi,
        scratch,
      );
      result.data.set(heap.view(phi, rows * x.columns), range[0]);
    });
  }
  return result;
}

/** Points that integrate a polynomial of degree features - 1 exactly. */
export const pointsFor = (features: number): number => Math.max(1, Math.ceil(features / 2));

/**
 * Per node, state and point: what the product is multiplied with; then, per point, what the leaves below
 * count for the feature. States: 0 = the row disagreed with an earlier split on the feature; 1 = it
 * disagrees here for the first time; 2 = it agrees. A split on a feature that was split on above replaces
 * the factor of the earlier one and takes back what that counted.
 */
function stateTable({ nodes, share, same }: TreePaths, points: Float64Array): Float64Array {
  const q = points.length;
  const table = new Float64Array(nodes * 6 * q);
  for (let n = 1; n < nodes; n++) {
    const isFirst = same[n] === 0;
    const z = share[n];
    const before = share[same[n]];
    for (let k = 0; k < q; k++) {
      const t = points[k];
      const place = n * 6 * q + k;
      const apart = (1 - t) * z;
      const agreed = t + (1 - t) * z;
      const apartBefore = isFirst ? 1 : (1 - t) * before;
      const agreedBefore = isFirst ? 1 : t + (1 - t) * before;
      const counted = isFirst ? 0 : (1 - before) / agreedBefore;
      table[place] = apart / apartBefore;
      table[place + 2 * q] = apart / agreedBefore;
      table[place + 3 * q] = -1 / (1 - t) - counted;
      table[place + 4 * q] = agreed / agreedBefore;
      table[place + 5 * q] = (1 - z) / agreed - counted;
    }
  }
  return table;
}

/** The records that the kernel reads, see src/kernels/assembly/tree-paths.ts. */
function writeRecords(
  target: Float64Array,
  { nodes, parent, feature, same, isRight, threshold }: TreePaths,
  value: Float64Array,
): void {
  const whole = new Int32Array(target.buffer, target.byteOffset, 2 * target.length);
  for (let n = 0; n < nodes; n++) {
    whole[8 * n] = parent[n];
    whole[8 * n + 1] = feature[n];
    whole[8 * n + 2] = same[n];
    whole[8 * n + 3] = isRight[n];
    target[4 * n + 2] = threshold[n];
    target[4 * n + 3] = value[n];
  }
}
