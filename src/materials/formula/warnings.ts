import { swappedDesignation } from "./percentages.ts";
import { readings } from "./readings.ts";
import type { Piece, Term } from "./stoichiometry.ts";

/** Percentages that do not add up to 100 (or 1) were scaled. */
export function sumWarning(terms: readonly Pick<Piece, "amount">[]): string[] {
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
export function tradeNameWarning(terms: readonly Term[]): string[] {
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
export function capitalsWarning(body: string): string[] {
  const letters = body.replaceAll(/[^A-Za-z]/g, "");
  if (letters.length < 4 || letters !== letters.toUpperCase()) return [];
  const [first] = readings(body);
  const symbols = first?.match(/[A-Z][a-z]?/g) ?? [];
  const areMetals = symbols.every((symbol) => symbol.length === 2 && !nonmetals.has(symbol));
  return first !== undefined && areMetals
    ? [`Read letter by letter because all are capitals. Did you mean ${first}?`]
    : [];
}
