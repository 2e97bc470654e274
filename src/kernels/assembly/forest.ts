// Decision trees. A node takes 16 bytes: threshold (f64), byte offset of its input in a block of rows (u32)
// and address of its left child (u32); the right child lies 16 bytes behind the left one. A leaf is its own
// left child, and its threshold is a NaN, which no input exceeds, with the number of the leaf in its low
// 32 bits. Rows come in blocks of sixteen: input j of row k at `128 j + 8 k`, so that one address serves all.

function next(node: usize, row: usize): usize {
  const isRight = load<f64>(row + <usize>load<u32>(node, 8)) > load<f64>(node);
  return <usize>load<u32>(node, 12) + ((<usize>isRight) << 4);
}

/**
 * Numbers of the leaves (u32) that rows reach from a root. Sixteen rows walk side by side, so that their loads
 * overlap and no branch is mispredicted: `steps` steps without looking, then one at a time until none moves.
 * Children lie behind their parents, so the sum of the nodes grows with every move.
 * @param blocks of sixteen rows, `blockBytes` apart; inputs must not be NaN
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
    let i = root;
    let j = root;
    let k = root;
    let l = root;
    let m = root;
    let n = root;
    let o = root;
    let p = root;
    for (let s = 0; s < steps; s++) {
      a = next(a, x);
      b = next(b, x + 8);
      c = next(c, x + 16);
      d = next(d, x + 24);
      e = next(e, x + 32);
      f = next(f, x + 40);
      g = next(g, x + 48);
      h = next(h, x + 56);
      i = next(i, x + 64);
      j = next(j, x + 72);
      k = next(k, x + 80);
      l = next(l, x + 88);
      m = next(m, x + 96);
      n = next(n, x + 104);
      o = next(o, x + 112);
      p = next(p, x + 120);
    }
    let before = a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p;
    while (true) {
      a = next(a, x);
      b = next(b, x + 8);
      c = next(c, x + 16);
      d = next(d, x + 24);
      e = next(e, x + 32);
      f = next(f, x + 40);
      g = next(g, x + 48);
      h = next(h, x + 56);
      i = next(i, x + 64);
      j = next(j, x + 72);
      k = next(k, x + 80);
      l = next(l, x + 88);
      m = next(m, x + 96);
      n = next(n, x + 104);
      o = next(o, x + 112);
      p = next(p, x + 120);
      const after = a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p;
      if (after == before) break;
      before = after;
    }
    store<u32>(out, load<u32>(a));
    store<u32>(out, load<u32>(b), 4);
    store<u32>(out, load<u32>(c), 8);
    store<u32>(out, load<u32>(d), 12);
    store<u32>(out, load<u32>(e), 16);
    store<u32>(out, load<u32>(f), 20);
    store<u32>(out, load<u32>(g), 24);
    store<u32>(out, load<u32>(h), 28);
    store<u32>(out, load<u32>(i), 32);
    store<u32>(out, load<u32>(j), 36);
    store<u32>(out, load<u32>(k), 40);
    store<u32>(out, load<u32>(l), 44);
    store<u32>(out, load<u32>(m), 48);
    store<u32>(out, load<u32>(n), 52);
    store<u32>(out, load<u32>(o), 56);
    store<u32>(out, load<u32>(p), 60);
    x += blockBytes;
    out += 64;
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
