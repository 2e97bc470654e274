import type { Role } from "./contract.ts";
import type { HeaderParts } from "./headers.ts";

/** What is known of a column when its role is told. */
export interface ColumnFacts {
  readonly header: string;
  readonly parts: HeaderParts;
  readonly numbers: Float64Array | undefined;
  readonly texts: readonly (string | null)[] | undefined;
}

export interface RoleGuess {
  readonly role: Role;
  readonly reason: string;
  /** Unit that goes with the role when the header has none. */
  readonly unit?: string;
}

const formulaNames =
  /^(?:(?:chemical_|alloy_|nominal_)?(?:formula|composition|compound)s?|alloys?|materials?|composition_(?:atomic|at|weight|wt|mass))$/;
const groupNames =
  /(?:^|_)(?:doi|reference|references|ref|refs|source|paper|citation|publication|author|authors|lab|batch|heat_no)(?:$|_id$|_no$|_number$|_doi$)/;
const identifierNames =
  /^(?:row|index|idx|id|no|nr|number|name|label|sample|specimen|entry|key|uid|uuid|code)$|(?:^|_)(?:id|uid|uuid|index|sample_name|sample_no|sample_id|alloy_name)$/;
const noteNames =
  /(?:^|_)(?:title|note|notes|comment|comments|remark|remarks|url|link|year|date|journal|split|fold)$/;
const processNames =
  /(?:^|_)(?:process|processing|method|route|condition|conditions|treatment|synthesis|atmosphere|test_type|test_temperature|temper|quench|quenching|cooling|heating|rate|pressure|time|duration|speed|power|voltage|grain_size|thickness|reduction|strain_rate|dose|medium)(?:$|_)/;
const temperatureName = /(?:^|_)(?:temperature|temp)$|^t$/;
const propertyTemperature =
  /melting|liquidus|solidus|transition|glass|curie|neel|debye|critical|decomposition|transus|martensit|crystalli|boiling|onset|recrystalli/;

const phaseNames = /^(?:BCC|FCC|HCP|BCT|B2|L1_?2|L1_?0|A1|A2|A3|C14|C15|D0_?3)$/;

/**
 * Roles of all columns of a table with a reason each. Names decide first, then values: texts that are
 * formulas, and columns headed by bare element symbols when at least two of them sum to 1 or 100.
 * @param isFormula whether a text reads as a chemical formula
 */
export function inferRoles(
  columns: readonly ColumnFacts[],
  isFormula: (text: string) => boolean,
): RoleGuess[] {
  const fractions = fractionRoles(columns);
  const formula = formulaColumn(columns, isFormula, fractions.size > 0);
  return columns.map(
    (column, j) =>
      fractions.get(j) ?? (formula?.index === j ? formula.guess : undefined) ?? roleOf(column),
  );
}

function roleOf({ parts, numbers, texts }: ColumnFacts): RoleGuess {
  const { name } = parts;
  const guess = (kind: Exclude<Role["kind"], "fraction">, reason: string): RoleGuess => ({
    role: { kind },
    reason,
  });
  const filled = numbers === undefined ? texts!.filter((text) => text !== null) : undefined;
  const empty = filled === undefined ? numbers!.every((x) => Number.isNaN(x)) : filled.length === 0;
  if (empty) return guess("ignore", "no values");
  if (parts.refused !== undefined) return guess("ignore", parts.refused);
  if (noteNames.test(name)) return guess("ignore", `"${name}" describes the record`);
  if (groupNames.test(name)) return guess("group", `"${name}" names a source`);
  if (identifierNames.test(name)) return guess("identifier", `"${name}" names the record`);
  if (processNames.test(name)) return guess("process", `"${name}" names a setting`);
  if (temperatureName.test(name) && !propertyTemperature.test(name)) {
    return guess("process", `"${name}" names a setting`);
  }
  if (filled === undefined) {
    const unit = parts.unit === undefined ? "numbers without a unit" : `numbers in ${parts.unit}`;
    return guess("property", unit);
  }
  if (filled.every((text) => /^\d{4}-\d{2}-\d{2}/.test(text))) return guess("ignore", "dates");
  const levels = new Set(filled).size;
  if (levels > 50 || (levels > 5 && levels > filled.length / 2)) {
    return guess("ignore", `texts with ${levels} different values`);
  }
  return guess("property", `words with ${levels} different value${levels === 1 ? "" : "s"}`);
}

/**
 * The column that holds formulas: by its name, else the one whose texts nearly all read as compounds.
 * @param hasFractions whether other columns give the composition, so that only a name can tell
 */
function formulaColumn(
  columns: readonly ColumnFacts[],
  isFormula: (text: string) => boolean,
  hasFractions: boolean,
): { index: number; guess: RoleGuess } | undefined {
  let best: { index: number; guess: RoleGuess; score: number } | undefined;
  columns.forEach(({ parts, texts }, index) => {
    if (texts === undefined) return;
    const filled = texts.filter((text) => text !== null);
    const distinct = [...new Set(filled)];
    if (distinct.length === 0) return;
    const sample = distinct.filter((_, i) => i % Math.ceil(distinct.length / 200) === 0);
    const share = sample.filter(isFormula).length / sample.length;
    const named = formulaNames.test(parts.name);
    // `BCC` and `B2` read as formulas too, and so do the sample numbers P1, P2, ...: without a telling
    // name, most values have to differ, have two elements or more, and none may be the name of a phase.
    const telling =
      !hasFractions &&
      !identifierNames.test(parts.name) &&
      sample.filter((text) => (text.match(/\p{Lu}/gu) ?? []).length >= 2).length >
        sample.length / 2 &&
      distinct.length >= 3 &&
      distinct.length > filled.length / 2 &&
      share >= 0.95 &&
      !distinct.some((text) => phaseNames.test(text));
    if (!(named ? share >= 0.5 : telling)) return;
    const score = share + (named ? 1 : 0) + (/formula|composition/.test(parts.name) ? 1 : 0);
    if (best !== undefined && best.score >= score) return;
    const percent = `${Math.round(100 * share)} % of its texts read as formulas`;
    const reason = named ? `named "${parts.name}", ${percent}` : percent;
    best = { index, score, guess: { role: { kind: "formula" }, reason } };
  });
  return best;
}

function fractionRoles(columns: readonly ColumnFacts[]): Map<number, RoleGuess> {
  const roles = new Map<number, RoleGuess>();
  const bare: number[] = [];
  const stated: number[] = [];
  columns.forEach(({ parts, numbers }, j) => {
    if (parts.element === undefined || numbers === undefined) return;
    (parts.bareSymbol === true ? bare : stated).push(j);
  });
  const total = bare.length >= 2 ? typicalSum(columns, bare) : undefined;
  const whole =
    total === undefined ? undefined : near(total, 1) ? 1 : near(total, 100) ? 100 : undefined;
  if (whole !== undefined) {
    for (const j of bare) {
      roles.set(j, {
        role: { kind: "fraction", element: columns[j]!.parts.element!, basis: "atomic" },
        unit: whole === 1 ? "1" : "at%",
        reason: `element symbols whose ${bare.length} columns sum to ${whole}; ${assumedAtomic}`,
      });
    }
  }
  const sum = stated.length === 0 ? undefined : typicalSum(columns, stated);
  for (const j of stated) {
    const { element, basis, unit } = columns[j]!.parts;
    // `x_Al` may be written in percent: what all such columns sum to tells.
    const percent = unit === "1" && sum !== undefined && near(sum, 100);
    roles.set(j, {
      role: { kind: "fraction", element: element!, basis: basis ?? "atomic" },
      unit: percent ? (basis === "mass" ? "wt%" : "at%") : unit === "%" ? "at%" : unit!,
      reason:
        `the header names ${element} and an amount` +
        (basis === undefined ? `; ${assumedAtomic}` : "") +
        (percent ? "; the columns sum to 100" : ""),
    });
  }
  return roles;
}

/** Ends the reason of a fraction whose basis is nowhere stated; the audit looks for it. */
export const assumedAtomic = "no at% or wt% stated, taken as atomic";

const near = (value: number, whole: number): boolean => Math.abs(value - whole) <= 0.05 * whole;

/** Median over the rows of the sum of these columns; missing amounts count as none. */
function typicalSum(columns: readonly ColumnFacts[], chosen: readonly number[]): number {
  const rows = columns[chosen[0]!]!.numbers!.length;
  const sums = new Float64Array(rows);
  for (const j of chosen) {
    const values = columns[j]!.numbers!;
    for (let i = 0; i < rows; i++) sums[i]! += Number.isNaN(values[i]!) ? 0 : values[i]!;
  }
  sums.sort();
  return sums[rows >> 1]!;
}
