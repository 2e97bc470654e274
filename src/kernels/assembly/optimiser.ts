import { lanes, loadOne, place, storeOne } from "./real";

/** Sum of x[i]^2, added up in f64. */
export function sumOfSquares<T>(n: i32, x: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const number = <f64>load<T>(place<T>(x, i));
    sum += number * number;
  }
  return sum;
}

/**
 * One step of Adam on the numbers p with gradient clip g: the means m of the gradient and v of its square move
 * by shares 1 - beta, then p = shrink p - step m / (rootCorrection sqrt(v) + epsilon). `penalty` adds
 * penalty p to the gradient first.
 * Source: D. P. Kingma, J. Ba, arXiv:1412.6980 (2015), algorithm 1.
 */
export function adamStep<T>(
  n: i32,
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  clip: T,
  penalty: T,
  beta1: T,
  beta2: T,
  rootCorrection: T,
  epsilon: T,
  step: T,
  shrink: T,
): void {
  let i = 0;
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    const parameter = v128.load(place<T>(p, i));
    const gradient = v128.add<T>(
      v128.mul<T>(v128.splat<T>(clip), v128.load(place<T>(g, i))),
      v128.mul<T>(v128.splat<T>(penalty), parameter),
    );
    const mean = blend<T>(beta1, v128.load(place<T>(m, i)), gradient);
    const square = blend<T>(beta2, v128.load(place<T>(v, i)), v128.mul<T>(gradient, gradient));
    v128.store(place<T>(m, i), mean);
    v128.store(place<T>(v, i), square);
    const moved = move<T>(parameter, mean, square, rootCorrection, epsilon, step, shrink);
    v128.store(place<T>(p, i), moved);
  }
  for (; i < n; i++) {
    const parameter = loadOne<T>(place<T>(p, i));
    const gradient = v128.add<T>(
      v128.mul<T>(v128.splat<T>(clip), loadOne<T>(place<T>(g, i))),
      v128.mul<T>(v128.splat<T>(penalty), parameter),
    );
    const mean = blend<T>(beta1, loadOne<T>(place<T>(m, i)), gradient);
    const square = blend<T>(beta2, loadOne<T>(place<T>(v, i)), v128.mul<T>(gradient, gradient));
    storeOne<T>(place<T>(m, i), mean);
    storeOne<T>(place<T>(v, i), square);
    storeOne<T>(
      place<T>(p, i),
      move<T>(parameter, mean, square, rootCorrection, epsilon, step, shrink),
    );
  }
}

/**
 * beta old + (1 - beta) fresh; 0 when too small to matter: the means of a parameter without gradient
 * would otherwise shrink into denormal numbers, on which processors are slow, and stay there.
 */
function blend<T>(beta: T, old: v128, fresh: v128): v128 {
  const mean = v128.add<T>(
    v128.mul<T>(v128.splat<T>(beta), old),
    v128.mul<T>(v128.splat<T>(<T>(<T>1 - beta)), fresh),
  );
  const least = v128.splat<T>(sizeof<T>() == 8 ? <T>1e-300 : <T>1e-36);
  return v128.and(mean, v128.gt<T>(v128.abs<T>(mean), least));
}

function move<T>(
  parameter: v128,
  mean: v128,
  square: v128,
  rootCorrection: T,
  epsilon: T,
  step: T,
  shrink: T,
): v128 {
  const size = v128.add<T>(
    v128.mul<T>(v128.splat<T>(rootCorrection), v128.sqrt<T>(square)),
    v128.splat<T>(epsilon),
  );
  return v128.sub<T>(
    v128.mul<T>(v128.splat<T>(shrink), parameter),
    v128.div<T>(v128.mul<T>(v128.splat<T>(step), mean), size),
  );
}
