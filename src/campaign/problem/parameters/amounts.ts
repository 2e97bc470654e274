import { InputError } from "../../../core/errors.ts";
import { canonicalUnit, convert, convertDifference, parseQuantity } from "../../../core/units.ts";

/** A number in a problem file, alone or with its unit: `25 degC`. */
export type Amount = number | string;

/** `25 degC`, `1e-3`, `5%`: a number, alone or with a unit behind it (`2-propanol` is a word). */
export const looksNumeric =
  /^\s*[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?:\s+\S|\s*$|[%°µμ\p{L}])/u;

/** The declared unit, else that of the first amount with one. */
export function unitOf(
  name: string,
  amounts: readonly Amount[],
  declared: string | undefined,
  path: string,
): string {
  if (declared !== undefined) {
    try {
      return canonicalUnit(declared);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`The unit of "${name}": ${error.message}`, {
        ...error.details,
        path: `${path}.unit`,
      });
    }
  }
  for (const amount of amounts) {
    if (typeof amount === "number") continue;
    const { unit } = read(name, amount, path);
    if (unit !== "1") return unit;
  }
  return "1";
}

/** An amount in the parameter's unit; plain numbers are in it already. */
export function valueIn(
  name: string,
  amount: Amount,
  unit: string,
  path: string,
  isDifference = false,
): number {
  if (typeof amount === "number") return amount;
  const quantity = read(name, amount, path);
  if (quantity.unit === "1") return quantity.value;
  try {
    return (isDifference ? convertDifference : convert)(quantity.value, quantity.unit, unit);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`"${amount}" is not a value of "${name}": ${error.message}`, {
      ...error.details,
      path,
      expected: `a number in ${unit}, or with a unit that converts to it`,
    });
  }
}

function read(name: string, amount: string, path: string): ReturnType<typeof parseQuantity> {
  try {
    return parseQuantity(amount);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`"${amount}" is not a value of "${name}": ${error.message}`, {
      ...error.details,
      path,
    });
  }
}
