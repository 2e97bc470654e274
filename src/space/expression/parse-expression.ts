import type { Comparison, Node } from "./node.ts";
import { keywords, TokenReader, type Token } from "./token-reader.ts";

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

class ExpressionParser extends TokenReader {
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
}
