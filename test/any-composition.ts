import * as fc from "fast-check";
import { elementSymbols } from "../src/materials/elements.ts";

/** Any composition of one to eight elements with amounts from traces to hundreds, for property tests. */
export const anyComposition: fc.Arbitrary<Record<string, number>> = fc
  .uniqueArray(fc.constantFrom(...elementSymbols), { minLength: 1, maxLength: 8 })
  .chain((symbols) =>
    fc
      .array(
        fc.oneof(
          fc.integer({ min: 1, max: 400 }),
          fc.double({ min: 1e-9, max: 500, noNaN: true }),
          fc.integer({ min: 1, max: 999 }).map((n) => n / 1000),
        ),
        { minLength: symbols.length, maxLength: symbols.length },
      )
      .map((amounts) => Object.fromEntries(symbols.map((symbol, i) => [symbol, amounts[i]]))),
  );
