/** Address of the f64 that lies `index` numbers behind `base`. */
export function at(base: usize, index: i32): usize {
  return base + ((<usize>index) << 3);
}

export function smaller(a: i32, b: i32): i32 {
  return a < b ? a : b;
}

/** Half of n, rounded up to whole blocks of 16: where the recursive algorithms split. */
export function splitPoint(n: i32): i32 {
  return ((n >> 1) + 15) & ~15;
}
