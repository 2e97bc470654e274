import { at, smaller } from "./address";

// Packed blocks of A (mBlock x kBlock) and B (kBlock x nBlock) stay in the caches while 4 x 4 tiles
// of C stay in registers. Source: K. Goto, R. van de Geijn, ACM TOMS 34, 12 (2008),
// doi:10.1145/1356052.1356053; sizes measured. A 6 x 4 tile spills registers in V8.
const kBlock: i32 = 256;
const mBlock: i32 = 96;
const nBlock: i32 = 1024;
const tileBytes: usize = 128;

/** `diagonal` of a product that is wanted whole. */
export const everywhere: i32 = 0x3fffffff;

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
  const tile = scratch;
  const packedA = tile + tileBytes;
  const packedB = at(packedA, mBlock * kBlock);
  for (let jc = 0; jc < n; jc += nBlock) {
    const nc = smaller(nBlock, n - jc);
    for (let pc = 0; pc < k; pc += kBlock) {
      const kc = smaller(kBlock, k - pc);
      packColumns(
        kc,
        nc,
        at(b, pc * bRowStride + jc * bColumnStride),
        bRowStride,
        bColumnStride,
        packedB,
      );
      for (let ic = 0; ic < m; ic += mBlock) {
        const mc = smaller(mBlock, m - ic);
        if (jc >= ic + mc + diagonal) continue;
        packRows(
          mc,
          kc,
          alpha,
          at(a, ic * aRowStride + pc * aColumnStride),
          aRowStride,
          aColumnStride,
          packedA,
        );
        for (let jr = 0; jr < nc; jr += 4) {
          for (let ir = 0; ir < mc; ir += 4) {
            if (jc + jr > ic + ir + 3 + diagonal) continue;
            addTile(
              kc,
              at(packedA, ir * kc),
              at(packedB, jr * kc),
              at(c, (ic + ir) * ldc + jc + jr),
              ldc,
              smaller(4, mc - ir),
              smaller(4, nc - jr),
              tile,
            );
          }
        }
      }
    }
  }
}

/** Panels of four rows, column after column; missing rows are zero. */
function packRows(
  m: i32,
  k: i32,
  alpha: f64,
  a: usize,
  rowStride: i32,
  columnStride: i32,
  out: usize,
): void {
  const row = (<usize>rowStride) << 3;
  const column = (<usize>columnStride) << 3;
  for (let i = 0; i < m; i += 4) {
    let from = at(a, i * rowStride);
    if (m - i >= 4) {
      for (let p = 0; p < k; p++) {
        store<f64>(out, alpha * load<f64>(from));
        store<f64>(out, alpha * load<f64>(from + row), 8);
        store<f64>(out, alpha * load<f64>(from + 2 * row), 16);
        store<f64>(out, alpha * load<f64>(from + 3 * row), 24);
        from += column;
        out += 32;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < 4; r++) {
          store<f64>(out, i + r < m ? alpha * load<f64>(at(from, r * rowStride)) : 0);
          out += 8;
        }
        from += column;
      }
    }
  }
}

/** Panels of four columns, row after row; missing columns are zero. */
function packColumns(
  k: i32,
  n: i32,
  b: usize,
  rowStride: i32,
  columnStride: i32,
  out: usize,
): void {
  const row = (<usize>rowStride) << 3;
  const column = (<usize>columnStride) << 3;
  for (let j = 0; j < n; j += 4) {
    let from = at(b, j * columnStride);
    if (n - j >= 4 && columnStride == 1) {
      for (let p = 0; p < k; p++) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
        from += row;
        out += 32;
      }
    } else if (n - j >= 4) {
      for (let p = 0; p < k; p++) {
        store<f64>(out, load<f64>(from));
        store<f64>(out, load<f64>(from + column), 8);
        store<f64>(out, load<f64>(from + 2 * column), 16);
        store<f64>(out, load<f64>(from + 3 * column), 24);
        from += row;
        out += 32;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < 4; r++) {
          store<f64>(out, j + r < n ? load<f64>(at(from, r * columnStride)) : 0);
          out += 8;
        }
        from += row;
      }
    }
  }
}

/** Adds the product of a packed row panel and a packed column panel to a tile of C. */
function addTile(
  k: i32,
  a: usize,
  b: usize,
  c: usize,
  ldc: i32,
  rows: i32,
  columns: i32,
  tile: usize,
): void {
  let c00 = f64x2.splat(0);
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
    let x = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
    a += 32;
    b += 32;
  }
  if (rows == 4 && columns == 4) {
    const row = (<usize>ldc) << 3;
    v128.store(c, f64x2.add(v128.load(c), c00));
    v128.store(c, f64x2.add(v128.load(c, 16), c01), 16);
    c += row;
    v128.store(c, f64x2.add(v128.load(c), c10));
    v128.store(c, f64x2.add(v128.load(c, 16), c11), 16);
    c += row;
    v128.store(c, f64x2.add(v128.load(c), c20));
    v128.store(c, f64x2.add(v128.load(c, 16), c21), 16);
    c += row;
    v128.store(c, f64x2.add(v128.load(c), c30));
    v128.store(c, f64x2.add(v128.load(c, 16), c31), 16);
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
        const entry = at(c, i * ldc + j);
        store<f64>(entry, load<f64>(entry) + load<f64>(at(tile, i * 4 + j)));
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
