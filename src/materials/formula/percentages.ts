import type { Basis } from "./affixes.ts";
import type { FormulaReader } from "./reader.ts";
import type { Piece, Stoichiometry, Term } from "./stoichiometry.ts";

/** Amounts by symbol; none counts as 0. */
export const amountsOf = (terms: readonly Term[]): Map<string, number> =>
  new Map(terms.map((term) => [term.symbol, term.amount ?? 0]));

/** Percentages where the first element may be the balance. */
export function percentages(reader: FormulaReader, terms: readonly Term[]): Map<string, number> {
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

/**
 * The amounts of a formula that ends in a unit: percentages, the first element the balance where it
 * has none; with `at%` the amount of a bracket is the share of all it contains.
 */
export function shares(
  reader: FormulaReader,
  { terms, pieces, amounts }: Stoichiometry,
  basis: Basis,
): Map<string, number> {
  if (terms === undefined)
    return basis === "mass" ? refuseGroups(reader) : groupShares(reader, pieces);
  if (basis === "atomic" && terms.every((term) => term.amount === undefined)) return amounts;
  const repeated = terms.find((t, i) => terms.findIndex((u) => u.symbol === t.symbol) < i);
  if (repeated !== undefined) {
    throw reader.fail(repeated.position, `${repeated.symbol} a second time`, "Name it once.");
  }
  const missing = terms.filter((term) => term.amount === undefined);
  if (missing.length === 0) return amounts;
  if (terms.length === 1) return new Map([[terms[0]!.symbol, 100]]);
  if (missing.length === 1 && missing[0] === terms[0]) return percentages(reader, terms);
  const culprit = missing.find((term) => term !== terms[0])!;
  const looksSwapped = missing.length === 1 && culprit === terms.at(-1);
  throw reader.fail(
    culprit.position,
    `the percentage of ${culprit.symbol} is missing`,
    looksSwapped
      ? `Write ${swappedDesignation(terms)} ${basis === "mass" ? "wt%" : "at%"} when the numbers belong to the symbols after them; only the first element may be the balance.`
      : "Give every element its percentage; only the first may lack one and makes up the balance.",
  );
}

function refuseGroups(reader: FormulaReader): never {
  throw reader.fail(
    reader.text.search(/\S/),
    "mass percentages of groups or hydrates",
    "Mass percentages need a plain list of elements: Ni 60 Ti 40 wt%.",
  );
}

function groupShares(
  reader: FormulaReader,
  pieces: readonly Piece[] | undefined,
): Map<string, number> {
  if (pieces === undefined) {
    throw reader.fail(
      reader.text.search(/\S/),
      "atomic percentages of a hydrate",
      "Leave out the unit: its amounts count atoms.",
    );
  }
  const missing = pieces.find((piece) => piece.amount === undefined);
  if (missing !== undefined) {
    throw reader.fail(
      missing.position,
      "a bracket formula in at% where this has no percentage",
      "Give every element and bracket its share, (CoCrFeNi)95Al5 at%, or leave out the unit to count atoms.",
    );
  }
  return sharedOut(pieces);
}

/** Each piece's amount divided among what it contains. */
function sharedOut(pieces: readonly Piece[]): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { content, amount = 1 } of pieces) {
    let atoms = 0;
    for (const count of content.values()) atoms += count;
    for (const [symbol, count] of content) {
      amounts.set(symbol, (amounts.get(symbol) ?? 0) + (amount * count) / atoms);
    }
  }
  return amounts;
}

/**
 * Refuses `(CoCrFeNi)95Al5` without unit: amounts that add up to 100 (or 1) are percentages to an
 * alloy's author, where a bracket counts as a whole, and atoms to a chemist.
 */
export function refusePercentGroups(reader: FormulaReader, { pieces }: Stoichiometry): void {
  if (pieces === undefined || pieces.length < 2) return;
  const total = pieces.reduce((sum, piece) => sum + (piece.amount ?? 1), 0);
  const isPercent = [1, 100].some((whole) => Math.abs(total / whole - 1) < percentTolerance);
  const group = pieces.find(({ content }) => {
    let atoms = 0;
    for (const count of content.values()) atoms += count;
    return content.size > 1 && Math.abs(atoms - 1) > percentTolerance;
  });
  if (!isPercent || group === undefined) return;
  const written = reader.original.slice(0, reader.end).trim();
  throw reader.fail(
    group.position,
    "the bracket is a share of the alloy, or its atoms are counted one by one, which is ambiguous",
    `Write ${written} at% if the bracket makes up ${group.amount ?? 1} of ${Math.round(total)} in all, or a plain list of elements for counts.`,
  );
}

/** Rounding of written percentages. */
const percentTolerance = 1e-6;

/** `Ti6Al4V` as the designation it resembles, `Ti-6Al-4V`. */
export function swappedDesignation(terms: readonly Term[]): string | undefined {
  if (terms.length < 2) return undefined;
  const shifted = terms.slice(1).map((term, i) => `${terms[i]!.amount ?? ""}${term.symbol}`);
  return [terms[0]!.symbol, ...shifted].join("-");
}
