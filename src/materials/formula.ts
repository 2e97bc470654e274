import { InputError } from "../core/errors.ts";
import { atomicFractions, normalise, type Composition } from "./composition.ts";
import { readCharge, readUnit, type Basis } from "./formula/affixes.ts";
import { readDesignation } from "./formula/designation.ts";
import { formulaError } from "./formula/formula-error.ts";
import { FormulaReader, plainSigns } from "./formula/reader.ts";
import { readings } from "./formula/readings.ts";
import { readStoichiometry, type DotReading, type Term } from "./formula/stoichiometry.ts";

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
 *   makes up the balance: `Ti-6Al-4V wt%`, `TiAl6V4 wt%`.
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
      amounts = shares(reader, read.terms, read.amounts, basis);
      warnings.push(...sumWarning(read.terms ?? []));
    } else {
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

const amountsOf = (terms: readonly Term[]): Map<string, number> =>
  new Map(terms.map((term) => [term.symbol, term.amount ?? 0]));

/** Percentages where the first element may be the balance. */
function percentages(reader: FormulaReader, terms: readonly Term[]): Map<string, number> {
  const amounts = amountsOf(terms);
  const [first] = terms;
  if (first?.amount !== undefined) return amounts;
  const others = terms.reduce((sum, term) => sum + (term.amount ?? 0), 0);
  if (!(others < 100)) {
    throw reader.fail(
      terms[1]?.position ?? 0,
      `the percentages add up to ${Number(others.toPrecision(6))}, which leaves no ${first?.symbol} as balance`,
      "Lower them below 100 % in total, or give the first element its own amount.",
    );
  }
  amounts.set(first!.symbol, 100 - others);
  return amounts;
}

/** The amounts of a formula that ends in a unit. */
function shares(
  reader: FormulaReader,
  terms: readonly Term[] | undefined,
  amounts: Map<string, number>,
  basis: Basis,
): Map<string, number> {
  if (basis === "atomic" && (terms === undefined || terms.every((t) => t.amount === undefined))) {
    return amounts;
  }
  if (terms === undefined) {
    throw reader.fail(
      0,
      "mass percentages of groups or hydrates",
      "Mass percentages need a plain list of elements: Ni 60 Ti 40 wt%.",
    );
  }
  const repeated = terms.find((t, i) => terms.findIndex((u) => u.symbol === t.symbol) < i);
  if (repeated !== undefined) {
    throw reader.fail(repeated.position, `${repeated.symbol} a second time`, "Name it once.");
  }
  const missing = terms.filter((term) => term.amount === undefined);
  if (missing.length === 0) return amounts;
  const [only] = missing;
  if (terms.length === 1) return new Map([[only!.symbol, 100]]);
  if (missing.length === 1 && only === terms[0]) return percentages(reader, terms);
  const unit = basis === "mass" ? "wt%" : "at%";
  const last = terms.at(-1)!;
  const swapped = swappedDesignation(terms);
  throw reader.fail(
    only === terms[0] ? missing[1]!.position : only!.position,
    `the percentage of ${(only === terms[0] ? missing[1]! : only!).symbol} is missing`,
    missing.length === 1 && only === last && swapped !== undefined
      ? `Write ${swapped} ${unit} when the numbers belong to the symbols after them; only the first element may be the balance.`
      : "Give every element its percentage; only the first may lack one and makes up the balance.",
  );
}

/** `Ti6Al4V` as the designation it resembles, `Ti-6Al-4V`. */
function swappedDesignation(terms: readonly Term[]): string | undefined {
  if (terms.length < 2) return undefined;
  const shifted = terms.slice(1).map((term, i) => `${terms[i]!.amount ?? ""}${term.symbol}`);
  return [terms[0]!.symbol, ...shifted].join("-");
}

function sumWarning(terms: readonly Term[]): string[] {
  if (terms.length === 0 || terms.some((term) => term.amount === undefined)) return [];
  const sum = terms.reduce((total, term) => total + (term.amount ?? 0), 0);
  if (Math.abs(sum - 100) <= 0.5 || Math.abs(sum - 1) <= 0.005) return [];
  return [`The percentages add up to ${Number(sum.toPrecision(6))}; they were scaled to 100.`];
}

const nonmetals = new Set(
  "H He B C N O F Ne Si P S Cl Ar As Se Br Kr Te I Xe At Rn D T".split(" "),
);

/** Metals that trade names begin with. */
const bases = new Set("Ti Zr Mg Al Fe Ni Co Cu".split(" "));

/** `Ti6Al4V` looks like a trade name (mass percent) but says atoms. */
function tradeNameWarning(terms: readonly Term[]): string[] {
  const last = terms.at(-1);
  if (terms.length < 3 || last === undefined || last.amount !== undefined) return [];
  const others = terms.slice(0, -1);
  const isTradeLike =
    bases.has(terms[0]!.symbol) &&
    others.every((term) => term.amount !== undefined && term.amount > 1) &&
    others.reduce((sum, term) => sum + (term.amount ?? 0), 0) < 50 &&
    terms.every((term) => !nonmetals.has(term.symbol));
  if (!isTradeLike) return [];
  const atoms = terms.map((term) => term.amount ?? 1).join(" : ");
  const names = terms.map((term) => term.symbol).join(" : ");
  return [
    `Read as atoms, ${names} = ${atoms}. For the alloy write ${swappedDesignation(terms)} wt%.`,
  ];
}

/** `CONI` is carbon, oxygen, nitrogen, iodine; whoever holds down the shift key meant CoNi. */
function capitalsWarning(body: string): string[] {
  const letters = body.replaceAll(/[^A-Za-z]/g, "");
  if (letters.length < 4 || letters !== letters.toUpperCase()) return [];
  const [first] = readings(body);
  const symbols = first?.match(/[A-Z][a-z]?/g) ?? [];
  const areMetals = symbols.every((symbol) => symbol.length === 2 && !nonmetals.has(symbol));
  return first !== undefined && areMetals
    ? [`Read letter by letter because all are capitals. Did you mean ${first}?`]
    : [];
}
