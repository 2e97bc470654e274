import { dirname, isAbsolute, join } from "node:path";
import { located } from "../campaign/locate.ts";
import { modelFileEntries, type ParsedProblemFile } from "../campaign/problem-file.ts";
import type { SavedModels } from "../campaign/saved-models.ts";
import type { TrainedModel } from "../campaign/trained-model.ts";
import { InputError } from "../core/errors.ts";
import { readModelFile } from "../store/model-file.ts";

/**
 * Loads the model files that a problem file names under `models`; paths start from the problem file's
 * folder.
 * @throws InputError with the problem file and the line for a file that is missing or no model
 */
export async function loadProblemModels(problem: ParsedProblemFile): Promise<SavedModels> {
  const loaded: Record<string, TrainedModel> = {};
  for (const [property, { file }] of modelFileEntries(problem.content)) {
    const path = isAbsolute(file) ? file : join(dirname(problem.file), file);
    try {
      loaded[property] = await readModelFile(path);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { file: _, path: part, ...details } = error.details;
      const message = part === undefined ? error.message : `${error.message} (${path}, ${part})`;
      throw located(problem, ["models", property], new InputError(message, details));
    }
  }
  return loaded;
}
