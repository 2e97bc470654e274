import { parseUnit } from "../../core/units-parse.ts";
import type { LinearConstraint, NonlinearConstraint, Relation } from "../contract.ts";
import type { Node, Span } from "../expression/node.ts";
import { compileNode, namesIn, toSi, type FormulaInput } from "../formula/compile-formula.ts";
import { inWords, isSame } from "../formula/dimension.ts";
import { isColumn } from "./linear-form.ts";
import { numberOf, problem, unknownName } from "./vocabulary.ts";
import type { Source } from "./vocabulary.ts";

/**
 * A comparison that is no plain sum: products, powers and functions of elements, parameters and quantities,
 * and sums of numbers with units. What turns out to be linear comes back as linear constraint.
 * @throws InputError with a caret for unknown names, dimensions that do not fit, and equations that are
 *   not linear
 */
export function parseNonlinear(
  source: Source,
  whole: Span,
  left: Node,
  relation: Relation,
  right: Node,
): LinearConstraint | NonlinearConstraint {
  requireNames(source, left);
  requireNames(source, right);
  const inputs = inputsOf(source);
  const [a, b] = [left, right].map((node) =>
    compileNode(source.text, source.what, node, inputs),
  ) as [ReturnType<typeof compileNode>, ReturnType<typeof compileNode>];
  if (!isSame(a.dimension, b.dimension)) {
    throw problem(
      source,
      whole,
      `the sides are ${inWords(a.dimension)} and ${inWords(b.dimension)}.`,
      {
        expected: "the same dimension on both sides",
        hint: "Give numbers their unit: temperature * time <= 3000 K*h.",
      },
    );
  }
  const text = source.text.trim();
  const linear = linearOf(source, left, right);
  if (linear !== null) return { kind: "linear", text, ...linear, relation };
  if (relation === "=") {
    throw problem(source, whole, "an equation that is not linear leaves nothing to draw from.", {
      expected: "<= or >=, or a range",
      hint: "Write a range around it: x * y in [0.9, 1.1].",
    });
  }
  return { kind: "nonlinear", text, left, relation, right };
}

/** Whether a comparison is beyond what `sideOf` reads: products of names, functions, units within sums. */
export function isNonlinear(source: Source, node: Node, isInner = false): boolean {
  switch (node.kind) {
    case "number":
      return isInner && !["1", "%", "at%"].includes(node.unit);
    case "name":
      return isInner && !isColumn(source, node.name) && isQuantity(source, node.name);
    case "negative":
      return numberOf(node) === null && isNonlinear(source, node.operand, true);
    case "call":
      return node.name !== "count";
    case "binary": {
      const { left, right, operator } = node;
      const hasNames = (part: Node): boolean => namesIn(part).length > 0;
      if (operator === "*" && hasNames(left) && hasNames(right)) return true;
      return isNonlinear(source, left, true) || isNonlinear(source, right, true);
    }
    default:
      return false;
  }
}

const isQuantity = ({ context }: Source, name: string): boolean =>
  context.quantities.some((one) => one.name === name);

function requireNames(source: Source, root: Node): void {
  const { context } = source;
  const visit = (node: Node): void => {
    if (node.kind === "negative") visit(node.operand);
    else if (node.kind === "call") node.arguments.forEach(visit);
    else if (node.kind === "binary") [node.left, node.right].forEach(visit);
    if (node.kind !== "name") return;
    const parameter = context.parameters.find(({ name }) => name === node.name);
    if (parameter?.kind === "categorical") {
      throw problem(source, node, `"${node.name}" is a category, not a number.`, {
        hint: `Write if ${node.name} is ${parameter.values?.[0] ?? "WORD"} then ...`,
      });
    }
    if (isColumn(source, node.name) || isQuantity(source, node.name)) return;
    if (context.properties.some(({ name }) => name === node.name)) {
      throw problem(
        source,
        node,
        `"${node.name}" is a predicted property, which is a target, not a constraint.`,
        { hint: `Move it to the targets: ${source.text.trim()}.` },
      );
    }
    throw unknownName(source, node, "an element, a parameter or a quantity");
  };
  visit(root);
}

const inputsOf = ({ context }: Source): FormulaInput[] => [
  ...context.elements.map((name) => ({ name, unit: "1" })),
  ...context.parameters.flatMap(({ name, kind, unit = "1" }) =>
    kind === "categorical" ? [] : [{ name, unit: unit === "" ? "1" : unit }],
  ),
  ...context.quantities.map(({ name, unit }) => ({ name, unit: unit === "" ? "1" : unit })),
];

/** `sum coefficient * name + constant` in SI units. */
interface Affine {
  readonly terms: ReadonlyMap<string, number>;
  readonly constant: number;
}

/** The comparison as a linear limit in the unit of its number; null where it is none. */
function linearOf(
  source: Source,
  left: Node,
  right: Node,
): Pick<LinearConstraint, "coefficients" | "bound"> | null {
  const [a, b] = [affineOf(source, left), affineOf(source, right)];
  if (a === null || b === null) return null;
  const difference = combined(a, b, -1);
  const terms = [...difference.terms].filter(([, value]) => value !== 0);
  if (terms.length === 0) return null;
  const number = numberOf(right) ?? numberOf(left);
  const unit = number === null ? null : parseUnit(number.unit);
  const scale = unit === null ? 1 : toSi(1, { ...unit, offset: 0 });
  return {
    coefficients: Object.fromEntries(terms.map(([name, value]) => [name, value / scale])),
    bound: -difference.constant / scale,
  };
}

function affineOf(source: Source, node: Node): Affine | null {
  const number = (value: number): Affine => ({ terms: new Map(), constant: value });
  switch (node.kind) {
    case "number":
      return number(toSi(node.value, parseUnit(node.unit)));
    case "name": {
      if (!isColumn(source, node.name)) return null;
      const unit = parseUnit(inputsOf(source).find(({ name }) => name === node.name)!.unit);
      const zero = toSi(0, unit);
      return { terms: new Map([[node.name, toSi(1, unit) - zero]]), constant: zero };
    }
    case "negative": {
      const operand = affineOf(source, node.operand);
      return operand === null ? null : combined(number(0), operand, -1);
    }
    case "binary": {
      const [a, b] = [affineOf(source, node.left), affineOf(source, node.right)];
      if (a === null || b === null) return null;
      if (node.operator === "+") return combined(a, b, 1);
      if (node.operator === "-") return combined(a, b, -1);
      if (b.terms.size === 0) {
        const factor = node.operator === "*" ? b.constant : 1 / b.constant;
        return Number.isFinite(factor) ? combined(number(0), a, factor) : null;
      }
      return node.operator === "*" && a.terms.size === 0
        ? combined(number(0), b, a.constant)
        : null;
    }
    default:
      return null;
  }
}

/** `a + factor * b`. */
function combined(a: Affine, b: Affine, factor: number): Affine {
  const terms = new Map(a.terms);
  for (const [name, value] of b.terms) terms.set(name, (terms.get(name) ?? 0) + factor * value);
  return { terms, constant: a.constant + factor * b.constant };
}
