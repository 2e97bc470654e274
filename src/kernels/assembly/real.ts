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
  if (sizeof<T>() == 8) return expLanes(x);
  const low = expLanes(f64x2.promote_low_f32x4(x));
  const high = expLanes(f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)));
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** 1 / (1 + e^-x) in every lane. */
export function sigmoidOf<T>(x: v128): v128 {
  const one = v128.splat<T>(<T>1);
  return v128.div<T>(one, v128.add<T>(one, expOf<T>(v128.neg<T>(x))));
}
