const pageBytes = 65536;

/**
 * Numbers in the memory of the kernels, handed out one behind the other. An address is a byte offset;
 * everything that is allocated inside a `scope` is free again when the scope ends.
 */
export class Heap {
  private readonly memory: WebAssembly.Memory;
  private top: number;

  constructor(memory: WebAssembly.Memory, start: number) {
    this.memory = memory;
    this.top = align(start);
  }

  /** Runs `work` and frees what it allocated. */
  scope<T>(work: () => T): T {
    const mark = this.top;
    try {
      return work();
    } finally {
      this.top = mark;
    }
  }

  /**
   * Address of `count` numbers of undefined content, at a multiple of 64 bytes.
   * @throws RangeError when they do not fit into the 4 GiB that a 32-bit address reaches, or the machine has no more
   */
  allocate(count: number): number {
    const address = this.top;
    const end = align(address + 8 * count);
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) {
      try {
        // Growing by at least an eighth keeps the number of growths small.
        const step = Math.max(missing, Math.min(this.memory.buffer.byteLength / 8, 2 ** 28));
        this.memory.grow(Math.ceil(step / pageBytes));
      } catch (cause) {
        const needed = `${(end / 2 ** 30).toFixed(2)} GiB`;
        throw new RangeError(
          end > 2 ** 32
            ? `Heap.allocate: expected at most 4 GiB in use, got ${needed}.`
            : `Heap.allocate: this machine gave no more memory; ${needed} are needed in one piece.`,
          { cause },
        );
      }
    }
    this.top = end;
    return address;
  }

  /** Allocates and fills with a copy of `values`. */
  store(values: ArrayLike<number>): number {
    const address = this.allocate(values.length);
    this.view(address, values.length).set(values);
    return address;
  }

  /** The numbers at an address, not copied; the view is void after the next allocation. */
  view(address: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, count);
  }

  /** A copy of the numbers at an address. */
  copy(address: number, count: number): Float64Array {
    return new Float64Array(this.view(address, count));
  }
}

const align = (address: number): number => Math.ceil(address / 64) * 64;
