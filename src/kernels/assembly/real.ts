import { expLanes } from "./vector-functions";

// The kernels of networks are written once for T = f64 and T = f32. A whole vector holds `lanes<T>()`
// numbers; what is left over at the end of a row is done one number at a time, in every lane at once.

/** Numbers in a vector. */
export function lanes<T>(): i32 {
  return 16 / <i32>sizeof<T>();
}

/** Address of the number that lies `index` numbers behind `base`. */
export function place<T>(base: usize, index: i32): usize {
  return base + <usize>index * sizeof<T>();
}

/** One number, in every lane. */
export function loadOne<T>(address: usize): v128 {
  return v128.load_splat<T>(address);
}

/** Stores the number of the first lane. */
export function storeOne<T>(address: usize, value: v128): void {
  store<T>(address, v128.extract_lane<T>(value, 0));
}

/** Sum of all lanes. */
export function sumLanes<T>(x: v128): T {
  if (sizeof<T>() == 8) {
    return <T>(f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1));
  }
  return <T>(
    (f32x4.extract_lane(x, 0) +
      f32x4.extract_lane(x, 1) +
      (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3)))
  );
}

/** Largest lane. */
export function maxLanes<T>(x: v128): T {
  if (sizeof<T>() == 8) {
    return <T>max<f64>(f64x2.extract_lane(x, 0), f64x2.extract_lane(x, 1));
  }
  return <T>(
    max<f32>(
      max<f32>(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
      max<f32>(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
    )
  );
}

/** e^x in every lane. */
export function expOf<T>(x: v128): v128 {
  return sizeof<T>() == 8 ? expLanes(x) : expSingle(x);
}

/**
 * e^x of f32 to two units in the last place: e^x = 2^n e^r with |r| <= log(2) / 2, a polynomial in r, and 2^n in two
 * factors, so that the largest and the smallest numbers come out.
 * Source of the coefficients: S. L. Moshier, Cephes Mathematical Library 2.2 (1992), expf.
 */
function expSingle(x: v128): v128 {
  // Beyond these e^x is infinite or 0; NaN stays.
  const inside = f32x4.pmax(f32x4.pmin(x, single(0)), single(1));
  const count = f32x4.nearest(f32x4.mul(inside, single(2)));
  const high = f32x4.sub(inside, f32x4.mul(count, single(3)));
  const r = f32x4.sub(high, f32x4.mul(count, single(4)));
  let p = single(5);
  p = f32x4.add(f32x4.mul(p, r), single(6));
  p = f32x4.add(f32x4.mul(p, r), single(7));
  p = f32x4.add(f32x4.mul(p, r), single(8));
  p = f32x4.add(f32x4.mul(p, r), single(9));
  p = f32x4.add(f32x4.mul(p, r), single(10));
  const power = f32x4.add(single(11), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p)));
  const n = i32x4.trunc_sat_f32x4_s(count);
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(power, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/**
 * Limits, 1 / log 2, log 2 in two parts, the polynomial from its highest power on, 1, limits of the sigmoid, the shift
 * that rounds.
 */
const exponential = memory.data<f32>([
  128, -128, 1.44269504088896341, 0.693359375, -2.1219444e-4, 1.98756915e-4, 1.3981999507e-3,
  8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1, 89, -86, 12582912,
]);

/** A constant of `exponential`, in every lane. */
function single(index: usize): v128 {
  return v128.load32_splat(exponential + (index << 2));
}

/** 2^n for whole n of -126 ... 127, by the bits of the exponent. */
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** 1 / (1 + e^-x) in every lane. */
export function sigmoidOf<T>(x: v128): v128 {
  const one = v128.splat<T>(<T>1);
  return v128.div<T>(one, v128.add<T>(one, expOf<T>(v128.neg<T>(x))));
}

const blockBytes: usize = 512;

/** The powers of two of a block. */
const powers = memory.data(512, 16);

/**
 * x / (1 + e^-x) in f32 for whole vectors, n a multiple of 4; y is not x. In three loops as `vectorSilu`, with the
 * exponential of `expSingle`.
 */
export function vectorSiluSingle(n: i32, x: usize, y: usize): void {
  const end = place<f32>(x, n);
  while (x < end) {
    const bytes = min(blockBytes, end - x);
    for (let k: usize = 0; k < bytes; k += 16) {
      const inside = f32x4.pmax(f32x4.pmin(f32x4.neg(v128.load(x + k)), single(12)), single(13));
      // Adding 1.5 * 2^23 moves the nearest whole number into the low bits.
      const shifted = f32x4.add(f32x4.mul(inside, single(2)), single(14));
      const count = f32x4.sub(shifted, single(14));
      const high = f32x4.sub(inside, f32x4.mul(count, single(3)));
      v128.store(y + k, f32x4.sub(high, f32x4.mul(count, single(4))));
      v128.store(powers + k, i32x4.shl(i32x4.add(shifted, i32x4.splat(126)), 23));
    }
    for (let k: usize = 0; k < bytes; k += 16) {
      const r = v128.load(y + k);
      let p = single(5);
      p = f32x4.add(f32x4.mul(p, r), single(6));
      p = f32x4.add(f32x4.mul(p, r), single(7));
      p = f32x4.add(f32x4.mul(p, r), single(8));
      p = f32x4.add(f32x4.mul(p, r), single(9));
      p = f32x4.add(f32x4.mul(p, r), single(10));
      const whole = f32x4.add(single(11), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p)));
      v128.store(y + k, whole);
    }
    for (let k: usize = 0; k < bytes; k += 16) {
      const whole = v128.load(y + k);
      const e = f32x4.mul(f32x4.add(whole, whole), v128.load(powers + k));
      const sigmoid = f32x4.div(single(11), f32x4.add(single(11), e));
      v128.store(y + k, f32x4.mul(v128.load(x + k), sigmoid));
    }
    x += bytes;
    y += bytes;
  }
}
