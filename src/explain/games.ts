import { InputError } from "../core/errors.ts";
import { matrix, type Matrix } from "../core/matrix.ts";

/** Most players whose coalitions are listed one by one. */
export const maxPlayers = 20;

/**
 * Shapley values of a game of n players: the mean of what a player adds over all orders of joining.
 * Source: L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953).
 * @param value worth of a coalition, given as bits: player i is in when bit i is set
 * @returns n numbers that sum to the worth of all players minus that of none
 * @throws InputError for fewer than 1 or more than 20 players
 */
export function shapleyValues(players: number, value: (coalition: number) => number): Float64Array {
  return shapleyOfTable(players, tableOf(players, value));
}

/**
 * Shapley interaction values of a game, n x n and symmetric: half of the interaction index of each pair
 * off the diagonal, and on it what is left, so that row i sums to the Shapley value of player i.
 * Source: M. Grabisch, M. Roubens, Int. J. Game Theory 28, 547 (1999), doi:10.1007/s001820050125; halves
 * and diagonal as in S. M. Lundberg et al., Nat. Mach. Intell. 2, 56 (2020), doi:10.1038/s42256-019-0138-9.
 */
export function shapleyInteractions(players: number, value: (coalition: number) => number): Matrix {
  const worth = tableOf(players, value);
  const result = matrix(players, players);
  for (let i = 0; i < players; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let s = 0; s < worth.length; s++) {
        if ((s >> i) & 1 || (s >> j) & 1) continue;
        const delta =
          worth[s | (1 << i) | (1 << j)] - worth[s | (1 << i)] - worth[s | (1 << j)] + worth[s];
        sum += orderShare(players - 1, bitCount(s)) * delta;
      }
      result.data[i * players + j] = result.data[j * players + i] = sum / 2;
    }
  }
  const own = shapleyOfTable(players, worth);
  for (let i = 0; i < players; i++) {
    let others = 0;
    for (let j = 0; j < players; j++) if (j !== i) others += result.data[i * players + j];
    result.data[i * players + i] = own[i] - others;
  }
  return result;
}

/**
 * Shapley values from the worth of every coalition, listed in the order of its bits. A player who never
 * adds anything gets exactly 0.
 */
export function shapleyOfTable(players: number, worth: Float64Array): Float64Array {
  const result = new Float64Array(players);
  const share = Float64Array.from({ length: players }, (_, size) => orderShare(players, size));
  for (let i = 0; i < players; i++) {
    const bit = 1 << i;
    for (let s = 0; s < worth.length; s++) {
      if ((s & bit) === 0) result[i] += share[bitCount(s)] * (worth[s | bit] - worth[s]);
    }
  }
  return result;
}

/** Players who never add anything to any coalition, given the worth of all of them. */
export function nullPlayers(players: number, worth: ArrayLike<number>): boolean[] {
  return Array.from({ length: players }, (_, i) => {
    const bit = 1 << i;
    for (let s = 0; s < worth.length; s++) {
      if ((s & bit) === 0 && worth[s | bit] !== worth[s]) return false;
    }
    return true;
  });
}

/** Share of all orders of n players in which one given player comes right after one given coalition. */
function orderShare(players: number, size: number): number {
  // size! (n - 1 - size)! / n! = 1 / (n C(n - 1, size))
  return 1 / (players * choose(players - 1, size));
}

/** Binomial coefficient, exact below 2^53. */
export function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i;
  return result;
}

/** Number of set bits of a 32-bit whole number. */
export function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function tableOf(players: number, value: (coalition: number) => number): Float64Array {
  if (!(Number.isInteger(players) && players >= 1 && players <= maxPlayers)) {
    throw new InputError(`shapleyValues: expected 1 to ${maxPlayers} players, got ${players}.`, {
      path: "players",
      received: `${players}`,
    });
  }
  return Float64Array.from({ length: 2 ** players }, (_, coalition) => value(coalition));
}
