/** Remembers which rows were seen, and in what order. */
export interface RowSet {
  readonly size: number;
  /** Adds a row; false when it was there already. */
  add(row: Float64Array): boolean;
  /** How many rows were added before this one, which is added when it was not; it begins at `start`. */
  place(row: Float64Array, start?: number): number;
  has(row: Float64Array): boolean;
  clear(): void;
}

/**
 * A set of rows of `columns` numbers, equal when every number is (0 and -0 are the same). It keeps a
 * 64-bit fingerprint per row, so memory does not depend on the row's length; two different rows are taken for
 * one with a chance of about size^2 / 2^65.
 */
export function createRowSet(columns: number): RowSet {
  const scratch = new Float64Array(columns);
  const words = new Uint32Array(scratch.buffer);
  let mask = 1023;
  // Pairs of fingerprints; (0, 0) marks a free place.
  let table = new Uint32Array(2 * (mask + 1));
  let order = new Int32Array(mask + 1);
  let size = 0;
  let first = 0;
  let second = 0;

  function fingerprint(row: Float64Array, start: number): void {
    for (let k = 0; k < columns; k++) scratch[k] = row[start + k] + 0;
    let a = 0x9e3779b9 | 0;
    let b = 0x7f4a7c15 | 0;
    for (let k = 0; k < words.length; k += 2) {
      a = Math.imul(a ^ words[k], 0x85ebca6b) ^ words[k + 1];
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b + words[k + 1], 0xc2b2ae35) + words[k];
      b ^= b >>> 15;
    }
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
    first = (a ^ (a >>> 13)) >>> 0;
    b = Math.imul(b ^ (b >>> 16), 0x27d4eb2f);
    second = (b ^ (b >>> 15)) >>> 0;
    if (first === 0 && second === 0) second = 1;
  }

  /** Place of the fingerprint, or of the free place where it belongs. */
  function placeOf(a: number, b: number): number {
    let place = a & mask;
    for (;;) {
      const x = table[2 * place];
      const y = table[2 * place + 1];
      if ((x === 0 && y === 0) || (x === a && y === b)) return place;
      place = (place + 1) & mask;
    }
  }

  function grow(): void {
    const old = table;
    const oldOrder = order;
    mask = 2 * mask + 1;
    table = new Uint32Array(2 * (mask + 1));
    order = new Int32Array(mask + 1);
    for (let k = 0; k < old.length; k += 2) {
      if (old[k] === 0 && old[k + 1] === 0) continue;
      const place = placeOf(old[k], old[k + 1]);
      table[2 * place] = old[k];
      table[2 * place + 1] = old[k + 1];
      order[place] = oldOrder[k / 2];
    }
  }

  function place(row: Float64Array, start = 0): number {
    fingerprint(row, start);
    const at = placeOf(first, second);
    if (table[2 * at] === first && table[2 * at + 1] === second) return order[at];
    table[2 * at] = first;
    table[2 * at + 1] = second;
    order[at] = size++;
    if (2 * size > mask) grow();
    return size - 1;
  }

  return {
    get size() {
      return size;
    },
    add(row) {
      const before = size;
      return place(row) === before;
    },
    place,
    has(row) {
      fingerprint(row, 0);
      const at = placeOf(first, second);
      return table[2 * at] === first && table[2 * at + 1] === second;
    },
    clear() {
      table.fill(0);
      size = 0;
    },
  };
}
