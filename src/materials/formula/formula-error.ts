import { InputError } from "../../core/errors.ts";

const windowWidth = 60;

/**
 * The error for a place in a formula: the message ends with the formula and a caret under the place.
 * @param text the formula as given
 * @param position 0-based; `details.path` counts from 1
 */
export function formulaError(
  text: string,
  position: number,
  problem: string,
  hint: string,
): InputError {
  const start = Math.max(0, Math.min(position - windowWidth / 2, text.length - windowWidth));
  const shown = text.slice(start, start + windowWidth).replaceAll(/\s/g, " ");
  const picture = `  ${shown}\n  ${" ".repeat(position - start)}^`;
  return new InputError(`formula, character ${position + 1}: ${problem}.\n${picture}`, {
    path: `character ${position + 1}`,
    received: text.slice(0, 200),
    hint,
  });
}
