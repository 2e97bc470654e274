import { exp, log } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { formatNumber } from "../../core/format.ts";
import { matrix } from "../../core/matrix.ts";
import { suggest } from "../../core/nearest-name.ts";
import { errorAt } from "../../space/expression/expression-error.ts";
import type { Node } from "../../space/expression/node.ts";
import { parseExpression } from "../../space/expression/parse-expression.ts";
import { namesIn } from "../../space/formula/compile-formula.ts";
import type { InputColumn } from "../contract.ts";
import { withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { freeName, numberColumn, numberColumns } from "./columns.ts";
import type { FeatureStep, FeatureStepSpec } from "./contract.ts";

export interface ExpressionOptions {
  /** Formulas over the names of columns: `Al / (Ti + 0.01)`, `log(test_temperature + 300)`. */
  readonly formulas: readonly string[];
}

/** Computes one number from the inputs of a row. */
type Formula = (row: Float64Array) => number;

const functions: Readonly<Record<string, (value: number) => number>> = {
  sqrt: Math.sqrt,
  abs: Math.abs,
  square: (value) => value * value,
  exp,
  log,
};

const operations: Readonly<Record<"+" | "-" | "*" | "/", (a: Formula, b: Formula) => Formula>> = {
  "+": (a, b) => (row) => a(row) + b(row),
  "-": (a, b) => (row) => a(row) - b(row),
  "*": (a, b) => (row) => a(row) * b(row),
  "/": (a, b) => (row) => a(row) / b(row),
};

const defaults: ExpressionOptions = { formulas: [] };

/**
 * Adds columns that the user writes as formulas of other columns, with + - * /, parentheses and the
 * functions sqrt, abs, square, exp and log.
 */
export const expressionColumns = {
  name: "expressions",
  title: "Columns the user writes as formulas",
  defaults,
  takesMissing: false,
  fillsMissing: false,
  async fit({ x, columns }, options) {
    const { formulas } = withDefaults<ExpressionOptions>("expressions", defaults, options);
    if (!Array.isArray(formulas) || formulas.length === 0 || !formulas.every(isText)) {
      throw new InputError("expressions: expected a list of formulas.", {
        path: "formulas",
        expected: 'such as ["Al / (Ti + 0.01)"]',
        received: JSON.stringify(formulas) ?? "nothing",
      });
    }
    const step = fitted(formulas, columns);
    // Shows a division by zero before any learning.
    step.apply(x);
    return step;
  },
  load(saved, columns) {
    const formulas = readState("expressions", saved).json("formulas");
    if (!Array.isArray(formulas) || !formulas.every(isText)) {
      throw new InputError("expressions: the saved formulas are none.", { path: "formulas" });
    }
    return fitted(formulas, columns);
  },
} as const satisfies FeatureStepSpec<ExpressionOptions>;

const isText = (value: unknown): value is string => typeof value === "string";

function fitted(formulas: readonly string[], columns: readonly InputColumn[]): FeatureStep {
  const compiled = formulas.map((text) => {
    const node = parseExpression(text, "formula");
    return compile(node, text, columns);
  });
  const named = formulas.map((text) => namesIn(parseExpression(text, "formula")));
  const taken = new Set(columns.map(({ name }) => name));
  const outputs = [
    ...columns,
    ...formulas.map((text) => {
      const name = freeName(text.trim(), taken);
      taken.add(name);
      return numberColumn(name);
    }),
  ];
  return {
    name: "expressions",
    outputs,
    summary: { formulas: formulas.join("; ") },
    apply(x) {
      const d = columns.length;
      const result = matrix(x.rows, outputs.length);
      for (let i = 0; i < x.rows; i++) {
        const row = x.data.subarray(i * d, (i + 1) * d);
        const at = i * outputs.length;
        result.data.set(row, at);
        compiled.forEach((formula, k) => {
          const value = formula(row);
          if (!Number.isFinite(value)) {
            const used = columns.flatMap(({ name }, j) =>
              named[k].includes(name) ? [`${name} = ${formatNumber(row[j])}`] : [],
            );
            throw new InputError(`expressions: "${formulas[k]}" has no finite value.`, {
              path: `column "${formulas[k]}"`,
              received: `${value} where ${used.join(", ")}`,
              hint: "Keep divisors and the arguments of log and sqrt away from 0: Al / (Ti + 0.01).",
            });
          }
          result.data[at + d + k] = value;
        });
      }
      return result;
    },
    save: () => ({ settings: { formulas: [...formulas] }, arrays: {} }),
  };
}

function compile(node: Node, text: string, columns: readonly InputColumn[]): Formula {
  const part = (inner: Node): Formula => compile(inner, text, columns);
  const refuse = (problem: string, details: { expected?: string; hint?: string }): InputError =>
    errorAt(text, "formula", node, problem, details);
  switch (node.kind) {
    case "number": {
      if (node.unit !== "1") {
        throw refuse(`a number with the unit ${node.unit} has no place here.`, {
          expected: "plain numbers; columns are in the units of the data",
        });
      }
      const { value } = node;
      return () => value;
    }
    case "name": {
      const j = columns.findIndex(({ name }) => name === node.name);
      if (j >= 0 && columns[j].kind === "number") return (row) => row[j];
      const known = numberColumns(columns).map((k) => columns[k].name);
      throw refuse(`"${node.name}" is no column of numbers.`, { hint: suggest(node.name, known) });
    }
    case "negative": {
      const operand = part(node.operand);
      return (row) => -operand(row);
    }
    case "binary": {
      const [left, right] = [part(node.left), part(node.right)];
      return operations[node.operator](left, right);
    }
    case "call": {
      const known = Object.keys(functions);
      const own = Object.hasOwn(functions, node.name) ? functions[node.name] : undefined;
      if (own === undefined || node.arguments.length !== 1) {
        throw refuse(`"${node.name}(...)" is no function of one number.`, {
          expected: `one of ${known.join(", ")}`,
          hint: suggest(node.name, known),
        });
      }
      const argument = part(node.arguments[0]);
      return (row) => own(argument(row));
    }
    default:
      throw refuse("a formula computes a number; comparisons and goals have no place here.", {
        expected: "such as Al / (Ti + 0.01)",
      });
  }
}
