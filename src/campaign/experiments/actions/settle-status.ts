import { InputError } from "../../../core/errors.ts";
import type { OpenProblem } from "../campaign-problem.ts";
import type { ToldStatus } from "../history/events.ts";
import type { MeasurementState } from "../history/state.ts";
import type { ReadValues } from "./read-values.ts";
import type { Telling } from "./telling.ts";

/**
 * The status of a measurement after a message: the one that was said, else completed once every wanted outcome is
 * there, and running before.
 * @throws InputError for a status that contradicts the outcomes or what was told before
 */
export function settleStatus(
  problem: OpenProblem,
  existing: MeasurementState | undefined,
  { status, correct = false }: Telling,
  { values, deviates }: { readonly values: ReadValues; readonly deviates: boolean },
): ToldStatus {
  const { outcomes } = values;
  const told = Object.keys(outcomes);
  if ((status === "failed" || status === "infeasible") && told.length > 0) {
    throw new InputError(
      `A measurement that is ${status} has no outcome, but ${told[0]} was told.`,
      {
        path: told[0]!,
        expected: `either the status ${status} or outcomes`,
        received: `${status} and ${told.join(", ")}`,
        hint: "Without a status, outcomes make it completed.",
      },
    );
  }
  const known = new Set([...Object.keys(existing?.outcomes ?? {}), ...told]);
  if (status === "completed" && known.size === 0) {
    throw new InputError("A completed measurement has at least one outcome, and none was told.", {
      expected: `one of ${problem.problem.outcomes.map(({ name }) => name).join(", ")}`,
      received: "the status completed alone",
      hint: "Say failed where nothing came out of it.",
    });
  }
  if (existing !== undefined && !correct) requireSuccessor(existing, status, told);
  if (status !== undefined) return status;
  if (existing !== undefined && told.length === 0) return existing.status;
  if (existing?.status === "completed") return "completed";
  if (told.length === 0 && !deviates) {
    throw new InputError("Nothing was told.", {
      expected: "an outcome, a status or a note",
      hint: `Outcomes: ${problem.problem.outcomes.map(({ name }) => name).join(", ")}.`,
    });
  }
  const wanted = wantedOutcomes(problem);
  return wanted.every((name) => known.has(name)) ? "completed" : "running";
}

/** Measured outcomes that a target names; all where none does. */
export function wantedOutcomes({ problem, targets }: OpenProblem): string[] {
  const names = problem.outcomes.map(({ name }) => name);
  const wanted = names.filter((name) => targets.some(({ property }) => property === name));
  return wanted.length > 0 ? wanted : names;
}

/** @throws InputError where a message does not go with how a measurement ended */
function requireSuccessor(
  existing: MeasurementState,
  status: ToldStatus | undefined,
  told: readonly string[],
): void {
  const { id, status: was } = existing;
  const isOpen = was === "running" || (was === "completed" && (status ?? was) === "completed");
  const isUnchanged = (status ?? was) === was && (told.length === 0 || was === "completed");
  if (isOpen || isUnchanged) return;
  const now = status ?? "measured";
  throw new InputError(`${id} was told to be ${was}, and now to be ${now}.`, {
    expected: `${was}, or a correction`,
    received: now,
    hint: "To replace what was told, say that it is a correction (--correct), or undo the wrong entry.",
  });
}
