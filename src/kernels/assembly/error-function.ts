// Rational Chebyshev approximations of erf and of exp(x^2) erfc(x).
// Source: W. J. Cody, Math. Comp. 23, 631 (1969), doi:10.1090/S0025-5718-1969-0247736-4.

/** erf(x) for |x| <= 0.46875. */
function central(x: f64): f64 {
  const y = x * x;
  let top = 1.85777706184603153e-1 * y;
  let bottom = y;
  top = (top + 3.1611237438705656) * y;
  bottom = (bottom + 2.36012909523441209e1) * y;
  top = (top + 1.13864154151050156e2) * y;
  bottom = (bottom + 2.44024637934444173e2) * y;
  top = (top + 3.77485237685302021e2) * y;
  bottom = (bottom + 1.28261652607737228e3) * y;
  return (x * (top + 3.20937758913846947e3)) / (bottom + 2.84423683343917062e3);
}

/** exp(x^2) erfc(x) for 0.46875 < x <= 4. */
function middle(x: f64): f64 {
  let top = 2.15311535474403846e-8 * x;
  let bottom = x;
  top = (top + 5.64188496988670089e-1) * x;
  bottom = (bottom + 1.57449261107098347e1) * x;
  top = (top + 8.88314979438837594) * x;
  bottom = (bottom + 1.17693950891312499e2) * x;
  top = (top + 6.61191906371416295e1) * x;
  bottom = (bottom + 5.37181101862009858e2) * x;
  top = (top + 2.98635138197400131e2) * x;
  bottom = (bottom + 1.62138957456669019e3) * x;
  top = (top + 8.8195222124176909e2) * x;
  bottom = (bottom + 3.29079923573345963e3) * x;
  top = (top + 1.71204761263407058e3) * x;
  bottom = (bottom + 4.36261909014324716e3) * x;
  top = (top + 2.05107837782607147e3) * x;
  bottom = (bottom + 3.43936767414372164e3) * x;
  return (top + 1.23033935479799725e3) / (bottom + 1.23033935480374942e3);
}

const inverseRootPi: f64 = 5.6418958354775628695e-1;

/** exp(x^2) erfc(x) for x > 4. */
function far(x: f64): f64 {
  const y = 1 / (x * x);
  let top = 1.63153871373020978e-2 * y;
  let bottom = y;
  top = (top + 3.05326634961232344e-1) * y;
  bottom = (bottom + 2.56852019228982242) * y;
  top = (top + 3.60344899949804439e-1) * y;
  bottom = (bottom + 1.87295284992346725) * y;
  top = (top + 1.25781726111229246e-1) * y;
  bottom = (bottom + 5.27905102951428412e-1) * y;
  top = (top + 1.60837851487422766e-2) * y;
  bottom = (bottom + 6.05183413124413191e-2) * y;
  const correction = (y * (top + 6.58749161529837803e-4)) / (bottom + 2.33520497626869185e-3);
  return (inverseRootPi - correction) / x;
}

/** exp(x^2) erfc(x) for x > 0.46875. */
function scaledTail(x: f64): f64 {
  return x <= 4 ? middle(x) : far(x);
}

/** exp(-x^2), split so that rounding x^2 costs no digits. */
function gauss(x: f64): f64 {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** Error function. */
export function erf(x: f64): f64 {
  const y = abs(x);
  if (y <= 0.46875) return central(x);
  if (y >= 6) return copysign<f64>(1, x);
  return isNaN(x) ? x : copysign<f64>(0.5 - gauss(y) * scaledTail(y) + 0.5, x);
}

/** Complementary error function 1 - erf(x), accurate in the upper tail (0 above 27.3). */
export function erfc(x: f64): f64 {
  const y = abs(x);
  if (y <= 0.46875) return 1 - central(x);
  if (isNaN(x)) return x;
  if (y > 27.3) return x > 0 ? 0 : 2;
  const tail = gauss(y) * scaledTail(y);
  return x > 0 ? tail : 2 - tail;
}

/** Scaled complementary error function exp(x^2) erfc(x); infinite below -26.7. */
export function erfcx(x: f64): f64 {
  if (abs(x) <= 0.46875) return Math.exp(x * x) * (1 - central(x));
  if (isNaN(x)) return x;
  if (x > 0) return x > 1e150 ? inverseRootPi / x : scaledTail(x);
  if (x < -26.7) return Infinity;
  const head = Math.trunc(x * 16) / 16;
  return 2 * Math.exp(head * head) * Math.exp((x - head) * (x + head)) - scaledTail(-x);
}
