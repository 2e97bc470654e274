import { ShapeError } from "../../core/errors.ts";

/** @throws ShapeError unless both lists are equally long and not empty. */
export function checkSameLength(who: string, a: ArrayLike<unknown>, b: ArrayLike<unknown>): void {
  if (a.length === b.length && a.length > 0) return;
  throw new ShapeError(
    `${who}: expected two equally long, not empty lists, got ${a.length} and ${b.length}.`,
  );
}
