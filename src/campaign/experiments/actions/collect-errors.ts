import { InputError } from "../../../core/errors.ts";

/** Errors of other rows that are told beside the first. */
const mostTold = 5;

/**
 * Runs the work on one row of many; what is wrong with it is noted, so that a person mends everything at once.
 * @param place of the row, `row 3 (line 4)`; without one the error is passed on as it is
 */
export function collectErrors<T>(
  errors: InputError[],
  place: string | undefined,
  work: () => T,
): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { path } = error.details;
    const column = path === undefined ? "" : `, column "${path}"`;
    const details = place === undefined ? {} : { path: `${place}${column}` };
    errors.push(new InputError(error.message, { ...error.details, ...details, cause: error }));
    return undefined;
  }
}

/** The first error, with the others in its hint. */
export function joinErrors(errors: readonly InputError[]): InputError {
  const [first, ...others] = errors;
  if (others.length === 0) return first!;
  const told = others
    .slice(0, mostTold)
    .map(
      ({ details, message }) =>
        `${details.path === undefined ? "" : `${details.path}: `}${message}`,
    );
  const more = others.length > mostTold ? [`and ${others.length - mostTold} more`] : [];
  const hint = [first!.details.hint ?? "", `Also wrong: ${[...told, ...more].join(" ")}`];
  return new InputError(first!.message, {
    ...first!.details,
    hint: hint.filter((text) => text !== "").join(" "),
    cause: first,
  });
}
