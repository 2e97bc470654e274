import { Heap } from "./heap.ts";
import type { NetworkExports } from "./networks.ts";
import { privateWasm } from "./wasm.generated.ts";

type Scalar = (x: number) => number;
type VectorFunction = (n: number, x: number, out: number) => void;
type TriangularSolve = (
  rows: number,
  columns: number,
  l: number,
  ldl: number,
  x: number,
  ldx: number,
  scratch: number,
) => void;

/** What the binary offers; all pointers are addresses on its heap. See src/kernels/assembly. */
export interface KernelFunctions extends NetworkExports {
  readonly heapBase: () => number;
  readonly gemmScratchBytes: () => number;
  readonly gemm: (
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
    diagonal: number,
    scratch: number,
  ) => void;
  readonly mirrorLower: (n: number, a: number, lda: number) => void;
  readonly clearUpper: (n: number, a: number, lda: number) => void;
  readonly cholesky: (n: number, a: number, lda: number, scratch: number) => number;
  readonly invertLower: (n: number, l: number, ldl: number, scratch: number) => void;
  readonly multiplyOwnTransposed: (n: number, l: number, ldl: number, scratch: number) => void;
  readonly solveLeftLower: TriangularSolve;
  readonly solveLeftTransposed: TriangularSolve;
  readonly solveRightLower: TriangularSolve;
  readonly solveRightTransposed: TriangularSolve;
  readonly dot: (n: number, x: number, y: number) => number;
  readonly vectorExp: VectorFunction;
  readonly vectorLog: VectorFunction;
  readonly vectorTanh: VectorFunction;
  readonly vectorErf: VectorFunction;
  readonly distanceMatrix: (
    n: number,
    m: number,
    d: number,
    x: number,
    y: number,
    ldy: number,
    out: number,
    ldOut: number,
  ) => void;
  readonly covariance: (
    kind: number,
    shape: number,
    n: number,
    m: number,
    d: number,
    variance: number,
    x: number,
    y: number,
    ldy: number,
    out: number,
    ldOut: number,
    lowerOnly: number,
  ) => void;
  readonly covarianceGradient: (
    kind: number,
    shape: number,
    n: number,
    m: number,
    d: number,
    variance: number,
    x: number,
    y: number,
    ldy: number,
    w: number,
    ldw: number,
    out: number,
    scratch: number,
    symmetric: number,
  ) => void;
  readonly stepErrors: (
    n: number,
    e: number,
    k1: number,
    k2: number,
    delta: number,
    up: number,
    low: number,
    out: number,
  ) => void;
  readonly pickPartner: (n: number, e: number, k: number, low: number, highest: number) => number;
  readonly walkTree: (
    blocks: number,
    x: number,
    blockBytes: number,
    root: number,
    steps: number,
    out: number,
  ) => void;
  readonly addLeaves: (
    count: number,
    leaves: number,
    width: number,
    pairs: number,
    sums: number,
  ) => void;
  readonly conditionSets: (
    rows: number,
    x: number,
    count: number,
    thresholds: number,
    first: number,
    next: number,
    conditions: number,
    sets: number,
  ) => void;
  readonly reachLeaves: (
    leaves: number,
    splits: number,
    conditions: number,
    sets: number,
    planes: number,
    rows: number,
    first: number,
    out: number,
  ) => void;
  readonly addPathSums: (
    nodes: number,
    points: number,
    rows: number,
    columns: number,
    records: number,
    table: number,
    start: number,
    x: number,
    phi: number,
    scratch: number,
  ) => void;
  readonly gatherPairs: (count: number, rows: number, pairs: number, out: number) => void;
  readonly pairHistograms: (
    count: number,
    rows: number,
    pairs: number,
    codes: number,
    allRows: number,
    blocks: number,
    histogram: number,
  ) => void;
  readonly countHistograms: (
    count: number,
    rows: number,
    codes: number,
    allRows: number,
    blocks: number,
    counts: number,
  ) => void;
  readonly subtractPairs: (count: number, parent: number, child: number) => void;
  readonly subtractCounts: (count: number, parent: number, child: number) => void;
  readonly exp: Scalar;
  readonly expm1: Scalar;
  readonly log: Scalar;
  readonly log1p: Scalar;
  readonly log2: Scalar;
  readonly log10: Scalar;
  readonly pow: (x: number, y: number) => number;
  readonly cbrt: Scalar;
  readonly sin: Scalar;
  readonly cos: Scalar;
  readonly tan: Scalar;
  readonly asin: Scalar;
  readonly acos: Scalar;
  readonly atan: Scalar;
  readonly atan2: (y: number, x: number) => number;
  readonly sinh: Scalar;
  readonly cosh: Scalar;
  readonly tanh: Scalar;
  readonly erf: Scalar;
  readonly erfc: Scalar;
  readonly erfcx: Scalar;
}

/** Names of functions that work on addresses and may run in a second thread. */
export type ThreadedFunction = "gemm" | "solveRightTransposed";

/** A second thread over the same memory. */
export interface Partner {
  /** Address of this thread's own scratch for `gemm`. */
  readonly scratch: number;
  /** Multiply-adds from which a product is worth waking the other thread. */
  readonly leastWork: number;
  /**
   * Runs one function with two sets of arguments at the same time, the second set in the other
   * thread; returns when both are done.
   */
  runBoth(name: ThreadedFunction, here: readonly number[], there: readonly number[]): void;
}

/** The kernels with the heap that they work on. */
export interface Kernels {
  readonly functions: KernelFunctions;
  readonly heap: Heap;
  /** Address of scratch for `gemm` and what is built on it. */
  readonly scratch: number;
  readonly threads: 1 | 2;
  readonly partner?: Partner;
}

const initialPages = 64;

/** Bytes of a binary in base64. */
export function decodeBinary(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** Binds a compiled module to a memory. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): KernelFunctions {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return instance.exports as unknown as KernelFunctions;
}

/** Gives the kernels their heap and scratch. */
export function assemble(functions: KernelFunctions, memory: WebAssembly.Memory): Kernels {
  const heap = new Heap(memory, functions.heapBase());
  const scratch = heap.allocate(functions.gemmScratchBytes() / 8);
  return { functions, heap, scratch, threads: 1 };
}

let compiled: WebAssembly.Module | undefined;
let given: Kernels | undefined;
let shared: Kernels | undefined;

/**
 * The kernels that everything uses which is not handed others: those given to `useKernels`, else one thread with
 * private memory, loaded at the first call.
 */
export function kernels(): Kernels {
  if (given !== undefined) return given;
  if (shared === undefined) {
    const { functions, memory } = instance(initialPages);
    shared = assemble(functions, memory);
  }
  return shared;
}

/**
 * Makes `kernels()` answer these, such as kernels with a second thread, which give the same bits; without an argument
 * what it answered at first. A program calls it once, at its start: nothing on the heap outlives a call of the engine,
 * so that it is also safe between two calls.
 */
export function useKernels(other?: Kernels): void {
  given = other;
}

/**
 * The kernels over a heap of their own, for data that stays there; both go with their last reference.
 * They have no scratch: what asks for one must not be called.
 */
export function residentKernels(): Pick<Kernels, "functions" | "heap"> {
  const { functions, memory } = instance(1);
  return { functions, heap: new Heap(memory, functions.heapBase()) };
}

function instance(pages: number): { functions: KernelFunctions; memory: WebAssembly.Memory } {
  compiled ??= new WebAssembly.Module(decodeBinary(privateWasm));
  const memory = new WebAssembly.Memory({ initial: pages });
  return { functions: instantiate(compiled, memory), memory };
}
