import * as elementary from "../../core/elementary.ts";
import { NumericalError, type InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { parseUnit, type Unit } from "../../core/units-parse.ts";
import type { Dimension } from "../../core/units-table.ts";
import { errorAt } from "../expression/expression-error.ts";
import type { Node, Span } from "../expression/node.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import { combine, inWords, isSame, plain } from "./dimension.ts";

/** A number that a formula may name. */
export interface FormulaInput {
  readonly name: string;
  /** `1` for plain numbers. */
  readonly unit: string;
}

/** A formula ready to be evaluated in coherent SI units. */
export interface CompiledFormula {
  readonly dimension: Dimension;
  /** @param inputs SI numbers in the order of the declaration @throws NumericalError where it has no value */
  readonly evaluate: (inputs: ArrayLike<number>) => number;
}

const what = "formula";

/** A reading in a unit as coherent SI number. */
export const toSi = (value: number, { offset, scale, divisor, tens }: Unit): number =>
  ((value + offset) * scale * tenTo(tens)) / divisor;

/** A coherent SI number as reading in a unit. */
export const fromSi = (value: number, { offset, scale, divisor, tens }: Unit): number =>
  (value * divisor) / (scale * tenTo(tens)) - offset;

/** A difference (a standard deviation) in coherent SI units as one in a unit. */
export const differenceFromSi = (value: number, { scale, divisor, tens }: Unit): number =>
  (value * divisor) / (scale * tenTo(tens));

const tenTo = (power: number): number => elementary.pow(10, power);

/** Functions of plain numbers. */
const plainFunctions = {
  exp: elementary.exp,
  log: elementary.log,
  ln: elementary.log,
  log10: elementary.log10,
  log2: elementary.log2,
  sin: elementary.sin,
  cos: elementary.cos,
  tan: elementary.tan,
  asin: elementary.asin,
  acos: elementary.acos,
  atan: elementary.atan,
  sinh: elementary.sinh,
  cosh: elementary.cosh,
  tanh: elementary.tanh,
  erf: elementary.erf,
} as const;

const otherFunctions = ["sqrt", "cbrt", "pow", "abs", "min", "max"] as const;

/**
 * Compiles a formula of the declared inputs: `+ - * /`, parentheses, numbers with units (`25 MPa`) and the
 * functions sqrt, cbrt, pow(x, n), abs, min, max, and of plain numbers exp, log (natural), log10, sin, ...
 * Dimensions are checked before any number is computed.
 * @throws InputError with a caret under what is not a formula, an unknown name, or dimensions that do not fit
 */
export function compileFormula(text: string, inputs: readonly FormulaInput[]): CompiledFormula {
  return new Compiler(text, what, inputs).compile(parseExpression(text, what));
}

/**
 * Compiles a part of a parsed text, such as one side of a constraint.
 * @param place what the text is, for messages
 * @throws InputError as `compileFormula`
 */
export function compileNode(
  text: string,
  place: string,
  node: Node,
  inputs: readonly FormulaInput[],
): CompiledFormula {
  return new Compiler(text, place, inputs).compile(node);
}

/** The names in a formula, each once. @throws InputError for what is not a formula */
export const namesInFormula = (text: string): string[] => namesIn(parseExpression(text, what));

/** The names in an arithmetic expression, each once. */
export function namesIn(root: Node): string[] {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === "name") names.add(node.name);
    else if (node.kind === "negative") visit(node.operand);
    else if (node.kind === "call") node.arguments.forEach(visit);
    else if (node.kind === "binary") [node.left, node.right].forEach(visit);
  };
  visit(root);
  return [...names];
}

class Compiler {
  private readonly text: string;
  private readonly what: string;
  private readonly inputs: readonly FormulaInput[];

  constructor(text: string, place: string, inputs: readonly FormulaInput[]) {
    this.text = text;
    this.what = place;
    this.inputs = inputs;
  }

  compile(node: Node): CompiledFormula {
    switch (node.kind) {
      case "number": {
        const unit = parseUnit(node.unit);
        const value = toSi(node.value, unit);
        return { dimension: unit.dimension, evaluate: () => value };
      }
      case "name":
        return this.input(node, node.name);
      case "negative": {
        const { dimension, evaluate } = this.compile(node.operand);
        return { dimension, evaluate: (x) => -evaluate(x) };
      }
      case "binary":
        return this.binary(node, node.operator, this.compile(node.left), this.compile(node.right));
      case "call":
        return this.call(node, node.name, node.arguments);
      default:
        throw this.error(node, "expected a formula that gives one number, not a condition.");
    }
  }

  private input(span: Span, name: string): CompiledFormula {
    const index = this.inputs.findIndex((input) => input.name === name);
    if (index < 0) {
      const names = this.inputs.map((input) => input.name);
      throw this.error(span, `"${name}" is not an input.`, suggest(name, names));
    }
    const { dimension } = parseUnit(this.inputs[index]!.unit);
    return { dimension, evaluate: (x) => x[index]! };
  }

  private binary(
    span: Span,
    operator: "+" | "-" | "*" | "/",
    left: CompiledFormula,
    right: CompiledFormula,
  ): CompiledFormula {
    const [a, b] = [left.evaluate, right.evaluate];
    if (operator === "*") {
      const dimension = combine(left.dimension, 1, right.dimension, 1);
      return { dimension, evaluate: (x) => a(x) * b(x) };
    }
    if (operator === "/") {
      const dimension = combine(left.dimension, 1, right.dimension, -1);
      return { dimension, evaluate: this.finite(span, (x) => a(x) / b(x)) };
    }
    this.checkAlike(span, left.dimension, right.dimension);
    const { dimension } = left;
    return operator === "+"
      ? { dimension, evaluate: (x) => a(x) + b(x) }
      : { dimension, evaluate: (x) => a(x) - b(x) };
  }

  private call(span: Span, name: string, nodes: readonly Node[]): CompiledFormula {
    if (Object.hasOwn(plainFunctions, name)) {
      const f = plainFunctions[name as keyof typeof plainFunctions];
      const { dimension, evaluate } = this.arguments(span, name, nodes, 1)[0]!;
      if (!isSame(dimension, plain)) {
        throw this.error(
          nodes[0]!,
          `${name} takes a plain number, got ${inWords(dimension)}.`,
          "Divide by a number of the same unit first.",
        );
      }
      return { dimension: plain, evaluate: this.finite(span, (x) => f(evaluate(x))) };
    }
    switch (name) {
      case "sqrt":
      case "cbrt": {
        const { dimension, evaluate } = this.arguments(span, name, nodes, 1)[0]!;
        const [f, power] = name === "sqrt" ? [Math.sqrt, 1 / 2] : [elementary.cbrt, 1 / 3];
        return {
          dimension: combine(dimension, power, plain, 0),
          evaluate: this.finite(span, (x) => f(evaluate(x))),
        };
      }
      case "pow":
        return this.power(span, nodes);
      case "abs": {
        const { dimension, evaluate } = this.arguments(span, name, nodes, 1)[0]!;
        return { dimension, evaluate: (x) => Math.abs(evaluate(x)) };
      }
      case "min":
      case "max": {
        if (nodes.length === 0) throw this.error(span, `${name} takes at least one number.`);
        const parts = nodes.map((node) => this.compile(node));
        const { dimension } = parts[0]!;
        parts.forEach((part, k) => this.checkAlike(nodes[k]!, dimension, part.dimension));
        const f = name === "min" ? Math.min : Math.max;
        return { dimension, evaluate: (x) => f(...parts.map((part) => part.evaluate(x))) };
      }
      default: {
        const known = [...Object.keys(plainFunctions), ...otherFunctions];
        throw this.error(span, `"${name}" is not a function.`, suggest(name, known));
      }
    }
  }

  /** Any exponent for a plain base; a number that stands in the text for one with a unit. */
  private power(span: Span, nodes: readonly Node[]): CompiledFormula {
    const [base, exponent] = this.arguments(span, "pow", nodes, 2) as [
      CompiledFormula,
      CompiledFormula,
    ];
    if (!isSame(exponent.dimension, plain)) {
      throw this.error(nodes[1]!, "an exponent must be a plain number.");
    }
    const evaluate = this.finite(span, (x) =>
      elementary.pow(base.evaluate(x), exponent.evaluate(x)),
    );
    if (isSame(base.dimension, plain)) return { dimension: plain, evaluate };
    const node = nodes[1]!;
    const isNumber =
      node.kind === "number" || (node.kind === "negative" && node.operand.kind === "number");
    if (!isNumber) {
      throw this.error(node, "the exponent of a number with a unit must be a number itself.");
    }
    return { dimension: combine(base.dimension, exponent.evaluate([]), plain, 0), evaluate };
  }

  private arguments(
    span: Span,
    name: string,
    nodes: readonly Node[],
    count: number,
  ): CompiledFormula[] {
    if (nodes.length !== count) {
      throw this.error(
        span,
        `${name} takes ${count} number${count === 1 ? "" : "s"}, got ${nodes.length}.`,
      );
    }
    return nodes.map((node) => this.compile(node));
  }

  private checkAlike(span: Span, a: Dimension, b: Dimension): void {
    if (isSame(a, b)) return;
    throw this.error(
      span,
      `expected numbers of one dimension, got ${inWords(a)} and ${inWords(b)}.`,
      "Check the units of the inputs; numbers take theirs behind them: 25 MPa.",
    );
  }

  /** The part of the formula named where it has no value. */
  private finite(
    { start, end }: Span,
    evaluate: CompiledFormula["evaluate"],
  ): CompiledFormula["evaluate"] {
    const part = this.text.slice(start, end);
    return (x) => {
      const value = evaluate(x);
      if (Number.isFinite(value)) return value;
      const given = this.inputs.map(({ name }, j) => `${name} = ${x[j]}`).join(", ");
      throw new NumericalError(
        `${this.what} "${this.text}": ${part} has no value at ${given} (SI).`,
        {
          path: part,
          hint: "Limit the inputs to where the formula holds.",
        },
      );
    };
  }

  private error(span: Span, problem: string, hint?: string): InputError {
    return errorAt(this.text, this.what, span, problem, {
      hint: hint ?? "A formula is like E * x / (1 - nu) + 25 MPa.",
    });
  }
}
