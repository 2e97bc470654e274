import { dirname } from "node:path";
import { InputError } from "../core/errors.ts";
import { parseColumnOverride } from "../data/column-override.ts";
import type { ParsedProblemFile } from "../campaign/problem-file.ts";
import { loadDataset, type LoadedData } from "../store/load-dataset.ts";

/**
 * Loads what a problem file's `data` names: a shipped set, or a file whose path starts from the
 * problem file's folder.
 * @throws InputError with the problem file and the line, or for the data file itself
 */
export async function loadProblemData(problem: ParsedProblemFile): Promise<LoadedData> {
  const { data } = problem.content;
  const { source, sheet, columns } =
    typeof data === "string" ? { source: data, sheet: undefined, columns: undefined } : data;
  const overrides = Object.fromEntries(
    Object.entries(columns ?? {}).map(([name, text]) => [name, parseColumnOverride(text, name)]),
  );
  try {
    return await loadDataset(
      source,
      {
        ...(sheet === undefined ? {} : { sheet }),
        ...(columns === undefined ? {} : { columns: overrides }),
      },
      dirname(problem.file),
    );
  } catch (error) {
    if (!(error instanceof InputError) || error.details.file !== undefined) throw error;
    const line = problem.lineOf(["data"]);
    throw new InputError(error.message, {
      ...error.details,
      file: problem.file,
      path: `data${line === undefined ? "" : ` (line ${line})`}`,
      cause: error,
    });
  }
}
