import { kernels, type Kernels } from "../../kernels/instance.ts";
import { networkKernels, type NetworkKernels, type Precision } from "../../kernels/networks.ts";
import { InputError, NumericalError, ShapeError } from "../errors.ts";
import type { Matrix } from "../matrix.ts";

/**
 * A matrix of numbers on the heap of the kernels that a tape knows. Images and volumes are rows, too: an
 * operation that needs their extent takes it as an argument.
 */
export interface Tensor {
  readonly tape: Tape;
  readonly rows: number;
  readonly columns: number;
  /** Row-major numbers in the precision of the tape. */
  readonly address: number;
  /** False for constants and what follows from constants alone; nothing flows back there. */
  readonly needsGradient: boolean;
  /** For messages. */
  readonly name?: string | undefined;
  /** Address of the gradient; 0 until something flows back. */
  gradient: number;
  /** The step of the tape that made it; 0 outside of steps. */
  readonly step: number;
}

/** What a training or prediction on the heap is given. */
export interface TapeOptions {
  readonly precision?: Precision;
  /** Kernels with two threads, when the caller made some (f64 only). */
  readonly kernels?: Kernels | undefined;
}

/**
 * Runs `work` with a new tape and frees all of its tensors at the end. `work` must not wait for anything
 * (be async): the heap is shared by everything that runs in this thread.
 */
export function withTape<T>(options: TapeOptions, work: (tape: Tape) => T): T {
  const k = options.kernels ?? kernels();
  return k.heap.scope(() => work(new Tape(k, options.precision ?? "f64")));
}

/**
 * Records operations as they are done (define by run) and runs them backwards for gradients. Tensors live
 * in one arena per `step`, released at its end; tensors made outside of steps live as long as the tape.
 * Source: A. Griewank, A. Walther, Evaluating Derivatives, 2nd ed. (2008), chapter 3 (reverse mode).
 */
export class Tape {
  readonly kernels: NetworkKernels;
  private readonly heap: Kernels["heap"];
  private readonly records: (() => void)[] = [];
  private steps = 0;
  private current = 0;
  /** Tensors from outside of the step whose gradients lie in its arena. */
  private readonly touched: Tensor[] = [];

  constructor(k: Kernels, precision: Precision) {
    this.kernels = networkKernels(k, precision);
    this.heap = k.heap;
  }

  get precision(): Precision {
    return this.kernels.precision;
  }

  /** Runs one step: what it records and allocates is gone at its end. Steps do not nest. */
  step<T>(work: () => T): T {
    if (this.current !== 0) throw new InputError("Tape.step: a step is running already.");
    this.current = ++this.steps;
    const kept = this.records.length;
    try {
      return this.heap.scope(work);
    } finally {
      this.records.length = kept;
      for (const tensor of this.touched) tensor.gradient = 0;
      this.touched.length = 0;
      this.current = 0;
    }
  }

  /** Numbers on the heap that need no gradient, rows x columns. */
  constant(rows: number, columns: number, values: ArrayLike<number>): Tensor {
    if (values.length !== rows * columns) {
      throw new ShapeError(
        `Tape.constant: expected ${rows} x ${columns} = ${rows * columns} numbers, got ${values.length}.`,
      );
    }
    const tensor = this.make(rows, columns, false);
    this.view(tensor.address, values.length).set(values);
    return tensor;
  }

  /** Room for numbers that need no gradient, of undefined content. */
  empty(rows: number, columns: number): Tensor {
    return this.make(rows, columns, false);
  }

  /** The chosen rows of a matrix as a constant. */
  constantRows(m: Matrix, indices: ArrayLike<number>): Tensor {
    const tensor = this.make(indices.length, m.columns, false);
    const view = this.view(tensor.address, indices.length * m.columns);
    for (let k = 0; k < indices.length; k++) {
      const from = indices[k] * m.columns;
      const to = k * m.columns;
      for (let j = 0; j < m.columns; j++) view[to + j] = m.data[from + j];
    }
    return tensor;
  }

  /** Numbers on the heap whose gradient is wanted. */
  variable({ rows, columns, data }: Matrix, name?: string): Tensor {
    const tensor = this.make(rows, columns, true, name);
    this.view(tensor.address, data.length).set(data);
    return tensor;
  }

  /** A tensor over numbers that are on the heap already, with room for its gradient (0 = none wanted). */
  over(rows: number, columns: number, address: number, gradient: number, name: string): Tensor {
    return this.tensor(rows, columns, address, gradient !== 0, gradient, name);
  }

  /**
   * Room for the result of an operation on these inputs, of undefined content.
   * @throws InputError when an input is of another tape or of a step that has ended
   */
  output(operation: string, rows: number, columns: number, ...inputs: readonly Tensor[]): Tensor {
    for (const input of inputs) this.check(operation, input);
    const needsGradient = inputs.some((input) => input.needsGradient);
    return this.make(rows, columns, needsGradient);
  }

  /** How the gradient of `result` (an address) flows back; called when there is one. */
  record(result: Tensor, backward: (gradient: number) => void): void {
    if (!result.needsGradient) return;
    this.records.push(() => {
      if (result.gradient !== 0) backward(result.gradient);
    });
  }

  /** Address of a tensor's gradient, which starts at zero and lasts no longer than the step. */
  gradient(tensor: Tensor): number {
    if (tensor.gradient === 0) {
      tensor.gradient = this.zeros(tensor.rows * tensor.columns);
      if (tensor.step !== this.current) this.touched.push(tensor);
    }
    return tensor.gradient;
  }

  /** Adds the gradient of a 1 x 1 tensor to all that it depends on. */
  backward(loss: Tensor): void {
    if (loss.rows !== 1 || loss.columns !== 1) {
      throw new ShapeError(`Tape.backward: expected a 1 x 1 loss, got ${shapeOf(loss)}.`, {
        hint: "Reduce it with mean or sum first.",
      });
    }
    this.check("backward", loss);
    if (!loss.needsGradient) {
      throw new InputError("Tape.backward: the loss depends on no variable or parameter.");
    }
    this.view(this.gradient(loss), 1)[0] = 1;
    for (let i = this.records.length - 1; i >= 0; i--) this.records[i]();
  }

  /** A copy of a tensor's numbers. */
  copy(tensor: Tensor): Float64Array {
    this.check("copy", tensor);
    return Float64Array.from(this.view(tensor.address, tensor.rows * tensor.columns));
  }

  /** A copy of a tensor's gradient; zeros where nothing has flowed back. */
  gradientOf(tensor: Tensor): Float64Array {
    const count = tensor.rows * tensor.columns;
    if (tensor.gradient === 0) return new Float64Array(count);
    return Float64Array.from(this.view(tensor.gradient, count));
  }

  /** The number of a 1 x 1 tensor. @throws NumericalError when it is not finite */
  scalar(tensor: Tensor): number {
    this.check("scalar", tensor);
    const [value] = this.view(tensor.address, 1);
    if (!Number.isFinite(value)) {
      throw new NumericalError(`Tape.scalar: expected a finite number, got ${value}.`, {
        hint: "A smaller learning rate or clipping of the gradient may help.",
      });
    }
    return value;
  }

  /** The numbers at an address; void after the next allocation. */
  view(address: number, count: number): Float64Array | Float32Array {
    if (this.precision === "f64") return this.heap.view(address, count);
    return new Float32Array(this.heap.view(0, 0).buffer, address, count);
  }

  /** Address of room for numbers, of undefined content. */
  allocate(count: number): number {
    return this.heap.allocate((count * this.kernels.bytesPerNumber) / 8);
  }

  /** Address of zeros. */
  zeros(count: number): number {
    const address = this.allocate(count);
    this.kernels.clear(address, count * this.kernels.bytesPerNumber);
    return address;
  }

  /** Address of whole numbers as i32. */
  storeIndices(indices: Int32Array): number {
    const address = this.heap.allocate(indices.length / 2);
    new Int32Array(this.heap.view(0, 0).buffer, address, indices.length).set(indices);
    return address;
  }

  private make(rows: number, columns: number, needsGradient: boolean, name?: string): Tensor {
    return this.tensor(rows, columns, this.allocate(rows * columns), needsGradient, 0, name);
  }

  private tensor(
    rows: number,
    columns: number,
    address: number,
    needsGradient: boolean,
    gradient: number,
    name: string | undefined,
  ): Tensor {
    const step = this.current;
    return { tape: this, rows, columns, address, needsGradient, name, gradient, step };
  }

  private check(operation: string, tensor: Tensor): void {
    if (tensor.tape !== this) {
      throw new InputError(`${operation}: the tensors belong to different tapes.`);
    }
    if (tensor.step !== 0 && tensor.step !== this.current) {
      throw new InputError(`${operation}: a tensor of a step that has ended was used.`, {
        hint: "Copy what is needed later with Tape.copy.",
      });
    }
  }
}

/** The same numbers, through which nothing flows back. */
export function detach(x: Tensor): Tensor {
  return { ...x, needsGradient: false, gradient: 0 };
}

/** A tensor's size for messages: `32 x 100`, with its name when it has one. */
export function shapeOf({ rows, columns, name }: Tensor): string {
  return `${rows} x ${columns}${name === undefined ? "" : ` (${name})`}`;
}
