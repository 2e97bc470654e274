import { InputError } from "../core/errors.ts";
import { elementValue } from "./elements.ts";
import { isotopeMasses } from "./isotopes.ts";

/** Amounts by symbol; what they count (atoms, mass, fractions) is said where they are used. */
export type Composition = Readonly<Record<string, number>>;

/**
 * Amounts divided by their sum, elements with none left out.
 * @throws InputError for an amount that is negative or not finite, or when all are zero
 */
export function normalise(amounts: Composition): Composition {
  let sum = 0;
  for (const [symbol, amount] of Object.entries(amounts)) {
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
      throw new InputError(
        `composition: the amount of ${symbol} must be 0 or more, got ${amount}.`,
        {
          path: symbol,
          expected: "a finite number, 0 or more",
          received: `${amount}`,
        },
      );
    }
    sum += amount;
  }
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) {
    throw new InputError(`composition: the amounts must sum to more than 0, got ${sum}.`, {
      expected: "at least one element with an amount above 0",
      received: JSON.stringify(amounts),
    });
  }
  return mapAmounts(amounts, (_, amount) => amount / sum);
}

/** Mass of one mole of atoms of this symbol, g/mol; D and T included. Throws InputError when unknown. */
export function atomicMass(symbol: string): number {
  return isotopeMasses[symbol] ?? elementValue(symbol, "atomic weight");
}

/** Mass of one formula unit in g/mol: the sum of amounts times atomic masses. */
export function molarMass(amounts: Composition): number {
  return Object.entries(amounts).reduce(
    (sum, [symbol, amount]) => sum + amount * atomicMass(symbol),
    0,
  );
}

/** Mass fractions of amounts given in atoms. */
export function massFractions(atomic: Composition): Composition {
  return normalise(mapAmounts(atomic, (symbol, amount) => amount * atomicMass(symbol)));
}

/** Atomic fractions of amounts given by mass. */
export function atomicFractions(mass: Composition): Composition {
  return normalise(mapAmounts(mass, (symbol, amount) => amount / atomicMass(symbol)));
}

/** The elements of a composition, sorted and joined: `Co-Cr-Fe`. Elements with amount 0 do not count. */
export function chemicalSystem(amounts: Composition): string {
  return Object.keys(amounts)
    .filter((symbol) => amounts[symbol]! > 0)
    .sort()
    .join("-");
}

function mapAmounts(
  amounts: Composition,
  change: (symbol: string, amount: number) => number,
): Composition {
  return Object.fromEntries(
    Object.entries(amounts)
      .filter(([, amount]) => amount !== 0)
      .map(([symbol, amount]) => [symbol, change(symbol, amount)]),
  );
}
