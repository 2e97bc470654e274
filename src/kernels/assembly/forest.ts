// Decision trees. A node takes 16 bytes: threshold (f64), byte offset of its input in a row (u32) and
// address of its left child (u32); the right child lies 16 bytes behind the left one. A leaf is its own
// left child, and its threshold is a NaN, which no input exceeds, with the number of the leaf in its low
// 32 bits.

function next(node: usize, row: usize): usize {
  const isRight = load<f64>(row + <usize>load<u32>(node, 8)) > load<f64>(node);
  return <usize>load<u32>(node, 12) + ((<usize>isRight) << 4);
}

/**
 * Numbers of the leaves (u32) that rows reach from a root. Eight rows walk side by side until none moves,
 * so that their loads overlap and no branch is mispredicted.
 * @param count rows, a multiple of 8, `rowBytes` apart; inputs must not be NaN
 */
export function walkTree(count: i32, x: usize, rowBytes: usize, root: usize, out: usize): void {
  for (let i = 0; i < count; i += 8) {
    const x1 = x + rowBytes;
    const x2 = x1 + rowBytes;
    const x3 = x2 + rowBytes;
    const x4 = x3 + rowBytes;
    const x5 = x4 + rowBytes;
    const x6 = x5 + rowBytes;
    const x7 = x6 + rowBytes;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    let e = root;
    let f = root;
    let g = root;
    let h = root;
    while (true) {
      const a1 = next(a, x);
      const b1 = next(b, x1);
      const c1 = next(c, x2);
      const d1 = next(d, x3);
      const e1 = next(e, x4);
      const f1 = next(f, x5);
      const g1 = next(g, x6);
      const h1 = next(h, x7);
      const first = (a1 ^ a) | (b1 ^ b) | (c1 ^ c) | (d1 ^ d);
      const second = (e1 ^ e) | (f1 ^ f) | (g1 ^ g) | (h1 ^ h);
      if ((first | second) == 0) break;
      a = a1;
      b = b1;
      c = c1;
      d = d1;
      e = e1;
      f = f1;
      g = g1;
      h = h1;
    }
    store<u32>(out, load<u32>(a));
    store<u32>(out, load<u32>(b), 4);
    store<u32>(out, load<u32>(c), 8);
    store<u32>(out, load<u32>(d), 12);
    store<u32>(out, load<u32>(e), 16);
    store<u32>(out, load<u32>(f), 20);
    store<u32>(out, load<u32>(g), 24);
    store<u32>(out, load<u32>(h), 28);
    x = x7 + rowBytes;
    out += 32;
  }
}

/** sums[i, k] += values[leaves[i], k] and squares[i, k] += values[leaves[i], k]^2, both count x outputs. */
export function addLeaves(
  count: i32,
  leaves: usize,
  outputs: i32,
  values: usize,
  sums: usize,
  squares: usize,
): void {
  const bytes = (<usize>outputs) << 3;
  for (let i = 0; i < count; i++) {
    let value = values + <usize>load<u32>(leaves) * bytes;
    for (let k = 0; k < outputs; k++) {
      const v = load<f64>(value);
      store<f64>(sums, load<f64>(sums) + v);
      store<f64>(squares, load<f64>(squares) + v * v);
      value += 8;
      sums += 8;
      squares += 8;
    }
    leaves += 4;
  }
}
