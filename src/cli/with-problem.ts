import type { Dataset } from "../campaign/dataset.ts";
import { parseProblemFile, type ParsedProblemFile } from "../campaign/problem-file.ts";
import { resolveProblem, type Problem } from "../campaign/problem.ts";
import { readText } from "../store/read-text.ts";
import { loadProblemData } from "./load-problem-data.ts";
import { loadProblemDescriptors } from "./load-problem-descriptors.ts";
import { loadProblemModels, type ProblemModels } from "./load-problem-models.ts";

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

/** The same with the names of the file resolved. */
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
