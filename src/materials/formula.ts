import { InputError } from "../core/errors.ts";
import { atomicFractions, normalise, type Composition } from "./composition.ts";
import { readCharge, readUnit, type Basis } from "./formula/affixes.ts";
import { readDesignation } from "./formula/designation.ts";
import { formulaError } from "./formula/formula-error.ts";
import { amountsOf, percentages, refusePercentGroups, shares } from "./formula/percentages.ts";
import { FormulaReader, plainSigns } from "./formula/reader.ts";
import { readStoichiometry, type DotReading, type Term } from "./formula/stoichiometry.ts";
import { capitalsWarning, sumWarning, tradeNameWarning } from "./formula/warnings.ts";

export type { Basis } from "./formula/affixes.ts";

/** What a formula says. */
export interface Formula {
  readonly text: string;
  /** Amounts as written, groups multiplied out and the balance filled in, in order of appearance. */
  readonly amounts: Composition;
  /** What `amounts` count: atoms, or mass for `wt%`. */
  readonly basis: Basis;
  /** Atomic fractions that sum to one; elements with amount 0 are left out. */
  readonly fractions: Composition;
  /** In elementary charges. */
  readonly charge: number;
  /** Readings that a person may not have meant, in words. */
  readonly warnings: readonly string[];
}

export interface FormulaOptions {
  /** What the amounts count where the text does not end in `at%` or `wt%`; a contradiction is refused. */
  readonly basis?: Basis;
  /** How `CuSO4.5H2O` is read; refused unless said. */
  readonly dot?: DotReading;
}

const maxLength = 2000;

/**
 * Reads a composition.
 *
 * - Formulas: symbols, amounts (`0.3`, `6.16e-05`), nested groups in (), [] or {}, blanks anywhere
 *   between them, hydrates joined by ` · `, `*` or ` . `. Amounts count atoms and need not sum to one.
 * - `at%` or `wt%` at the end makes the amounts percentages; the first element may then lack one and
 *   makes up the balance: `Ti-6Al-4V wt%`, `TiAl6V4 wt%`. With `at%` the number behind a bracket is
 *   the share of the whole bracket: `(CoCrFeNi)95Al5 at%`.
 * - Dashes join single elements (`Fe-18Cr-8Ni wt%`). Numbers before the symbols are percentages, of
 *   atoms or of mass is for the writer to say: without a unit they are refused.
 * - A charge is read where it cannot be an amount: `Fe^3+`, `SO4(2-)`, `Na+`. D and T are isotopes.
 *
 * @throws InputError with the place (`details.path`) and a caret for whatever cannot be read in one
 * way only: `CuSO4.5H2O`, `Fe1/2O`, `fe2o3`, `Fe3+`, `La1-xSrxMnO3`
 */
export function parseFormula(text: string, options: FormulaOptions = {}): Formula {
  if (typeof text !== "string" || text.trim() === "") {
    throw new InputError("formula: expected a composition such as Al0.3CoCrFeNi, got nothing.", {
      path: "character 1",
      expected: "a formula",
      hint: "Write symbols with amounts (Ni 60 Ti 40), or an alloy with its unit (Ti-6Al-4V wt%).",
    });
  }
  if (text.length > maxLength) {
    throw new InputError(
      `formula: ${text.length} characters are more than the ${maxLength} that a formula may have.`,
      { path: `character ${maxLength + 1}`, received: `${text.slice(0, 60)}...` },
    );
  }
  const plain = plainSigns(text);
  const unit = readUnit(text, plain);
  const basis = agreedBasis(text, unit, options.basis);
  const { charge, end } = readCharge(text, plain, unit.end);
  const reader = new FormulaReader(text, plain, 0, end);
  reader.skipBlanks();

  const warnings: string[] = [];
  let amounts: Map<string, number>;
  if (hasDash(plain.slice(0, end))) {
    const { terms, isPercent } = readDesignation(reader);
    if (basis === undefined && (isPercent || terms[0]!.amount === undefined)) {
      throw undecidedBasis(text, terms);
    }
    amounts = isPercent || basis !== undefined ? percentages(reader, terms) : amountsOf(terms);
    if (isPercent || basis !== undefined) warnings.push(...sumWarning(terms));
  } else {
    const read = readStoichiometry(reader, options.dot ?? "refuse");
    amounts = read.amounts;
    if (basis !== undefined && (unit.basis !== undefined || basis === "mass")) {
      amounts = shares(reader, read, basis);
      warnings.push(...sumWarning(read.pieces ?? []));
    } else {
      refusePercentGroups(reader, read);
      warnings.push(...tradeNameWarning(read.terms ?? []));
    }
    warnings.push(...capitalsWarning(plain.slice(0, end)));
  }

  const written = Object.fromEntries(amounts);
  if (![...amounts.values()].some((amount) => amount > 0)) {
    throw formulaError(text, 0, "every amount is 0", "Give at least one element an amount.");
  }
  const fractions = basis === "mass" ? atomicFractions(written) : normalise(written);
  return { text, amounts: written, basis: basis ?? "atomic", fractions, charge, warnings };
}

function agreedBasis(
  text: string,
  unit: { basis?: Basis; end: number },
  asked: Basis | undefined,
): Basis | undefined {
  if (unit.basis !== undefined && asked !== undefined && unit.basis !== asked) {
    throw formulaError(
      text,
      unit.end,
      `${unit.basis} percentages, but ${asked} amounts are expected here`,
      "Leave out the unit, or change the basis of the column.",
    );
  }
  return unit.basis ?? asked;
}

/** A dash that joins elements: neither the sign of an exponent nor at the end. */
function hasDash(body: string): boolean {
  return body.replaceAll(/(\d[eE])[+-](?=\d)/g, "$1").includes("-");
}

function undecidedBasis(text: string, terms: readonly Term[]): InputError {
  const place = terms.find((term) => term.amount !== undefined)?.position ?? 0;
  const name = text.trim();
  return formulaError(
    text,
    place,
    "percentages of mass or of atoms is not said, and the two are different alloys",
    `Write ${name} wt% or ${name} at%.`,
  );
}
