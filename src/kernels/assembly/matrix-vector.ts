import { lanes, place, sumLanes } from "./real";

/**
 * c += alpha A b for A (m x k) whose rows, or whose columns, lie number behind number (a column stride of 1, or a
 * row stride of 1); b has stride `bStride`, c stride `cStride`, which is 1 where the columns of A lie together.
 */
export function matrixVector<T>(
  m: i32,
  k: i32,
  alpha: T,
  a: usize,
  rowStride: i32,
  columnStride: i32,
  b: usize,
  bStride: i32,
  c: usize,
  cStride: i32,
): void {
  if (columnStride == 1 && bStride == 1) {
    for (let i = 0; i < m; i++) {
      const at = place<T>(c, i * cStride);
      store<T>(at, <T>(load<T>(at) + alpha * dot<T>(k, place<T>(a, i * rowStride), b)));
    }
    return;
  }
  // Four columns at a time, so that c is read and written a quarter as often.
  let p = 0;
  for (; p + 4 <= k; p += 4) {
    const column = place<T>(a, p * columnStride);
    const step = <usize>columnStride * sizeof<T>();
    const x0 = <T>(alpha * load<T>(place<T>(b, p * bStride)));
    const x1 = <T>(alpha * load<T>(place<T>(b, (p + 1) * bStride)));
    const x2 = <T>(alpha * load<T>(place<T>(b, (p + 2) * bStride)));
    const x3 = <T>(alpha * load<T>(place<T>(b, (p + 3) * bStride)));
    const v0 = v128.splat<T>(x0);
    const v1 = v128.splat<T>(x1);
    const v2 = v128.splat<T>(x2);
    const v3 = v128.splat<T>(x3);
    let i = 0;
    for (; i + lanes<T>() <= m; i += lanes<T>()) {
      const from = place<T>(column, i);
      const at = place<T>(c, i);
      const low = v128.add<T>(
        v128.mul<T>(v0, v128.load(from)),
        v128.mul<T>(v1, v128.load(from + step)),
      );
      const high = v128.add<T>(
        v128.mul<T>(v2, v128.load(from + 2 * step)),
        v128.mul<T>(v3, v128.load(from + 3 * step)),
      );
      v128.store(at, v128.add<T>(v128.load(at), v128.add<T>(low, high)));
    }
    for (; i < m; i++) {
      const from = place<T>(column, i);
      const at = place<T>(c, i);
      const low = <T>(x0 * load<T>(from) + x1 * load<T>(from + step));
      const high = <T>(x2 * load<T>(from + 2 * step) + x3 * load<T>(from + 3 * step));
      store<T>(at, <T>(load<T>(at) + (low + high)));
    }
  }
  for (; p < k; p++) {
    const column = place<T>(a, p * columnStride);
    const x = <T>(alpha * load<T>(place<T>(b, p * bStride)));
    for (let i = 0; i < m; i++) {
      const at = place<T>(c, i);
      store<T>(at, <T>(load<T>(at) + x * load<T>(place<T>(column, i))));
    }
  }
}

function dot<T>(n: i32, x: usize, y: usize): T {
  let first = v128.splat<T>(<T>0);
  let second = first;
  let i = 0;
  for (; i + 2 * lanes<T>() <= n; i += 2 * lanes<T>()) {
    const at = place<T>(x, i);
    const other = place<T>(y, i);
    first = v128.add<T>(first, v128.mul<T>(v128.load(at), v128.load(other)));
    second = v128.add<T>(second, v128.mul<T>(v128.load(at, 16), v128.load(other, 16)));
  }
  let sum = sumLanes<T>(v128.add<T>(first, second));
  for (; i < n; i++) sum = <T>(sum + load<T>(place<T>(x, i)) * load<T>(place<T>(y, i)));
  return sum;
}
