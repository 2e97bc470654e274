import { place } from "./real";

/**
 * 64 random bits that depend on a counter and a key only, so that any of them can be had at once.
 * Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, SC11 (2011), doi:10.1145/2063384.2063405,
 * Philox 2x32 of ten rounds. @returns the second word above the first
 */
export function philox(counterLow: u32, counterHigh: u32, key: u32): u64 {
  let low = counterLow;
  let high = counterHigh;
  for (let round = 0; round < 10; round++) {
    const product = <u64>low * 0xd256d193;
    low = (<u32>(product >> 32)) ^ key ^ high;
    high = <u32>product;
    key += 0x9e3779b9;
  }
  return ((<u64>high) << 32) | (<u64>low);
}

/** mask[i] = 1 / keep with probability `keep`, else 0; number i depends on i, stream and key only. */
export function dropoutMask<T>(n: i32, keep: f64, stream: u32, key: u32, mask: usize): void {
  const limit = <u64>(keep * 4294967296);
  const scale = <T>(1 / keep);
  for (let i = 0; i < n; i += 2) {
    const bits = philox(<u32>(i >> 1), stream, key);
    store<T>(place<T>(mask, i), (bits & 0xffffffff) < limit ? scale : <T>0);
    if (i + 1 < n) store<T>(place<T>(mask, i + 1), bits >> 32 < limit ? scale : <T>0);
  }
}
