import { ShapeError, YstarError, type ErrorCode } from "../core/errors.ts";

/** What the process tells its caller; the one place where errors become exit codes. */
export const exitCodes = { done: 0, internal: 1, badInput: 2, infeasible: 3, interrupted: 130 };

const byErrorCode: Record<ErrorCode, number> = {
  input: exitCodes.badInput,
  shape: exitCodes.internal,
  numerical: exitCodes.internal,
  infeasible: exitCodes.infeasible,
  unsupported: exitCodes.badInput,
  store: exitCodes.badInput,
};

/** Thrown through the engine when the user presses Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** What was kept, and how to go on from it. */
  readonly kept: string;

  constructor(kept = "Nothing was written.") {
    super("stopped");
    this.kept = kept;
  }
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return exitCodes.interrupted;
  // A shape that does not fit is a defect, unless a file of the user's has it.
  if (error instanceof ShapeError && error.details.file !== undefined) return exitCodes.badInput;
  return error instanceof YstarError ? byErrorCode[error.code] : exitCodes.internal;
}
