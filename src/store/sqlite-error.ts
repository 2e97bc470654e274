import { StoreError } from "../core/errors.ts";

/** Primary result codes of SQLite that a user can do something about. Source: https://sqlite.org/rescode.html */
const reasons: Readonly<Record<number, readonly [string, string]>> = {
  5: [
    "it is locked by another program",
    "Wait until the other program is done, or close it; then try again.",
  ],
  6: ["it is locked", "Try again when the other work is done."],
  8: [
    "it or its folder cannot be written",
    "Check the permissions of the file and of its folder, or choose another file with --db.",
  ],
  10: [
    "the disk does not read or write it",
    "Check that the disk is not full (even reading needs some room) and, on a network drive, the connection.",
  ],
  11: [
    "it is damaged",
    "Restore it from a copy, or import the last exported campaign into a new database.",
  ],
  13: [
    "the disk is full",
    "Make room on the disk; what was recorded before is safe. Then try again.",
  ],
  14: [
    "it cannot be opened",
    "Check that the folder exists and that you may read and write in it.",
  ],
  26: [
    "it is not a database of ystar",
    "Check the path; --db names the database, not the problem or a table.",
  ],
};

/** Runs a piece of work on a database and turns what SQLite says into an error that helps. */
export function withStoreErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(path, error);
  }
}

function storeError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("errcode" in error)) return error;
  // Extended codes keep the primary one in their lowest byte.
  const primary = Number(error.errcode) & 0xff;
  const [reason, hint] = reasons[primary] ?? [error.message, ""];
  return new StoreError(`The campaign database cannot be used: ${reason}.`, {
    file: path,
    received: error.message,
    ...(hint === "" ? {} : { hint }),
    cause: error,
  });
}
