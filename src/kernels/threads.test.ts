import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { cholesky, gemm, rowMajor, transposed } from "./dense.ts";
import { kernels, type Kernels } from "./instance.ts";
import { spawnNodeThread } from "./node-threads.ts";
import { createParallelKernels } from "./threads.ts";

const parallel = createParallelKernels(spawnNodeThread);
after(() => parallel.close());

/** Numbers in [-1, 1) from a multiplicative sequence. */
const numbers = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => ((i * 0.6180339887498949) % 1) * 2 - 1);

const product = (k: Kernels, m: number, n: number, inner: number, turned: boolean): Float64Array =>
  k.heap.scope(() => {
    const a = k.heap.store(numbers(m * inner));
    const b = k.heap.store(numbers(inner * n));
    const c = k.heap.allocate(m * n);
    k.heap.view(c, m * n).fill(0);
    const left = turned ? transposed(rowMajor(a, m)) : rowMajor(a, inner);
    gemm(k, m, n, inner, 0.7, left, rowMajor(b, n), c, n);
    return k.heap.copy(c, m * n);
  });

const factor = (k: Kernels, n: number): Float64Array =>
  k.heap.scope(() => {
    const a = k.heap.store(numbers(n * n));
    const values = k.heap.view(a, n * n);
    for (let i = 0; i < n; i++) values[i * n + i] = n;
    assert.equal(cholesky(k, n, a, n), 0);
    k.functions.clearUpper(n, a, n);
    return k.heap.copy(a, n * n);
  });

test("one and two threads give equal bytes, before and after the second thread is up", async () => {
  for (let round = 0; round < 3; round++) {
    for (const [m, n, inner] of [
      [200, 201, 203],
      [97, 130, 300],
      [301, 1030, 5],
    ] as const) {
      for (const turned of [false, true]) {
        const expected = product(kernels(), m, n, inner, turned);
        assert.deepEqual(product(parallel, m, n, inner, turned), expected);
      }
    }
    for (const n of [100, 259, 500]) {
      assert.deepEqual(factor(parallel, n), factor(kernels(), n));
    }
    await setTimeout(100);
  }
});

test("the second thread takes part in large products", () => {
  let both = 0;
  const { partner } = parallel;
  assert.ok(partner !== undefined);
  const counting: Kernels = {
    ...parallel,
    partner: {
      ...partner,
      runBoth(...task) {
        both++;
        partner.runBoth(...task);
      },
    },
  };
  product(counting, 20, 20, 20, false);
  assert.equal(both, 0);
  product(counting, 128, 128, 128, false);
  assert.equal(both, 1);
});

test("a failed pivot is named as with one thread", () => {
  const n = 300;
  const fails = (k: Kernels): number =>
    k.heap.scope(() => {
      const a = k.heap.store(numbers(n * n));
      const values = k.heap.view(a, n * n);
      for (let i = 0; i < n; i++) values[i * n + i] = i === 217 ? -1 : n;
      return cholesky(k, n, a, n);
    });
  assert.equal(fails(kernels()), 218);
  assert.equal(fails(parallel), 218);
});

test("closing the second thread leaves working kernels", () => {
  const other = createParallelKernels(spawnNodeThread);
  other.close();
  assert.deepEqual(product(other, 150, 150, 150, false), product(kernels(), 150, 150, 150, false));
});
