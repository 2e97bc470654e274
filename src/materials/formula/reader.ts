import { elementHint, elementName, isElement, symbolOfName } from "../elements.ts";
import { isIsotope } from "../isotopes.ts";
import type { InputError } from "../../core/errors.ts";
import { formulaError } from "./formula-error.ts";
import { readings } from "./readings.ts";

const lookAlike: Readonly<Record<string, string>> = {
  "₀": "0",
  "₁": "1",
  "₂": "2",
  "₃": "3",
  "₄": "4",
  "₅": "5",
  "₆": "6",
  "₇": "7",
  "₈": "8",
  "₉": "9",
  "–": "-",
  "—": "-",
  "−": "-",
  "‐": "-",
  "‑": "-",
  "•": "·",
  "⋅": "·",
  "∙": "·",
  "\u00a0": " ",
  "\u2009": " ",
  "\u202f": " ",
  "\t": " ",
};

/** The text with typographic signs as plain ones (`Fe₂O₃` as `Fe2O3`), every character at its old place. */
export function plainSigns(text: string): string {
  return text.replaceAll(/[₀-₉–—−‐‑•⋅∙\u00a0\u2009\u202f\t]/g, (sign) => lookAlike[sign] ?? sign);
}

const dotHint =
  "Write 0.5 for a decimal, ` · ` (or ` . ` with blanks) between the parts of a hydrate.";
const variables = "xyznmδαβ";

/** Reads symbols and numbers from a formula, refusing with the place what it cannot read. */
export class FormulaReader {
  readonly original: string;
  readonly text: string;
  readonly end: number;
  position: number;

  /** Reads `text` from `start` to before `end`; `original` is shown in messages. */
  constructor(original: string, text: string, start: number, end: number) {
    this.original = original;
    this.text = text;
    this.position = start;
    this.end = end;
  }

  fail(position: number, problem: string, hint: string): InputError {
    return formulaError(this.original, position, problem, hint);
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /** The character `offset` places on, or "" beyond the end. */
  peek(offset = 0): string {
    const place = this.position + offset;
    return place < this.end ? this.text.charAt(place) : "";
  }

  skipBlanks(): void {
    while (this.peek() === " ") this.position++;
  }

  /** The text from here that matches, or undefined; nothing is consumed. */
  match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.text.slice(this.position, this.end));
    return found?.index === 0 ? found[0] : undefined;
  }

  /** An element symbol, or D or T; the longest that fits. */
  symbol(): string {
    const start = this.position;
    const first = this.peek();
    if (!/[A-Z]/.test(first)) throw this.unexpected();
    const pair = first + this.peek(1);
    const isPair = /^[A-Z][a-z]$/.test(pair);
    if (isPair && isElement(pair)) {
      this.position += 2;
      return pair;
    }
    if (isElement(first) || isIsotope(first)) {
      if (isPair && !variables.includes(pair.charAt(1))) throw this.unknownElement(start, pair);
      this.refuseCapitalisedSymbol(first);
      this.position += 1;
      return first;
    }
    throw this.unknownElement(start, isPair ? pair : first);
  }

  /** `TI` might be titanium: D and T are read as isotopes only where no element could be meant. */
  private refuseCapitalisedSymbol(first: string): void {
    const next = this.peek(1);
    if (!isIsotope(first) || !/[A-Z]/.test(next)) return;
    const element = first + next.toLowerCase();
    if (!isElement(element)) return;
    const isotope = first === "D" ? "deuterium" : "tritium";
    throw this.fail(
      this.position,
      `"${first}${next}" is ${element} in capitals, or ${isotope} and ${next}, which is ambiguous`,
      `Write ${element}, or leave a blank between ${first} and ${next}.`,
    );
  }

  private unknownElement(position: number, symbol: string): InputError {
    return this.fail(
      position,
      `"${symbol}" is not an element`,
      symbol === "X"
        ? "Put a real element in its place."
        : (this.spellingHint() ?? elementHint(symbol)),
    );
  }

  /** `Tin is written Sn.` when the whole formula is the name of an element. */
  private nameHint(): string | undefined {
    const symbol = symbolOfName(this.text.slice(0, this.end).trim());
    return symbol === undefined ? undefined : `${elementName(symbol)} is written ${symbol}.`;
  }

  /** What the whole formula may have meant: an element's name, or other capitals. */
  private spellingHint(): string | undefined {
    const named = this.nameHint();
    if (named !== undefined) return named;
    const spelling = readings(this.text.slice(0, this.end).trim());
    return spelling.length > 0 ? `Did you mean ${spelling.join(" or ")}?` : undefined;
  }

  private smallLetterHint(character: string): string {
    if (this.match(/^(?:at|wt|mol|mass|weight)\b\s*\.?/i) !== undefined) {
      return "Give the unit once, at the end: `Ni 60 Ti 40 at%` or `Ti-6Al-4V wt%`.";
    }
    if (this.match(/^bal/i) !== undefined) {
      return "The balance is the first element, without a number: `Fe-18Cr-8Ni wt%`.";
    }
    const spelling = this.spellingHint();
    if (spelling !== undefined) return spelling;
    return /[a-z]{3}/.test(this.text.slice(0, this.end))
      ? "Trade names are not known; write the composition, such as `Fe-18Cr-8Ni wt%`."
      : elementHint(this.match(/^[A-Za-z]+/) ?? character);
  }

  /** A number without sign (`2`, `0.25`, `.25`, `6.16e-05`), or undefined where none begins. */
  number(): number | undefined {
    const start = this.position;
    const digits = this.match(/^(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/);
    if (digits === undefined) return undefined;
    this.position += digits.length;
    const value = Number(digits);
    if (!Number.isFinite(value)) {
      throw this.fail(start, `the amount ${digits} is too large`, "Amounts are below 1e308.");
    }
    this.refuseAfterNumber(digits);
    return value;
  }

  private refuseAfterNumber(digits: string): void {
    const next = this.peek();
    if (next === "/") {
      const denominator = Number(this.match(/^\/\d+/)?.slice(1) ?? Number.NaN);
      const value = Number(digits) / denominator;
      const decimal = Number.isFinite(value) ? `${Number(value.toPrecision(6))}` : "0.5";
      throw this.fail(
        this.position,
        "a fraction, which could end at several places",
        `Write amounts as decimals (${decimal} for ${digits}/${denominator || 2}).`,
      );
    }
    if (next === "," && /\d/.test(this.peek(1))) {
      throw this.fail(
        this.position,
        "a comma inside a number",
        `Write the decimal point as a dot (${digits}.${this.peek(1)}) and separate elements by blanks.`,
      );
    }
    this.refuseVariable();
  }

  /** Refuses `x`, `1-x` and the like where an amount stands. */
  refuseVariable(): void {
    const variable = this.match(/^\s*[+-]?\s*[xyznmδαβ](?![a-z])/);
    if (variable === undefined) return;
    const place = this.position + variable.length - 1;
    throw this.fail(
      place,
      `the variable amount "${variable.trim()}"`,
      this.nameHint() ?? "Put a number in its place: La0.7Sr0.3MnO3 for La1-xSrxMnO3.",
    );
  }

  /** The error for a character that fits nothing here. */
  unexpected(): InputError {
    const character = this.peek();
    if (character === "") {
      return this.fail(this.position, "the formula ends too early", "Add what is missing.");
    }
    if (/[a-z]/.test(character)) {
      return this.fail(
        this.position,
        `the small letter "${character}" where a symbol must begin with a capital`,
        this.smallLetterHint(character),
      );
    }
    const hints: Readonly<Record<string, string>> = {
      "%": "Give the unit once, at the end: `Ni 60 Ti 40 at%` or `Ti-6Al-4V wt%`.",
      ",": "Separate elements by blanks: `Ni 60 Ti 40`.",
      ";": "Separate elements by blanks: `Ni 60 Ti 40`.",
      "/": "Write one formula with amounts, such as Ni0.5Ti0.5.",
      "=": "Write a formula, not an equation.",
      "+": "A charge stands at the end, as in Fe^3+ or SO4(2-).",
      ".": dotHint,
      "?": "Every amount must be known.",
      ")": "No bracket is open here that this could close.",
      "]": "No bracket is open here that this could close.",
      "}": "No bracket is open here that this could close.",
    };
    return this.fail(
      this.position,
      `unexpected "${String.fromCodePoint(this.text.codePointAt(this.position) ?? 0)}"`,
      hints[character] ??
        "A formula has symbols, amounts, brackets and, at the end, `at%` or `wt%`: Al0.3CoCrFeNi, Ti-6Al-4V wt%.",
    );
  }
}
