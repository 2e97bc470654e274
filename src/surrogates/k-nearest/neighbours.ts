import type { Matrix } from "../../core/matrix.ts";

/** The nearest rows of some training data to one point. */
export interface Neighbours {
  /** Training rows, nearest first; equally near ones in row order. */
  readonly rows: Int32Array;
  /** Their squared distances. */
  readonly squares: Float64Array;
}

/**
 * Finds the k nearest of n training rows by measuring all of them.
 * @param apart rows at the point itself do not count; fewer than k rows may be left then, or none
 */
export function findNearest(
  training: Matrix,
  point: Float64Array,
  k: number,
  { apart = false }: { readonly apart?: boolean } = {},
): Neighbours {
  const { data, rows: n, columns: d } = training;
  const wanted = Math.min(k, n);
  const rows = new Int32Array(wanted);
  const squares = new Float64Array(wanted).fill(Number.POSITIVE_INFINITY);
  let found = 0;
  let worst = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    let square = 0;
    const base = i * d;
    for (let j = 0; j < d; j++) {
      const difference = data[base + j] - point[j];
      square += difference * difference;
    }
    if ((found === wanted && square >= worst) || (apart && square === 0)) continue;
    let place = found < wanted ? found++ : wanted - 1;
    for (; place > 0 && squares[place - 1] > square; place--) {
      squares[place] = squares[place - 1]!;
      rows[place] = rows[place - 1]!;
    }
    squares[place] = square;
    rows[place] = i;
    worst = squares[wanted - 1];
  }
  return { rows: rows.subarray(0, found), squares: squares.subarray(0, found) };
}

/**
 * Weights of neighbours, which sum to one: one over the distance, or equal. Neighbours without any
 * distance share all the weight.
 */
export function weightsOf(squares: Float64Array, rule: "distance" | "uniform"): Float64Array {
  const isSame = squares.some((square) => square === 0);
  const weights = squares.map((square) =>
    rule === "uniform" ? 1 : isSame ? Number(square === 0) : 1 / Math.sqrt(square),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
