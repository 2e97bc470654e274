import { at } from "./address";

// Two numbers at a time, without branches; NaN and infinities come out as the scalar functions give them.

// Constants are kept in memory and loaded into both lanes, which costs one instruction each; V8 builds
// constant vectors anew at every use. Limits are set by pmin and pmax, which are one instruction each and leave
// a NaN on the left as it is; min and max take half a dozen.

/** The number at an address, in both lanes. */
function both(address: usize): v128 {
  return v128.load64_splat(address);
}

/** Adding 1.5 * 2^52 moves the nearest whole number of a small f64 into the low bits. */
const roundingShift = memory.data<f64>([6755399441055744.0]);
const ln2High = memory.data<f64>([6.9314718036912381649e-1]);
const ln2Low = memory.data<f64>([1.9082149292705877e-10]);
const log2e = memory.data<f64>([1.442695040888963387]);
const half = memory.data<f64>([0.5]);
const one = memory.data<f64>([1]);
const two = memory.data<f64>([2]);
const exponentBias = memory.data<i64>([1023]);
const signBit = memory.data<u64>([0x8000000000000000]);

/** 2^n for whole n in -1022 ... 1023, n given with `roundingShift` added. */
function powerOfTwo(shifted: v128): v128 {
  return i64x2.shl(i64x2.add(shifted, both(exponentBias)), 52);
}

/** 1 / k! for k = 2 ... 13. */
const taylor = memory.data<f64>([
  1.0 / 2,
  1.0 / 6,
  1.0 / 24,
  1.0 / 120,
  1.0 / 720,
  1.0 / 5040,
  1.0 / 40320,
  1.0 / 362880,
  1.0 / 3628800,
  1.0 / 39916800,
  1.0 / 479001600,
  1.0 / 6227020800,
]);

/** c[k] + x c[k + 1]. */
function pair(table: usize, k: usize, x: v128): v128 {
  const address = table + (k << 3);
  return f64x2.add(v128.load64_splat(address), f64x2.mul(x, v128.load64_splat(address, 8)));
}

/**
 * (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2 by the Taylor series to r^13, whose remainder is below
 * 1e-17 relative to e^r.
 */
function exponentialTail(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const low = f64x2.add(pair(taylor, 0, r), f64x2.mul(r2, pair(taylor, 2, r)));
  const middle = f64x2.add(pair(taylor, 4, r), f64x2.mul(r2, pair(taylor, 6, r)));
  const high = f64x2.add(pair(taylor, 8, r), f64x2.mul(r2, pair(taylor, 10, r)));
  return f64x2.add(low, f64x2.mul(r4, f64x2.add(middle, f64x2.mul(r4, high))));
}

/** e^x in both lanes. */
export function expLanes(x: v128): v128 {
  const inside = f64x2.pmax(f64x2.pmin(x, f64x2.splat(710)), f64x2.splat(-750));
  const shifted = f64x2.add(f64x2.mul(inside, both(log2e)), both(roundingShift));
  const n = f64x2.sub(shifted, both(roundingShift));
  const high = f64x2.sub(inside, f64x2.mul(n, both(ln2High)));
  const low = f64x2.mul(n, both(ln2Low));
  const r = f64x2.sub(high, low);
  const r2 = f64x2.mul(r, r);
  const y = f64x2.add(both(one), f64x2.add(r, f64x2.mul(r2, exponentialTail(r))));
  // Two factors, so that neither overflows and a denormal result is rounded once.
  const firstHalf = f64x2.add(f64x2.floor(f64x2.mul(n, both(half))), both(roundingShift));
  const rest = f64x2.sub(shifted, f64x2.sub(firstHalf, both(roundingShift)));
  return f64x2.mul(f64x2.mul(y, powerOfTwo(firstHalf)), powerOfTwo(rest));
}

const logEven = memory.data<f64>([
  6.66666666666673513e-1, 2.857142874366239149e-1, 1.818357216161805012e-1, 1.479819860511658591e-1,
]);
const logOdd = memory.data<f64>([
  3.999999999940941908e-1, 2.222219843214978396e-1, 1.531383769920937332e-1,
]);

/**
 * Natural logarithm in both lanes. Source of the scheme and of its minimax polynomial: P. T. P. Tang,
 * ACM TOMS 16, 378 (1990), doi:10.1145/98267.98294, with the coefficients of Sun's fdlibm e_log.c (1993).
 */
function logLanes(x: v128): v128 {
  const tiny = f64x2.lt(x, f64x2.splat(2.2250738585072014e-308));
  const scaled = v128.bitselect(f64x2.mul(x, f64x2.splat(18014398509481984.0)), x, tiny);
  const offset = i64x2.splat(0x3fe6a09e667f3bcd);
  const bits = i64x2.add(scaled, i64x2.sub(i64x2.splat(0x3ff0000000000000), offset));
  const exponent = i64x2.shr_u(bits, 52);
  const shiftBits = both(roundingShift);
  const k = f64x2.sub(
    f64x2.sub(i64x2.add(exponent, shiftBits), shiftBits),
    v128.bitselect(f64x2.splat(1077), f64x2.splat(1023), tiny),
  );
  const m = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), offset);
  const f = f64x2.sub(m, both(one));
  const s = f64x2.div(f, f64x2.add(f, both(two)));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const odd = f64x2.mul(
    w,
    f64x2.add(pair(logOdd, 0, w), f64x2.mul(f64x2.mul(w, w), both(logOdd + 16))),
  );
  const even = f64x2.mul(
    z,
    f64x2.add(pair(logEven, 0, w), f64x2.mul(f64x2.mul(w, w), pair(logEven, 2, w))),
  );
  const halfSquare = f64x2.mul(f64x2.mul(both(half), f), f);
  const tail = f64x2.add(
    f64x2.mul(s, f64x2.add(halfSquare, f64x2.add(even, odd))),
    f64x2.mul(k, both(ln2Low)),
  );
  let y = f64x2.sub(f64x2.mul(k, both(ln2High)), f64x2.sub(f64x2.sub(halfSquare, tail), f));
  y = v128.bitselect(x, y, v128.or(f64x2.eq(x, f64x2.splat(Infinity)), f64x2.ne(x, x)));
  y = v128.bitselect(f64x2.splat(NaN), y, f64x2.lt(x, f64x2.splat(0)));
  return v128.bitselect(f64x2.splat(-Infinity), y, f64x2.eq(x, f64x2.splat(0)));
}

// Highest power first; see error-function.ts.
const centralTop = memory.data<f64>([
  1.85777706184603153e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2,
  3.20937758913846947e3,
]);
const centralBottom = memory.data<f64>([
  1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3,
]);
const middleTop = memory.data<f64>([
  2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
  2.98635138197400131e2, 8.8195222124176909e2, 1.71204761263407058e3, 2.05107837782607147e3,
  1.23033935479799725e3,
]);
const middleBottom = memory.data<f64>([
  1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
  3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
]);

/** One step of Horner's rule: the k-th coefficient + x rest. */
function step(table: usize, k: usize, x: v128, rest: v128): v128 {
  return f64x2.add(both(table + (k << 3)), f64x2.mul(x, rest));
}

function quartic(table: usize, x: v128): v128 {
  const high = step(table, 2, x, step(table, 1, x, both(table)));
  return step(table, 4, x, step(table, 3, x, high));
}

function octic(table: usize, x: v128): v128 {
  const high = step(table, 6, x, step(table, 5, x, quartic(table, x)));
  return step(table, 8, x, step(table, 7, x, high));
}

/**
 * Error function in both lanes: both of Cody's approximations (see error-function.ts), then the one that
 * holds. The middle one is used to |x| = 6, where 1 - erf is below 1e-16.
 */
function erfLanes(x: v128): v128 {
  const sign = v128.and(x, both(signBit));
  const a = f64x2.pmin(f64x2.abs(x), f64x2.splat(6));
  const y = f64x2.mul(a, a);
  const central = f64x2.div(f64x2.mul(a, quartic(centralTop, y)), quartic(centralBottom, y));
  const ratio = f64x2.div(octic(middleTop, a), octic(middleBottom, a));
  const outer = f64x2.sub(both(one), f64x2.mul(expLanes(f64x2.neg(y)), ratio));
  return v128.or(v128.bitselect(outer, central, f64x2.gt(a, f64x2.splat(0.46875))), sign);
}

/** out[i] = e^x[i]; `out` may be `x`. */
export function vectorExp(n: i32, x: usize, out: usize): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) v128.store(at(out, i), expLanes(v128.load(at(x, i))));
  if (i < n) v128.store64_lane(at(out, i), expLanes(v128.load64_zero(at(x, i))), 0);
}

/** out[i] = log x[i]; `out` may be `x`. */
export function vectorLog(n: i32, x: usize, out: usize): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) v128.store(at(out, i), logLanes(v128.load(at(x, i))));
  if (i < n) v128.store64_lane(at(out, i), logLanes(v128.load64_zero(at(x, i))), 0);
}

/** out[i] = erf x[i]; `out` may be `x`. */
export function vectorErf(n: i32, x: usize, out: usize): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) v128.store(at(out, i), erfLanes(v128.load(at(x, i))));
  if (i < n) v128.store64_lane(at(out, i), erfLanes(v128.load64_zero(at(x, i))), 0);
}

// Long chains from x to y are cut into short loops over blocks of numbers: a processor looks ahead too little to work
// on several numbers at once along a long one.
const blockBytes: usize = 512;

/** The powers of two of a block; kernels that use them run in one thread only. */
const powers = memory.data(512, 16);
const lastPair = memory.data(16, 16);

/** out[i] = tanh x[i] = e / (e + 2) with e = exp(2 |x|) - 1 and the sign of x; `out` may be `x`. */
export function vectorTanh(n: i32, x: usize, out: usize): void {
  const end = at(x, n & ~1);
  while (x < end) {
    const bytes = min(blockBytes, end - x);
    for (let k: usize = 0; k < bytes; k += 16) {
      const number = v128.load(x + k);
      const doubled = f64x2.pmin(f64x2.mul(both(two), f64x2.abs(number)), f64x2.splat(60));
      const shifted = f64x2.add(f64x2.mul(doubled, both(log2e)), both(roundingShift));
      const count = f64x2.sub(shifted, both(roundingShift));
      const high = f64x2.sub(doubled, f64x2.mul(count, both(ln2High)));
      v128.store(out + k, f64x2.sub(high, f64x2.mul(count, both(ln2Low))));
      v128.store(powers + k, v128.or(powerOfTwo(shifted), v128.and(number, both(signBit))));
    }
    for (let k: usize = 0; k < bytes; k += 16) {
      const r = v128.load(out + k);
      v128.store(out + k, f64x2.add(r, f64x2.mul(f64x2.mul(r, r), exponentialTail(r))));
    }
    for (let k: usize = 0; k < bytes; k += 16) {
      const signed = v128.load(powers + k);
      const power = f64x2.abs(signed);
      const e = f64x2.add(f64x2.sub(power, both(one)), f64x2.mul(power, v128.load(out + k)));
      const size = f64x2.div(e, f64x2.add(e, both(two)));
      v128.store(out + k, v128.or(size, v128.and(signed, both(signBit))));
    }
    x += bytes;
    out += bytes;
  }
  if (n & 1) {
    v128.store(lastPair, v128.load64_splat(x));
    vectorTanh(2, lastPair, lastPair);
    store<f64>(out, load<f64>(lastPair));
  }
}

const halfExponentBias = memory.data<i64>([1022]);

/** Beyond them the sigmoid is 0 or 1. */
const sigmoidLimits = memory.data<f64>([710, -700]);

/**
 * x / (1 + e^-x); y is not x. e^-x is that of `expLanes` with one power of two: what a small one loses is lost in the
 * sum with 1.
 */
export function vectorSilu(n: i32, x: usize, y: usize): void {
  const end = at(x, n & ~1);
  while (x < end) {
    const bytes = min(blockBytes, end - x);
    for (let k: usize = 0; k < bytes; k += 16) {
      const high = f64x2.pmin(f64x2.neg(v128.load(x + k)), both(sigmoidLimits));
      const inside = f64x2.pmax(high, v128.load64_splat(sigmoidLimits, 8));
      const shifted = f64x2.add(f64x2.mul(inside, both(log2e)), both(roundingShift));
      const count = f64x2.sub(shifted, both(roundingShift));
      const rest = f64x2.sub(inside, f64x2.mul(count, both(ln2High)));
      v128.store(y + k, f64x2.sub(rest, f64x2.mul(count, both(ln2Low))));
      // 2^(count - 1), so that it is finite as long as e^-x is.
      const power = i64x2.shl(i64x2.add(shifted, both(halfExponentBias)), 52);
      v128.store(powers + k, power);
    }
    for (let k: usize = 0; k < bytes; k += 16) {
      const r = v128.load(y + k);
      const whole = f64x2.add(r, f64x2.mul(f64x2.mul(r, r), exponentialTail(r)));
      v128.store(y + k, f64x2.add(both(one), whole));
    }
    for (let k: usize = 0; k < bytes; k += 16) {
      const whole = v128.load(y + k);
      const exponential = f64x2.mul(f64x2.add(whole, whole), v128.load(powers + k));
      const sigmoid = f64x2.div(both(one), f64x2.add(both(one), exponential));
      v128.store(y + k, f64x2.mul(v128.load(x + k), sigmoid));
    }
    x += bytes;
    y += bytes;
  }
  if (n & 1) {
    const number = v128.load64_splat(x);
    const exponential = expLanes(f64x2.neg(number));
    const sigmoid = f64x2.div(both(one), f64x2.add(both(one), exponential));
    v128.store64_lane(y, f64x2.mul(number, sigmoid), 0);
  }
}
