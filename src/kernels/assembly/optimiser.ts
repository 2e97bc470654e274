import { lanes, place } from "./real";

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
  // Everything that is the same for all numbers is in vectors before the loop.
  const clips = v128.splat<T>(clip);
  const penalties = v128.splat<T>(penalty);
  const keep1 = v128.splat<T>(beta1);
  const take1 = v128.splat<T>(<T>(<T>1 - beta1));
  const keep2 = v128.splat<T>(beta2);
  const take2 = v128.splat<T>(<T>(<T>1 - beta2));
  const corrections = v128.splat<T>(rootCorrection);
  const epsilons = v128.splat<T>(epsilon);
  const steps = v128.splat<T>(step);
  const shrinks = v128.splat<T>(shrink);
  const least = v128.splat<T>(sizeof<T>() == 8 ? <T>1e-300 : <T>1e-36);
  let i = 0;
  for (; i < n; i += lanes<T>()) {
    const isWhole = i + lanes<T>() <= n;
    const left = n - i;
    const parameter = isWhole ? v128.load(place<T>(p, i)) : loadSome<T>(left, place<T>(p, i));
    const slope = isWhole ? v128.load(place<T>(g, i)) : loadSome<T>(left, place<T>(g, i));
    const oldMean = isWhole ? v128.load(place<T>(m, i)) : loadSome<T>(left, place<T>(m, i));
    const oldSquare = isWhole ? v128.load(place<T>(v, i)) : loadSome<T>(left, place<T>(v, i));
    const gradient = v128.add<T>(v128.mul<T>(clips, slope), v128.mul<T>(penalties, parameter));
    const mean = settled<T>(
      v128.add<T>(v128.mul<T>(keep1, oldMean), v128.mul<T>(take1, gradient)),
      least,
    );
    const square = settled<T>(
      v128.add<T>(
        v128.mul<T>(keep2, oldSquare),
        v128.mul<T>(take2, v128.mul<T>(gradient, gradient)),
      ),
      least,
    );
    const size = v128.add<T>(v128.mul<T>(corrections, v128.sqrt<T>(square)), epsilons);
    const moved = v128.sub<T>(
      v128.mul<T>(shrinks, parameter),
      v128.div<T>(v128.mul<T>(steps, mean), size),
    );
    if (isWhole) {
      v128.store(place<T>(m, i), mean);
      v128.store(place<T>(v, i), square);
      v128.store(place<T>(p, i), moved);
    } else {
      storeSome<T>(left, place<T>(m, i), mean);
      storeSome<T>(left, place<T>(v, i), square);
      storeSome<T>(left, place<T>(p, i), moved);
    }
  }
}

/**
 * 0 for a mean too small to matter: those of a parameter without gradient would otherwise shrink into denormal
 * numbers, on which processors are slow, and stay there.
 */
function settled<T>(mean: v128, least: v128): v128 {
  return v128.and(mean, v128.gt<T>(v128.abs<T>(mean), least));
}

/** The first numbers of a vector, and zeros. */
function loadSome<T>(count: i32, from: usize): v128 {
  let result = v128.splat<T>(<T>0);
  result = v128.replace_lane<T>(result, 0, load<T>(from));
  if (sizeof<T>() == 4) {
    if (count > 1) result = v128.replace_lane<T>(result, 1, load<T>(place<T>(from, 1)));
    if (count > 2)
      result = v128.replace_lane<T>(result, sizeof<T>() == 4 ? 2 : 0, load<T>(place<T>(from, 2)));
  }
  return result;
}

/** The first numbers of a vector. */
function storeSome<T>(count: i32, to: usize, numbers: v128): void {
  store<T>(to, v128.extract_lane<T>(numbers, 0));
  if (sizeof<T>() == 4) {
    if (count > 1) store<T>(place<T>(to, 1), v128.extract_lane<T>(numbers, 1));
    if (count > 2)
      store<T>(place<T>(to, 2), v128.extract_lane<T>(numbers, sizeof<T>() == 4 ? 2 : 0));
  }
}
