import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Writes data to a temporary JSON file for a Python peer, and removes it after `use`. */
export function withJsonFile<T>(data: unknown, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "ystar-bench-"));
  try {
    const path = join(folder, "data.json");
    writeFileSync(path, JSON.stringify(data));
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
