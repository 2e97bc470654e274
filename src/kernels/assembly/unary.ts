import { erf } from "./error-function";
import { expOf, lanes, loadOne, place, sigmoidOf, storeOne, vectorSiluSingle } from "./real";
import { vectorErf, vectorLog, vectorSilu, vectorTanh } from "./vector-functions";

// Functions of one number. The codes are those of `unaryCodes` in src/kernels/networks.ts; p and q are
// the function's own settings.

const affine: i32 = 0; // p x + q
const tanh: i32 = 1;
const relu: i32 = 2; // x above 0, p x below
const sigmoid: i32 = 3;
const softplus: i32 = 4; // log(1 + e^x)
const exponential: i32 = 5;
const logarithm: i32 = 6;
const square: i32 = 7;
const root: i32 = 8;
const gelu: i32 = 9; // x Phi(x), Phi the standard normal distribution
const silu: i32 = 10; // x sigmoid(x)
const huber: i32 = 11; // x^2 / 2 up to |x| = p, then p (|x| - p / 2)
const absolute: i32 = 12; // |x|
const clamp: i32 = 13; // x, no less than p and no more than q

const rootHalf: f64 = 0.7071067811865476;
const inverseRootTwoPi: f64 = 0.3989422804014327;

/** y[i] = f(x[i]); y is not x. */
export function unaryForward<T>(code: i32, n: i32, p: T, q: T, x: usize, y: usize): void {
  if (code == tanh) return tanhForward<T>(n, x, y);
  if (code == silu) return siluForward<T>(n, x, y);
  if (code == gelu) return geluForward<T>(n, x, y);
  if (code == logarithm && sizeof<T>() == 8) return vectorLog(n, x, y);
  if (code == logarithm || code == softplus) return scalarForward<T>(code, n, x, y);
  let i = 0;
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    v128.store(place<T>(y, i), value<T>(code, p, q, v128.load(place<T>(x, i))));
  }
  for (; i < n; i++) storeOne<T>(place<T>(y, i), value<T>(code, p, q, loadOne<T>(place<T>(x, i))));
}

/** gx[i] += gy[i] f'(x[i]), with y[i] = f(x[i]) at hand. */
export function unaryBackward<T>(
  code: i32,
  n: i32,
  p: T,
  x: usize,
  y: usize,
  gy: usize,
  gx: usize,
): void {
  if (code == tanh) return tanhBackward<T>(n, y, gy, gx);
  if (code == silu) return siluBackward<T>(n, x, y, gy, gx);
  let i = 0;
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    const at = place<T>(gx, i);
    const slopes = slope<T>(code, p, v128.load(place<T>(x, i)), v128.load(place<T>(y, i)));
    v128.store(at, v128.add<T>(v128.load(at), v128.mul<T>(v128.load(place<T>(gy, i)), slopes)));
  }
  for (; i < n; i++) {
    const at = place<T>(gx, i);
    const slopes = slope<T>(code, p, loadOne<T>(place<T>(x, i)), loadOne<T>(place<T>(y, i)));
    storeOne<T>(at, v128.add<T>(loadOne<T>(at), v128.mul<T>(loadOne<T>(place<T>(gy, i)), slopes)));
  }
}

function value<T>(code: i32, p: T, q: T, x: v128): v128 {
  const zero = v128.splat<T>(<T>0);
  const setting = v128.splat<T>(p);
  switch (code) {
    case affine:
      return v128.add<T>(v128.mul<T>(setting, x), v128.splat<T>(q));
    case relu:
      return v128.bitselect(x, v128.mul<T>(setting, x), v128.gt<T>(x, zero));
    case sigmoid:
      return sigmoidOf<T>(x);
    case exponential:
      return expOf<T>(x);
    case square:
      return v128.mul<T>(x, x);
    case root:
      return v128.sqrt<T>(x);
    case huber: {
      const half = v128.splat<T>(<T>0.5);
      const size = v128.abs<T>(x);
      const inside = v128.mul<T>(half, v128.mul<T>(x, x));
      const outside = v128.mul<T>(setting, v128.sub<T>(size, v128.mul<T>(half, setting)));
      return v128.bitselect(inside, outside, v128.le<T>(size, setting));
    }
    case absolute:
      return v128.abs<T>(x);
    case clamp:
      return v128.min<T>(v128.max<T>(x, setting), v128.splat<T>(q));
    default:
      return v128.splat<T>(<T>NaN);
  }
}

function slope<T>(code: i32, p: T, x: v128, y: v128): v128 {
  const zero = v128.splat<T>(<T>0);
  const one = v128.splat<T>(<T>1);
  const setting = v128.splat<T>(p);
  switch (code) {
    case affine:
      return setting;
    case relu:
      return v128.bitselect(one, setting, v128.gt<T>(x, zero));
    case sigmoid:
      return v128.mul<T>(y, v128.sub<T>(one, y));
    case softplus:
      return sigmoidOf<T>(x);
    case exponential:
      return y;
    case logarithm:
      return v128.div<T>(one, x);
    case square:
      return v128.add<T>(x, x);
    case root:
      return v128.div<T>(v128.splat<T>(<T>0.5), y);
    case gelu: {
      // Phi(x) = y / x loses no digits; at 0 it is 1/2.
      const half = v128.splat<T>(<T>0.5);
      const cumulative = v128.bitselect(half, v128.div<T>(y, x), v128.eq<T>(x, zero));
      const exponent = v128.mul<T>(v128.mul<T>(v128.neg<T>(half), x), x);
      const density = v128.mul<T>(v128.splat<T>(<T>inverseRootTwoPi), expOf<T>(exponent));
      return v128.add<T>(cumulative, v128.mul<T>(x, density));
    }
    case huber:
      return v128.max<T>(v128.min<T>(x, setting), v128.neg<T>(setting));
    case absolute:
      return v128.sub<T>(v128.and(v128.gt<T>(x, zero), one), v128.and(v128.gt<T>(zero, x), one));
    case clamp:
      return v128.and(v128.eq<T>(x, y), one);
    default:
      return v128.splat<T>(<T>NaN);
  }
}

// tanh x = x P(x^2) / Q(x^2) for |x| <= 9, highest power first, good to 4 units in the last place of f32.
// Source of the coefficients: the Eigen library, generic_fast_tanh_float (MPL 2.0), after a minimax fit.
const tanhTop = memory.data<f32>([
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
]);
const tanhBottom = memory.data<f32>([
  1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3,
]);

function tanhSingle(x: v128): v128 {
  const limit = f32x4.splat(9);
  // One instruction each, unlike min and max; NaN stays.
  const inside = f32x4.pmax(f32x4.pmin(x, limit), f32x4.splat(-9));
  const square = f32x4.mul(inside, inside);
  let top = v128.load32_splat(tanhTop);
  top = f32x4.add(v128.load32_splat(tanhTop, 4), f32x4.mul(square, top));
  top = f32x4.add(v128.load32_splat(tanhTop, 8), f32x4.mul(square, top));
  top = f32x4.add(v128.load32_splat(tanhTop, 12), f32x4.mul(square, top));
  top = f32x4.add(v128.load32_splat(tanhTop, 16), f32x4.mul(square, top));
  top = f32x4.add(v128.load32_splat(tanhTop, 20), f32x4.mul(square, top));
  top = f32x4.add(v128.load32_splat(tanhTop, 24), f32x4.mul(square, top));
  let bottom = v128.load32_splat(tanhBottom);
  bottom = f32x4.add(v128.load32_splat(tanhBottom, 4), f32x4.mul(square, bottom));
  bottom = f32x4.add(v128.load32_splat(tanhBottom, 8), f32x4.mul(square, bottom));
  bottom = f32x4.add(v128.load32_splat(tanhBottom, 12), f32x4.mul(square, bottom));
  return f32x4.div(f32x4.mul(inside, top), bottom);
}

function tanhForward<T>(n: i32, x: usize, y: usize): void {
  if (sizeof<T>() == 8) {
    vectorTanh(n, x, y);
  } else {
    let i = 0;
    for (; i + 4 <= n; i += 4) v128.store(place<T>(y, i), tanhSingle(v128.load(place<T>(x, i))));
    for (; i < n; i++) storeOne<T>(place<T>(y, i), tanhSingle(loadOne<T>(place<T>(x, i))));
  }
}

function tanhBackward<T>(n: i32, y: usize, gy: usize, gx: usize): void {
  const one = v128.splat<T>(<T>1);
  let i = 0;
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    const at = place<T>(gx, i);
    const value = v128.load(place<T>(y, i));
    const slopes = v128.sub<T>(one, v128.mul<T>(value, value));
    v128.store(at, v128.add<T>(v128.load(at), v128.mul<T>(v128.load(place<T>(gy, i)), slopes)));
  }
  for (; i < n; i++) {
    const at = place<T>(gx, i);
    const value = load<T>(place<T>(y, i));
    const term = <T>(load<T>(place<T>(gy, i)) * <T>(<T>1 - value * value));
    store<T>(at, <T>(load<T>(at) + term));
  }
}

function siluForward<T>(n: i32, x: usize, y: usize): void {
  if (sizeof<T>() == 8) return vectorSilu(n, x, y);
  let i = n & ~3;
  vectorSiluSingle(i, x, y);
  for (; i < n; i++) {
    const number = loadOne<T>(place<T>(x, i));
    storeOne<T>(place<T>(y, i), v128.mul<T>(number, sigmoidOf<T>(number)));
  }
}

function siluBackward<T>(n: i32, x: usize, y: usize, gy: usize, gx: usize): void {
  let i = 0;
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    const at = place<T>(gx, i);
    const slopes = siluSlope<T>(v128.load(place<T>(x, i)), v128.load(place<T>(y, i)));
    v128.store(at, v128.add<T>(v128.load(at), v128.mul<T>(v128.load(place<T>(gy, i)), slopes)));
  }
  for (; i < n; i++) {
    const at = place<T>(gx, i);
    const slopes = siluSlope<T>(loadOne<T>(place<T>(x, i)), loadOne<T>(place<T>(y, i)));
    storeOne<T>(at, v128.add<T>(loadOne<T>(at), v128.mul<T>(loadOne<T>(place<T>(gy, i)), slopes)));
  }
}

/** s + y (1 - s) with the sigmoid s = y / x, which loses no digits; at 0 it is 1/2. */
function siluSlope<T>(x: v128, y: v128): v128 {
  const one = v128.splat<T>(<T>1);
  const isZero = v128.eq<T>(x, v128.splat<T>(<T>0));
  const s = v128.bitselect(v128.splat<T>(<T>0.5), v128.div<T>(y, x), isZero);
  return v128.add<T>(s, v128.mul<T>(y, v128.sub<T>(one, s)));
}

function geluForward<T>(n: i32, x: usize, y: usize): void {
  if (sizeof<T>() == 8) {
    for (let i = 0; i < n; i++)
      store<f64>(place<f64>(y, i), rootHalf * load<f64>(place<f64>(x, i)));
    vectorErf(n, y, y);
    for (let i = 0; i < n; i++) {
      const at = place<f64>(y, i);
      store<f64>(at, 0.5 * load<f64>(place<f64>(x, i)) * (1 + load<f64>(at)));
    }
  } else {
    for (let i = 0; i < n; i++) {
      const number = <f64>load<T>(place<T>(x, i));
      store<T>(place<T>(y, i), <T>(0.5 * number * (1 + erf(rootHalf * number))));
    }
  }
}

/** Functions without a vector form: by the scalar library, in f64. */
function scalarForward<T>(code: i32, n: i32, x: usize, y: usize): void {
  for (let i = 0; i < n; i++) {
    const number = <f64>load<T>(place<T>(x, i));
    const result =
      code == logarithm
        ? Math.log(number)
        : max<f64>(number, 0) + Math.log1p(Math.exp(-abs(number)));
    store<T>(place<T>(y, i), <T>result);
  }
}
