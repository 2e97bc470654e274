import { readFileSync, statSync } from "node:fs";
import { InputError } from "../core/errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
};

/** A problem file is written by hand; anything larger than this is another file. */
const largestByHand = 16 * 1024 * 1024;

/**
 * The text of a UTF-8 file.
 * @param largestBytes 16 MiB when absent, which is plenty for what is written by hand
 * @throws InputError when it cannot be read, is no ordinary file, too large, or not text
 */
export function readText(path: string, largestBytes = largestByHand): string {
  let bytes: Uint8Array;
  try {
    const about = statSync(path);
    if (about.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    if (!about.isFile() || about.size > largestBytes)
      throw tooLarge(path, largestBytes, about.isFile());
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new InputError(`The file cannot be read: ${reasons[code ?? ""] ?? message}.`, {
      file: path,
      hint: "Check the path; it is taken from the folder you are in.",
      cause,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError("The file is not a text in UTF-8.", {
      file: path,
      expected: "a text file such as problem.yaml",
      cause,
    });
  }
}

function tooLarge(path: string, largestBytes: number, isFile: boolean): InputError {
  return new InputError(
    isFile ? "The file is too large for a text such as this." : "This is not an ordinary file.",
    { file: path, expected: `a text file of at most ${largestBytes / 1024 / 1024} MiB` },
  );
}
