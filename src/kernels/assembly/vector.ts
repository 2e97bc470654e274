import { at } from "./address";

/** Sum of x[i] y[i]. */
export function dot(n: i32, x: usize, y: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(at(x, i)), v128.load(at(y, i))));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(at(x, i), 16), v128.load(at(y, i), 16)));
  }
  s0 = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; i < n; i++) sum += load<f64>(at(x, i)) * load<f64>(at(y, i));
  return sum;
}

/** y += alpha x. */
export function axpy(n: i32, alpha: f64, x: usize, y: usize): void {
  const scale = f64x2.splat(alpha);
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const target = at(y, i);
    v128.store(target, f64x2.add(v128.load(target), f64x2.mul(scale, v128.load(at(x, i)))));
  }
  if (i < n) store<f64>(at(y, i), load<f64>(at(y, i)) + alpha * load<f64>(at(x, i)));
}

/** x *= alpha. */
export function scale(n: i32, alpha: f64, x: usize): void {
  const factor = f64x2.splat(alpha);
  let i = 0;
  for (; i + 2 <= n; i += 2) v128.store(at(x, i), f64x2.mul(factor, v128.load(at(x, i))));
  if (i < n) store<f64>(at(x, i), alpha * load<f64>(at(x, i)));
}
