import {
  assemble,
  decodeBinary,
  instantiate,
  type KernelFunctions,
  type Kernels,
  type Partner,
  type ThreadedFunction,
} from "./instance.ts";
import { sharedWasm } from "./wasm.generated.ts";

/** All that a second thread needs; can be posted to a worker. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the block through which the threads talk. */
  readonly control: number;
}

/**
 * Starts a thread that calls `serveKernels(start)`; how is up to the platform. The thread should not keep
 * the program alive.
 */
export type SpawnThread = (start: ThreadStart) => void;

/** Below this many multiply-adds a product takes no longer than waking the other thread. */
const worthAThread = 1e6;

/** Kernels with a second thread. */
export interface ParallelKernels extends Kernels {
  /** How many tasks the second thread has been given so far. */
  sharedTasks(): number;
  /** Ends the second thread; the kernels go on with one. */
  close(): void;
}

type Call = (...args: readonly number[]) => void;

const threadedFunctions: readonly ThreadedFunction[] = ["gemm", "solveRightTransposed"];

// The control block: 32-bit words, then the arguments as f64.
const requested = 0; // number of the task asked for; the thread waits for it to change
const finished = 1; // number of the last task that is done
const ready = 2; // 1 once the thread runs
const task = 3; // index into threadedFunctions, or `stop`
const argumentCount = 4;
const argumentsAt = 32;
const controlNumbers = 24;
const stop = -1;

/** Looks at the control word before sleeping: about 20 microseconds. */
const spins = 2000;
const initialPages = 64;
const maximumPages = 65536;

/**
 * Kernels over shared memory with a second thread. Until that thread runs (some milliseconds), and for
 * small sizes, the caller's thread does all the work; the results are the same bits in every case.
 * In a browser this needs cross-origin isolation and a caller inside a worker.
 * @param leastWork multiply-adds from which a product is shared
 */
export function createParallelKernels(
  spawn: SpawnThread,
  { leastWork = worthAThread }: { readonly leastWork?: number } = {},
): ParallelKernels {
  const memory = new WebAssembly.Memory({
    initial: initialPages,
    maximum: maximumPages,
    shared: true,
  });
  const module = new WebAssembly.Module(decodeBinary(sharedWasm));
  const functions = instantiate(module, memory);
  const kernels = assemble(functions, memory);
  const control = kernels.heap.allocate(controlNumbers);
  kernels.heap.view(control, controlNumbers).fill(0);
  const words = new Int32Array(memory.buffer, control, argumentsAt / 4);
  const values = new Float64Array(memory.buffer, control + argumentsAt, controlNumbers - 4);
  let number = 0;
  let isOpen = true;

  const submit = (index: number): void => {
    words[task] = index;
    number = (number + 1) | 0;
    Atomics.store(words, requested, number);
    Atomics.notify(words, requested);
  };

  const partner: Partner = {
    scratch: kernels.heap.allocate(functions.gemmScratchBytes() / 8),
    leastWork,
    runBoth(name, here, there) {
      const call = callOf(functions, name);
      if (!isOpen || Atomics.load(words, ready) === 0) {
        call(...here);
        call(...there);
        return;
      }
      values.set(there);
      words[argumentCount] = there.length;
      submit(threadedFunctions.indexOf(name));
      call(...here);
      waitWhile(words, finished, () => Atomics.load(words, finished) !== number);
    },
  };
  spawn({ module, memory, control });
  return {
    ...kernels,
    threads: 2,
    partner,
    sharedTasks: () => number,
    close() {
      if (isOpen) submit(stop);
      isOpen = false;
    },
  };
}

/** The life of a second thread: takes task after task until told to stop. Blocks its thread. */
export function serveKernels({ module, memory, control }: ThreadStart): void {
  const functions = instantiate(module, memory);
  const words = new Int32Array(memory.buffer, control, argumentsAt / 4);
  const values = new Float64Array(memory.buffer, control + argumentsAt, controlNumbers - 4);
  let done = 0;
  Atomics.store(words, ready, 1);
  for (;;) {
    waitWhile(words, requested, () => Atomics.load(words, requested) === done);
    done = Atomics.load(words, requested);
    const index = words[task]!;
    if (index === stop) return;
    const call = callOf(functions, threadedFunctions[index]!);
    call(...values.subarray(0, words[argumentCount]));
    Atomics.store(words, finished, done);
    Atomics.notify(words, finished);
  }
}

/** The function as one that takes any list of numbers. */
function callOf(functions: KernelFunctions, name: ThreadedFunction): Call {
  return (functions as unknown as Readonly<Record<ThreadedFunction, Call>>)[name];
}

/** Spins for a moment, then sleeps until the word changes. */
function waitWhile(words: Int32Array, word: number, isWaiting: () => boolean): void {
  for (let i = 0; i < spins; i++) if (!isWaiting()) return;
  while (isWaiting()) {
    const seen = Atomics.load(words, word);
    if (isWaiting()) Atomics.wait(words, word, seen);
  }
}
