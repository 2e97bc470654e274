import { InputError } from "../../../core/errors.ts";
import { shortNumber } from "../../../core/format.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { usualUnit } from "../../../core/units.ts";
import { parseUnit } from "../../../core/units-parse.ts";
import type { Quantity, SearchSpace } from "../../../space/contract.ts";
import { unitsInFormula } from "../../../space/formula/units-in-formula.ts";
import {
  compileFormula,
  fromSi,
  namesInFormula,
  toSi,
} from "../../../space/formula/compile-formula.ts";
import { isSame } from "../../../space/formula/dimension.ts";
import type { DeclaredNumber } from "../../../surrogates/declared-inputs.ts";
import {
  designNumbers,
  numbersOverSpace,
  type DesignContext,
} from "../../models/design-numbers.ts";
import { designText, type Setting } from "../../candidates/design-text.ts";

/** What one measurement costs, as plain JSON: a formula of numbers that designs have. */
export interface ExperimentCost {
  readonly formula: string;
  readonly unit: string;
  readonly inputs: readonly DeclaredNumber[];
}

/** Cost of measuring each of n designs, in the unit of the cost. */
export type CostOf = (rows: Matrix) => Float64Array;

/**
 * Reads a cost such as `20 EUR + 3 EUR/h * time` over numeric parameters, elements and quantities. Its unit is the first
 * of the formula that fits (`EUR`).
 * @throws InputError with a caret under what is no formula, an unknown name, or dimensions that do not fit
 */
export function experimentCost(given: number | string, context: DesignContext): ExperimentCost {
  const formula = String(given);
  const numbers = designNumbers(context);
  const { dimension } = compileFormula(formula, numbers);
  const used = namesInFormula(formula);
  const inputs = numbers.filter(({ name }) => used.includes(name));
  const units = [...unitsInFormula(formula), ...inputs.map(({ unit }) => unit)].map(parseUnit);
  const unit = units.find((one) => isSame(one.dimension, dimension))?.text ?? usualUnit(dimension);
  if (unit !== undefined) return { formula, unit, inputs };
  throw new InputError("The cost has no usual unit.", {
    expected: "an amount of money or time, or a plain number, such as 20 EUR + 3 EUR/h * time",
    received: formula,
    hint: "Check the units of the numbers in it.",
  });
}

/** The cost over encoded designs of a space. */
export function costOverSpace(
  { formula, unit, inputs }: ExperimentCost,
  space: SearchSpace,
  quantities: readonly Quantity[],
): CostOf {
  const numbers = numbersOverSpace("cost", inputs, space, quantities);
  const { evaluate } = compileFormula(formula, inputs);
  const own = parseUnit(unit);
  const units = inputs.map((input) => parseUnit(input.unit));
  return (rows) => {
    const x = numbers(rows);
    return Float64Array.from({ length: rows.rows }, (_, i) =>
      fromSi(evaluate(rowOf(x, i).map((value, j) => toSi(value, units[j]!))), own),
    );
  };
}

/** Designs among which the cheapest is looked for. */
const sampled = 256;

/**
 * The cheapest design that is found: the best of a sample, led to either end of every number in turn. Exact where the
 * cost rises or falls with each parameter of a box.
 */
export function cheapestDesign(space: SearchSpace, costOf: CostOf): Float64Array {
  const sample = space.sample(sampled, createRng(0).fork("cheapest design"));
  const costs = costOf(sample);
  const first = costs.reduce((best, cost, i) => (cost < costs[best]! ? i : best), 0);
  let row = Float64Array.from(rowOf(sample, first));
  let cost = costs[first]!;
  for (let round = 0; round < 2; round++) {
    space.columns.forEach(({ kind, min, max }, k) => {
      if (kind === "category") return;
      for (const end of [min, max]) {
        const moved = row.slice();
        moved[k] = end;
        const trial = space.repair(moved);
        const [other] = costOf(matrix(1, trial.length, trial));
        if (other! < cost) [row, cost] = [Float64Array.from(trial), other!];
      }
    });
  }
  return row;
}

/** @throws InputError with the design, where one is found whose cost is not above 0 */
export function requirePositiveCost(space: SearchSpace, costOf: CostOf, unit: string): void {
  const row = cheapestDesign(space, costOf);
  const [cost] = costOf(matrix(1, row.length, row));
  if (cost! > 0) return;
  throw new InputError("The cost is not above 0 for every design.", {
    expected: "what a measurement costs, above 0 in the whole space",
    received: `${shortNumber(cost!)} ${unit} for ${textOf(space, row)}`,
    hint: "Add what every measurement costs, such as 5 EUR + ..., or use max(1 EUR, ...).",
  });
}

function textOf({ columns }: SearchSpace, row: Float64Array): string {
  const fractions = columns.flatMap(({ kind, label }, k) =>
    kind === "fraction" && row[k]! > 0 ? [[label, row[k]!] as const] : [],
  );
  const settings = columns.flatMap(({ kind, label, unit }, k): Setting[] =>
    kind === "number" ? [[label, row[k]!, unit]] : [],
  );
  return designText(Object.fromEntries(fractions), settings, false);
}
