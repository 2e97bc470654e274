import type { Rng } from "../../core/rng.ts";
import { choose } from "../games.ts";

/** Coalitions to evaluate and what each weighs in the least squares; neither empty nor complete ones. */
export interface CoalitionSample {
  /** Coalitions x players, 1 = in the coalition. */
  readonly members: Uint8Array;
  /** Weights that sum to one. */
  readonly weights: Float64Array;
  /** Whether every coalition is there. */
  readonly isComplete: boolean;
}

/**
 * The Shapley kernel: weight of one coalition of `size` out of n players.
 * Source: S. M. Lundberg, S.-I. Lee, NeurIPS 30 (2017), theorem 2.
 */
export function kernelWeight(players: number, size: number): number {
  return (players - 1) / (choose(players, size) * size * (players - size));
}

/** Coalitions evaluated when nothing is said: 2 n + 2048, or all that there are. */
export function automaticSamples(players: number): number {
  return Math.min(2 * players + 2048, coalitionCount(players));
}

/** Coalitions of n players but the empty and the complete one. */
export const coalitionCount = (players: number): number => 2 ** Math.min(players, 53) - 2;

/**
 * Coalitions for a budget: whole sizes from the outside in (one player and all but one, two and all but
 * two, ...) as long as the budget holds them, then random ones of the remaining sizes, drawn with their
 * complements by the weight of their size and counted when drawn again.
 * Source: the sampling of S. M. Lundberg, S.-I. Lee, NeurIPS 30 (2017), supplement.
 * @param players at least 2
 * @param budget at least min(2 n, all), so that every player stands alone once
 */
export function sampleCoalitions(players: number, budget: number, rng: Rng): CoalitionSample {
  const chosen: { members: Uint8Array; weight: number }[] = [];
  const sizes = Math.floor(players / 2);
  let left = budget;
  let size = 1;
  let weightLeft = 0;
  for (let s = 1; s < players; s++) weightLeft += choose(players, s) * kernelWeight(players, s);
  const total = weightLeft;
  for (; size <= sizes; size++) {
    const isPaired = 2 * size !== players;
    const count = choose(players, size) * (isPaired ? 2 : 1);
    if (count > left) break;
    for (const members of combinations(players, size)) {
      chosen.push({ members, weight: kernelWeight(players, size) / total });
      if (isPaired) {
        chosen.push({ members: complement(members), weight: kernelWeight(players, size) / total });
      }
    }
    left -= count;
    weightLeft -= count * kernelWeight(players, size);
  }
  const isComplete = size > sizes;
  if (!isComplete) {
    const drawn = drawPairs(players, size, Math.floor(left / 2), rng);
    const times = drawn.reduce((sum, one) => sum + one.times, 0);
    for (const { members, times: count } of drawn) {
      const weight = ((weightLeft / total) * count) / times / 2;
      chosen.push({ members, weight }, { members: complement(members), weight });
    }
  }
  const members = new Uint8Array(chosen.length * players);
  chosen.forEach((one, c) => members.set(one.members, c * players));
  return { members, weights: Float64Array.from(chosen, (one) => one.weight), isComplete };
}

/** Different coalitions of at least `least` players and at most half of them, with how often each came. */
function drawPairs(
  players: number,
  least: number,
  pairs: number,
  rng: Rng,
): { members: Uint8Array; times: number }[] {
  const half = Math.floor(players / 2);
  const cumulative: number[] = [];
  for (let s = least; s <= half; s++) {
    // Weight of a whole size; a coalition of half the players is its own size's complement.
    const weight = ((players - 1) / (s * (players - s))) * (2 * s === players ? 0.5 : 1);
    cumulative.push((cumulative.at(-1) ?? 0) + weight);
  }
  const found = new Map<string, { members: Uint8Array; times: number }>();
  // Draws that repeat known coalitions cost nothing but must end.
  for (let draw = 0; draw < 4 * pairs && found.size < pairs; draw++) {
    const u = rng.uniform() * cumulative.at(-1)!;
    const size = least + cumulative.findIndex((sum) => u < sum);
    const members = new Uint8Array(players);
    for (const p of rng.permutation(players).subarray(0, size)) members[p] = 1;
    // Of a coalition of half the players and its complement, only one is kept as the key.
    const kept = 2 * size === players && members[0] === 0 ? complement(members) : members;
    const key = kept.join("");
    const known = found.get(key);
    if (known === undefined) found.set(key, { members: kept, times: 1 });
    else known.times++;
  }
  return [...found.values()];
}

const complement = (members: Uint8Array): Uint8Array => members.map((one) => 1 - one);

/** All ways to choose `size` of n players. */
function* combinations(players: number, size: number): Generator<Uint8Array> {
  const chosen = Array.from({ length: size }, (_, k) => k);
  for (;;) {
    const members = new Uint8Array(players);
    for (const p of chosen) members[p] = 1;
    yield members;
    let k = size - 1;
    while (k >= 0 && chosen[k] === players - size + k) k--;
    if (k < 0) return;
    chosen[k]++;
    for (let m = k + 1; m < size; m++) chosen[m] = chosen[m - 1] + 1;
  }
}
