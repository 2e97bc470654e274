import { at } from "./address";

// Sets of rows for decision trees: 512 rows in 64 bytes, row r in bit r % 8 of byte r / 8. A split parts the set of
// its rows by the set of all rows that meet its condition, so that one step takes 128 rows at once.

const setBytes: usize = 64;
const none: usize = 0xffff;

/**
 * The rows that meet each of the conditions `x <= thresholds[c]` of one input: as a condition is met wherever a
 * smaller threshold is, there are at most as many different sets as rows, one growing out of the other.
 * @param x numbers of up to 512 rows, not NaN
 * @param thresholds ascending, `count` of them
 * @param first room for count + 1 u16, @param next for as many u16 as rows: rows by the first condition they meet
 * @param conditions receives the address of the set of each condition (u32)
 * @param sets room for one set more than rows
 */
export function conditionSets(
  rows: i32,
  x: usize,
  count: i32,
  thresholds: usize,
  first: usize,
  next: usize,
  conditions: usize,
  sets: usize,
): void {
  memory.fill(first, 0xff, (<usize>count + 1) << 1);
  for (let r = 0; r < rows; r++) {
    const bucket =
      first + ((firstAtLeast(load<f64>(at(x, r)), count, thresholds) - thresholds) >> 2);
    store<u16>(next + ((<usize>r) << 1), load<u16>(bucket));
    store<u16>(bucket, <u16>r);
  }
  let set = sets;
  memory.fill(set, 0, setBytes);
  for (let c = 0; c < count; c++) {
    let r = <usize>load<u16>(first + ((<usize>c) << 1));
    if (r != none) {
      for (let k: usize = 0; k < setBytes; k += 16) {
        v128.store(set + setBytes + k, v128.load(set + k));
      }
      set += setBytes;
      do {
        const byte = set + (r >> 3);
        const bit = r & 7;
        store<u8>(byte, load<u8>(byte) | (1 << (<u8>bit)));
        r = <usize>load<u16>(next + (r << 1));
      } while (r != none);
    }
    store<u32>(conditions + ((<usize>c) << 2), <u32>set);
  }
}

/** Address of the first threshold that is no less than a number, by bisection without a branch. */
function firstAtLeast(number: f64, count: i32, thresholds: usize): usize {
  let low = thresholds;
  let left = count;
  while (left > 0) {
    const half = left >> 1;
    const middle = at(low, half);
    const isBelow = load<f64>(middle) < number;
    low = select(middle + 8, low, isBelow);
    left = select(left - half - 1, half, isBelow);
  }
  return low;
}

/**
 * Numbers of the leaves (u32) that rows reach in one tree. All rows start at the root and are parted by the splits;
 * bit k of the number of a row's leaf is set when the row is in a leaf whose number has that bit, so the sets of
 * leaves are joined to one for each bit, and these are turned into numbers, row after row.
 * @param leaves at most 65536
 * @param splits parents before their children: index of the condition and offsets of the sets of the left and the
 *   right child in `sets`, three u32
 * @param sets room for a set of each leaf, then of each split
 * @param planes room for 16 sets
 * @param rows rounded up to 16 @param first number of the first leaf
 */
export function reachLeaves(
  leaves: i32,
  splits: usize,
  conditions: usize,
  sets: usize,
  planes: usize,
  rows: i32,
  first: i32,
  out: usize,
): void {
  let set = sets + <usize>leaves * setBytes;
  memory.fill(leaves == 1 ? sets : set, 0xff, setBytes);
  for (let n = 1; n < leaves; n++) {
    const condition = <usize>load<u32>(conditions + ((<usize>load<u32>(splits)) << 2));
    const left = sets + <usize>load<u32>(splits, 4);
    const right = sets + <usize>load<u32>(splits, 8);
    for (let k: usize = 0; k < setBytes; k += 16) {
      const all = v128.load(set + k);
      const isLeft = v128.load(condition + k);
      v128.store(left + k, v128.and(all, isLeft));
      v128.store(right + k, v128.andnot(all, isLeft));
    }
    splits += 12;
    set += setBytes;
  }
  const bits = joinByBits(leaves, sets, planes);
  writeNumbers(bits, planes, rows, first, out);
}

/** For each bit of the numbers of leaves the rows in leaves whose number has it; returns how many bits there are. */
function joinByBits(leaves: i32, sets: usize, planes: usize): i32 {
  let bits = 0;
  for (let bit = 1; bit < leaves; bit <<= 1) {
    let a = i32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let leaf = bit; leaf < leaves; leaf = (leaf + 1) | bit) {
      const set = sets + <usize>leaf * setBytes;
      a = v128.or(a, v128.load(set));
      b = v128.or(b, v128.load(set, 16));
      c = v128.or(c, v128.load(set, 32));
      d = v128.or(d, v128.load(set, 48));
    }
    v128.store(planes, a);
    v128.store(planes, b, 16);
    v128.store(planes, c, 32);
    v128.store(planes, d, 48);
    planes += setBytes;
    bits++;
  }
  return bits;
}

/** out[r] = first + the number whose bit k is row r's bit of plane k. */
function writeNumbers(bits: i32, planes: usize, rows: i32, first: i32, out: usize): void {
  const start = i32x4.splat(first);
  const low = bits < 8 ? bits : 8;
  for (let r = 0; r < rows; r += 16) {
    const a = sixteenBytes(low, planes);
    const b = sixteenBytes(bits - low, planes + 8 * setBytes);
    const c = v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const d = v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(out, i32x4.add(start, i32x4.extend_low_i16x8_u(c)));
    v128.store(out, i32x4.add(start, i32x4.extend_high_i16x8_u(c)), 16);
    v128.store(out, i32x4.add(start, i32x4.extend_low_i16x8_u(d)), 32);
    v128.store(out, i32x4.add(start, i32x4.extend_high_i16x8_u(d)), 48);
    planes += 2;
    out += 64;
  }
}

/** The bits of sixteen rows in up to eight planes, a byte for each row. */
function sixteenBytes(bits: i32, planes: usize): v128 {
  const own = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  let value = i8x16.splat(1);
  let bytes = i8x16.splat(0);
  for (let k = 0; k < bits; k++) {
    const both = v128.load16_splat(planes);
    const ofRow = v128.shuffle<i8>(both, both, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const isSet = i8x16.eq(v128.and(ofRow, own), own);
    bytes = v128.or(bytes, v128.and(isSet, value));
    value = i8x16.add(value, value);
    planes += setBytes;
  }
  return bytes;
}
