import { suggest } from "../../core/nearest-name.ts";
import type { Condition, MayBeConditional } from "../contract.ts";
import { flipped } from "../expression/node.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import type { Comparison, Node, Span } from "../expression/node.ts";
import { isColumn } from "./linear-form.ts";
import { inUnit, numberOf, problem, unknownName } from "./vocabulary.ts";
import type { ExpressionContext, Source } from "./vocabulary.ts";

/**
 * Reads when a conditional parameter is there: `catalyst in [Pd, Ni]`, `route is CAST and stages > 1`.
 * @throws InputError with a caret under the place
 */
export function parseWhen(
  text: string,
  context: ExpressionContext,
): NonNullable<MayBeConditional["when"]> {
  const source: Source = { text, what: "constraint", context };
  const node = parseExpression(text, "condition");
  return { text: text.trim(), alternatives: alternatives(source, node) };
}

/**
 * The condition in disjunctive form: it holds where all conditions of one of the lists hold.
 */
export function alternatives(
  source: Source,
  node: Node,
  negated = false,
): (readonly Condition[])[] {
  switch (node.kind) {
    case "not":
      return alternatives(source, node.operand, !negated);
    case "and":
    case "or": {
      const left = alternatives(source, node.left, negated);
      const right = alternatives(source, node.right, negated);
      if ((node.kind === "or") !== negated) return [...left, ...right];
      return left.flatMap((a) => right.map((b) => [...a, ...b]));
    }
    case "name": {
      const element = elementName(source, node);
      return [[{ kind: negated ? "absent" : "present", element }]];
    }
    case "is":
      return [[isCondition(source, node, negated)]];
    case "compare": {
      const word = equalsWord(source, node);
      if (word !== null) return [[isCondition(source, word, negated)]];
      return comparisonAlternatives(source, node, negated);
    }
    case "range":
      return comparisonAlternatives(source, node, negated);
    default:
      throw problem(
        source,
        node,
        "expected a condition: an element, a comparison, or a category with is.",
      );
  }
}

/** `solvent = water` as `solvent is water`; null for any other comparison. */
export function equalsWord(
  source: Source,
  { start, end, operands, operators }: Extract<Node, { kind: "compare" }>,
): Extract<Node, { kind: "is" }> | null {
  const [operand, word] = operands;
  const isCategory =
    operand?.kind === "name" &&
    source.context.parameters.some(
      ({ name, kind }) => name === operand.name && kind === "categorical",
    );
  if (!isCategory || operators.length !== 1 || operators[0] !== "=" || word?.kind !== "name")
    return null;
  return { kind: "is", start, end, operand, words: [word.name], negated: false };
}

function elementName(source: Source, node: Extract<Node, { kind: "name" }>): string {
  if (source.context.elements.includes(node.name)) return node.name;
  if (isColumn(source, node.name)) {
    throw problem(source, node, `"${node.name}" is a parameter: compare it, or say what it is.`);
  }
  throw unknownName(source, node, "an element");
}

function isCondition(
  source: Source,
  node: Extract<Node, { kind: "is" }>,
  negated: boolean,
): Condition {
  const { operand } = node;
  const parameter =
    operand.kind === "name"
      ? source.context.parameters.find(({ name }) => name === operand.name)
      : undefined;
  if (operand.kind !== "name" || parameter?.kind !== "categorical") {
    if (operand.kind === "name" && !isColumn(source, operand.name)) {
      const isClass = source.context.properties.some(({ name }) => name === operand.name);
      if (isClass) {
        throw problem(
          source,
          operand,
          `"${operand.name}" is a predicted property, which is a target, not a constraint.`,
          {
            hint: `Move it to the targets: ${source.text.trim()}.`,
          },
        );
      }
      throw unknownName(source, operand, "a category");
    }
    throw problem(source, operand, "only a category can be a word.");
  }
  const values = parameter.values ?? [];
  for (const word of node.words) {
    if (!values.includes(word)) {
      throw problem(source, node, `"${parameter.name}" cannot be "${word}".`, {
        expected: values.join(", "),
        received: word,
        hint: suggest(word, values),
      });
    }
  }
  const isComplement = node.negated !== negated;
  const chosen = isComplement ? values.filter((value) => !node.words.includes(value)) : node.words;
  return { kind: "is", parameter: parameter.name, values: chosen };
}

function comparisonAlternatives(
  source: Source,
  node: Extract<Node, { kind: "compare" | "range" }>,
  negated: boolean,
): (readonly Condition[])[] {
  const pairs: readonly (readonly [Node, Comparison, Node])[] =
    node.kind === "range"
      ? [
          [node.operand, ">=", node.low],
          [node.operand, "<=", node.high],
        ]
      : node.operators.map(
          (operator, i) => [node.operands[i]!, operator, node.operands[i + 1]!] as const,
        );
  const conditions = pairs.flatMap(([left, operator, right]) =>
    compareConditions(source, node, left, operator, right),
  );
  if (!negated) return [conditions];
  return conditions.map((condition) => [opposite(condition)]);
}

function compareConditions(
  source: Source,
  whole: Span,
  leftNode: Node,
  operator: Comparison,
  rightNode: Node,
): Condition[] {
  const isTurned = numberOf(leftNode) !== null;
  const [columnNode, numberNode] = isTurned ? [rightNode, leftNode] : [leftNode, rightNode];
  const relation = isTurned ? flipped[operator] : operator;
  const number = numberOf(numberNode);
  const { elements, parameters, quantities, properties } = source.context;
  const known = [...parameters, ...quantities, ...properties].map((one) => one.name);
  if (columnNode.kind === "name" && ![...elements, ...known].includes(columnNode.name)) {
    throw unknownName(source, columnNode, "an element or a parameter");
  }
  if (columnNode.kind !== "name" || number === null) {
    throw problem(source, whole, "a condition compares one element or parameter with a number.", {
      hint: "not (Al > 0.2 and route is CAST)",
    });
  }
  const { name } = columnNode;
  const isElement = source.context.elements.includes(name);
  const parameter = source.context.parameters.find((one) => one.name === name);
  if (!isElement && parameter === undefined) {
    throw problem(source, columnNode, `"${name}" cannot be part of a condition.`, {
      expected: "an element or a parameter",
      received: name,
      hint: `Limit it by itself: ${name} <= a value.`,
    });
  }
  if (parameter?.kind === "categorical") {
    throw problem(source, columnNode, `"${name}" is a category, not a number.`, {
      hint: `${name} is WORD`,
    });
  }
  const bound = inUnit(source, number, parameter?.unit ?? "1", `"${name}"`);
  if (isElement && bound === 0 && relation === "=") return [{ kind: "absent", element: name }];
  if (isElement && bound === 0 && relation === ">") return [{ kind: "present", element: name }];
  if (relation === "=") {
    return [
      { kind: "compare", column: name, relation: ">=", bound },
      { kind: "compare", column: name, relation: "<=", bound },
    ];
  }
  return [{ kind: "compare", column: name, relation, bound }];
}

const opposites = { "<=": ">", "<": ">=", ">=": "<", ">": "<=" } as const;

function opposite(condition: Condition): Condition {
  switch (condition.kind) {
    case "present":
      return { kind: "absent", element: condition.element };
    case "absent":
      return { kind: "present", element: condition.element };
    case "compare":
      return { ...condition, relation: opposites[condition.relation] };
    default:
      throw new TypeError("a category is turned into its opposite where its words are known");
  }
}
