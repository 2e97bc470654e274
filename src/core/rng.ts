import { InputError } from "./errors.ts";
import { normalQuantile } from "./special.ts";
import { exp, log } from "./elementary.ts";

/**
 * A seeded source of random numbers. Streams are made by name: `rng.fork("tree 7")` depends on the
 * seed and the names on the way to it, never on how many numbers were drawn before, so that adding a
 * draw in one place leaves every other place as it was.
 */
export interface Rng {
  /** An independent stream with this name. */
  fork(label: string): Rng;
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /** Uniform over 0 ... bound - 1. */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with mean one. */
  exponential(): number;
  /** Gamma with the given shape and scale one. */
  gamma(shape: number): number;
  /** A point of the simplex; `alpha` all ones is uniform. */
  dirichlet(alpha: ArrayLike<number>): Float64Array;
  /** 0 ... n - 1 in random order. */
  permutation(n: number): Int32Array;
  /** Shuffles in place. */
  shuffle<T>(items: T[]): T[];
  /** 32 random bits as an unsigned integer. */
  bits(): number;
}

/** A stream for this seed; the same seed gives the same numbers on every machine. */
export function createRng(seed: number | string): Rng {
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new InputError(`createRng: expected a whole number or a text as seed, got ${seed}.`);
  }
  return new Sfc32(`${seed}`);
}

/**
 * Small fast counting generator of 128 bits of state.
 * Source: C. Doty-Humphrey, PractRand (2010), "sfc32"; seeded by the string hash below.
 */
class Sfc32 implements Rng {
  private readonly path: string;
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(path: string) {
    this.path = path;
    this.a = hash(path, 0x9e3779b9);
    this.b = hash(path, 0x243f6a88);
    this.c = hash(path, 0xb7e15162);
    for (let i = 0; i < 16; i++) this.bits();
  }

  fork(label: string): Rng {
    return new Sfc32(`${this.path}/${label.length}:${label}`);
  }

  bits(): number {
    const t = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  integer(bound: number): number {
    if (!(bound >= 1 && bound <= 4294967296 && Number.isInteger(bound))) {
      throw new InputError(`rng.integer: expected a bound of 1 ... 2^32, got ${bound}.`);
    }
    // Rejection of the incomplete last block keeps every value equally likely.
    const limit = 4294967296 - (4294967296 % bound);
    for (;;) {
      const bits = this.bits();
      if (bits < limit) return bits % bound;
    }
  }

  normal(): number {
    let u = this.uniform();
    while (u === 0) u = this.uniform();
    return normalQuantile(u);
  }

  exponential(): number {
    return -log(1 - this.uniform());
  }

  /** Source: G. Marsaglia, W. W. Tsang, ACM TOMS 26, 363 (2000), doi:10.1145/358407.358414. */
  gamma(shape: number): number {
    if (!(shape > 0)) throw new InputError(`rng.gamma: expected a shape above 0, got ${shape}.`);
    if (shape < 1) return exp(this.logGamma(shape));
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = this.uniform();
      if (u > 0 && log(u) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
    }
  }

  /** Logarithm of a gamma number, which itself is too small for a number when the shape is. */
  private logGamma(shape: number): number {
    if (shape >= 1) return log(this.gamma(shape));
    return log(this.gamma(shape + 1)) + log(1 - this.uniform()) / shape;
  }

  dirichlet(alpha: ArrayLike<number>): Float64Array {
    const point = new Float64Array(alpha.length);
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < alpha.length; i++) {
      if (!(alpha[i] > 0)) {
        throw new InputError(`rng.dirichlet: expected numbers above 0, got ${alpha[i]} at ${i}.`);
      }
      smallest = Math.min(smallest, alpha[i]);
    }
    if (smallest >= 1) {
      for (let i = 0; i < point.length; i++) {
        point[i] = alpha[i] === 1 ? this.exponential() : this.gamma(alpha[i]);
      }
    } else {
      // All gamma numbers of small shapes may be too small for numbers; their ratios are not.
      let largest = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < point.length; i++) {
        point[i] = this.logGamma(alpha[i]);
        largest = Math.max(largest, point[i]);
      }
      for (let i = 0; i < point.length; i++) point[i] = exp(point[i] - largest);
    }
    let sum = 0;
    for (let i = 0; i < point.length; i++) sum += point[i];
    for (let i = 0; i < point.length; i++) point[i] /= sum;
    return point;
  }

  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swap = order[i];
      order[i] = order[j]!;
      order[j] = swap;
    }
    return order;
  }

  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swap = items[i];
      items[i] = items[j]!;
      items[j] = swap;
    }
    return items;
  }
}

/** 32-bit hash of a text: FNV-1a steps with a Murmur3 finish. */
function hash(text: string, seed: number): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = (h << 13) | (h >>> 19);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
