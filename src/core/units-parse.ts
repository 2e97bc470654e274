import { InputError } from "./errors.ts";
import { nearestName } from "./nearest-name.ts";
import { bases, otherHardness, prefixes, quantityKinds, unitEntries } from "./units-table.ts";
import type { Base, Dimension, UnitEntry } from "./units-table.ts";

/** A unit as read. A reading `v` is `(v + offset) * scale / divisor * 10^tens` in coherent SI units. */
export interface Unit {
  /** Canonical spelling: `g/cm3`, `W/(m K)`, `1` for plain numbers. */
  readonly text: string;
  readonly dimension: Dimension;
  readonly scale: number;
  readonly divisor: number;
  readonly tens: number;
  readonly offset: number;
}

interface Factor {
  readonly symbol: string;
  readonly entry: UnitEntry;
  /** Power of ten of the prefix. */
  readonly tens: number;
  readonly power: number;
}

const bySpelling = new Map<string, UnitEntry>();
for (const entry of unitEntries) {
  for (const spelling of [entry.symbol, ...(entry.also ?? [])]) {
    bySpelling.set(spelling.normalize("NFKC"), entry);
  }
}

/** Spellings that a wrong one is compared with, the commonest first. */
const suggestions = [
  ...new Set([
    ...quantityKinds.flatMap((kind) =>
      kind.units.flatMap((unit) => unit.match(/[^\s/()\d^.]+/g) ?? []),
    ),
    ...bySpelling.keys(),
  ]),
];

/**
 * Reads a unit: products (space, `*`, `·`), quotients (`/`, `per`), powers (`m2`, `m^2`, `m-1`, `m²`,
 * `√m`; whole or half), parentheses, prefixes, and a leading `1` or power of ten (`1/K`, `10^-6/K`).
 * The empty text and `1` are plain numbers. Beside a temperature with its own zero (degC, degF)
 * stands alone for a reading; inside a product it means a difference.
 * @throws InputError for an unknown unit (with the nearest spelling), another hardness scale,
 *   and a text that can be read in two ways (`W/m K`)
 */
export function parseUnit(text: string): Unit {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const unit = build(new UnitReader(text).read());
  if (cache.size > 500) cache.clear();
  cache.set(text, unit);
  return unit;
}
const cache = new Map<string, Unit>();

class UnitReader {
  private readonly given: string;
  private readonly text: string;
  private at = 0;

  constructor(given: string) {
    this.given = given;
    this.text = normalise(given);
  }

  read(): Factor[] {
    if (this.text === "") return [];
    if (/W\s*\/\s*mK\b/.test(this.text)) {
      this.fail('"mK" can be millikelvin or metre times kelvin', "Write W/(m K) or W/m/K.");
    }
    const factors = this.quotient();
    if (this.at < this.text.length) this.fail(`"${this.text[this.at]}" was not expected`);
    return factors;
  }

  private quotient(): Factor[] {
    this.skip(/\s+/y);
    const factors = /[/]/.test(this.text[this.at] ?? "") ? [] : this.product(false);
    while (this.skip(/\s*(?:\/|per\b)\s*/y)) {
      factors.push(...this.product(true).map((f) => ({ ...f, power: -f.power })));
    }
    this.skip(/\s+/y);
    return factors;
  }

  private product(divided: boolean): Factor[] {
    const factors = this.power();
    for (;;) {
      const start = this.at;
      if (!this.skip(/\s*[*·⋅×.]\s*|\s+|(?=√)/y)) return factors;
      if (
        this.at >= this.text.length ||
        /[)/]|per\b/y.test(this.text.slice(this.at, this.at + 4))
      ) {
        this.at = start;
        return factors;
      }
      if (divided) {
        const rest = this.text.slice(start).trim();
        this.fail(
          `what is below the "/" is not clear at "${rest}"`,
          `Use parentheses or a second "/": W/(m K) or W/m/K.`,
        );
      }
      factors.push(...this.power());
    }
  }

  private power(): Factor[] {
    const root = this.skip(/[√]\s*/y);
    const factors = this.atom();
    const exponent = this.exponent() * (root ? 0.5 : 1);
    return exponent === 1 ? factors : factors.map((f) => ({ ...f, power: f.power * exponent }));
  }

  private exponent(): number {
    const match =
      this.match(/(?:\^|\*\*)\s*\(\s*([+-]?\d+(?:\.\d+)?)(?:\s*\/\s*(\d+))?\s*\)/y) ??
      this.match(/(?:\^|\*\*)\s*([+-]?\d+(?:\.\d+)?)/y) ??
      this.match(/([+-]?\d+)(?![\d.])/y);
    if (match === undefined) return 1;
    return this.checkedPower(Number(match[1]) / Number(match[2] ?? 1));
  }

  private checkedPower(power: number): number {
    if (!Number.isInteger(2 * power) || power === 0 || Math.abs(power) > 12) {
      this.fail(`powers are whole or half numbers, got ${power}`);
    }
    return power;
  }

  private atom(): Factor[] {
    if (this.skip(/\(/y)) {
      const inner = this.quotient();
      if (!this.skip(/\)/y)) this.fail(`a ")" is missing`);
      return inner;
    }
    const ten = this.match(/10\s*(?:\^|\*\*)\s*\(?([+-]?\d+)\)?|1e([+-]?\d+)|10([+-]\d+)/y);
    if (ten !== undefined) {
      const power = Number(ten[1] ?? ten[2] ?? ten[3]);
      return [{ symbol: "10", entry: { symbol: "10", dimension: {}, tens: 1 }, tens: 0, power }];
    }
    if (this.skip(/1(?![\d.])/y)) return [];
    const word = this.match(/(?:[^\s/*·⋅×()^√\d+-]|(?<=(?:at|wt|mol|vol))-(?=%))+/y);
    if (word === undefined) {
      const isRoot = /[A-Za-z]\s*\^?1\/2/.test(this.text);
      this.fail(
        `a unit was expected at position ${this.at + 1}`,
        isRoot ? "Write a square root as a power: MPa m^0.5." : undefined,
      );
    }
    return [this.unit(word[0])];
  }

  private unit(spelling: string): Factor {
    let word = spelling;
    // `HV0.5` and `HV10` name the load of a Vickers test, not another unit.
    if (word === "HV") this.skip(/\d+(?:\.\d+)?/y);
    // A dot between letters that spell no unit multiplies: `kg.m`.
    if (!isKnown(word) && word.includes(".")) {
      const head = word.slice(0, word.indexOf("."));
      if (isKnown(head)) {
        this.at -= word.length - head.length;
        word = head;
      }
    }
    const exact = bySpelling.get(word);
    if (exact !== undefined) return { symbol: exact.symbol, entry: exact, tens: 0, power: 1 };
    const prefixed = withPrefix(word);
    if (prefixed !== undefined) return prefixed;
    return this.unknown(word);
  }

  private unknown(word: string): never {
    if (word === "¥") {
      throw new InputError(`unit "${this.given}": "¥" may be JPY or CNY.`, {
        expected: "a currency by its code, such as JPY",
        received: word,
      });
    }
    if (otherHardness.includes(word.toUpperCase())) {
      throw new InputError(
        `unit "${this.given}": hardness is kept in HV (Vickers), got "${word}".`,
        {
          expected: "HV",
          received: word,
          hint: "No factor links hardness scales; convert with a table for your material (ASTM E140).",
        },
      );
    }
    const near = nearestName(word, suggestions);
    throw new InputError(
      word === this.given.trim()
        ? `unit "${word}" is not known.`
        : `unit "${this.given}": "${word}" is not known.`,
      {
        expected: "a unit such as MPa, g/cm3, USD/kg, K or %",
        received: word,
        hint:
          near === undefined
            ? "Examples: MPa, GPa, g/cm3, USD/kg, K, degC, eV, HV, at%, wt%, um, h."
            : `Did you mean "${near}"?`,
      },
    );
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at += found[0].length;
    return found;
  }

  private skip(pattern: RegExp): boolean {
    return this.match(pattern) !== undefined;
  }

  private fail(what: string, hint = "Examples: MPa, g/cm3, W/(m K), MPa m^0.5."): never {
    throw new InputError(`unit "${this.given}": ${what}.`, { received: this.given, hint });
  }
}

const isKnown = (word: string): boolean => bySpelling.has(word) || withPrefix(word) !== undefined;

function withPrefix(word: string): Factor | undefined {
  const prefix = word.slice(0, 1);
  const entry = bySpelling.get(word.slice(1));
  const tens = prefixes[prefix];
  if (entry === undefined || tens === undefined || !entry.prefixes?.includes(prefix))
    return undefined;
  return { symbol: `${prefix === "μ" ? "u" : prefix}${entry.symbol}`, entry, tens, power: 1 };
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Words that tables write where a column has no unit. */
const noUnit = /^(?:-|unitless|dimensionless)$/i;

/** One spelling for look-alike characters (micro, superscripts, minus signs) and for habits of tables. */
function normalise(text: string): string {
  const plain = text
    .trim()
    .replaceAll(/([⁺⁻]?)([⁰¹²³⁴-⁹]+)/g, (_, sign: string, digits: string) => {
      const plain = digits.replaceAll(/./g, (digit) => `${superscripts.indexOf(digit)}`);
      return `^${sign === "⁻" ? "-" : ""}${plain}`;
    })
    .normalize("NFKC")
    .replaceAll(/[−–]/g, "-")
    .replaceAll("˚", "°")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/^[x×]\s*(?=10)/, "")
    .replaceAll(/(?:\bdeg\b\.?|°)\s*(?=[CF]\b)/g, "deg")
    .replaceAll(/\bcc\b/g, "cm3")
    .replaceAll(/\b(at|wt|mol|vol)\.-(?=%)/g, "$1")
    .replaceAll(/\b(at|wt|mol|vol|mass|weight|atomic|volume)(\.?)\s+(?=%)/g, "$1$2");
  return noUnit.test(plain) ? "" : plain;
}

/** Merges equal symbols, multiplies, and writes the canonical text. */
function build(factors: readonly Factor[]): Unit {
  const merged = new Map<string, Factor>();
  for (const factor of factors) {
    const before = merged.get(factor.symbol);
    merged.set(factor.symbol, { ...factor, power: factor.power + (before?.power ?? 0) });
  }
  const present = [...merged.values()].filter((factor) => factor.power !== 0);
  const alone = present.length === 1 && present[0].power === 1;
  let scale = 1;
  let divisor = 1;
  let tens = 0;
  const dimension: Partial<Record<Base, number>> = {};
  for (const { entry, tens: prefixTens, power } of present) {
    // Kept as a quotient of whole numbers where it is one, so that exact factors stay exact.
    const [above, below] = [entry.scale ?? 1, entry.divisor ?? 1];
    scale *= halfPower(power > 0 ? above : below, Math.abs(power));
    divisor *= halfPower(power > 0 ? below : above, Math.abs(power));
    tens += (prefixTens + (entry.tens ?? 0)) * power;
    for (const base of bases) {
      const exponent = (dimension[base] ?? 0) + (entry.dimension[base] ?? 0) * power;
      if (exponent === 0) delete dimension[base];
      else dimension[base] = exponent;
    }
  }
  const offset = alone ? (present[0].entry.offset ?? 0) : 0;
  return { text: canonicalText(present), dimension, scale, divisor, tens, offset };
}

function canonicalText(factors: readonly Factor[]): string {
  const write = ({ symbol, power }: Factor): string => {
    if (symbol === "10") return power === 1 ? "10" : `10^${power}`;
    const size = Math.abs(power);
    if (size === 1) return symbol;
    // A digit after HV would read as the load of the test.
    return Number.isInteger(size) && symbol !== "HV" ? `${symbol}${size}` : `${symbol}^${size}`;
  };
  const above = factors.filter((f) => f.power > 0 || f.symbol === "10").map(write);
  const below = factors.filter((f) => f.power < 0 && f.symbol !== "10").map(write);
  const top = above.length === 0 ? "1" : above.join(" ");
  if (below.length === 0) return top;
  return `${top}/${below.length === 1 ? below[0] : `(${below.join(" ")})`}`;
}

/** base^power for whole and half powers above zero, by multiplication and square root only. */
export function halfPower(base: number, power: number): number {
  let result = Number.isInteger(power) ? 1 : Math.sqrt(base);
  for (let i = 1; i <= power; i++) result *= base;
  return result;
}
