import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { decodeModel } from "../campaign/trained/model-file.ts";
import type { TrainedModel } from "../campaign/trained/trained-model.ts";
import { InputError, StoreError } from "../core/errors.ts";

/** Largest model file that is read, in bytes. */
const largestBytes = 2 ** 31 - 1;

/**
 * Reads a model that `ystar train` has written.
 * @throws InputError for a file that is not there or is no model, saying which part is wrong
 */
export async function readModelFile(path: string): Promise<TrainedModel> {
  return decodeModel(readModelBytes(path), path);
}

/**
 * The bytes of a model's file.
 * @throws InputError for a file that is not there, cannot be read, or is too large
 */
export function readModelBytes(path: string): Uint8Array {
  try {
    const about = statSync(path);
    if (!about.isFile() || about.size > largestBytes) {
      throw new InputError(`"${path}" is not a model file.`, {
        file: path,
        expected: "a file that `ystar train ... --out` has written",
        received: about.isFile() ? `${about.size} bytes` : "a folder or a device",
      });
    }
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new InputError(
      missing ? `There is no model file "${path}".` : `The model file "${path}" cannot be read.`,
      {
        file: path,
        hint: "Check the path, or write the file with `ystar train ... --out model.ystar`.",
        cause,
      },
    );
  }
}

/**
 * Makes sure before any long work that a file can be written at this place.
 * @throws StoreError saying what stands in the way
 */
export function prepareFile(path: string): void {
  const probe = temporaryName(path);
  try {
    if (path.trim() === "") throw new Error("the name is empty");
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error("it is a folder");
    }
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw refused(path, cause);
  }
}

/**
 * Writes the file as a whole or not at all: to a temporary name first, which is renamed at the end.
 * @throws StoreError when the disk or the folder refuses
 */
export function writeFileAtomically(path: string, content: Uint8Array | string): void {
  const temporary = temporaryName(path);
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw refused(path, cause);
  }
}

const temporaryName = (path: string): string => `${path}.${process.pid}.part`;

function refused(path: string, cause: unknown): StoreError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the file system is read-only",
    ENOSPC: "the disk is full",
    ENOENT: `there is no folder "${dirname(path)}"`,
    ENOTDIR: "a part of the path is a file",
  };
  const reason = (code === undefined ? undefined : reasons[code]) ?? message;
  return new StoreError(`The file "${path}" cannot be written: ${reason}.`, {
    file: path,
    hint: "Choose another place with --out.",
    cause,
  });
}
