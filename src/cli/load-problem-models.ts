import { dirname, isAbsolute, join } from "node:path";
import { located } from "../campaign/problem/locate.ts";
import { openOnnxModel, type OnnxModels } from "../campaign/models/onnx-models.ts";
import {
  modelFileEntries,
  onnxEntries,
  type ParsedProblemFile,
} from "../campaign/problem/problem-file.ts";
import type { SavedModels } from "../campaign/models/saved-models.ts";
import type { TrainedModel } from "../campaign/trained/trained-model.ts";
import { InputError } from "../core/errors.ts";
import { readModelBytes, readModelFile } from "../store/model-file.ts";
import type { OnnxModel } from "../surrogates/onnx/onnx-model.ts";

/** The models that a problem file takes from other files. */
export interface ProblemModels {
  readonly models: SavedModels;
  /** To be closed when done. */
  readonly onnx: OnnxModels;
}

/**
 * Loads the model files that a problem file names under `models`; paths start from the problem file's
 * folder.
 * @throws InputError, or another typed error for an ONNX file, with the problem file and the line for a file that
 *   is missing or no model
 */
export async function loadProblemModels(problem: ParsedProblemFile): Promise<ProblemModels> {
  const models: Record<string, TrainedModel> = {};
  const pathOf = (file: string): string =>
    isAbsolute(file) ? file : join(dirname(problem.file), file);
  for (const [property, { file }] of modelFileEntries(problem.content)) {
    models[property] = await reading(problem, property, pathOf(file), readModelFile);
  }
  const onnx: Record<string, OnnxModel> = {};
  for (const [property, entry] of onnxEntries(problem.content)) {
    const bytes = await reading(problem, property, pathOf(entry.onnx), readModelBytes);
    onnx[property] = await openOnnxModel(problem, property, entry, bytes);
  }
  return { models, onnx };
}

/** Reads one file; its errors name the problem file and the line. */
async function reading<T>(
  problem: ParsedProblemFile,
  property: string,
  path: string,
  read: (path: string) => T | Promise<T>,
): Promise<T> {
  try {
    return await read(path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { file: _, path: part, ...details } = error.details;
    const message = part === undefined ? error.message : `${error.message} (${path}, ${part})`;
    throw located(problem, ["models", property], new InputError(message, details));
  }
}
