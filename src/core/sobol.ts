import { InputError } from "./errors.ts";
import { matrix, type Matrix } from "./matrix.ts";
import type { Rng } from "./rng.ts";
import table from "./sobol.data.json" with { type: "json" };

/** A low-discrepancy sequence of points in the unit cube. */
export interface SobolSequence {
  readonly dimension: number;
  /** The next `count` points, count x dimension. */
  take(count: number): Matrix;
  /** Leaves out the next `count` points at once. */
  skip(count: number): void;
}

export interface SobolOptions {
  /** Scrambles with random numbers of this stream; without it the plain sequence, which starts at 0. */
  readonly scramble?: Rng;
}

/** Number of dimensions that the direction numbers reach. */
export const maxSobolDimension: number = table.dimensions;

const bitCount = 32;
const pointLimit = 2 ** bitCount;

/**
 * Sobol's sequence in Gray-code order, optionally with Owen's nested uniform scrambling, which keeps the
 * balance of the sequence and makes averages over it unbiased: in every dimension the bits are scrambled
 * by a hash of the bits above them. Scrambled coordinates lie strictly inside (0, 1).
 * Take a power of two of points where balance matters.
 * Sources: S. Joe, F. Y. Kuo, SIAM J. Sci. Comput. 30, 2635 (2008), doi:10.1137/070709359 (direction
 * numbers); A. B. Owen, in Monte Carlo and Quasi-Monte Carlo Methods (1995), 299 (scrambling);
 * B. Burley, J. Comput. Graph. Tech. 9(4), 1 (2020) (hash after S. Laine, T. Karras).
 * @throws InputError when the dimension is not 1 ... `maxSobolDimension`
 */
export function createSobol(dimension: number, { scramble }: SobolOptions = {}): SobolSequence {
  if (!(Number.isInteger(dimension) && dimension >= 1 && dimension <= maxSobolDimension)) {
    throw new InputError(
      `createSobol: expected 1 to ${maxSobolDimension} dimensions, got ${dimension}.`,
    );
  }
  const directions = directionNumbers(dimension);
  const stream = scramble?.fork("sobol");
  const seeds =
    stream === undefined ? undefined : Int32Array.from({ length: dimension }, () => stream.bits());
  const state = new Int32Array(dimension);
  let index = 0;

  const checkRoom = (count: number): void => {
    if (!(Number.isInteger(count) && count >= 0 && index + count <= pointLimit)) {
      throw new InputError(
        `Sobol sequence: expected a count of at most ${pointLimit - index}, got ${count}.`,
      );
    }
  };

  return {
    dimension,
    take(count) {
      checkRoom(count);
      const points = matrix(count, dimension);
      for (let i = 0, place = 0; i < count; i++) {
        for (let j = 0; j < dimension; j++, place++) {
          points.data[place] =
            seeds === undefined
              ? (state[j] >>> 0) / pointLimit
              : (scrambleBits(state[j], seeds[j]) + 0.5) / pointLimit;
        }
        // In Gray code one bit changes from a point to the next: the lowest zero bit of the index.
        const bit = lowestZeroBit(index);
        index++;
        if (bit < bitCount) {
          for (let j = 0; j < dimension; j++) state[j] ^= directions[j * bitCount + bit];
        }
      }
      return points;
    },
    skip(count) {
      checkRoom(count);
      index += count;
      const gray = (index ^ (index / 2)) >>> 0;
      state.fill(0);
      for (let bit = 0; bit < bitCount; bit++) {
        if ((gray >>> bit) & 1) {
          for (let j = 0; j < dimension; j++) state[j] ^= directions[j * bitCount + bit];
        }
      }
    },
  };
}

function lowestZeroBit(index: number): number {
  const zeros = ~index;
  return zeros === 0 ? bitCount : 31 - Math.clz32(zeros & -zeros);
}

/** Direction numbers of the first dimensions, 32 per dimension, the highest bit first. */
function directionNumbers(dimension: number): Int32Array {
  const directions = new Int32Array(dimension * bitCount);
  for (let bit = 0; bit < bitCount; bit++) directions[bit] = 1 << (31 - bit);
  const read = bitReader(table.numbers);
  for (let j = 1; j < dimension; j++) {
    const degree = read(5);
    const coefficients = read(degree - 1);
    const v = directions.subarray(j * bitCount, (j + 1) * bitCount);
    for (let i = 0; i < degree; i++) v[i] = (2 * read(i) + 1) << (31 - i);
    for (let i = degree; i < bitCount; i++) {
      let value = v[i - degree] ^ (v[i - degree] >>> degree);
      for (let k = 1; k < degree; k++) {
        if ((coefficients >>> (degree - 1 - k)) & 1) value ^= v[i - k];
      }
      v[i] = value;
    }
  }
  return directions;
}

/** Reads numbers of some bits each, the highest bit first. */
function bitReader(base64: string): (count: number) => number {
  const bytes = atob(base64);
  let place = 0;
  return (count) => {
    let value = 0;
    for (let i = 0; i < count; i++, place++) {
      value = 2 * value + ((bytes.charCodeAt(place >>> 3) >>> (7 - (place & 7))) & 1);
    }
    return value;
  };
}

/** Every bit is flipped or not depending on the seed and the bits above it. */
function scrambleBits(bits: number, seed: number): number {
  let x = reverseBits(bits);
  x = (x + seed) | 0;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, 0xb82f1e52);
  x ^= Math.imul(x, 0xc7afe638);
  x ^= Math.imul(x, 0x8d22f6e6);
  return reverseBits(x) >>> 0;
}

function reverseBits(bits: number): number {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
}
