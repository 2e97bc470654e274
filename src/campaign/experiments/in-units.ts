import { convert, isSameDimension } from "../../core/units.ts";

/** Units of numbers by name. */
export type Units = Readonly<Record<string, string>>;

/**
 * The numbers of a record in other units; what has no unit on one side stays. A number whose units no longer have
 * anything in common is left out: it is no value of what the name means now.
 */
export function inUnits<T>(
  record: Readonly<Record<string, T>>,
  from: Units,
  to: Units,
  change: typeof convert = convert,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      const [a, b] = [from[name], to[name]];
      if (typeof value !== "number" || a === undefined || b === undefined || a === b) {
        return [[name, value]];
      }
      return isSameDimension(a, b) ? [[name, change(value, a, b) as T]] : [];
    }),
  );
}
