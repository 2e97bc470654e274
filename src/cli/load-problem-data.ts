import { dirname } from "node:path";
import { InputError } from "../core/errors.ts";
import { parseColumnOverride } from "../data/column-override.ts";
import { located } from "../campaign/problem/locate.ts";
import type { ParsedProblemFile } from "../campaign/problem/problem-file.ts";
import { loadDataset, type LoadedData } from "../store/load-dataset.ts";

/**
 * Loads what a problem file's `data` names: a shipped set, or a file whose path starts from the
 * problem file's folder; null for a problem without data.
 * @throws InputError with the problem file and the line, or for the data file itself
 */
export async function loadProblemData(problem: ParsedProblemFile): Promise<LoadedData | null> {
  const { data } = problem.content;
  if (data === undefined) return null;
  const { source, sheet, columns } =
    typeof data === "string" ? { source: data, sheet: undefined, columns: undefined } : data;
  try {
    const overrides = Object.fromEntries(
      Object.entries(columns ?? {}).map(([name, text]) => [name, parseColumnOverride(text, name)]),
    );
    return await loadDataset(
      source,
      {
        ...(sheet === undefined ? {} : { sheet }),
        ...(columns === undefined ? {} : { columns: overrides }),
      },
      dirname(problem.file),
    );
  } catch (error) {
    const isColumn = error instanceof InputError && error.details.path?.startsWith("columns.");
    const path = isColumn
      ? ["data", "columns", error.details.path!.slice("columns.".length)]
      : ["data"];
    throw located(problem, path, error);
  }
}
