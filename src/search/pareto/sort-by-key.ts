/**
 * Sorts row numbers by ascending key, in place; equal keys keep their order. A merge sort over short
 * insertion-sorted runs: several times faster here than the built-in sort, whose comparator is called for
 * every pair.
 * @param order row numbers
 * @param key the key of row i at i
 */
export function sortByKey(order: Int32Array, key: Float64Array): Int32Array {
  const n = order.length;
  for (let start = 0; start < n; start += run) {
    const end = Math.min(n, start + run);
    for (let i = start + 1; i < end; i++) {
      const row = order[i];
      const value = key[row];
      let j = i - 1;
      for (; j >= start && key[order[j]] > value; j--) order[j + 1] = order[j];
      order[j + 1] = row;
    }
  }
  let from = order;
  let to = new Int32Array(n <= run ? 0 : n);
  for (let width = run; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      merge(from, to, key, start, Math.min(n, start + width), Math.min(n, start + 2 * width));
    }
    [from, to] = [to, from as Int32Array<ArrayBuffer>];
  }
  if (from !== order) order.set(from);
  return order;
}

const run = 8;

function merge(
  from: Int32Array,
  to: Int32Array,
  key: Float64Array,
  start: number,
  middle: number,
  end: number,
): void {
  let a = start;
  let b = middle;
  for (let k = start; k < end; k++) {
    if (a < middle && (b >= end || key[from[a]] <= key[from[b]])) to[k] = from[a++];
    else to[k] = from[b++];
  }
}
