import type { Node } from "../expression/node.ts";
import { numberOf, problem, unknownName } from "./vocabulary.ts";
import type { Source } from "./vocabulary.ts";

/** One side of a comparison. */
export type Side =
  /** `sum coefficient * name + constant`, over a divisor of the same shape where there is one. */
  | {
      readonly kind: "linear";
      readonly terms: ReadonlyMap<string, number>;
      readonly constant: number;
      readonly divisor: ReadonlyMap<string, number> | null;
    }
  | { readonly kind: "measure"; readonly node: Extract<Node, { kind: "number" }> }
  | { readonly kind: "count"; readonly elements: readonly string[] }
  | { readonly kind: "quantity"; readonly name: string; readonly unit: string };

type Linear = Extract<Side, { kind: "linear" }>;

/**
 * What one side of a comparison says.
 * @throws InputError, with a caret, for names of another kind and for what is not linear
 */
export function sideOf(source: Source, node: Node): Side {
  const number = numberOf(node);
  if (number !== null) {
    return number.unit === "1" ? constant(number.value) : { kind: "measure", node: number };
  }
  if (node.kind === "call") return countOf(source, node);
  if (node.kind === "name") {
    const quantity = source.context.quantities.find(({ name }) => name === node.name);
    if (quantity !== undefined && !isColumn(source, node.name)) {
      return { kind: "quantity", name: quantity.name, unit: quantity.unit };
    }
  }
  return linear(source, node);
}

/** Whether a name is an element or a parameter. */
export function isColumn(source: Source, name: string): boolean {
  const { elements, parameters } = source.context;
  return elements.includes(name) || parameters.some((parameter) => parameter.name === name);
}

const constant = (value: number): Linear => ({
  kind: "linear",
  terms: new Map(),
  constant: value,
  divisor: null,
});

function linear(source: Source, node: Node): Linear {
  switch (node.kind) {
    case "number":
      if (node.unit === "1") return constant(node.value);
      if (node.unit === "%" || node.unit === "at%") return constant(node.value / 100);
      throw problem(source, node, "a number with a unit must stand alone on its side.", {
        hint: "Write sum <= number unit.",
      });
    case "negative":
      return scaled(linear(source, node.operand), -1);
    case "name":
      return {
        kind: "linear",
        terms: new Map([[columnName(source, node), 1]]),
        constant: 0,
        divisor: null,
      };
    case "binary":
      return combined(source, node);
    case "call":
      throw problem(source, node, "a count must stand alone on its side.", {
        hint: "count(Al, Cr) <= 1",
      });
    default:
      throw problem(source, node, "expected a sum of elements or parameters here.", {
        expected: "a sum such as Al + 2 * Cr",
      });
  }
}

function columnName(source: Source, node: Extract<Node, { kind: "name" }>): string {
  const { context } = source;
  const { name } = node;
  if (context.elements.includes(name)) return name;
  const parameter = context.parameters.find((one) => one.name === name);
  if (parameter?.kind === "categorical") {
    throw problem(source, node, `"${name}" is a category, not a number.`, {
      hint: `Write ${name} is ${parameter.values?.[0] ?? "WORD"}.`,
    });
  }
  if (parameter !== undefined) return name;
  if (context.quantities.some((one) => one.name === name)) {
    throw problem(
      source,
      node,
      `"${name}" is a derived quantity and must stand alone on its side.`,
      {
        hint: `${name} <= number unit`,
      },
    );
  }
  if (context.properties.some((one) => one.name === name)) {
    throw problem(
      source,
      node,
      `"${name}" is a predicted property, which is a target, not a constraint.`,
      {
        expected: "an element, a parameter or a quantity that follows from the composition",
        received: name,
        hint: `Move it to the targets: ${source.text.trim()}.`,
      },
    );
  }
  throw unknownName(source, node, "an element, a parameter or a quantity");
}

function combined(source: Source, node: Extract<Node, { kind: "binary" }>): Linear {
  const left = linear(source, node.left);
  const right = linear(source, node.right);
  const isNumber = (side: Linear): boolean => side.terms.size === 0;
  switch (node.operator) {
    case "+":
    case "-": {
      if (left.divisor !== null || right.divisor !== null) {
        throw problem(source, node, "a quotient must stand alone on its side.", {
          hint: "Ti / (Ti + Zr) <= 0.5",
        });
      }
      return added(left, scaled(right, node.operator === "+" ? 1 : -1));
    }
    case "*":
      if (isNumber(left)) return scaled(right, left.constant);
      if (isNumber(right)) return scaled(left, right.constant);
      throw problem(source, node, "a product of two of them is not linear.", {
        hint: "Multiply by numbers only.",
      });
    default: {
      if (isNumber(right)) {
        if (right.constant === 0) throw problem(source, node.right, "division by zero.");
        return scaled(left, 1 / right.constant);
      }
      const isPlain = right.divisor === null && right.constant === 0 && left.divisor === null;
      if (!isPlain || left.constant !== 0 || [...right.terms.values()].some((value) => value < 0)) {
        throw problem(source, node, "expected a sum of elements divided by a sum of elements.", {
          hint: "Ti / (Ti + Zr) <= 0.5",
        });
      }
      return { ...left, divisor: right.terms };
    }
  }
}

function scaled(side: Linear, factor: number): Linear {
  const terms = new Map(
    [...side.terms].map(([name, value]): [string, number] => [name, value * factor]),
  );
  return { ...side, terms, constant: side.constant * factor };
}

function added(a: Linear, b: Linear): Linear {
  const terms = new Map(a.terms);
  for (const [name, value] of b.terms) terms.set(name, (terms.get(name) ?? 0) + value);
  return { ...a, terms, constant: a.constant + b.constant };
}

/** `left - right`. */
export const difference = (left: Linear, right: Linear): Linear => added(left, scaled(right, -1));

function countOf(source: Source, node: Extract<Node, { kind: "call" }>): Side {
  const { context } = source;
  if (node.name !== "count") {
    throw problem(source, node, `there is no function "${node.name}".`, {
      received: node.name,
      hint: "The one function is count: count(Al, Cr) <= 1, count(elements) = 5.",
    });
  }
  const names = node.arguments.map((item) => {
    if (item.kind !== "name") throw problem(source, item, "count takes names of elements.");
    return item;
  });
  const [only] = names;
  if (names.length === 1 && (only!.name === "elements" || only!.name === "ingredients")) {
    return { kind: "count", elements: context.elements };
  }
  for (const item of names) {
    if (!context.elements.includes(item.name)) throw unknownName(source, item, "an element");
  }
  return { kind: "count", elements: [...new Set(names.map(({ name }) => name))] };
}
