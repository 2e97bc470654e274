import { Option } from "commander";
import { useKernels } from "../kernels/instance.ts";
import { spawnNodeThread } from "../kernels/node-threads.ts";
import { createParallelKernels } from "../kernels/threads.ts";

/** `--threads <n>`: how many threads share large matrix products; the results are the same bytes. */
export const threadsOption = (): Option =>
  new Option("--threads <n>", "threads for large matrix products; the results are the same bytes")
    .choices(["1", "2"])
    .default("1");

/**
 * Gives the engine so many threads.
 * @returns what ends them
 */
export function startThreads(threads: string): () => void {
  if (threads === "1") return () => {};
  const parallel = createParallelKernels(spawnNodeThread);
  useKernels(parallel);
  return () => {
    useKernels();
    parallel.close();
  };
}
