import { NumericalError } from "../../core/errors.ts";
import { parseUnit } from "../../core/units-parse.ts";
import type { Column, NonlinearConstraint, Quantity } from "../contract.ts";
import { evaluateQuantity } from "./feasibility.ts";
import { compileNode, fromSi, namesIn, toSi } from "../formula/compile-formula.ts";
import { limits } from "./limits.ts";
import type { CompositionModel, FunctionRow } from "./model.ts";
import { TOLERANCE } from "./tolerance.ts";
import { numberOf } from "../language/vocabulary.ts";

/** Points of the box that tell how large the sides of a comparison are. */
const PROBES = 64;

/**
 * A comparison of two expressions as a limit on one number: the left side in the unit of the right one
 * where that is a number, else the difference of the sides in shares of their typical size (SI).
 * @throws InputError for unknown names and dimensions that do not fit
 */
export function compileNonlinear(
  constraint: NonlinearConstraint,
  columns: readonly Column[],
  composition: CompositionModel | null,
  quantities: readonly Quantity[],
): Omit<FunctionRow, "source"> {
  const { text, left, right, relation } = constraint;
  const inputs = [...new Set([...namesIn(left), ...namesIn(right)])].map((name) =>
    inputOf(name, columns, composition, quantities),
  );
  const used = [...new Set(inputs.flatMap((input) => input.columns))].sort((a, b) => a - b);
  const si = new Float64Array(inputs.length);
  const side = (node: NonlinearConstraint["left"]): ((row: ArrayLike<number>) => number) => {
    const { evaluate } = compileNode(text, "constraint", node, inputs);
    return (row) => {
      inputs.forEach((input, i) => {
        si[i] = input.valueOf(row) * input.factor + input.zero;
      });
      try {
        return evaluate(si);
      } catch (error) {
        if (error instanceof NumericalError) return Number.NaN;
        throw error;
      }
    };
  };
  const number = numberOf(right);
  const leftOf = side(left);
  if (number !== null) {
    const unit = parseUnit(number.unit);
    const slack = TOLERANCE * Math.max(Math.abs(number.value), Number.MIN_VALUE);
    const scale = number.value === 0 ? typicalSize([leftOf], columns) : 0;
    const [lower, upper] = limits(
      relation,
      number.value,
      Math.max(slack, TOLERANCE * fromSi(scale, { ...unit, offset: 0 })),
    );
    const evaluate = (row: ArrayLike<number>): number => fromSi(leftOf(row), unit);
    return { columns: used, unit: number.unit, lower, upper, evaluate };
  }
  const rightOf = side(right);
  const size = typicalSize([leftOf, rightOf], columns);
  const [lower, upper] = limits(relation, 0, TOLERANCE);
  const evaluate = (row: ArrayLike<number>): number => (leftOf(row) - rightOf(row)) / size;
  return { columns: used, unit: "", lower, upper, evaluate };
}

interface Input {
  readonly name: string;
  readonly unit: string;
  readonly columns: readonly number[];
  readonly valueOf: (row: ArrayLike<number>) => number;
  /** SI = value * factor + zero. */
  readonly factor: number;
  readonly zero: number;
}

function inputOf(
  name: string,
  columns: readonly Column[],
  composition: CompositionModel | null,
  quantities: readonly Quantity[],
): Input {
  const j = columns.findIndex(({ label, kind }) => label === name && kind !== "category");
  const quantity = quantities.find((one) => one.name === name);
  const unit = j >= 0 ? columns[j]!.unit || "1" : (quantity?.unit ?? "1");
  const parsed = parseUnit(unit);
  const zero = toSi(0, parsed);
  const affine = { factor: toSi(1, parsed) - zero, zero };
  if (j >= 0) return { name, unit, columns: [j], valueOf: (row) => row[j]!, ...affine };
  if (quantity === undefined || composition === null) {
    // The compiler names what is unknown, with a caret.
    return { name: "", unit, columns: [], valueOf: () => Number.NaN, ...affine };
  }
  return {
    name,
    unit,
    columns: composition.elements.map((_, i) => i),
    valueOf: (row) => evaluateQuantity(composition, quantity, row),
    ...affine,
  };
}

/** The median size of some sides over points of the box, one where they have none. */
function typicalSize(
  sides: readonly ((row: ArrayLike<number>) => number)[],
  columns: readonly Column[],
): number {
  const sizes: number[] = [];
  const fractions = Math.max(1, columns.filter(({ kind }) => kind === "fraction").length);
  for (let k = 0; k < PROBES; k++) {
    // A lattice of golden ratios: no random numbers, no corner.
    const row = columns.map(({ kind, min, max }, j) => {
      const u = ((k + 1) * 0.6180339887498949 * (j + 1)) % 1;
      return kind === "fraction" ? (2 * u) / fractions : min + (max - min) * u;
    });
    const size = Math.max(...sides.map((side) => Math.abs(side(row))));
    if (size > 0 && Number.isFinite(size)) sizes.push(size);
  }
  sizes.sort((a, b) => a - b);
  return sizes[sizes.length >> 1] ?? 1;
}
