// The folds that the Matbench leaderboard and much of the literature use: those of scikit-learn's KFold and
// StratifiedKFold with shuffle and a fixed seed, which rest on numpy's legacy generator. Made here number for
// number, so that figures can be compared with published ones.

/**
 * Mersenne Twister with numpy's legacy seeding and bounded integers.
 * Source: M. Matsumoto, T. Nishimura, ACM Trans. Model. Comput. Simul. 8, 3 (1998), doi:10.1145/272991.272995.
 */
class LegacyNumpyRandom {
  private readonly state = new Uint32Array(624);
  private next = 624;

  constructor(seed: number) {
    this.state[0] = seed;
    for (let i = 1; i < 624; i++) {
      const previous = this.state[i - 1] ^ (this.state[i - 1] >>> 30);
      this.state[i] = Math.imul(1812433253, previous) + i;
    }
  }

  private bits(): number {
    if (this.next === 624) this.refill();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private refill(): void {
    for (let i = 0; i < 624; i++) {
      const y = (this.state[i] & 0x80000000) | (this.state[(i + 1) % 624] & 0x7fffffff);
      this.state[i] = this.state[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }

  /** A whole number in [0, most], by masking and rejection. */
  private upTo(most: number): number {
    if (most === 0) return 0;
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const value = (this.bits() & mask) >>> 0;
      if (value <= most) return value;
    }
  }

  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.upTo(i);
      [values[i], values[j]] = [values[j], values[i]];
    }
  }
}

/** Fold of each of n rows, as `KFold(k, shuffle=True, random_state=seed)` deals them. */
export function officialKFold(n: number, k: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  new LegacyNumpyRandom(seed).shuffle(order);
  const fold = new Int32Array(n);
  let start = 0;
  for (let f = 0; f < k; f++) {
    const end = start + Math.floor(n / k) + (f < n % k ? 1 : 0);
    for (let i = start; i < end; i++) fold[order[i]] = f;
    start = end;
  }
  return fold;
}

/** Fold of each row, as `StratifiedKFold(k, shuffle=True, random_state=seed)` deals rows of these labels. */
export function officialStratifiedKFold(
  labels: ArrayLike<number>,
  k: number,
  seed: number,
): Int32Array {
  const n = labels.length;
  // Classes are numbered in the order in which they first appear.
  const numberOf = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    if (!numberOf.has(labels[i])) numberOf.set(labels[i], numberOf.size);
  }
  const classes = Int32Array.from(labels, (label) => numberOf.get(label)!);
  const sorted = classes.toSorted();
  const random = new LegacyNumpyRandom(seed);
  const fold = new Int32Array(n);
  for (let c = 0; c < numberOf.size; c++) {
    const dealt: number[] = [];
    for (let f = 0; f < k; f++) {
      for (let i = f; i < n; i += k) if (sorted[i] === c) dealt.push(f);
    }
    const folds = Int32Array.from(dealt);
    random.shuffle(folds);
    let next = 0;
    for (let i = 0; i < n; i++) if (classes[i] === c) fold[i] = folds[next++];
  }
  return fold;
}

/** Fold of each row as `GroupKFold(k)` deals groups: the largest first, to the fold with the fewest rows. */
export function officialGroupKFold(keys: readonly string[], k: number): Int32Array {
  const names = [...new Set(keys)].sort();
  const size = new Map(names.map((name) => [name, 0]));
  for (const key of keys) size.set(key, size.get(key)! + 1);
  // Of groups of one size the last by name comes first, as a sort turned round leaves them.
  const order = names
    .map((name, place) => ({ name, place, rows: size.get(name)! }))
    .sort((a, b) => b.rows - a.rows || b.place - a.place);
  const rows = new Int32Array(k);
  const foldOf = new Map<string, number>();
  for (const group of order) {
    const smallest = rows.indexOf(Math.min(...rows));
    rows[smallest] += group.rows;
    foldOf.set(group.name, smallest);
  }
  return Int32Array.from(keys, (key) => foldOf.get(key)!);
}
