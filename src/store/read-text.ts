import { readFileSync } from "node:fs";
import { InputError } from "../core/errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
};

/**
 * The text of a UTF-8 file.
 * @throws InputError when it cannot be read or is not text
 */
export function readText(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
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
