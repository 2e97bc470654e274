import { InputError } from "../../core/errors.ts";
import { canonicalUnit } from "../../core/units.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import { pathText, type OutcomeEntry } from "./problem-file.ts";

/**
 * The measured properties that `outcomes` of a problem file declares: a unit makes a number, a list of
 * names classes.
 * @throws InputError with the place for a unit that is none and classes that are named twice
 */
export function declaredOutcomes(
  outcomes: Readonly<Record<string, OutcomeEntry>> = {},
): PropertySpec[] {
  return Object.entries(outcomes).map(([name, entry]): PropertySpec => {
    const path = pathText(["outcomes", name]);
    const title = name.replaceAll("_", " ");
    if (typeof entry !== "object") {
      try {
        return { name, title, unit: canonicalUnit(entry), kind: "number", classes: [] };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw new InputError(`The unit of "${name}": ${error.message}`, {
          ...error.details,
          path,
          expected: 'a unit such as "%", USD/kg or 1, or a list of classes',
        });
      }
    }
    const classes = entry.map(String);
    const twice = classes.find((word, i) => classes.indexOf(word) < i);
    if (twice !== undefined) {
      throw new InputError(`"${name}" names the class "${twice}" twice.`, {
        path,
        received: twice,
      });
    }
    return { name, title, unit: "1", kind: "class", classes };
  });
}

/** What is measured: the properties of the data, and declared ones that the data do not have (yet). */
export function measuredProperties(
  inData: readonly PropertySpec[],
  declared: readonly PropertySpec[],
): PropertySpec[] {
  return [
    ...inData.map((one) => declared.find(({ name }) => name === one.name) ?? one),
    ...declared.filter(({ name }) => inData.every((one) => one.name !== name)),
  ];
}
