import { cholesky, choleskySolve } from "../../core/linalg/cholesky.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import type { CoalitionSample } from "./coalitions.ts";

/**
 * Least squares over coalitions with the sum fixed: the phi (n numbers) that minimises
 * `sum_c w_c (worth_c - sum of phi over the members of c)^2` under `sum phi = total`. The system depends
 * on the coalitions only, so it is factorised once for all rows.
 * Source: A. Charnes, B. Golany, M. Keane, J. Rousseau, "Extremal principle solutions of games in
 * characteristic function form", Econometrics of Planning and Efficiency (1988).
 */
export class ConstrainedLeastSquares {
  private readonly sample: CoalitionSample;
  private readonly factor: Matrix;
  /** A^-1 1, the direction along which the sum is put right. */
  private readonly direction: Float64Array;
  private readonly players: number;

  /** @throws NumericalError when the coalitions do not tell all players apart */
  constructor(sample: CoalitionSample, players: number) {
    this.sample = sample;
    this.players = players;
    const normal = matrix(players, players);
    const { members, weights } = sample;
    for (let c = 0; c < weights.length; c++) {
      for (let i = 0; i < players; i++) {
        if (members[c * players + i] === 0) continue;
        for (let j = 0; j < players; j++) {
          normal.data[i * players + j] += members[c * players + j] * weights[c];
        }
      }
    }
    this.factor = cholesky(normal);
    this.direction = choleskySolve(this.factor, new Float64Array(players).fill(1));
  }

  /**
   * @param worth what each coalition is worth above the empty one
   * @param total what all players together are worth above none
   */
  solve(worth: Float64Array, total: number): Float64Array {
    const { players } = this;
    const { members, weights } = this.sample;
    const right = new Float64Array(players);
    for (let c = 0; c < weights.length; c++) {
      const value = weights[c] * worth[c];
      for (let i = 0; i < players; i++) right[i] += members[c * players + i] * value;
    }
    const free = choleskySolve(this.factor, right);
    const missing = (total - sumOf(free)) / sumOf(this.direction);
    return free.map((value, i) => value + missing * this.direction[i]);
  }
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
