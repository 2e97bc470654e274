import type { Matrix } from "../../core/matrix.ts";
import { residentKernels, type KernelFunctions } from "../../kernels/instance.ts";
import { blockColumns, codePlace, writeCodes, type ColumnBins } from "./bins.ts";

/** Bins of one column's histogram. */
export const slots = 256;
/** Numbers of one column's histogram: pairs of gradient and curvature. */
export const columnNumbers = 2 * slots;

/**
 * The coded inputs with the histograms of some nodes at a time, in the memory of kernels of their own. A
 * histogram holds, for every column and code, the sums of gradient and curvature of a node's rows, and
 * their number where the curvature does not count them.
 */
export class Histograms {
  /** Gradient and curvature of each row, n pairs. */
  readonly pairs: Float64Array;
  readonly rows: number;
  /** Every curvature is one. */
  readonly isEven: boolean;
  /** Rows of the sample; a node owns a range. */
  readonly list: Uint32Array;
  readonly codes: Uint8Array;
  /** Histogram `place`, column j, code c: its pair at `sumPlace(place, j) + 2 c`. */
  readonly sums: Float64Array;
  /** The rows at `countPlace(place, j) + c`; empty where curvatures count them. */
  readonly counts: Int32Array;
  private readonly spare: Uint32Array;
  private readonly functions: KernelFunctions;
  private readonly blocks: number;
  private readonly address: {
    readonly codes: number;
    readonly pairs: number;
    readonly ordered: number;
    readonly list: number;
    readonly sums: number;
    readonly counts: number;
  };

  /** @param x n x d @param places histograms that are held at a time */
  constructor(x: Matrix, bins: readonly ColumnBins[], places: number, isEven: boolean) {
    const { rows: n, columns } = x;
    this.rows = n;
    this.isEven = isEven;
    this.blocks = Math.ceil(columns / blockColumns);
    const padded = this.blocks * blockColumns;
    const numbers = places * padded * columnNumbers;
    const counts = isEven ? 0 : places * padded * slots;
    // All memory comes at once: a heap that grew later would void the views.
    const { heap, functions } = residentKernels();
    this.functions = functions;
    this.address = {
      codes: heap.allocate(this.blocks * n),
      pairs: heap.allocate(2 * n),
      ordered: heap.allocate(2 * n),
      list: heap.allocate(Math.ceil(n / 2)),
      sums: heap.allocate(numbers),
      counts: heap.allocate(counts / 2),
    };
    const { buffer } = heap.view(0, 0);
    this.codes = new Uint8Array(buffer, this.address.codes, padded * n);
    this.pairs = new Float64Array(buffer, this.address.pairs, 2 * n);
    this.list = new Uint32Array(buffer, this.address.list, n);
    this.sums = new Float64Array(buffer, this.address.sums, numbers);
    this.counts = new Int32Array(buffer, this.address.counts, counts);
    this.spare = new Uint32Array(n);
    writeCodes(x, bins, this.codes);
  }

  sumPlace(place: number, column: number): number {
    return (place * this.blocks * blockColumns + column) * columnNumbers;
  }

  countPlace(place: number, column: number): number {
    return (place * this.blocks * blockColumns + column) * slots;
  }

  /** Rows with a code in a histogram. */
  rowsAt(place: number, column: number, code: number): number {
    return this.isEven
      ? this.sums[this.sumPlace(place, column) + 2 * code + 1]
      : this.counts[this.countPlace(place, column) + code];
  }

  /** Sums up rows `list[start] ... list[start + count - 1]`. */
  fill(place: number, start: number, count: number): void {
    const { functions, address, blocks, rows } = this;
    const list = address.list + 4 * start;
    const sums = address.sums + 8 * this.sumPlace(place, 0);
    functions.gatherPairs(count, list, address.pairs, address.ordered);
    functions.pairHistograms(count, list, address.ordered, address.codes, rows, blocks, sums);
    if (this.isEven) return;
    const counts = address.counts + 4 * this.countPlace(place, 0);
    functions.countHistograms(count, list, address.codes, rows, blocks, counts);
  }

  /** parent -= child. */
  subtract(parent: number, child: number): void {
    const { functions, address } = this;
    const size = this.blocks * blockColumns * slots;
    const sums = (place: number) => address.sums + 8 * this.sumPlace(place, 0);
    functions.subtractPairs(size, sums(parent), sums(child));
    if (this.isEven) return;
    const counts = (place: number) => address.counts + 4 * this.countPlace(place, 0);
    functions.subtractCounts(size, counts(parent), counts(child));
  }

  /**
   * Stable division of rows `list[start] ... list[end - 1]` by their code.
   * @param isRight of each code, at `isRight[first + code]` @returns where those of the right begin
   */
  divide(start: number, end: number, column: number, isRight: Uint8Array, first: number): number {
    const { codes, list, spare } = this;
    const place = codePlace(this.rows, column);
    let next = start;
    let kept = 0;
    for (let p = start; p < end; p++) {
      const row = list[p];
      const right = isRight[first + codes[place + blockColumns * row]];
      list[next] = row;
      spare[kept] = row;
      kept += right;
      next += 1 - right;
    }
    for (let k = 0; k < kept; k++) list[next + k] = spare[k]!;
    return next;
  }
}
