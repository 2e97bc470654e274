import {
  InfeasibleError,
  InputError,
  UnsupportedError,
  type ErrorDetails,
} from "../../core/errors.ts";
import { pathText, type ParsedProblemFile } from "./problem-file.ts";

/** Runs a reader and adds the problem file and the place in it to its error. */
export function locate<T>(
  parsed: ParsedProblemFile,
  path: readonly PropertyKey[],
  read: () => T,
): T {
  try {
    return read();
  } catch (error) {
    throw located(parsed, path, error);
  }
}

/**
 * The same error with the problem file and the place in it. An error that names a file already keeps it
 * (it is about the data), and so does one that is not the user's to mend.
 */
export function located(
  parsed: ParsedProblemFile,
  path: readonly PropertyKey[],
  error: unknown,
): unknown {
  const isOurs =
    error instanceof InputError ||
    error instanceof InfeasibleError ||
    error instanceof UnsupportedError;
  if (!isOurs || error.details.file !== undefined) return error;
  const inner = error.details.path;
  const isDeeper = inner !== undefined && inner.startsWith(String(path[0] ?? ""));
  const place = isDeeper ? pathParts(inner) : path;
  const line = parsed.lineOf(place);
  const details: ErrorDetails = {
    ...error.details,
    file: parsed.file,
    path: `${isDeeper ? inner : pathText(path)}${line === undefined ? "" : ` (line ${line})`}`,
    cause: error,
  };
  if (error instanceof InfeasibleError) {
    return new InfeasibleError(error.message, error.conflicts, details);
  }
  return error instanceof UnsupportedError
    ? new UnsupportedError(error.message, details)
    : new InputError(error.message, details);
}

/** `space.elements[2]` as `["space", "elements", 2]`. */
const pathParts = (text: string): PropertyKey[] =>
  [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((match) =>
    match[1] === undefined ? match[0] : Number(match[1]),
  );
