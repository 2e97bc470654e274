import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError, StoreError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import type { Provenance, Table } from "../data/contract.ts";
import { datasetNames, findDataset, readDataset } from "../data/datasets.ts";
import type { DatasetSpec } from "../data/datasets.ts";
import type { ReadOptions } from "../data/read/read-table.ts";
import { readTableFile } from "./read-table.ts";

/** A table with what is known about its origin. */
export interface LoadedData {
  /** Name of the shipped data set, or the path as given. */
  readonly name: string;
  readonly table: Table;
  /** SHA-256 of the file's bytes, lower-case hexadecimal. */
  readonly sha256: string;
  /** Absent for a user's own file. */
  readonly provenance?: Provenance;
  readonly spec?: DatasetSpec;
}

/**
 * Loads a shipped data set by name or alias, or a file by path. A name without a slash or an ending
 * that is neither is taken for a misspelt data set.
 * @param folder folder that relative paths start from (that of the problem file, for example)
 * @throws InputError naming the file, or the nearest data set
 */
export async function loadDataset(
  nameOrPath: string,
  options: ReadOptions = {},
  folder = ".",
): Promise<LoadedData> {
  const shipped = findDataset(nameOrPath);
  if (shipped !== undefined) {
    const bytes = await readShipped(shipped.spec.file);
    return {
      name: shipped.name,
      table: await readDataset(shipped.name, bytes, options),
      sha256: sha256(bytes),
      provenance: shipped.spec.provenance,
      spec: shipped.spec,
    };
  }
  const path = isAbsolute(nameOrPath) ? nameOrPath : join(folder, nameOrPath);
  if (!/[/\\.]/.test(nameOrPath) && !existsSync(path)) {
    throw new InputError(`there is no data set "${nameOrPath}" and no file of that name.`, {
      path: "data",
      expected: `one of ${datasetNames.join(", ")}, or the path of a file`,
      received: nameOrPath,
      hint: suggest(nameOrPath, datasetNames),
    });
  }
  const { table, bytes } = await readTableFile(path, options);
  return { name: nameOrPath, table, sha256: sha256(bytes) };
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function readShipped(file: string): Promise<Uint8Array> {
  const path = join(packageFolder(), "datasets", file);
  try {
    return await readFile(path);
  } catch (cause) {
    throw new StoreError(`the shipped data set ${path} cannot be read.`, {
      file: path,
      hint: "Install the package again.",
      cause,
    });
  }
}

/** The folder of the package: the nearest one above this module that has `datasets/`. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "datasets")) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}
