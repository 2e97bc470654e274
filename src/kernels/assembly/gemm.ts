import { at, smaller } from "./address";
import { lanes, place } from "./real";

// Packed blocks of A (mBlock x kBlock) and B (kBlock x nBlock) stay in the caches while tiles of C, four rows of two
// vectors, stay in registers. Source: K. Goto, R. van de Geijn, ACM TOMS 34, 12 (2008),
// doi:10.1145/1356052.1356053; sizes measured. Tiles of six rows spill registers in V8.
const kBlock: i32 = 256;
const mBlock: i32 = 96;
const nBlock: i32 = 1024;
const tileRows: i32 = 4;
const tileBytes: usize = 128;

/** `diagonal` of a product that is wanted whole. */
export const everywhere: i32 = 0x3fffffff;

/** Columns of a tile. */
function tileColumns<T>(): i32 {
  return 2 * lanes<T>();
}

/** Bytes of scratch that `gemm` and everything built on it needs, per thread. */
export function gemmScratchBytes(): i32 {
  return (mBlock * kBlock + kBlock * nBlock) * 8 + <i32>tileBytes;
}

/**
 * C += alpha A B with A (m x k) and B (k x n) at any strides and C row-major with row length `ldc`.
 * Tiles of 4 x 4 whose entries (i, j) all have j > i + diagonal are left out: `diagonal` 0 gives the lower
 * triangle, `everywhere` the whole product. Each entry is summed in an order that depends on k alone, so a
 * product split by rows or columns has the same bits.
 */
export function gemm(
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  aRowStride: i32,
  aColumnStride: i32,
  b: usize,
  bRowStride: i32,
  bColumnStride: i32,
  c: usize,
  ldc: i32,
  diagonal: i32,
  scratch: usize,
): void {
  addProduct<f64>(
    m,
    n,
    k,
    alpha,
    a,
    aRowStride,
    aColumnStride,
    b,
    bRowStride,
    bColumnStride,
    c,
    ldc,
    diagonal,
    scratch,
  );
}

/** The whole product in f32. */
export function gemm32(
  m: i32,
  n: i32,
  k: i32,
  alpha: f32,
  a: usize,
  aRowStride: i32,
  aColumnStride: i32,
  b: usize,
  bRowStride: i32,
  bColumnStride: i32,
  c: usize,
  ldc: i32,
  scratch: usize,
): void {
  addProduct<f32>(
    m,
    n,
    k,
    alpha,
    a,
    aRowStride,
    aColumnStride,
    b,
    bRowStride,
    bColumnStride,
    c,
    ldc,
    everywhere,
    scratch,
  );
}

function addProduct<T>(
  m: i32,
  n: i32,
  k: i32,
  alpha: T,
  a: usize,
  aRowStride: i32,
  aColumnStride: i32,
  b: usize,
  bRowStride: i32,
  bColumnStride: i32,
  c: usize,
  ldc: i32,
  diagonal: i32,
  scratch: usize,
): void {
  const tile = scratch;
  const packedA = tile + tileBytes;
  const packedB = place<T>(packedA, mBlock * kBlock);
  for (let jc = 0; jc < n; jc += nBlock) {
    const nc = smaller(nBlock, n - jc);
    for (let pc = 0; pc < k; pc += kBlock) {
      const kc = smaller(kBlock, k - pc);
      packColumns<T>(
        kc,
        nc,
        place<T>(b, pc * bRowStride + jc * bColumnStride),
        bRowStride,
        bColumnStride,
        packedB,
      );
      for (let ic = 0; ic < m; ic += mBlock) {
        const mc = smaller(mBlock, m - ic);
        if (jc >= ic + mc + diagonal) continue;
        packRows<T>(
          mc,
          kc,
          alpha,
          place<T>(a, ic * aRowStride + pc * aColumnStride),
          aRowStride,
          aColumnStride,
          packedA,
        );
        for (let jr = 0; jr < nc; jr += tileColumns<T>()) {
          for (let ir = 0; ir < mc; ir += tileRows) {
            if (jc + jr >= ic + ir + tileRows + diagonal) continue;
            addTile<T>(
              kc,
              place<T>(packedA, ir * kc),
              place<T>(packedB, jr * kc),
              place<T>(c, (ic + ir) * ldc + jc + jr),
              ldc,
              smaller(tileRows, mc - ir),
              smaller(tileColumns<T>(), nc - jr),
              tile,
            );
          }
        }
      }
    }
  }
}

/** Panels of four rows, column after column; missing rows are zero. */
function packRows<T>(
  m: i32,
  k: i32,
  alpha: T,
  a: usize,
  rowStride: i32,
  columnStride: i32,
  out: usize,
): void {
  const row = place<T>(0, rowStride);
  const column = place<T>(0, columnStride);
  const size = sizeof<T>();
  for (let i = 0; i < m; i += tileRows) {
    let from = place<T>(a, i * rowStride);
    if (m - i >= tileRows && rowStride == 1) {
      const factor = v128.splat<T>(alpha);
      for (let p = 0; p < k; p++) {
        v128.store(out, v128.mul<T>(factor, v128.load(from)));
        if (size == 8) v128.store(out, v128.mul<T>(factor, v128.load(from, 16)), 16);
        from += column;
        out += tileRows * size;
      }
    } else if (m - i >= tileRows) {
      for (let p = 0; p < k; p++) {
        store<T>(out, <T>(alpha * load<T>(from)));
        store<T>(out, <T>(alpha * load<T>(from + row)), sizeof<T>());
        store<T>(out, <T>(alpha * load<T>(from + 2 * row)), 2 * sizeof<T>());
        store<T>(out, <T>(alpha * load<T>(from + 3 * row)), 3 * sizeof<T>());
        from += column;
        out += tileRows * size;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < tileRows; r++) {
          const isThere = i + r < m;
          store<T>(out, isThere ? <T>(alpha * load<T>(place<T>(from, r * rowStride))) : <T>0);
          out += size;
        }
        from += column;
      }
    }
  }
}

/** Panels of as many columns as a tile, row after row; missing columns are zero. */
function packColumns<T>(
  k: i32,
  n: i32,
  b: usize,
  rowStride: i32,
  columnStride: i32,
  out: usize,
): void {
  const row = place<T>(0, rowStride);
  const column = place<T>(0, columnStride);
  const size = sizeof<T>();
  for (let j = 0; j < n; j += tileColumns<T>()) {
    let from = place<T>(b, j * columnStride);
    if (n - j >= tileColumns<T>() && columnStride == 1) {
      for (let p = 0; p < k; p++) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
        from += row;
        out += 32;
      }
    } else if (n - j >= tileColumns<T>()) {
      for (let p = 0; p < k; p++) {
        let entry = from;
        for (let r: usize = 0; r < 32; r += size) {
          store<T>(out + r, load<T>(entry));
          entry += column;
        }
        from += row;
        out += 32;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < tileColumns<T>(); r++) {
          store<T>(out, j + r < n ? load<T>(place<T>(from, r * columnStride)) : <T>0);
          out += size;
        }
        from += row;
      }
    }
  }
}

/** Adds the product of a packed row panel and a packed column panel to a tile of C. */
function addTile<T>(
  k: i32,
  a: usize,
  b: usize,
  c: usize,
  ldc: i32,
  rows: i32,
  columns: i32,
  tile: usize,
): void {
  let c00 = v128.splat<T>(<T>0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<T>(a);
    c00 = v128.add<T>(c00, v128.mul<T>(x, b0));
    c01 = v128.add<T>(c01, v128.mul<T>(x, b1));
    x = v128.load_splat<T>(a, sizeof<T>());
    c10 = v128.add<T>(c10, v128.mul<T>(x, b0));
    c11 = v128.add<T>(c11, v128.mul<T>(x, b1));
    x = v128.load_splat<T>(a, 2 * sizeof<T>());
    c20 = v128.add<T>(c20, v128.mul<T>(x, b0));
    c21 = v128.add<T>(c21, v128.mul<T>(x, b1));
    x = v128.load_splat<T>(a, 3 * sizeof<T>());
    c30 = v128.add<T>(c30, v128.mul<T>(x, b0));
    c31 = v128.add<T>(c31, v128.mul<T>(x, b1));
    a += tileRows * sizeof<T>();
    b += 32;
  }
  if (rows == tileRows && columns == tileColumns<T>()) {
    const row = place<T>(0, ldc);
    v128.store(c, v128.add<T>(v128.load(c), c00));
    v128.store(c, v128.add<T>(v128.load(c, 16), c01), 16);
    c += row;
    v128.store(c, v128.add<T>(v128.load(c), c10));
    v128.store(c, v128.add<T>(v128.load(c, 16), c11), 16);
    c += row;
    v128.store(c, v128.add<T>(v128.load(c), c20));
    v128.store(c, v128.add<T>(v128.load(c, 16), c21), 16);
    c += row;
    v128.store(c, v128.add<T>(v128.load(c), c30));
    v128.store(c, v128.add<T>(v128.load(c, 16), c31), 16);
  } else {
    v128.store(tile, c00);
    v128.store(tile, c01, 16);
    v128.store(tile, c10, 32);
    v128.store(tile, c11, 48);
    v128.store(tile, c20, 64);
    v128.store(tile, c21, 80);
    v128.store(tile, c30, 96);
    v128.store(tile, c31, 112);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const entry = place<T>(c, i * ldc + j);
        const sum = load<T>(place<T>(tile, i * tileColumns<T>() + j));
        store<T>(entry, <T>(load<T>(entry) + sum));
      }
    }
  }
}

/** Copies the lower triangle of a square matrix onto its upper one. */
export function mirrorLower(n: i32, a: usize, lda: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) store<f64>(at(a, j * lda + i), load<f64>(at(a, i * lda + j)));
  }
}

/** Sets everything above the diagonal of a square matrix to zero. */
export function clearUpper(n: i32, a: usize, lda: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) store<f64>(at(a, i * lda + j), 0);
  }
}
