// Histograms of gradients for boosted trees. Columns lie in blocks of eight, one byte a column: the
// codes of row i in block b are the eight bytes at `codes + 8 (b rows + i)`. Eight histograms of 256
// pairs fill 32 KiB, so that they stay in the first cache while the rows stream by.

/** Bytes of the histogram of one column: 256 pairs of f64. */
const columnBytes: usize = 4096;
/** Bytes of the counts of one column: 256 i32. */
const countBytes: usize = 1024;

/** Copies the pairs (gradient, curvature) of the chosen rows one behind the other. */
export function gatherPairs(count: i32, rows: usize, pairs: usize, out: usize): void {
  for (let p = 0; p < count; p++) {
    const row = <usize>load<u32>(rows + ((<usize>p) << 2));
    v128.store(out + ((<usize>p) << 4), v128.load(pairs + (row << 4)));
  }
}

function addPair(histogram: usize, pair: v128): void {
  v128.store(histogram, f64x2.add(v128.load(histogram), pair));
}

function addOne(counts: usize): void {
  store<i32>(counts, load<i32>(counts) + 1);
}

/**
 * Sums of pairs by code for every column of `blocks` blocks.
 * @param rows the chosen rows, u32 @param pairs theirs, in the same order
 * @param histogram blocks x 8 x 256 pairs, overwritten
 */
export function pairHistograms(
  count: i32,
  rows: usize,
  pairs: usize,
  codes: usize,
  allRows: i32,
  blocks: i32,
  histogram: usize,
): void {
  memory.fill(histogram, 0, ((<usize>blocks) << 3) * columnBytes);
  for (let b = 0; b < blocks; b++) {
    const h = histogram + ((<usize>b) << 3) * columnBytes;
    const base = codes + ((<usize>b * <usize>allRows) << 3);
    for (let p = 0; p < count; p++) {
      const row = <usize>load<u32>(rows + ((<usize>p) << 2));
      const pair = v128.load(pairs + ((<usize>p) << 4));
      const low = load<u32>(base + (row << 3));
      const high = load<u32>(base + (row << 3), 4);
      addPair(h + ((low << 4) & 0xff0), pair);
      addPair(h + columnBytes + ((low >> 4) & 0xff0), pair);
      addPair(h + 2 * columnBytes + ((low >> 12) & 0xff0), pair);
      addPair(h + 3 * columnBytes + ((low >> 20) & 0xff0), pair);
      addPair(h + 4 * columnBytes + ((high << 4) & 0xff0), pair);
      addPair(h + 5 * columnBytes + ((high >> 4) & 0xff0), pair);
      addPair(h + 6 * columnBytes + ((high >> 12) & 0xff0), pair);
      addPair(h + 7 * columnBytes + ((high >> 20) & 0xff0), pair);
    }
  }
}

/** Numbers of rows by code, blocks x 8 x 256 i32, overwritten; the rest as in `pairHistograms`. */
export function countHistograms(
  count: i32,
  rows: usize,
  codes: usize,
  allRows: i32,
  blocks: i32,
  counts: usize,
): void {
  memory.fill(counts, 0, ((<usize>blocks) << 3) * countBytes);
  for (let b = 0; b < blocks; b++) {
    const c = counts + ((<usize>b) << 3) * countBytes;
    const base = codes + ((<usize>b * <usize>allRows) << 3);
    for (let p = 0; p < count; p++) {
      const row = <usize>load<u32>(rows + ((<usize>p) << 2));
      const low = load<u32>(base + (row << 3));
      const high = load<u32>(base + (row << 3), 4);
      addOne(c + ((low << 2) & 0x3fc));
      addOne(c + countBytes + ((low >> 6) & 0x3fc));
      addOne(c + 2 * countBytes + ((low >> 14) & 0x3fc));
      addOne(c + 3 * countBytes + ((low >> 22) & 0x3fc));
      addOne(c + 4 * countBytes + ((high << 2) & 0x3fc));
      addOne(c + 5 * countBytes + ((high >> 6) & 0x3fc));
      addOne(c + 6 * countBytes + ((high >> 14) & 0x3fc));
      addOne(c + 7 * countBytes + ((high >> 22) & 0x3fc));
    }
  }
}

/** parent -= child, pair by pair: what is left is the histogram of the other child. */
export function subtractPairs(count: i32, parent: usize, child: usize): void {
  for (let i = 0; i < count; i++) {
    const target = parent + ((<usize>i) << 4);
    v128.store(target, f64x2.sub(v128.load(target), v128.load(child + ((<usize>i) << 4))));
  }
}

/** The same for counts; `count` is a multiple of four. */
export function subtractCounts(count: i32, parent: usize, child: usize): void {
  for (let i = 0; i < count; i += 4) {
    const target = parent + ((<usize>i) << 2);
    v128.store(target, i32x4.sub(v128.load(target), v128.load(child + ((<usize>i) << 2))));
  }
}
