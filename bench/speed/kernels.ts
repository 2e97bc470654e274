import { createRng } from "../../src/core/rng.ts";
import { cholesky, gemm, rowMajor } from "../../src/kernels/dense.ts";
import { kernels, type Kernels } from "../../src/kernels/instance.ts";
import { spawnNodeThread } from "../../src/kernels/node-threads.ts";
import { createParallelKernels } from "../../src/kernels/threads.ts";
import { runPython, timeMedian, type Bench, type BenchRow } from "../harness.ts";

const n = 1000;
const productFlop = 2 * n ** 3;
const vectorLength = 1_000_000;
const repeats = 9;

/** numpy and LAPACK on one thread: seconds, median of nine. */
const peerScript = `
import json, time
import numpy as np, scipy.linalg
n = ${n}
r = np.random.RandomState(1)
a, b = r.rand(n, n), r.rand(n, n)
s = a @ a.T + n * np.eye(n)
x = r.uniform(-20, 20, ${vectorLength})
out = np.empty_like(x)
def median(f):
    f(); f()
    times = []
    for _ in range(${repeats}):
        start = time.perf_counter(); f(); times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]
print(json.dumps({
    "gemm": median(lambda: a @ b),
    "cholesky": median(lambda: scipy.linalg.cholesky(s, lower=True, check_finite=False)),
    "exp": median(lambda: np.exp(x, out=out)),
}))
`;

interface PeerSeconds {
  readonly gemm: number;
  readonly cholesky: number;
  readonly exp: number;
}

/** Matrices on the heap of the given kernels and what is timed on them. */
function prepare(k: Kernels): {
  product: () => void;
  factorise: () => void;
  exponentials: () => void;
} {
  const rng = createRng(1);
  const random = (): Float64Array => Float64Array.from({ length: n * n }, () => rng.uniform());
  const a = k.heap.store(random());
  const b = k.heap.store(random());
  const c = k.heap.allocate(n * n);
  const positive = random();
  for (let i = 0; i < n; i++) positive[i * n + i] += n;
  const x = k.heap.store(
    Float64Array.from({ length: vectorLength }, () => 40 * rng.uniform() - 20),
  );
  const out = k.heap.allocate(vectorLength);
  return {
    product() {
      k.heap.view(c, n * n).fill(0);
      gemm(k, n, n, n, 1, rowMajor(a, n), rowMajor(b, n), c, n);
    },
    factorise() {
      k.heap.view(c, n * n).set(positive);
      if (cholesky(k, n, c, n) !== 0) throw new Error("kernels bench: the factorisation failed.");
    },
    exponentials() {
      k.functions.vectorExp(vectorLength, x, out);
    },
  };
}

export const kernelsBench: Bench = {
  name: "kernels",
  summary: "products, Cholesky and exp of the WebAssembly kernels against OpenBLAS and LAPACK",
  async run(log) {
    log("kernels: one thread");
    const one = prepare(kernels());
    const product = await timeMedian(one.product, repeats);
    const factor = await timeMedian(one.factorise, repeats);
    const exponentials = await timeMedian(one.exponentials, repeats);

    log("kernels: two threads");
    const parallel = createParallelKernels(spawnNodeThread);
    const two = prepare(parallel);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const productOfTwo = await timeMedian(two.product, repeats);
    const factorOfTwo = await timeMedian(two.factorise, repeats);
    parallel.close();

    log("kernels: numpy and LAPACK, one thread");
    const { value: peer, reason } = runPython<PeerSeconds>(peerScript);

    const gflops = (seconds: number): number => productFlop / seconds / 1e9;
    const ours = gflops(product.median);
    const blas = peer === null ? null : gflops(peer.gemm);
    const note = reason === null ? {} : { note: reason };
    const rows: BenchRow[] = [
      {
        case: "GEMM n=1000, 1 thread",
        value: ours,
        unit: "GFLOP/s",
        spread: (product.spread / product.median) * ours,
        repeats,
        peer: "numpy + BLAS, 1 thread",
        peerValue: blas,
        ratio: blas === null ? null : ours / blas,
        target: ">= 25 GFLOP/s or >= 45 % of OpenBLAS in the same run",
        pass: ours >= 25 || (blas !== null && ours >= 0.45 * blas),
        note:
          reason ??
          "our vectors are 128 bits wide without fused multiply-add; BLAS uses the widest of the machine",
      },
      {
        case: "Cholesky n=1000, 1 thread",
        value: factor.median * 1000,
        unit: "ms",
        spread: factor.spread * 1000,
        repeats,
        peer: "LAPACK through scipy, 1 thread",
        peerValue: peer === null ? null : peer.cholesky * 1000,
        ratio: peer === null ? null : peer.cholesky / factor.median,
        target: "within 2.5x of LAPACK in the same run",
        pass: peer === null ? null : factor.median <= 2.5 * peer.cholesky,
        ...note,
      },
      {
        case: "exp of 1e6 numbers, 1 thread",
        value: exponentials.median * 1000,
        unit: "ms",
        spread: exponentials.spread * 1000,
        repeats,
        peer: "numpy",
        peerValue: peer === null ? null : peer.exp * 1000,
        ratio: peer === null ? null : peer.exp / exponentials.median,
        ...note,
      },
      {
        case: "GEMM n=1000, 2 threads",
        value: gflops(productOfTwo.median),
        unit: "GFLOP/s",
        spread: (productOfTwo.spread / productOfTwo.median) * gflops(productOfTwo.median),
        repeats,
        peer: "our 1 thread",
        peerValue: ours,
        ratio: product.median / productOfTwo.median,
      },
      {
        case: "Cholesky n=1000, 2 threads",
        value: factorOfTwo.median * 1000,
        unit: "ms",
        spread: factorOfTwo.spread * 1000,
        repeats,
        peer: "our 1 thread",
        peerValue: factor.median * 1000,
        ratio: factor.median / factorOfTwo.median,
      },
    ];
    return rows;
  },
};
