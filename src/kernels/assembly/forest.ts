// Decision trees. A node takes 16 bytes: threshold (f64), byte offset of its input in a block of rows (u32)
// and address of its left child (u32); the right child lies 16 bytes behind the left one. A leaf is its own
// left child, and its threshold is a NaN, which no input exceeds, with the number of the leaf in its low
// 32 bits. Rows come in blocks of eight: input j of row k at `64 j + 8 k`, so that one address serves all.

function next(node: usize, row: usize): usize {
  const isRight = load<f64>(row + <usize>load<u32>(node, 8)) > load<f64>(node);
  return <usize>load<u32>(node, 12) + ((<usize>isRight) << 4);
}

/**
 * Numbers of the leaves (u32) that rows reach from a root. Eight rows walk side by side, so that their loads
 * overlap and no branch is mispredicted: `steps` steps without looking, then two at a time until none moves.
 * @param blocks of eight rows, `blockBytes` apart; inputs must not be NaN
 */
export function walkTree(
  blocks: i32,
  x: usize,
  blockBytes: usize,
  root: usize,
  steps: i32,
  out: usize,
): void {
  for (let i = 0; i < blocks; i++) {
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    let e = root;
    let f = root;
    let g = root;
    let h = root;
    for (let s = 0; s < steps; s++) {
      a = next(a, x);
      b = next(b, x + 8);
      c = next(c, x + 16);
      d = next(d, x + 24);
      e = next(e, x + 32);
      f = next(f, x + 40);
      g = next(g, x + 48);
      h = next(h, x + 56);
    }
    while (true) {
      const a1 = next(a, x);
      const b1 = next(b, x + 8);
      const c1 = next(c, x + 16);
      const d1 = next(d, x + 24);
      const e1 = next(e, x + 32);
      const f1 = next(f, x + 40);
      const g1 = next(g, x + 48);
      const h1 = next(h, x + 56);
      const first = (a1 ^ a) | (b1 ^ b) | (c1 ^ c) | (d1 ^ d);
      const second = (e1 ^ e) | (f1 ^ f) | (g1 ^ g) | (h1 ^ h);
      if ((first | second) == 0) break;
      a = next(a1, x);
      b = next(b1, x + 8);
      c = next(c1, x + 16);
      d = next(d1, x + 24);
      e = next(e1, x + 32);
      f = next(f1, x + 40);
      g = next(g1, x + 48);
      h = next(h1, x + 56);
    }
    store<u32>(out, load<u32>(a));
    store<u32>(out, load<u32>(b), 4);
    store<u32>(out, load<u32>(c), 8);
    store<u32>(out, load<u32>(d), 12);
    store<u32>(out, load<u32>(e), 16);
    store<u32>(out, load<u32>(f), 20);
    store<u32>(out, load<u32>(g), 24);
    store<u32>(out, load<u32>(h), 28);
    x += blockBytes;
    out += 32;
  }
}

/** sums[i, k] += pairs[leaves[i], k], pairs of numbers, both with `width` pairs a row. */
export function addLeaves(count: i32, leaves: usize, width: i32, pairs: usize, sums: usize): void {
  if (width == 1) {
    for (let i = 0; i < count; i++) {
      const pair = v128.load(pairs + ((<usize>load<u32>(leaves)) << 4));
      v128.store(sums, f64x2.add(v128.load(sums), pair));
      leaves += 4;
      sums += 16;
    }
    return;
  }
  if (width == 2) {
    for (let i = 0; i < count; i++) {
      const pair = pairs + ((<usize>load<u32>(leaves)) << 5);
      v128.store(sums, f64x2.add(v128.load(sums), v128.load(pair)));
      v128.store(sums, f64x2.add(v128.load(sums, 16), v128.load(pair, 16)), 16);
      leaves += 4;
      sums += 32;
    }
    return;
  }
  const bytes = (<usize>width) << 4;
  for (let i = 0; i < count; i++) {
    let pair = pairs + <usize>load<u32>(leaves) * bytes;
    for (let k = 0; k < width; k++) {
      v128.store(sums, f64x2.add(v128.load(sums), v128.load(pair)));
      pair += 16;
      sums += 16;
    }
    leaves += 4;
  }
}
