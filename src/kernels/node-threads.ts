// The second thread on Node. Node's modules are reached through the process object, so that this file
// compiles without Node's types and nothing else in the engine sees them.
import { serveKernels, type SpawnThread, type ThreadStart } from "./threads.ts";

interface WorkerThreads {
  readonly Worker: new (
    file: unknown,
    options: { workerData: unknown },
  ) => { unref(): void; on(event: "error", listener: (error: unknown) => void): void };
  readonly isMainThread: boolean;
  readonly workerData: unknown;
}

interface Platform {
  readonly process: { getBuiltinModule(name: string): unknown };
  readonly URL: new (text: string) => unknown;
}

const platform = globalThis as unknown as Platform;
const threads = platform.process.getBuiltinModule("node:worker_threads") as WorkerThreads;
const here = (import.meta as unknown as { readonly url: string }).url;
const mark = "ystar kernels";

/** Starts the second thread of `createParallelKernels` as a Node worker. */
export const spawnNodeThread: SpawnThread = (start) => {
  const worker = new threads.Worker(new platform.URL(here), { workerData: { mark, start } });
  worker.unref();
};

const given = threads.workerData as { readonly mark?: string; readonly start?: ThreadStart } | null;
if (!threads.isMainThread && given?.mark === mark && given.start !== undefined) {
  serveKernels(given.start);
}
