import {
  isSameDimension,
  describeDimension,
  convert,
  convertDifference,
} from "../../core/units.ts";
import { nearestName } from "../../core/nearest-name.ts";
import { errorAt } from "../expression/expression-error.ts";
import type { Node, Span } from "../expression/node.ts";
import type { InputError } from "../../core/errors.ts";

/** The names that a constraint or target may use. */
export interface ExpressionContext {
  readonly elements: readonly string[];
  readonly parameters: readonly KnownParameter[];
  /** Quantities that follow from the composition. */
  readonly quantities: readonly { readonly name: string; readonly unit: string }[];
  /** Properties that are learned from data or computed, for targets. */
  readonly properties: readonly KnownProperty[];
}

export interface KnownParameter {
  readonly name: string;
  readonly kind: "continuous" | "discrete" | "categorical";
  /** Of numbers. */
  readonly unit?: string;
  /** Words of a category. */
  readonly values?: readonly string[];
}

export interface KnownProperty {
  readonly name: string;
  /** Another spelling, such as the header of its column: `conductivity_S_per_cm`. */
  readonly also?: string;
  readonly unit: string;
  readonly kind: "number" | "class";
  /** Names of the classes. */
  readonly classes?: readonly string[];
  /** The class that is meant when none is named: `single_phase >= 0.9`. */
  readonly positive?: string;
}

/** What a text is about, to say where it went wrong. */
export interface Source {
  readonly text: string;
  readonly what: "constraint" | "target";
  readonly context: ExpressionContext;
}

/** An error under a part of the source. */
export function problem(
  source: Source,
  span: Span,
  message: string,
  details: { readonly expected?: string; readonly received?: string; readonly hint?: string } = {},
): InputError {
  return errorAt(source.text, source.what, span, message, details);
}

/** The error for a name that nothing has, with the nearest one. */
export function unknownName(
  source: Source,
  node: Span & { readonly name: string },
  expected: string,
): InputError {
  const { context } = source;
  const near = nearestName(node.name, [
    ...context.elements,
    ...context.parameters.map(({ name }) => name),
    ...context.quantities.map(({ name }) => name),
    ...context.properties.map(({ name }) => name),
  ]);
  const known = [
    list("elements", context.elements),
    list(
      "parameters",
      context.parameters.map(({ name }) => name),
    ),
    list(
      "quantities",
      context.quantities.map(({ name }) => name),
    ),
    ...(source.what === "target"
      ? [
          list(
            "properties",
            context.properties.map(({ name }) => name),
          ),
        ]
      : []),
  ];
  const isCount = node.name === "count" || node.name === "elements";
  const hint = isCount
    ? "Write count(elements) <= 5, or count(Al, Cr) <= 1."
    : near === undefined
      ? known.filter((text) => text !== "").join("; ")
      : `Did you mean "${near}"?`;
  return problem(source, node, `"${node.name}" is not known; expected ${expected}.`, {
    expected,
    received: node.name,
    hint,
  });
}

const list = (title: string, names: readonly string[]): string =>
  names.length === 0 ? "" : `${title}: ${names.join(", ")}`;

const withArticle = (noun: string): string => `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;

/** A number in a unit that its neighbour asks for. Plain numbers are taken to be in that unit. */
export function inUnit(
  source: Source,
  number: Extract<Node, { kind: "number" }>,
  unit: string,
  about: string,
  isDifference = false,
): number {
  const wanted = unit === "" ? "1" : unit;
  if (number.unit === "1" || number.unit === wanted) return number.value;
  if (!isSameDimension(number.unit, wanted)) {
    const is =
      wanted === "1"
        ? "is a plain number"
        : `is ${withArticle(describeDimension(wanted))} (${wanted})`;
    const hint =
      number.unit === "wt%" && wanted === "1"
        ? "Fractions in a space are atomic: write at%."
        : wanted === "1"
          ? "Leave the unit out, or write at%."
          : `Give it in ${wanted}.`;
    throw problem(
      source,
      number,
      `${about} ${is}, but ${number.unit} is ${withArticle(describeDimension(number.unit))}.`,
      {
        expected: wanted,
        received: number.unit,
        hint,
      },
    );
  }
  const change = isDifference ? convertDifference : convert;
  return change(number.value, number.unit, wanted);
}

/** A number, or one with a sign; null for anything else. */
export function numberOf(node: Node): Extract<Node, { kind: "number" }> | null {
  if (node.kind === "number") return node;
  if (node.kind === "negative") {
    const inner = numberOf(node.operand);
    return inner === null ? null : { ...inner, start: node.start, value: -inner.value };
  }
  return null;
}
