import assert from "node:assert/strict";
import { test } from "node:test";
import { Heap } from "./heap.ts";
import { kernels } from "./instance.ts";

type Memory = ConstructorParameters<typeof Heap>[0];
interface Platform {
  readonly WebAssembly: {
    readonly Memory: new (descriptor: { initial: number; maximum?: number }) => Memory;
  };
}
const { WebAssembly } = globalThis as unknown as Platform;

test("memory grows on demand and keeps what was stored", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const heap = new Heap(memory, 100);
  const first = heap.store([1, 2, 3]);
  const large = heap.allocate(1_000_000);
  heap.view(large, 1_000_000).fill(7);
  assert.deepEqual([...heap.copy(first, 3)], [1, 2, 3]);
  assert.ok(memory.buffer.byteLength >= 8_000_000);
  assert.equal(first % 64, 0);
  assert.equal(large % 64, 0);
});

test("the end of a scope frees what it allocated, also after an error", () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 0);
  const before = heap.allocate(1);
  const inner = heap.scope(() => heap.allocate(10));
  assert.throws(() =>
    heap.scope(() => {
      heap.allocate(100);
      throw new Error("stopped");
    }),
  );
  assert.ok(before < inner);
  assert.equal(heap.allocate(10), inner);
});

test("a request beyond the address space is refused in words", () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 0);
  assert.throws(() => heap.allocate(2 ** 30), /expected at most 4 GiB in use, got 8\.00 GiB/);
  heap.store([1]);
});

test("memory that the machine does not give is told from too large a request", () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1, maximum: 2 }), 0);
  assert.throws(() => heap.allocate(2 ** 20), /gave no more memory; 0\.01 GiB are needed/);
});

test("the heap of the kernels begins behind their constants", () => {
  const k = kernels();
  assert.ok(k.functions.heapBase() > 0);
  assert.ok(k.scratch >= k.functions.heapBase());
  const sine = k.functions.sin(1e7);
  k.heap.scope(() => {
    const block = k.heap.allocate(1 << 16);
    k.heap.view(block, 1 << 16).fill(Number.NaN);
    assert.equal(k.functions.sin(1e7), sine);
    assert.equal(k.functions.exp(1), Math.E);
  });
});
