import { at } from "./address";

// Node records of 32 bytes: i32 place of the parent, i32 feature, i32 place of the last edge above with
// the same feature, i32 side (1 = taken above the threshold), f64 threshold, f64 value of the leaf.
const recordBytes: usize = 32;

/**
 * Adds Shapley values of one tree for `rows` rows of x (rows x columns) to phi (rows x columns); what the
 * table holds is told in src/explain/tree/path-sums.ts.
 * @param nodes nodes in depth-first order, the root first
 * @param points even number of quadrature points
 * @param table nodes x 3 states x (points factors, points slopes)
 * @param start points numbers that the products start from
 * @param scratch nodes x (2 points + 1) numbers
 */
export function addPathSums(
  nodes: i32,
  points: i32,
  rows: i32,
  columns: i32,
  records: usize,
  table: usize,
  start: usize,
  x: usize,
  phi: usize,
  scratch: usize,
): void {
  const bytes = (<usize>points) << 3;
  const product = scratch;
  const below = at(scratch, nodes * points);
  const states = at(below, nodes * points);
  memory.copy(product, start, bytes);
  for (let i = 0; i < rows; i++) {
    const row = at(x, i * columns);
    const out = at(phi, i * columns);
    descend(nodes, bytes, records, table, row, product, below, states);
    ascend(nodes, bytes, records, table, out, below, states);
  }
}

/** Products from the root down; per node the state (i32) and whether the row agrees so far (i32). */
function descend(
  nodes: i32,
  bytes: usize,
  records: usize,
  table: usize,
  row: usize,
  product: usize,
  below: usize,
  states: usize,
): void {
  store<i32>(states, 1, 4);
  let record = records;
  let entry = table;
  let own = product;
  let sums = below;
  for (let n = 1; n < nodes; n++) {
    record += recordBytes;
    entry += 6 * bytes;
    own += bytes;
    sums += bytes;
    const isAbove = <i32>(load<f64>(at(row, load<i32>(record, 4))) > load<f64>(record, 16));
    const agrees = <i32>(isAbove == load<i32>(record, 12));
    const before = load<i32>(at(states, load<i32>(record, 8)), 4);
    const state = before * (1 + agrees);
    store<i32>(at(states, n), state);
    store<i32>(at(states, n), before & agrees, 4);
    const factors = entry + <usize>state * 2 * bytes;
    const above = product + <usize>load<i32>(record) * bytes;
    const value = v128.load64_splat(record, 24);
    for (let k: usize = 0; k < bytes; k += 16) {
      const p = f64x2.mul(v128.load(above + k), v128.load(factors + k));
      v128.store(own + k, p);
      v128.store(sums + k, f64x2.mul(p, value));
    }
  }
}

/** Sums over leaves back up, counted for the feature of each edge on the way. */
function ascend(
  nodes: i32,
  bytes: usize,
  records: usize,
  table: usize,
  out: usize,
  below: usize,
  states: usize,
): void {
  for (let n = nodes - 1; n > 0; n--) {
    const record = records + <usize>n * recordBytes;
    const state = load<i32>(at(states, n));
    const slopes = table + (<usize>(3 * n + state) * 2 + 1) * bytes;
    const own = below + <usize>n * bytes;
    const above = below + <usize>load<i32>(record) * bytes;
    let sum = f64x2.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const h = v128.load(own + k);
      sum = f64x2.add(sum, f64x2.mul(h, v128.load(slopes + k)));
      v128.store(above + k, f64x2.add(v128.load(above + k), h));
    }
    const target = at(out, load<i32>(record, 4));
    store<f64>(target, load<f64>(target) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}
