import { InputError } from "../../core/errors.ts";
import { canonicalUnit } from "../../core/units.ts";
import { errorAt, hintAt } from "./expression-error.ts";
import type { Span } from "./node.ts";

/** A number with its unit, a name, a sign, or the end of the text. */
export type Token = Span & {
  readonly kind: "number" | "name" | "symbol" | "end";
  readonly text: string;
  readonly value: number;
  readonly unit: string;
};

/** Words of the grammar, which are no names. */
export const keywords = new Set([
  "and",
  "or",
  "not",
  "if",
  "then",
  "is",
  "in",
  "with",
  "probability",
  "to",
]);
const numberPattern = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const namePattern = /[\p{L}_][\p{L}\p{N}_]*/uy;
const symbolPattern = /->|→|<=|>=|==|[-+*/()[\],<>=≤≥−·]/y;
const unitPart = String.raw`(?:(?:at|wt|mol|vol)\.-?%|[\p{L}°$€%√][\p{L}\p{N}°$€%√²³⁻¹]*(?:\^-?\d+)?)`;
const unitPattern = new RegExp(
  String.raw`[ \t]*(${unitPart}(?:[*/·](?:\([^()]*\)|${unitPart}))*)`,
  "uy",
);
const quotedPattern = /["']([^"']+)["']/y;
const nextUnitPattern = new RegExp(String.raw`[ \t]+(${unitPart})(?![-−\d])`, "uy");
const wordPattern = /\s*(?:"([^"]*)"|'([^']*)'|([\p{L}\p{N}_][\p{L}\p{N}_.+-]*))/uy;

/** Reads a text token by token, one ahead, and says where it is not as expected. */
export class TokenReader {
  protected readonly text: string;
  private readonly what: string;
  protected position = 0;
  protected token: Token;

  constructor(text: string, what: string) {
    this.text = text;
    this.what = what;
    this.token = this.scan();
  }

  protected word(): { readonly text: string; readonly quoted: boolean } {
    const word = this.wordOrNull();
    if (word !== null) return word;
    this.advance();
    return this.unexpected("a word");
  }

  protected wordOrNull(): { readonly text: string; readonly quoted: boolean } | null {
    const match = this.match(wordPattern, this.position);
    if (match === null) return null;
    this.position += match[0].length;
    const quoted = match[1] ?? match[2];
    return { text: quoted ?? match[3]!, quoted: quoted !== undefined };
  }

  /** The token ahead, as it is after the calls that moved it. */
  protected current(): Token {
    return this.token;
  }

  protected advance(): void {
    this.token = this.scan();
  }

  protected expect(text: string, expected = `"${text}"`): void {
    if (this.token.text !== text) this.unexpected(expected);
    this.advance();
  }

  private scan(): Token {
    while (/\s/.test(this.text[this.position] ?? "")) this.position++;
    const start = this.position;
    const make = (kind: Token["kind"], text: string, value = 0, unit = "1"): Token => {
      const token = { kind, text, value, unit, start, end: start + text.length };
      return token;
    };
    if (start >= this.text.length) return { ...make("end", ""), end: start + 1 };
    const number = this.match(numberPattern, start);
    if (number !== null) {
      const end = start + number[0].length;
      this.position = end;
      const unit = this.unitAfter(end);
      return { ...make("number", number[0], Number(number[0]), unit ?? "1"), end: this.position };
    }
    const quoted = this.match(quotedPattern, start);
    if (quoted !== null) {
      this.position = start + quoted[0].length;
      return { ...make("name", quoted[1]!), end: this.position };
    }
    const name = this.match(namePattern, start) ?? this.match(symbolPattern, start);
    if (name === null) {
      throw this.error(
        { start, end: start + 1 },
        `"${this.text[start]!}" is not understood here.`,
        "a number, a name or an operator",
      );
    }
    this.position = start + name[0].length;
    return make(/^[\p{L}_]/u.test(name[0]) ? "name" : "symbol", name[0]);
  }

  /** The unit that follows a number or a range, read past; null where a keyword or nothing follows. */
  protected unitAfter(start: number): string | null {
    const match = this.match(unitPattern, start);
    if (match === null || keywords.has(match[1]!)) return null;
    const span = {
      start: start + match[0].length - match[1]!.length,
      end: start + match[0].length,
    };
    try {
      const unit = canonicalUnit(match[1]!);
      this.position = span.end;
      return this.longerUnit(unit);
    } catch (cause) {
      const reason = cause instanceof InputError ? cause.message : "unknown unit.";
      const number = this.text.slice(0, start).trim().split(/\s/).at(-1)!;
      // What looks like a symbol of an element is not meant as a unit.
      const isElement = /^[A-Z][a-z]?$/.test(match[1]!);
      const near = cause instanceof InputError && !isElement ? (cause.details.hint ?? "") : "";
      const isWord = /^[\p{L}_]+$/u.test(match[1]!);
      const hint = `${isWord ? `To multiply, write ${number} * ${match[1]!}. ` : ""}${near}`;
      throw errorAt(this.text, this.what, span, `expected a unit after the number. ${reason}`, {
        expected: "a unit such as K, MPa, g/cm3, USD/kg or at%",
        received: match[1]!,
        hint: hint.trim(),
      });
    }
  }

  /** The unit with those that follow it after blanks: `3000 K h`. */
  private longerUnit(unit: string): string {
    const next = this.match(nextUnitPattern, this.position);
    if (next === null || keywords.has(next[1]!)) return unit;
    try {
      const longer = canonicalUnit(`${unit} ${next[1]!}`);
      this.position += next[0].length;
      return this.longerUnit(longer);
    } catch {
      return unit;
    }
  }

  private match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.text);
  }

  /** A node that reaches from a first part to the last token read. */
  protected span<Shape extends object>(first: Span, node: Shape): Shape & Span {
    const end = this.text.slice(0, this.token.start).trimEnd().length;
    return { ...node, start: first.start, end: Math.max(end, first.start + 1) };
  }

  protected unexpected(expected: string): never {
    const received = this.token.kind === "end" ? "the end" : `"${this.token.text}"`;
    throw this.error(this.token, `expected ${expected}, got ${received}.`, expected, received);
  }

  protected error(span: Span, problem: string, expected: string, received?: string): InputError {
    return errorAt(this.text, this.what, span, problem, {
      expected,
      ...(received === undefined ? {} : { received }),
      hint: hintAt(this.text, this.what, span.start),
    });
  }
}
