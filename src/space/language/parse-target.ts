import { nearestName, suggest } from "../../core/nearest-name.ts";
import type { ClassTarget, Target } from "../contract.ts";
import { flipped } from "../expression/node.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import type { Node, Span } from "../expression/node.ts";
import { inUnit, numberOf, problem, unknownName } from "./vocabulary.ts";
import type { ExpressionContext, KnownProperty, Source } from "./vocabulary.ts";

const goals: Readonly<Record<string, "minimise" | "maximise">> = {
  minimise: "minimise",
  minimize: "minimise",
  min: "minimise",
  lowest: "minimise",
  maximise: "maximise",
  maximize: "maximise",
  max: "maximise",
  highest: "maximise",
};

/**
 * Reads a target: `yield_strength -> maximise`, `hardness -> 500 HV`,
 * `melting_temperature in [1900, 2600] K`, `yield_strength >= 800 MPa`, `single_phase >= 0.9`,
 * `phase_class is BCC or FCC with probability >= 0.6`. Numbers come back in the property's own unit;
 * plain numbers are taken to be in it. `<` and `<=` mean the same for a predicted number.
 * @throws InputError with a caret under the place
 */
export function parseTarget(text: string, context: ExpressionContext): Target {
  const source: Source = { text, what: "target", context };
  const node = parseExpression(text, source.what);
  switch (node.kind) {
    case "goal":
      return goalTarget(source, node);
    case "compare":
      return comparedTarget(source, node);
    case "range":
      return rangeTarget(source, node);
    case "is":
      return classTarget(source, propertyOf(source, node.operand), node, node, 0.5, null);
    case "probability":
      return probabilityTarget(source, node);
    default:
      throw problem(source, node, "expected a goal, a comparison or a range.", {
        expected: "a target such as density -> minimise, hardness >= 500 HV, single_phase >= 0.9",
        hint:
          node.kind === "name"
            ? `Write ${node.name} -> maximise, or ${node.name} >= a value.`
            : node.kind === "and" || node.kind === "or"
              ? "Write each target by itself, as an item of its own."
              : "",
      });
  }
}

/** The property that a node names. */
function propertyOf(source: Source, node: Node): KnownProperty {
  if (node.kind !== "name") {
    throw problem(source, node, "expected the name of one property.", { expected: "a property" });
  }
  const { context } = source;
  const property =
    context.properties.find(({ name }) => name === node.name) ??
    context.properties.find(({ also }) => also === node.name);
  if (property !== undefined) return property;
  const quantity = context.quantities.find(({ name }) => name === node.name);
  if (quantity !== undefined) return { ...quantity, kind: "number" };
  const isColumn =
    context.elements.includes(node.name) ||
    context.parameters.some(({ name }) => name === node.name);
  if (isColumn) {
    throw problem(source, node, `"${node.name}" is part of the design, not a property of it.`, {
      received: node.name,
      hint: `Move it to the constraints: ${source.text.trim()}.`,
    });
  }
  throw unknownName(source, node, "a property");
}

const base = (
  source: Source,
  property: KnownProperty,
): { text: string; property: string; unit: string } => ({
  text: source.text.trim(),
  property: property.name,
  unit: property.kind === "class" ? "1" : property.unit,
});

function goalTarget(source: Source, node: Extract<Node, { kind: "goal" }>): Target {
  const property = propertyOf(source, node.operand);
  const { goal } = node;
  const number = numberOf(goal);
  if (number !== null) {
    if (property.kind === "class") throw probabilityHint(source, node, property);
    const value = inUnit(source, number, property.unit, `"${property.name}"`);
    return { ...base(source, property), kind: "match", low: value, high: value, classes: [] };
  }
  if (goal.kind !== "name") {
    throw problem(source, goal, "expected minimise, maximise or a value.", {
      expected: "minimise, maximise or a value",
    });
  }
  const direction = goals[goal.name.toLowerCase()];
  if (property.kind === "class") {
    if (property.classes?.includes(goal.name) === true) {
      return {
        ...base(source, property),
        kind: "class",
        low: null,
        high: null,
        classes: [goal.name],
        direction: "maximise",
      };
    }
    if (direction !== undefined) {
      const classes = [positiveClass(source, node, property)];
      return {
        ...base(source, property),
        kind: "class",
        low: null,
        high: null,
        classes,
        direction,
      };
    }
    throw unknownClass(source, goal, property, goal.name);
  }
  if (direction === undefined) {
    const near = nearestName(goal.name, Object.keys(goals));
    throw problem(source, goal, `"${goal.name}" is no goal.`, {
      expected: "minimise, maximise or a value",
      received: goal.name,
      hint:
        near === undefined
          ? "Goals: minimise, maximise, or a value to match."
          : `Did you mean "${near}"?`,
    });
  }
  return { ...base(source, property), kind: direction, low: null, high: null, classes: [] };
}

function comparedTarget(source: Source, node: Extract<Node, { kind: "compare" }>): Target {
  const at = node.operands.findIndex((operand) => numberOf(operand) === null);
  if (at < 0)
    throw problem(source, node, "both sides are numbers.", { expected: "a property on one side" });
  const operand = node.operands[at]!;
  const property = propertyOf(source, operand);
  let low: number | null = null;
  let high: number | null = null;
  node.operators.forEach((operator, i) => {
    const isLeft = i === at;
    const other = node.operands[isLeft ? i + 1 : i]!;
    const number = numberOf(other);
    if (number === null || (i !== at && i + 1 !== at)) {
      if (property.kind === "class") throw probabilityHint(source, node, property);
      throw problem(source, other, "a target compares one property with numbers.");
    }
    const value =
      property.kind === "class"
        ? probability(source, number)
        : inUnit(source, number, property.unit, `"${property.name}"`);
    const relation = isLeft ? operator : flipped[operator];
    if (relation !== "<=" && relation !== "<") low = value;
    if (relation !== ">=" && relation !== ">") high = value;
  });
  return ranged(source, node, property, low, high, node.operators.includes("="));
}

function rangeTarget(source: Source, node: Extract<Node, { kind: "range" }>): Target {
  const property = propertyOf(source, node.operand);
  const [low, high] = [node.low, node.high].map((end) => {
    const number = numberOf(end);
    if (number === null) throw problem(source, end, "the ends of a range must be numbers.");
    return property.kind === "class"
      ? probability(source, number)
      : inUnit(source, number, property.unit, `"${property.name}"`);
  });
  return ranged(source, node, property, low!, high!, false);
}

function ranged(
  source: Source,
  span: Span,
  property: KnownProperty,
  low: number | null,
  high: number | null,
  isMatch: boolean,
): Target {
  if (low !== null && high !== null && low > high) {
    throw problem(source, span, `the range begins at ${low}, above its end ${high}.`);
  }
  if (property.kind === "class") {
    const classes = [positiveClass(source, span, property)];
    return { ...base(source, property), kind: "class", low, high, classes, direction: null };
  }
  if (isMatch && low !== null && high !== null) {
    return { ...base(source, property), kind: "match", low, high, classes: [] };
  }
  return { ...base(source, property), kind: "range", low, high, classes: [] };
}

function probabilityTarget(
  source: Source,
  node: Extract<Node, { kind: "probability" }>,
): ClassTarget {
  const number = numberOf(node.value);
  if (number === null) throw problem(source, node.value, "expected a probability.");
  const value = probability(source, number);
  if (node.operator === "=") {
    throw problem(source, node, "a probability has a limit: write >= or <=.");
  }
  const isLeast = node.operator === ">=" || node.operator === ">";
  const [low, high] = isLeast ? [value, null] : [null, value];
  const { operand } = node;
  if (operand.kind === "is") {
    return classTarget(source, propertyOf(source, operand.operand), operand, node, low, high);
  }
  const property = propertyOf(source, operand);
  if (property.kind !== "class") {
    throw problem(source, node, `"${property.name}" is a number, not a class.`, {
      hint: `Write ${property.name} >= a value${property.unit === "1" ? "" : ` in ${property.unit}`}.`,
    });
  }
  const classes = [positiveClass(source, operand, property)];
  return { ...base(source, property), kind: "class", low, high, classes, direction: null };
}

/** `x is A or B`, more probable than not unless a probability is given. */
function classTarget(
  source: Source,
  property: KnownProperty,
  node: Extract<Node, { kind: "is" }>,
  whole: Span,
  low: number | null,
  high: number | null,
): ClassTarget {
  if (property.kind !== "class") {
    throw problem(source, whole, `"${property.name}" is a number, not a class.`);
  }
  const known = property.classes ?? [];
  for (const word of node.words)
    if (!known.includes(word)) throw unknownClass(source, node, property, word);
  const classes = node.negated ? known.filter((name) => !node.words.includes(name)) : node.words;
  return { ...base(source, property), kind: "class", low, high, classes, direction: null };
}

function unknownClass(source: Source, span: Span, property: KnownProperty, word: string): Error {
  return problem(source, span, `"${property.name}" has no class "${word}".`, {
    expected: (property.classes ?? []).join(", "),
    received: word,
    hint: suggest(word, property.classes ?? []),
  });
}

function positiveClass(source: Source, span: Span, property: KnownProperty): string {
  if (property.positive !== undefined) return property.positive;
  throw problem(source, span, `say which class of "${property.name}" is meant.`, {
    hint:
      property.positive === undefined
        ? `${property.name} is ${property.classes?.[0] ?? "CLASS"} with probability >= 0.8`
        : `${property.name} >= 0.8 (its probability)`,
  });
}

function probability(source: Source, number: Extract<Node, { kind: "number" }>): number {
  const value = inUnit(source, number, "1", "a probability");
  if (value >= 0 && value <= 1) return value;
  throw problem(source, number, `a probability lies between 0 and 1, got ${value}.`, {
    hint: `Write ${value / 100} or ${value} %.`,
  });
}

function probabilityHint(source: Source, span: Span, property: KnownProperty): Error {
  return problem(source, span, `"${property.name}" is a class, not a number.`, {
    hint:
      property.positive === undefined
        ? `${property.name} is ${property.classes?.[0] ?? "CLASS"} with probability >= 0.8`
        : `${property.name} >= 0.8 (its probability)`,
  });
}
