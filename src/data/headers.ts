import { InputError } from "../core/errors.ts";
import { canonicalUnit, describeDimension } from "../core/units.ts";
import { isElement } from "../materials/elements.ts";

/** What a header says. */
export interface HeaderParts {
  /** Lower snake case, without the unit. */
  readonly name: string;
  /** Canonical unit; absent when the header has none. */
  readonly unit?: string;
  /** A unit that is written there but cannot be used, and why. */
  readonly refused?: string;
  /** The element whose amount the column may hold: `x_Al`, `Al at%`, `wtpct_Fe`, `Al`. */
  readonly element?: string;
  /** As the header says, or undefined for a bare symbol. */
  readonly basis?: "atomic" | "mass";
  /** The header is nothing but the symbol, so that only its neighbours tell what it means. */
  readonly bareSymbol?: boolean;
}

/**
 * Splits a header into name and unit: `yield_strength_MPa`, `Hardness (HV)`, `Yield strength [MPa]`,
 * `T / K`, `price, USD/kg`, `density_g_per_cm3`, `test_temperature_C`; and knows amounts of elements.
 */
export function parseHeader(header: string): HeaderParts {
  const text = header.trim();
  const element = elementAmount(text);
  if (element !== undefined) return element;
  return bracketed(text) ?? divided(text) ?? suffixed(text) ?? { name: snakeCase(text) };
}

/** `Yield Strength` and `yieldStrength` become `yield_strength`, `hardness ±` `hardness_std`; letters of any script stay. */
export function snakeCase(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/(\p{Ll}|\d)(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replaceAll(/(\p{Ll}{2})(\p{Lu})/gu, "$1_$2")
    .toLowerCase()
    .replaceAll("%", " percent ")
    .replaceAll(/±|\+\/-/gu, " std ")
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");
}

/** Name of the column with the standard deviations of another one: `hardness ±`, `hardness_std`. */
export const noiseColumn = (name: string): string => `${name}_std`;

const basisWords: Readonly<Record<string, "atomic" | "mass">> = {
  at: "atomic",
  atomic: "atomic",
  mol: "atomic",
  x: "atomic",
  c: "atomic",
  frac: "atomic",
  fraction: "atomic",
  wt: "mass",
  mass: "mass",
  weight: "mass",
  gew: "mass",
  ma: "mass",
  w: "mass",
};

/** `x_Al`, `Al at%`, `Al (wt.%)`, `Al [Gew.-%]`, `at% Al`, `wtpct_Fe`, `Al_wt_pct`, `Al fraction`, `Al`. */
function elementAmount(text: string): HeaderParts | undefined {
  const words = text
    .replaceAll(/[()[\]{},/]/g, " ")
    .replaceAll("%", " % ")
    .replaceAll(/(?<=at|wt|mol)pct/g, " pct")
    .replaceAll(/\.(?=[\s-]|$)/g, " ")
    .split(/[\s_-]+/)
    .filter((word) => word !== "");
  const symbols = words.filter((word) => isElement(word));
  if (symbols.length !== 1) return undefined;
  const element = symbols[0]!;
  const rest = words.filter((word) => word !== element);
  const name = snakeCase(text);
  if (rest.length === 0) return { name, element, bareSymbol: true };
  let basis: "atomic" | "mass" | undefined;
  let percent = false;
  for (const word of rest.map((one) => one.toLowerCase())) {
    if (/^(?:%|pct|percent)$/.test(word)) percent = true;
    else if (Object.hasOwn(basisWords, word)) {
      // `x` and `fraction` only say that it is an amount; `wt` and `at` beside them decide.
      const said = basisWords[word]!;
      if (basis === undefined || said === "mass") basis = said;
    } else if (word !== "content" && word !== "amount" && word !== "of") return undefined;
  }
  if (basis === undefined && !percent) return undefined;
  const unit = percent ? (basis === "mass" ? "wt%" : basis === undefined ? "%" : "at%") : "1";
  return { name, element, unit, ...(basis === undefined ? {} : { basis }) };
}

function bracketed(text: string): HeaderParts | undefined {
  const match = /^(.+?)\s*[[({]([^[\](){}]*(?:\([^()]*\)[^[\](){}]*)?)[\])}]\s*$/su.exec(text);
  if (match === null) return undefined;
  return withUnit(match[1]!, match[2]!, true);
}

/** `T / K`, `price, USD/kg`. */
function divided(text: string): HeaderParts | undefined {
  const slash =
    /^(.+?)(?:\s+\/\s*|\/\s+)(\S.*)$/su.exec(text) ?? /^([^/,]+),\s*(\S.*)$/su.exec(text);
  if (slash === null) return undefined;
  const parts = withUnit(slash[1]!, slash[2]!, false);
  return parts?.unit === undefined ? undefined : parts;
}

/** `yield_strength_MPa`, `density_g_per_cm3`, `Elongation %`: the longest tail that is a unit. */
function suffixed(text: string): HeaderParts | undefined {
  const words = text.split(/[\s_]+/);
  for (let start = Math.max(1, words.length - 6); start < words.length; start++) {
    const tail = words.slice(start);
    const name = words.slice(0, start).join("_");
    if (!mayBeUnit(tail, name)) continue;
    const [above, ...below] = tail.join(" ").split(/ ?\bper\b ?/);
    const unit = below.length === 0 ? above! : `${above === "" ? "1" : above}/(${below.join(" ")})`;
    const parts = withUnit(name, unit, false);
    if (parts?.unit !== undefined) return parts;
  }
  return undefined;
}

/** Short words that are units only where the name makes one likely: `T_K`, `time_h`, not `x_min`. */
function mayBeUnit(tail: readonly string[], name: string): boolean {
  if (tail.length > 1) return tail.includes("per") || tail.length === 2;
  const word = tail[0]!;
  if (/^(?:K|C|F|celsius|kelvin)$/i.test(word)) return isTemperature(name);
  if (/^(?:s|sec|seconds?|min|minutes?|h|hr|hrs|hours?|d|days?|years?)$/i.test(word)) {
    return /time|duration|hold|soak|life/i.test(name);
  }
  if (word === "V") return /volt|potential|bias/i.test(name);
  if (/^(?:in|atoms?|foot|feet|moles?|degrees?|pounds?|[a-z])$/i.test(word)) return false;
  return true;
}

const isTemperature = (name: string): boolean =>
  /temp|solidus|liquidus|(?:^|[\s_])t(?:$|[\s_])|(?:^|[\s_])t[mgcxl]$/i.test(name);

/** The name with this unit; in brackets anything else is part of the name. */
function withUnit(name: string, unitText: string, inBrackets: boolean): HeaderParts | undefined {
  const given = unitText.trim();
  const unit =
    isTemperature(name) && /^[CF]$/.test(given) ? `deg${given}` : given.replace(/^-$|^–$/, "1");
  try {
    return { name: snakeCase(name), unit: canonicalUnit(unit) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (!inBrackets) return undefined;
    // Another currency or hardness scale is a unit, only none that ystar can convert.
    if (/currency|hardness/.test(error.message)) {
      return { name: snakeCase(name), refused: error.message };
    }
    return { name: snakeCase(`${name} ${given}`) };
  }
}

/** Whether every filled cell of a row is a unit and one at least could be nothing else. */
export function isUnitsRow(cells: readonly (string | null)[]): boolean {
  const filled = cells
    .filter((cell) => cell !== null && !/^[-–]$|^1$/.test(cell))
    .map((cell) => cell!);
  const bare = filled.map((cell) => cell.replace(/^[[(](.*)[\])]$/s, "$1"));
  return (
    bare.length > 0 &&
    bare.every((cell) => unitOf(cell) !== undefined) &&
    bare.some((cell) => !isElement(cell) && cell.length > 1)
  );
}

/** The unit a cell of a units row names; `C` and `F` beside a temperature are degrees. */
export function unitsRowUnit(cell: string | null, name: string): string | undefined {
  if (cell === null) return undefined;
  const bare = cell.replace(/^[[(](.*)[\])]$/s, "$1");
  return unitOf(isTemperature(name) && /^[CF]$/.test(bare) ? `deg${bare}` : bare);
}

function unitOf(text: string): string | undefined {
  try {
    const unit = canonicalUnit(/^[-–]$/.test(text) ? "1" : text);
    describeDimension(unit);
    return unit;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
