import { InputError } from "../core/errors.ts";
import { canonicalUnit } from "../core/units.ts";

/** Where a part of a text begins and ends (characters from 0). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Comparison = "<=" | "<" | ">=" | ">" | "=";

/** The comparison with its sides exchanged. */
export const flipped: Readonly<Record<Comparison, Comparison>> = {
  "<=": ">=",
  "<": ">",
  ">=": "<=",
  ">": "<",
  "=": "=",
};

/** A parsed constraint or target. */
export type Node = Span &
  (
    | {
        readonly kind: "number";
        readonly value: number;
        /** `1` for plain numbers. */ readonly unit: string;
      }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "negative"; readonly operand: Node }
    | {
        readonly kind: "binary";
        readonly operator: "+" | "-" | "*" | "/";
        readonly left: Node;
        readonly right: Node;
      }
    | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Node[] }
    | {
        readonly kind: "compare";
        readonly operands: readonly Node[];
        readonly operators: readonly Comparison[];
      }
    | { readonly kind: "range"; readonly operand: Node; readonly low: Node; readonly high: Node }
    | {
        readonly kind: "is";
        readonly operand: Node;
        readonly words: readonly string[];
        readonly negated: boolean;
      }
    | { readonly kind: "not"; readonly operand: Node }
    | { readonly kind: "and" | "or"; readonly left: Node; readonly right: Node }
    | { readonly kind: "if"; readonly condition: Node; readonly consequence: Node }
    | { readonly kind: "goal"; readonly operand: Node; readonly goal: Node }
    | {
        readonly kind: "probability";
        readonly operand: Node;
        readonly operator: Comparison;
        readonly value: Node;
      }
  );

type Token = Span & {
  readonly kind: "number" | "name" | "symbol" | "end";
  readonly text: string;
  readonly value: number;
  readonly unit: string;
};

const keywords = new Set([
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
const comparisons: Readonly<Record<string, Comparison>> = {
  "<=": "<=",
  "≤": "<=",
  "<": "<",
  ">=": ">=",
  "≥": ">=",
  ">": ">",
  "=": "=",
  "==": "=",
};

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

/**
 * Parses one constraint or target. The grammar, loosest first:
 * `if A then B`, `P -> goal`, `A with probability >= p`, `A or B`, `A and B`, `not A`,
 * comparisons and chains of them, `x in [a, b] unit`, `x in [WORD, WORD]`, `x is WORD or WORD`,
 * `x = WORD`, `+ -`, `* /`, `-x`,
 * numbers with units, names, `count(...)`, parentheses.
 * @param what `constraint` or `target`, for messages
 * @throws InputError with a caret under the place and what was expected there
 */
export function parseExpression(text: string, what: string): Node {
  return new ExpressionParser(text, what).parseAll();
}

/** An error at a place of a text: message, the text, a caret. */
export function errorAt(
  text: string,
  what: string,
  span: Span,
  problem: string,
  details: { readonly expected?: string; readonly received?: string; readonly hint?: string } = {},
): InputError {
  const width = Math.max(1, Math.min(span.end, text.length) - span.start);
  const pointer = `  ${text}\n  ${" ".repeat(span.start)}${"^".repeat(width)}`;
  return new InputError(`${what} "${text}": ${problem}\n${pointer}`, {
    path: `character ${span.start + 1}`,
    ...details,
  });
}

/** What people often write: text before the place of an error, text from there on, how to mend it. */
const habits: readonly (readonly [before: RegExp, rest: RegExp, hint: string])[] = [
  [/=\s*$/, /^[<>]/, "Write <= or >=."],
  [/\d$/, /^,\d/, "Write numbers with a decimal point: 0.3."],
  [/^/, /^(wt|at)?\.?\s?%/, "The unit stands behind the number: Al <= 30 at%."],
  [/^/, /^(&|\|)/, "Join conditions with and, or: not (Al and Cr)."],
  [/^/, /^!/, "Write not: not (Al > 0.2), or Al > 0 to have Al present."],
  [/\bin\s*$/, /^[\d.]/, "Write a range in brackets: in [0.1, 0.3]."],
  [/^/, /^(between|from)\b/, "Write a range in brackets: in [0.1, 0.3]."],
  [/\d\s*[\p{L}]+\s+$/u, /^[\p{L}]+-?\d?/u, "Write units without spaces: g/cm3, W/(m*K)."],
  [/\b(no|without)\s+$/, /^/, "Write not Al to have none of it."],
  [
    /^\s*(maximi[sz]e|minimi[sz]e|max|min)\s+$/,
    /^/,
    "Write the property first: density -> minimise.",
  ],
  [/^/, /^(maximi[sz]e|minimi[sz]e|max|min)\b/, "Write an arrow: density -> minimise."],
];

/** How tightly infix operators bind. */
const power: Readonly<Record<string, number>> = {
  "->": 5,
  "→": 5,
  with: 8,
  or: 10,
  and: 20,
  is: 40,
  in: 40,
  "+": 50,
  "-": 50,
  "−": 50,
  "*": 60,
  "·": 60,
  "/": 60,
};
const NOT_POWER = 30;
const COMPARISON_POWER = 40;
const SIGN_POWER = 70;

class ExpressionParser {
  private readonly text: string;
  private readonly what: string;
  private position = 0;
  private token: Token;

  constructor(text: string, what: string) {
    this.text = text;
    this.what = what;
    this.token = this.scan();
  }

  parseAll(): Node {
    if (this.token.kind === "end") {
      throw this.error(
        this.token,
        "expected an expression, got nothing.",
        "an expression such as Al + Cr <= 0.3",
      );
    }
    const node = this.expression(0);
    if (this.current().kind !== "end") this.unexpected("an operator or the end");
    return node;
  }

  private expression(least: number): Node {
    let left = this.prefix();
    for (;;) {
      const { text } = this.token;
      const isComparison = this.token.kind === "symbol" && Object.hasOwn(comparisons, text);
      const binding = isComparison
        ? COMPARISON_POWER
        : Object.hasOwn(power, text)
          ? power[text]!
          : -1;
      if (
        this.token.kind === "number" ||
        this.token.kind === "end" ||
        binding < 0 ||
        binding < least
      )
        return left;
      left = isComparison ? this.comparison(left) : this.infix(left, binding);
    }
  }

  private prefix(): Node {
    const token = this.token;
    if (token.kind === "number") {
      this.advance();
      const { start, end, value, unit } = token;
      return { kind: "number", start, end, value, unit };
    }
    if (token.text === "-" || token.text === "−" || token.text === "+") {
      this.advance();
      const operand = this.expression(SIGN_POWER);
      return token.text === "+" ? operand : this.span(token, { kind: "negative", operand });
    }
    if (token.text === "(") {
      this.advance();
      const node = this.expression(0);
      this.expect(")");
      return node;
    }
    if (token.kind === "name" && token.text === "not") {
      this.advance();
      return this.span(token, { kind: "not", operand: this.expression(NOT_POWER) });
    }
    if (token.kind === "name" && token.text === "if") {
      this.advance();
      const condition = this.expression(0);
      this.expect("then");
      return this.span(token, { kind: "if", condition, consequence: this.expression(0) });
    }
    if (token.kind === "name" && !keywords.has(token.text)) {
      this.advance();
      if (this.token.text === "(") return this.call(token);
      return { kind: "name", start: token.start, end: token.end, name: token.text };
    }
    return this.unexpected("a number, a name or an opening parenthesis");
  }

  private call(name: Token): Node {
    this.expect("(");
    const items = [this.expression(0)];
    while (this.token.text === ",") {
      this.advance();
      items.push(this.expression(0));
    }
    this.expect(")");
    return this.span(name, { kind: "call", name: name.text, arguments: items });
  }

  private comparison(first: Node): Node {
    const operands = [first];
    const operators: Comparison[] = [];
    while (this.token.kind === "symbol" && Object.hasOwn(comparisons, this.token.text)) {
      operators.push(comparisons[this.token.text]!);
      this.advance();
      operands.push(this.expression(COMPARISON_POWER + 1));
    }
    return this.span(first, { kind: "compare", operands, operators });
  }

  private infix(left: Node, binding: number): Node {
    const operator = this.token.text;
    if (operator === "is") return this.words(left);
    this.advance();
    switch (operator) {
      case "in":
        return this.listsWords() ? this.wordList(left) : this.range(left);
      case "with":
        return this.probability(left);
      case "->":
      case "→":
        return this.span(left, { kind: "goal", operand: left, goal: this.expression(binding + 1) });
      case "and":
      case "or":
        return this.span(left, { kind: operator, left, right: this.expression(binding + 1) });
      default: {
        const plain =
          operator === "−" ? "-" : operator === "·" ? "*" : (operator as "+" | "-" | "*" | "/");
        const right = this.expression(binding + 1);
        return this.span(left, { kind: "binary", operator: plain, left, right });
      }
    }
  }

  /** `[a, b] unit`, the unit once behind or at each number. */
  private range(operand: Node): Node {
    this.expect("[", "a range such as [0.1, 0.4]");
    const low = this.rangeEnd();
    if (this.token.text === "to") this.advance();
    else this.expect(",");
    const high = this.rangeEnd();
    const closing = this.token;
    if (closing.text !== "]") this.unexpected('"]"');
    const unit = this.unitAfter(closing.end);
    this.advance();
    const give = (node: Node): Node =>
      unit !== null && node.kind === "number" && node.unit === "1" ? { ...node, unit } : node;
    return this.span(operand, { kind: "range", operand, low: give(low), high: give(high) });
  }

  /** Whether the list in brackets that comes next holds words: `[Pd, Ni]`. */
  private listsWords(): boolean {
    const list = /^\s*([^\]]*)/u.exec(this.text.slice(this.token.end))![1]!;
    return (
      this.token.text === "[" &&
      list
        .split(",")
        .some((item) => /^\s*["'\p{L}_]/u.test(item) || /^\s*\d[\d.]*-\p{L}/u.test(item))
    );
  }

  /** `[Pd, Ni]`, the words of a category. */
  private wordList(operand: Node): Node {
    this.position = this.token.end;
    const words = [this.word().text];
    for (this.advance(); this.current().text === ","; this.advance()) {
      this.position = this.token.end;
      words.push(this.word().text);
    }
    this.expect("]");
    return this.span(operand, { kind: "is", operand, words, negated: false });
  }

  private rangeEnd(): Node {
    const node = this.expression(COMPARISON_POWER + 1);
    if (node.kind === "number") return node;
    if (node.kind === "negative" && node.operand.kind === "number") {
      return { ...node.operand, start: node.start, value: -node.operand.value };
    }
    throw this.error(node, "the ends of a range must be numbers.", "a number");
  }

  private probability(operand: Node): Node {
    this.expect("probability");
    const operator = comparisons[this.token.text];
    if (this.token.kind !== "symbol" || operator === undefined) return this.unexpected('">="');
    this.advance();
    const value = this.expression(COMPARISON_POWER + 1);
    return this.span(operand, { kind: "probability", operand, operator, value });
  }

  /** `is WORD or WORD`, `is not WORD`; words may be quoted. */
  private words(operand: Node): Node {
    this.position = this.token.end;
    let word = this.word();
    let negated = false;
    if (word.text === "not" && !word.quoted) {
      negated = true;
      word = this.word();
    }
    const words = [word.text];
    for (;;) {
      const back = this.position;
      this.advance();
      const joint = this.current();
      if (joint.text !== "or" && joint.text !== ",") break;
      this.position = joint.end;
      const next = this.wordOrNull();
      const after = this.position;
      if (next !== null) {
        this.advance();
        // `x is A or y is B` and `x is A or Al > 0.1` go on with another condition.
        const { text } = this.token;
        if (
          text !== "is" &&
          text !== "in" &&
          !Object.hasOwn(comparisons, text) &&
          !"+-*/(".includes(text || " ")
        ) {
          words.push(next.text);
          this.position = after;
          continue;
        }
      }
      this.position = back;
      this.advance();
      break;
    }
    return this.span(operand, { kind: "is", operand, words, negated });
  }

  private word(): { readonly text: string; readonly quoted: boolean } {
    const word = this.wordOrNull();
    if (word !== null) return word;
    this.advance();
    return this.unexpected("a word");
  }

  private wordOrNull(): { readonly text: string; readonly quoted: boolean } | null {
    const match = this.match(wordPattern, this.position);
    if (match === null) return null;
    this.position += match[0].length;
    const quoted = match[1] ?? match[2];
    return { text: quoted ?? match[3]!, quoted: quoted !== undefined };
  }

  /** The token ahead, as it is after the calls that moved it. */
  private current(): Token {
    return this.token;
  }

  private advance(): void {
    this.token = this.scan();
  }

  private expect(text: string, expected = `"${text}"`): void {
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
  private unitAfter(start: number): string | null {
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
  private span<Shape extends object>(first: Span, node: Shape): Shape & Span {
    const end = this.text.slice(0, this.token.start).trimEnd().length;
    return { ...node, start: first.start, end: Math.max(end, first.start + 1) };
  }

  private unexpected(expected: string): never {
    const received = this.token.kind === "end" ? "the end" : `"${this.token.text}"`;
    throw this.error(this.token, `expected ${expected}, got ${received}.`, expected, received);
  }

  /** How to mend what people often write, by what stands before and at a place. */
  private hintAt(start: number): string {
    const before = this.text.slice(0, start);
    const rest = this.text.slice(start);
    for (const [left, right, hint] of habits) {
      if (left.test(before) && right.test(rest)) return hint;
    }
    if (this.what === "formula") {
      return "Formulas: Al / (Ti + 0.01), Al * Cr, sqrt(Al + 1), log(Nb + 0.1).";
    }
    return this.what === "target"
      ? "Targets: density -> minimise, hardness >= 500 HV, melting_temperature in [1900, 2600] K."
      : "Constraints: Al + Cr <= 0.3, Al in [0.1, 0.3], not (Al and Cr), if Cr then not Mo, price <= 60 USD/kg.";
  }

  private error(span: Span, problem: string, expected: string, received?: string): InputError {
    return errorAt(this.text, this.what, span, problem, {
      expected,
      ...(received === undefined ? {} : { received }),
      hint: this.hintAt(span.start),
    });
  }
}
