/** Stable names of what can go wrong; the command line and the server map them to their own codes. */
export type ErrorCode = "input" | "shape" | "numerical" | "infeasible" | "unsupported" | "store";

/** Where and what of an error, for people and for machines. */
export interface ErrorDetails {
  /** File the input came from. */
  readonly file?: string;
  /** Place inside it: `targets[1]`, `row 12, column "Al"`, or a character position. */
  readonly path?: string;
  readonly expected?: string;
  readonly received?: string;
  /** How to mend it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Base of every error that ystar throws on purpose; anything else is a defect. */
export abstract class YstarError extends Error {
  abstract readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.details = details;
  }
}

/** What the user gave cannot be used: a file, a formula, an option, a value. */
export class InputError extends YstarError {
  readonly code = "input";
}

/** Arrays whose sizes do not fit together. */
export class ShapeError extends YstarError {
  readonly code = "shape";
}

/** A computation that did not succeed on valid input (not positive definite, not converged). */
export class NumericalError extends YstarError {
  readonly code = "numerical";
}

/** One set of constraints that cannot hold together, and how far each would have to give way. */
export interface Conflict {
  /** The constraints as the user wrote them (or a description of a bound). */
  readonly constraints: readonly string[];
  /** One readable relaxation per constraint: the smallest change of it alone that makes the set feasible. */
  readonly relaxations: readonly string[];
}

/** The problem as stated has no solution. */
export class InfeasibleError extends YstarError {
  readonly code = "infeasible";
  readonly conflicts: readonly Conflict[];

  constructor(message: string, conflicts: readonly Conflict[], details: ErrorDetails = {}) {
    super(message, details);
    this.conflicts = conflicts;
  }
}

/** A combination that ystar does not offer; it never degrades silently. */
export class UnsupportedError extends YstarError {
  readonly code = "unsupported";
}

/** Reading or writing stored state failed. */
export class StoreError extends YstarError {
  readonly code = "store";
}
