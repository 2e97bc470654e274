import type { Condition, Constraint, Relation } from "../contract.ts";
import { flipped } from "../expression/node.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import type { Comparison, Node, Span } from "../expression/node.ts";
import { difference, sideOf } from "./linear-form.ts";
import type { Side } from "./linear-form.ts";
import { alternatives, equalsWord } from "./parse-condition.ts";
import { isNonlinear, parseNonlinear } from "./parse-nonlinear.ts";
import { inUnit, numberOf, problem } from "./vocabulary.ts";
import type { ExpressionContext, Source } from "./vocabulary.ts";

/**
 * Reads a constraint: `Al + Cr <= 30 at%`, `0.1 <= Al + Ti <= 0.4`, `Ti / (Ti + Zr) <= 0.5`,
 * `count(Al, Cr, Mo) <= 2`, `price <= 60 USD/kg`, `density in [6, 8] g/cm3`, `not (Al and Cr)`,
 * `if Cr then not Mo`, `route is CAST or WROUGHT`, `temperature * time <= 3000 K h`. One text can give several constraints (a chain, a
 * range); each carries the whole text. Plain numbers are in the unit of what they are compared with.
 * @throws InputError with a caret under the place
 */
export function parseConstraint(text: string, context: ExpressionContext): Constraint[] {
  const source: Source = { text, what: "constraint", context };
  return constraintsOf(source, parseExpression(text, source.what));
}

function constraintsOf(source: Source, node: Node): Constraint[] {
  switch (node.kind) {
    case "compare": {
      const word = equalsWord(source, node);
      if (word !== null) return constraintsOf(source, word);
      return node.operators.map((operator, i) =>
        compared(source, node, node.operands[i]!, operator, node.operands[i + 1]!),
      );
    }
    case "range": {
      const { low, high } = node;
      if (
        low.kind === "number" &&
        high.kind === "number" &&
        low.unit === high.unit &&
        low.value > high.value
      ) {
        throw problem(
          source,
          node,
          `the range begins at ${low.value}, above its end ${high.value}.`,
        );
      }
      return [
        compared(source, node, node.operand, ">=", low),
        compared(source, node, node.operand, "<=", high),
      ];
    }
    case "and":
      return [...constraintsOf(source, node.left), ...constraintsOf(source, node.right)];
    case "not":
      return alternatives(source, node.operand).map((conditions) => exclusion(source, conditions));
    case "if":
      // A implies B: A and not B must not be. Alternatives of A, parts of B, each on their own.
      return alternatives(source, node.condition).flatMap((conditions) =>
        alternatives(source, {
          kind: "not",
          start: node.consequence.start,
          end: node.consequence.end,
          operand: node.consequence,
        }).map((broken) => exclusion(source, [...conditions, ...broken])),
      );
    case "or":
    case "is":
      return alternatives(source, {
        kind: "not",
        start: node.start,
        end: node.end,
        operand: node,
      }).map((conditions) => exclusion(source, conditions));
    case "goal":
    case "probability":
      throw problem(source, node, "this is a target, not a constraint.", {
        hint: `Move it to the targets: ${source.text.trim()}.`,
      });
    default:
      throw problem(source, node, "expected a comparison, not, or if.", {
        expected: "a constraint such as Al + Cr <= 0.3, not (Al and Cr), if Cr then not Mo",
        hint: node.kind === "name" ? `Write ${node.name} > 0 to have ${node.name} present.` : "",
      });
  }
}

const exclusion = (source: Source, conditions: readonly Condition[]): Constraint => ({
  kind: "exclusion",
  text: source.text.trim(),
  conditions,
});

function compared(
  source: Source,
  whole: Span,
  leftNode: Node,
  operator: Comparison,
  rightNode: Node,
): Constraint {
  if (isNonlinear(source, leftNode) || isNonlinear(source, rightNode)) {
    return numberOf(leftNode) === null
      ? parseNonlinear(source, whole, leftNode, operator, rightNode)
      : parseNonlinear(source, whole, rightNode, flipped[operator], leftNode);
  }
  const left = sideOf(source, leftNode);
  const right = sideOf(source, rightNode);
  if (isNumber(left) && isNumber(right)) {
    throw problem(source, whole, "both sides are numbers.", {
      expected: "an element, a parameter or a quantity on one side",
    });
  }
  if (isNumber(left)) return related(source, whole, right, rightNode, flipped[operator], left);
  return related(source, whole, left, leftNode, operator, right);
}

const isNumber = (side: Side): boolean =>
  side.kind === "measure" || (side.kind === "linear" && side.terms.size === 0);

function related(
  source: Source,
  whole: Span,
  left: Side,
  leftNode: Node,
  relation: Relation,
  right: Side,
): Constraint {
  const text = source.text.trim();
  if (left.kind === "count") {
    if (right.kind !== "linear" || right.terms.size > 0) {
      throw problem(source, whole, "a count is compared with a whole number.");
    }
    return {
      kind: "count",
      text,
      elements: left.elements,
      ...countLimits(source, whole, relation, right.constant, left.elements.length),
    };
  }
  if (left.kind === "quantity") {
    const bound = boundIn(source, whole, right, left.unit, left.name);
    return { kind: "quantity", text, quantity: left.name, relation, bound };
  }
  if (left.kind === "measure" || right.kind === "count" || right.kind === "quantity") {
    throw problem(source, whole, "a count or a quantity is compared with a number.");
  }
  if (left.divisor !== null || (right.kind === "linear" && right.divisor !== null)) {
    if (left.divisor === null || !isNumber(right)) {
      throw problem(source, whole, "a quotient is compared with a number.", {
        hint: "Ti / (Ti + Zr) <= 0.5",
      });
    }
    return {
      kind: "linear",
      text,
      coefficients: Object.fromEntries(left.terms),
      denominator: Object.fromEntries(left.divisor),
      relation,
      bound: boundIn(source, whole, right, "1", "a quotient"),
    };
  }
  if (right.kind === "linear") {
    const all = difference(left, right);
    const terms = [...all.terms].filter(([, value]) => value !== 0);
    if (terms.length === 0) throw problem(source, whole, "nothing is left on one side.");
    refusePercent(source, whole, terms, relation, -all.constant);
    return {
      kind: "linear",
      text,
      coefficients: Object.fromEntries(terms),
      relation,
      bound: -all.constant,
    };
  }
  const unit = commonUnit(source, left.terms, leftNode);
  const factors = [...left.terms.values()];
  const isReading = factors.length === 1 && factors[0] === 1 && left.constant === 0;
  const bound = inUnit(source, right.node, unit, describe(source, leftNode), !isReading);
  return {
    kind: "linear",
    text,
    coefficients: Object.fromEntries(left.terms),
    relation,
    bound: bound - left.constant,
  };
}

const describe = (source: Source, node: Node): string =>
  `"${source.text.slice(node.start, node.end)}"`;

function boundIn(source: Source, whole: Span, side: Side, unit: string, about: string): number {
  if (side.kind === "measure") return inUnit(source, side.node, unit, `"${about}"`);
  if (side.kind === "linear" && side.terms.size === 0) return side.constant;
  throw problem(source, whole, `"${about}" is compared with a number.`);
}

function countLimits(
  source: Source,
  whole: Span,
  relation: Relation,
  bound: number,
  most: number,
): { readonly min: number; readonly max: number } {
  if (!Number.isInteger(bound)) {
    throw problem(source, whole, `a count is a whole number, got ${bound}.`);
  }
  switch (relation) {
    case "<=":
      return { min: 0, max: bound };
    case "<":
      return { min: 0, max: bound - 1 };
    case ">=":
      return { min: bound, max: most };
    case ">":
      return { min: bound + 1, max: most };
    default:
      return { min: bound, max: bound };
  }
}

/** `Al <= 30` would always hold: the user means percent. */
function refusePercent(
  source: Source,
  whole: Span,
  terms: readonly (readonly [string, number])[],
  relation: Relation,
  bound: number,
): void {
  if (!terms.every(([name]) => source.context.elements.includes(name))) return;
  const most = terms.reduce((largest, [, value]) => Math.max(largest, Math.abs(value)), 0);
  if (Math.abs(bound) <= most) return;
  throw problem(
    source,
    whole,
    `fractions lie between 0 and 1, so this ${relation === "=" || relation.startsWith(">") === bound > 0 ? "never" : "always"} holds.`,
    {
      hint: `Write ${bound / 100} or ${bound} at%.`,
    },
  );
}

/** The unit of a sum: fractions have none, parameters must agree. */
function commonUnit(source: Source, terms: ReadonlyMap<string, number>, node: Node): string {
  const units = new Set(
    [...terms.keys()].map((name) => {
      const parameter = source.context.parameters.find((one) => one.name === name);
      return parameter?.unit ?? "1";
    }),
  );
  if (units.size > 1) {
    throw problem(
      source,
      node,
      `terms with different units (${[...units].join(", ")}) cannot be compared with a number that has one.`,
    );
  }
  return [...units][0]!;
}
