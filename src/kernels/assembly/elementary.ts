// The compiler's own library of scalar functions: plain WebAssembly, hence the same digits everywhere.

export function exp(x: f64): f64 {
  return Math.exp(x);
}

export function expm1(x: f64): f64 {
  return Math.expm1(x);
}

export function log(x: f64): f64 {
  return Math.log(x);
}

export function log1p(x: f64): f64 {
  return Math.log1p(x);
}

export function log2(x: f64): f64 {
  return Math.log2(x);
}

export function log10(x: f64): f64 {
  return Math.log10(x);
}

export function pow(x: f64, y: f64): f64 {
  return Math.pow(x, y);
}

export function cbrt(x: f64): f64 {
  return Math.cbrt(x);
}

// The compiler's sin, cos and tan are wrong for some |x| in 2^20 pi / 2 ... 2^22 (version 0.28.20: the
// reduction reads the number before its table), so arguments there are first reduced by whole turns,
// to a head and a tail. 2 pi is split so that the products with the number of turns are exact.
const turnHigh: f64 = 6.2831853069365025;
const turnMiddle: f64 = 2.4308402025215864e-10;
const turnLow: f64 = 8.089064995183803e-21;

function needsReduction(x: f64): bool {
  return abs(x) >= 1048576 && abs(x) < 4194304;
}

function turns(x: f64): f64 {
  return nearest<f64>(x * 0.15915494309189535);
}

/** Head of x minus whole turns. */
function head(x: f64, n: f64): f64 {
  return x - n * turnHigh - n * turnMiddle - n * turnLow;
}

/** What rounding the head left over. */
function tail(x: f64, n: f64, h: f64): f64 {
  return x - n * turnHigh - h - n * turnMiddle - n * turnLow;
}

export function sin(x: f64): f64 {
  if (!needsReduction(x)) return Math.sin(x);
  const n = turns(x);
  const h = head(x, n);
  return Math.sin(h) + tail(x, n, h) * Math.cos(h);
}

export function cos(x: f64): f64 {
  if (!needsReduction(x)) return Math.cos(x);
  const n = turns(x);
  const h = head(x, n);
  return Math.cos(h) - tail(x, n, h) * Math.sin(h);
}

export function tan(x: f64): f64 {
  if (!needsReduction(x)) return Math.tan(x);
  const n = turns(x);
  const h = head(x, n);
  const t = Math.tan(h);
  return t + tail(x, n, h) * (1 + t * t);
}

export function asin(x: f64): f64 {
  return Math.asin(x);
}

export function acos(x: f64): f64 {
  return Math.acos(x);
}

export function atan(x: f64): f64 {
  return Math.atan(x);
}

export function atan2(y: f64, x: f64): f64 {
  return Math.atan2(y, x);
}

export function sinh(x: f64): f64 {
  return Math.sinh(x);
}

export function cosh(x: f64): f64 {
  return Math.cosh(x);
}

export function tanh(x: f64): f64 {
  return Math.tanh(x);
}
