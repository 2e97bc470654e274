/** The generators of a fraction of a two-level factorial, and how well it tells effects apart. */
export interface Fraction {
  /** For each added factor the base factors whose product it is, as bits. */
  readonly generators: readonly number[];
  /** Length of the shortest word: 3 mixes main effects with pairs, 4 pairs with pairs, 5 neither. */
  readonly resolution: number;
  /** Number of defining words of each length, from 0 on. */
  readonly words: readonly number[];
}

/** Choices of generators that are all tried; beyond these, one generator at a time is bettered. */
const mostTried = 300_000;

/**
 * The fraction of 2^(base + added) runs with 2^base of them that has the largest resolution and the fewest short words
 * (minimum aberration); null when there are not enough products of base factors.
 * Source: A. Fries, W. G. Hunter, Technometrics 22, 601 (1980), doi:10.1080/00401706.1980.10486210.
 */
export function bestFraction(base: number, added: number): Fraction | null {
  const products = Array.from({ length: 1 << base }, (_, mask) => mask)
    .filter((mask) => bitsOf(mask) >= 2)
    .sort((a, b) => bitsOf(b) - bitsOf(a) || a - b);
  if (products.length < added) return null;
  let best: readonly number[] = products.slice(0, added);
  let words = wordsOf(best, base);
  // Products of odd numbers of factors have no words of odd length.
  const odd = products.filter((mask) => bitsOf(mask) % 2 === 1);
  const offer = (generators: readonly number[]): boolean => {
    const own = wordsOf(generators, base);
    if (!isLess(own, words)) return false;
    best = generators;
    words = own;
    return true;
  };
  if (choose(products.length, added) <= mostTried) {
    for (const generators of subsets(products, added)) offer(generators);
  } else {
    if (odd.length >= added) offer(odd.slice(0, added));
    let isBetter = true;
    while (isBetter) {
      isBetter = false;
      for (let k = 0; k < added; k++) {
        for (const mask of products) {
          if (best.includes(mask)) continue;
          if (offer(best.with(k, mask))) isBetter = true;
        }
      }
    }
  }
  const shortest = words.findIndex((count, length) => length > 0 && count > 0);
  return { generators: best, resolution: shortest < 0 ? base + 1 : shortest, words };
}

/** Number of words of each length: products of generators, each with the factor that it makes. */
function wordsOf(generators: readonly number[], base: number): number[] {
  const words = Array.from({ length: base + generators.length + 1 }, () => 0);
  const combined = new Uint32Array(1 << generators.length);
  for (let subset = 1; subset < combined.length; subset++) {
    const lowest = 31 - Math.clz32(subset & -subset);
    combined[subset] = combined[subset & (subset - 1)] ^ generators[lowest];
    words[bitsOf(combined[subset]) + bitsOf(subset)]++;
  }
  return words;
}

/** Fewer words of the shortest length in which two fractions differ. */
function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((count, k) => count !== b[k]);
  return at >= 0 && a[at] < b[at];
}

export function bitsOf(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 0; i < k; i++) product = (product * (n - i)) / (i + 1);
  return product;
}

function* subsets(items: readonly number[], size: number, from = 0): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= items.length - size; i++) {
    for (const rest of subsets(items, size - 1, i + 1)) yield [items[i], ...rest];
  }
}
