import type { Dataset } from "../campaign/dataset.ts";
import { parseProblemFile, type ParsedProblemFile } from "../campaign/problem/problem-file.ts";
import { resolveProblem, type Problem } from "../campaign/problem/problem.ts";
import type { RunOptions } from "../campaign/problem/settings/run-options.ts";
import { readText } from "../store/read-text.ts";
import { loadProblemData } from "./load-problem-data.ts";
import { loadProblemDescriptors } from "./load-problem-descriptors.ts";
import { loadProblemModels, type ProblemModels } from "./load-problem-models.ts";
import { withWork } from "./progress.ts";
import { version } from "./version.ts";

/** A problem file with everything that it names. */
export interface LoadedProblem extends ProblemModels {
  readonly parsed: ParsedProblemFile;
  readonly dataset: Dataset | null;
}

/**
 * Loads a problem file, its data and its models for one piece of work, and closes what has to be closed.
 * @param loadData instead of the data that the file names
 */
export async function withProblem<T>(
  path: string,
  work: (loaded: LoadedProblem) => Promise<T>,
  loadData: (parsed: ParsedProblemFile) => Promise<Dataset | null> = loadProblemData,
): Promise<T> {
  const parsed = await loadProblemDescriptors(parseProblemFile(readText(path), path));
  const dataset = await loadData(parsed);
  const models = await loadProblemModels(parsed);
  try {
    return await work({ parsed, dataset, ...models });
  } finally {
    for (const model of Object.values(models.onnx)) await model.close();
  }
}

/**
 * Solves a problem file with progress, Ctrl-C and the versions of this program.
 * @param solve takes what the file names and the options that every way to solve it has
 */
export const solveProblem = <T>(
  path: string,
  { seed }: { readonly seed?: number },
  solve: (loaded: LoadedProblem, run: RunOptions) => Promise<T>,
): Promise<T> =>
  withProblem(path, (loaded) =>
    withWork((work) =>
      solve(loaded, {
        work,
        models: loaded.models,
        onnx: loaded.onnx,
        versions: { ystar: version, node: process.versions.node },
        ...(seed === undefined ? {} : { seed }),
      }),
    ),
  );

/** `withProblem` with the names of the file resolved. */
export const withResolvedProblem = <T>(
  path: string,
  work: (problem: Problem) => Promise<T>,
  loadData?: (parsed: ParsedProblemFile) => Promise<Dataset | null>,
): Promise<T> =>
  withProblem(
    path,
    async ({ parsed, dataset, models, onnx }) =>
      work(await resolveProblem(parsed, dataset, models, onnx)),
    loadData,
  );
