import { gemm as gemm64 } from "./dense.ts";
import type { Kernels } from "./instance.ts";

/** Numbers of a network: f64, or f32 at about twice the speed. */
export type Precision = "f64" | "f32";

/** Codes of the functions of one number, with settings p and q; see assembly/unary.ts. */
export const unaryCodes = {
  affine: 0,
  tanh: 1,
  relu: 2,
  sigmoid: 3,
  softplus: 4,
  exp: 5,
  log: 6,
  square: 7,
  sqrt: 8,
  gelu: 9,
  silu: 10,
  huber: 11,
  abs: 12,
  clamp: 13,
} as const;

/** Codes of the functions of two numbers; see assembly/broadcast.ts. */
export const binaryCodes = { add: 0, subtract: 1, multiply: 2, divide: 3 } as const;

/** The kernels that the binary has in both precisions; pointers are addresses. See assembly/network64.ts. */
export interface NetworkFunctions {
  readonly unaryForward: (
    code: number,
    n: number,
    p: number,
    q: number,
    x: number,
    y: number,
  ) => void;
  readonly unaryBackward: (
    code: number,
    n: number,
    p: number,
    x: number,
    y: number,
    gy: number,
    gx: number,
  ) => void;
  readonly accumulate: (
    rows: number,
    columns: number,
    alpha: number,
    x: number,
    xRowStep: number,
    xColumnStep: number,
    y: number,
    yRowStep: number,
    yColumnStep: number,
  ) => void;
  readonly binaryForward: (
    code: number,
    rows: number,
    columns: number,
    a: number,
    aRowStep: number,
    aColumnStep: number,
    b: number,
    bRowStep: number,
    bColumnStep: number,
    y: number,
  ) => void;
  readonly binaryBackward: (
    code: number,
    side: number,
    rows: number,
    columns: number,
    a: number,
    aRowStep: number,
    aColumnStep: number,
    b: number,
    bRowStep: number,
    bColumnStep: number,
    gy: number,
    g: number,
  ) => void;
  readonly gatherRows: (
    count: number,
    columns: number,
    indices: number,
    x: number,
    y: number,
  ) => void;
  readonly scatterRows: (
    count: number,
    columns: number,
    indices: number,
    x: number,
    y: number,
  ) => void;
  readonly softmaxForward: (rows: number, columns: number, x: number, y: number) => void;
  readonly softmaxBackward: (
    rows: number,
    columns: number,
    y: number,
    gy: number,
    gx: number,
  ) => void;
  readonly logSumExpForward: (
    rows: number,
    columns: number,
    x: number,
    y: number,
    weights: number,
  ) => void;
  readonly normaliseForward: (
    rows: number,
    columns: number,
    epsilon: number,
    x: number,
    y: number,
    inverses: number,
  ) => void;
  readonly normaliseBackward: (
    rows: number,
    columns: number,
    y: number,
    inverses: number,
    gy: number,
    gx: number,
  ) => void;
  readonly sumOfSquares: (n: number, x: number) => number;
  readonly adamStep: (
    n: number,
    p: number,
    g: number,
    m: number,
    v: number,
    clip: number,
    penalty: number,
    beta1: number,
    beta2: number,
    rootCorrection: number,
    epsilon: number,
    step: number,
    shrink: number,
  ) => void;
  readonly matrixVector: (
    m: number,
    k: number,
    alpha: number,
    a: number,
    rowStride: number,
    columnStride: number,
    b: number,
    bStride: number,
    c: number,
    cStride: number,
  ) => void;
  readonly unfold: (first: number, rows: number, layout: number, x: number, out: number) => void;
  readonly fold: (first: number, rows: number, layout: number, from: number, x: number) => void;
  readonly dropoutMask: (
    n: number,
    keep: number,
    stream: number,
    key: number,
    mask: number,
  ) => void;
  readonly denseForward: (
    panels: number,
    inputs: number,
    units: number,
    code: number,
    weights: number,
    x: number,
    y: number,
    scratch: number,
  ) => void;
  readonly mixTables: (
    inputs: number,
    units: number,
    weights: number,
    row: number,
    panel: number,
    tables: number,
  ) => void;
  readonly mixedForward: (
    count: number,
    tableCount: number,
    length: number,
    code: number,
    tables: number,
    choices: number,
    y: number,
    scratch: number,
  ) => void;
}

type Suffixed<Bits extends 32 | 64> = {
  readonly [Name in keyof NetworkFunctions as `${Name}${Bits}`]: NetworkFunctions[Name];
};

/** What the binary offers for networks. */
export interface NetworkExports extends Suffixed<32>, Suffixed<64> {
  readonly gemm32: ProductWithScratch;
  readonly clear: (address: number, bytes: number) => void;
  readonly philox: (counterLow: number, counterHigh: number, key: number) => bigint;
}

/** C += alpha A B; strides and row lengths are counted in numbers. */
type Product = (
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: number,
  aRowStride: number,
  aColumnStride: number,
  b: number,
  bRowStride: number,
  bColumnStride: number,
  c: number,
  ldc: number,
) => void;
type ProductWithScratch = (...args: [...Parameters<Product>, scratch: number]) => void;

/** The kernels of networks in one precision. */
export interface NetworkKernels extends NetworkFunctions {
  readonly precision: Precision;
  readonly bytesPerNumber: 4 | 8;
  readonly gemm: Product;
  /** Sets bytes to zero. */
  readonly clear: (address: number, bytes: number) => void;
}

const names = [
  "unaryForward",
  "unaryBackward",
  "accumulate",
  "binaryForward",
  "binaryBackward",
  "gatherRows",
  "scatterRows",
  "softmaxForward",
  "softmaxBackward",
  "logSumExpForward",
  "normaliseForward",
  "normaliseBackward",
  "sumOfSquares",
  "adamStep",
  "matrixVector",
  "unfold",
  "fold",
  "dropoutMask",
  "denseForward",
  "mixTables",
  "mixedForward",
] as const satisfies readonly (keyof NetworkFunctions)[];

/** The kernels of networks that need no scratch, in the precision asked for. */
export function networkFunctions(
  { functions }: Pick<Kernels, "functions">,
  precision: Precision,
): NetworkFunctions {
  const bits = precision === "f64" ? 64 : 32;
  const own = Object.fromEntries(names.map((name) => [name, functions[`${name}${bits}`]]));
  return own as unknown as NetworkFunctions;
}

/** The kernels of networks in the precision asked for. */
export function networkKernels(k: Kernels, precision: Precision): NetworkKernels {
  const kernels = networkFunctions(k, precision);
  return {
    ...kernels,
    precision,
    bytesPerNumber: precision === "f64" ? 8 : 4,
    clear: k.functions.clear,
    gemm: withVectors(kernels, precision === "f64" ? productOf64(k) : productOf32(k)),
  };
}

/** A product with a single column, which tiles would waste seven eighths of the work on, goes by the vector kernel. */
function withVectors({ matrixVector }: NetworkFunctions, product: Product): Product {
  return (m, n, inner, alpha, a, aRow, aColumn, b, bRow, bColumn, c, ldc) => {
    if (n === 1 && ((aColumn === 1 && bRow === 1) || (aRow === 1 && ldc === 1))) {
      matrixVector(m, inner, alpha, a, aRow, aColumn, b, bRow, c, ldc);
    } else {
      product(m, n, inner, alpha, a, aRow, aColumn, b, bRow, bColumn, c, ldc);
    }
  };
}

function productOf64(k: Kernels): Product {
  return (m, n, inner, alpha, a, aRow, aColumn, b, bRow, bColumn, c, ldc) =>
    gemm64(
      k,
      m,
      n,
      inner,
      alpha,
      { address: a, rowStride: aRow, columnStride: aColumn },
      { address: b, rowStride: bRow, columnStride: bColumn },
      c,
      ldc,
    );
}

function productOf32({ functions, scratch }: Kernels): Product {
  return (m, n, inner, alpha, a, aRow, aColumn, b, bRow, bColumn, c, ldc) =>
    functions.gemm32(m, n, inner, alpha, a, aRow, aColumn, b, bRow, bColumn, c, ldc, scratch);
}
