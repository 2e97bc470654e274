import { InputError, ShapeError } from "../errors.ts";
import type { NetworkKernels } from "../../kernels/networks.ts";

/** Settings of Adam. */
export interface AdamOptions {
  /** Learning rate. */
  readonly rate: number;
  /** Memory of the mean gradient. */
  readonly beta1?: number;
  /** Memory of the mean squared gradient. */
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}

/** An optimiser with what it remembers: plain data, to be kept with the parameters of an interrupted training. */
export interface AdamState {
  readonly options: Required<AdamOptions>;
  /** True: weights shrink by rate x weightDecay (AdamW). False: weightDecay x weight joins the gradient. */
  readonly isDecoupled: boolean;
  steps: number;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

/** Numbers of the buffer that move alike. */
export interface StepRange {
  readonly offset: number;
  readonly count: number;
  readonly decays: boolean;
  /** Share of the learning rate; 0 freezes. */
  readonly factor: number;
}

/**
 * Adam for this many parameters; weight decay is an L2 penalty in the gradient.
 * Source: D. P. Kingma, J. Ba, arXiv:1412.6980 (2015), algorithm 1.
 */
export function adam(size: number, options: AdamOptions): AdamState {
  return create("adam", size, options, false);
}

/**
 * Adam with decoupled weight decay (0.01 unless given).
 * Source: I. Loshchilov, F. Hutter, ICLR (2019), arXiv:1711.05101, algorithm 2.
 */
export function adamw(size: number, options: AdamOptions): AdamState {
  return create("adamw", size, { weightDecay: 0.01, ...options }, true);
}

function create(
  who: string,
  size: number,
  { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamOptions,
  isDecoupled: boolean,
): AdamState {
  const check = (name: string, value: number, ok: boolean, range: string): void => {
    if (!ok)
      throw new InputError(`${who}: expected ${name} ${range}, got ${value}.`, { path: name });
  };
  check("rate", rate, rate > 0, "above 0");
  check("beta1", beta1, beta1 >= 0 && beta1 < 1, "of 0 ... 1 (not 1)");
  check("beta2", beta2, beta2 >= 0 && beta2 < 1, "of 0 ... 1 (not 1)");
  check("epsilon", epsilon, epsilon > 0, "above 0");
  check("weightDecay", weightDecay, weightDecay >= 0, "of at least 0");
  return {
    options: { rate, beta1, beta2, epsilon, weightDecay },
    isDecoupled,
    steps: 0,
    mean: new Float64Array(size),
    square: new Float64Array(size),
  };
}

/** Heap with the kernels that work on it; a `Tape` is one. */
export interface OptimiserHeap {
  readonly kernels: NetworkKernels;
  allocate(count: number): number;
  view(address: number, count: number): Float64Array | Float32Array;
}

/** Parameters and their gradients at addresses of the heap. */
export interface MovingParameters {
  readonly size: number;
  readonly address: number;
  readonly gradient: number;
}

/** The optimiser on a heap: `step` moves the parameters there, `readBack` brings the state up to date. */
export interface AdamOnHeap {
  step(ranges: readonly StepRange[], how?: { clip?: number; factor?: number }): void;
  readBack(): void;
}

/**
 * Puts what the optimiser remembers on a heap.
 * @throws ShapeError for another number of parameters
 */
export function adamOnHeap(heap: OptimiserHeap, state: AdamState, p: MovingParameters): AdamOnHeap {
  const { size } = p;
  if (state.mean.length !== size) {
    throw new ShapeError(
      `adam: expected ${state.mean.length} parameters as at its start, got ${size}.`,
    );
  }
  const mean = heap.allocate(size);
  const square = heap.allocate(size);
  heap.view(mean, size).set(state.mean);
  heap.view(square, size).set(state.square);
  const { rate, beta1, beta2, epsilon, weightDecay } = state.options;
  const bytes = heap.kernels.bytesPerNumber;
  // Powers of the memories, as the number of steps so far says.
  let [power1, power2] = [power(beta1, state.steps), power(beta2, state.steps)];
  return {
    step(ranges, { clip = 1, factor = 1 } = {}) {
      state.steps++;
      power1 *= beta1;
      power2 *= beta2;
      for (const range of ranges) {
        const step = rate * factor * range.factor;
        if (step === 0) continue;
        const decay = range.decays ? weightDecay : 0;
        const at = bytes * range.offset;
        heap.kernels.adamStep(
          range.count,
          p.address + at,
          p.gradient + at,
          mean + at,
          square + at,
          clip,
          state.isDecoupled ? 0 : decay,
          beta1,
          beta2,
          1 / Math.sqrt(1 - power2),
          epsilon,
          step / (1 - power1),
          state.isDecoupled ? 1 - step * decay : 1,
        );
      }
    },
    readBack() {
      state.mean.set(heap.view(mean, size));
      state.square.set(heap.view(square, size));
    },
  };
}

/** base^exponent by repeated multiplication, as the steps themselves multiply. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent && result > 0; i++) result *= base;
  return result;
}
