import { dirname, isAbsolute, join } from "node:path";
import {
  descriptorFiles,
  withDescriptorTables,
} from "../campaign/problem/parameters/described-words.ts";
import { located } from "../campaign/problem/locate.ts";
import type { ParsedProblemFile } from "../campaign/problem/problem-file.ts";
import { InputError } from "../core/errors.ts";
import type { Table } from "../data/contract.ts";
import { readTableFile } from "../store/read-table.ts";

/**
 * Reads the tables of descriptors that a problem file names, with paths from its folder, and puts them in their place.
 * @throws InputError with the problem file and the line for a file that is missing or no table, and for what it lacks
 */
export async function loadProblemDescriptors(
  problem: ParsedProblemFile,
): Promise<ParsedProblemFile> {
  const tables: Record<string, Table> = {};
  for (const [name, { file }] of descriptorFiles(problem)) {
    const path = isAbsolute(file) ? file : join(dirname(problem.file), file);
    try {
      tables[name] = (await readTableFile(path)).table;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { file: _, ...details } = error.details;
      const place = ["space", "parameters", name, "descriptors"];
      const hint = "Paths of descriptors start from the folder of the problem file.";
      const told = new InputError(`${path}: ${error.message}`, { ...details, hint });
      throw located(problem, place, told);
    }
  }
  return withDescriptorTables(problem, tables);
}
