import { smaller } from "./address";

// The product of f32 matrices: as gemm.ts, with 4 x 8 tiles of C in registers; the same block sizes in
// numbers, so that the scratch of gemm is enough.
const kBlock: i32 = 256;
const mBlock: i32 = 96;
const nBlock: i32 = 1024;
const tileBytes: usize = 128;

function at(base: usize, index: i32): usize {
  return base + ((<usize>index) << 2);
}

/** C += alpha A B in f32, with A (m x k) and B (k x n) at any strides and C row-major with row length `ldc`. */
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
        packRows(
          mc,
          kc,
          alpha,
          at(a, ic * aRowStride + pc * aColumnStride),
          aRowStride,
          aColumnStride,
          packedA,
        );
        for (let jr = 0; jr < nc; jr += 8) {
          for (let ir = 0; ir < mc; ir += 4) {
            addTile(
              kc,
              at(packedA, ir * kc),
              at(packedB, jr * kc),
              at(c, (ic + ir) * ldc + jc + jr),
              ldc,
              smaller(4, mc - ir),
              smaller(8, nc - jr),
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
  alpha: f32,
  a: usize,
  rowStride: i32,
  columnStride: i32,
  out: usize,
): void {
  const row = (<usize>rowStride) << 2;
  const column = (<usize>columnStride) << 2;
  const factor = f32x4.splat(alpha);
  for (let i = 0; i < m; i += 4) {
    let from = at(a, i * rowStride);
    if (m - i >= 4 && rowStride == 1) {
      for (let p = 0; p < k; p++) {
        v128.store(out, f32x4.mul(factor, v128.load(from)));
        from += column;
        out += 16;
      }
    } else if (m - i >= 4) {
      for (let p = 0; p < k; p++) {
        store<f32>(out, alpha * load<f32>(from));
        store<f32>(out, alpha * load<f32>(from + row), 4);
        store<f32>(out, alpha * load<f32>(from + 2 * row), 8);
        store<f32>(out, alpha * load<f32>(from + 3 * row), 12);
        from += column;
        out += 16;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < 4; r++) {
          store<f32>(out, i + r < m ? alpha * load<f32>(at(from, r * rowStride)) : 0);
          out += 4;
        }
        from += column;
      }
    }
  }
}

/** Panels of eight columns, row after row; missing columns are zero. */
function packColumns(
  k: i32,
  n: i32,
  b: usize,
  rowStride: i32,
  columnStride: i32,
  out: usize,
): void {
  const row = (<usize>rowStride) << 2;
  const column = (<usize>columnStride) << 2;
  for (let j = 0; j < n; j += 8) {
    let from = at(b, j * columnStride);
    if (n - j >= 8 && columnStride == 1) {
      for (let p = 0; p < k; p++) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
        from += row;
        out += 32;
      }
    } else if (n - j >= 8) {
      for (let p = 0; p < k; p++) {
        let entry = from;
        for (let r: usize = 0; r < 32; r += 4) {
          store<f32>(out + r, load<f32>(entry));
          entry += column;
        }
        from += row;
        out += 32;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < 8; r++) {
          store<f32>(out, j + r < n ? load<f32>(at(from, r * columnStride)) : 0);
          out += 4;
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
  let c00 = f32x4.splat(0);
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
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a += 16;
    b += 32;
  }
  if (rows == 4 && columns == 8) {
    const row = (<usize>ldc) << 2;
    v128.store(c, f32x4.add(v128.load(c), c00));
    v128.store(c, f32x4.add(v128.load(c, 16), c01), 16);
    c += row;
    v128.store(c, f32x4.add(v128.load(c), c10));
    v128.store(c, f32x4.add(v128.load(c, 16), c11), 16);
    c += row;
    v128.store(c, f32x4.add(v128.load(c), c20));
    v128.store(c, f32x4.add(v128.load(c, 16), c21), 16);
    c += row;
    v128.store(c, f32x4.add(v128.load(c), c30));
    v128.store(c, f32x4.add(v128.load(c, 16), c31), 16);
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
        store<f32>(entry, load<f32>(entry) + load<f32>(at(tile, i * 8 + j)));
      }
    }
  }
}
