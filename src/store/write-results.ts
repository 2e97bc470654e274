import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { StoreError } from "../core/errors.ts";

/**
 * Makes sure that a folder exists and can be written, before any long work.
 * @throws StoreError saying what stands in the way
 */
export function prepareFolder(folder: string): void {
  try {
    if (folder.trim() === "") throw new Error("the name is empty");
    makeFolder(resolve(folder));
    if (!statSync(folder).isDirectory()) throw new Error("it is a file, not a folder");
    accessSync(folder, constants.W_OK);
    const probe = join(folder, `.ystar-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw new StoreError(`The folder for the results cannot be written: ${reasonOf(cause)}.`, {
      file: folder,
      expected: "a folder that exists or can be made, with permission to write",
      hint: "Choose another one with --out.",
      cause,
    });
  }
}

/** Makes a folder and those above it, one by one: a recursive mkdir never returns below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/**
 * Writes all files or none: each goes to a temporary name first, and all are renamed at the end.
 * @throws StoreError when the disk or the folder refuses
 */
export function writeResults(folder: string, files: Readonly<Record<string, string>>): void {
  const entries = Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    return { path, text, temporary: `${path}.${process.pid}.part` };
  });
  try {
    for (const { temporary, text } of entries) writeFileSync(temporary, text);
    for (const { temporary, path } of entries) renameSync(temporary, path);
  } catch (cause) {
    for (const { temporary } of entries) rmSync(temporary, { force: true });
    throw new StoreError(`The results could not be written: ${reasonOf(cause)}.`, {
      file: folder,
      hint: "Check the free space and the permissions, or choose another folder with --out.",
      cause,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file",
  ENOENT: "a folder above it does not exist or takes no folders",
  EEXIST: "a file of this name stands there",
};

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return (code === undefined ? undefined : reasons[code]) ?? message;
}
