/**
 * Sorts row numbers by ascending key, in place; equal keys keep their order. A merge sort over short
 * insertion-sorted runs: several times faster here than the built-in sort, whose comparator is called for
 * every pair. Rows that ascend already, or descend strictly, take one pass.
 * @param order row numbers
 * @param key the key of row i at i
 */
export function sortByKey(order: Int32Array, key: Float64Array): Int32Array {
  const n = order.length;
  let k = 1;
  while (k < n && key[order[k - 1]] <= key[order[k]]) k++;
  if (k >= n) return order;
  if (k === 1) {
    while (k < n && key[order[k - 1]] > key[order[k]]) k++;
    if (k === n) return order.reverse();
  }
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

/** 0 ... n - 1. */
export function rowNumbers(n: number): Int32Array<ArrayBuffer> {
  const numbers = new Int32Array(n);
  for (let i = 0; i < n; i++) numbers[i] = i;
  return numbers;
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
