import { InputError, NumericalError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { parseUnit } from "../../core/units-parse.ts";
import type { Prediction } from "../contract.ts";
import {
  checkDeclared,
  checkDeclaredRows,
  unitOf,
  type DeclaredNumber,
} from "../declared-inputs.ts";
import type { ForwardModel, PropertySpec } from "../forward-model.ts";
import {
  compileFormula,
  differenceFromSi,
  fromSi,
  toSi,
} from "../../space/formula/compile-formula.ts";
import { inWords, isSame } from "../../space/formula/dimension.ts";

/** A formula with its inputs and what it gives; plain JSON. */
export interface FormulaDeclaration {
  /** Such as `E * strain + 25 MPa`; see `compileFormula`. */
  readonly formula: string;
  readonly inputs: readonly DeclaredNumber[];
  /** The property, in the unit that predictions have. */
  readonly output: DeclaredNumber;
  /** Formula of the standard deviation of what is measured about what is computed, such as `10 MPa`; 0 if absent. */
  readonly std?: string;
}

/** A forward model over rows of its declared inputs, in their order and units. */
export interface FormulaModel extends ForwardModel {
  readonly inputs: readonly DeclaredNumber[];
}

/**
 * A plain formula as forward model. It is computed in SI units, whatever the units of inputs and output; the
 * epistemic std is 0, the aleatoric one what `std` says.
 * @throws InputError for a formula that cannot be read, unknown names and units, and dimensions that do not fit
 */
export function formulaModel({
  formula,
  inputs: declared,
  output,
  std,
}: FormulaDeclaration): FormulaModel {
  const who = `formula for "${output.name}"`;
  const inputs = checkDeclared(who, declared);
  const units = inputs.map(({ unit }) => parseUnit(unit));
  const outputUnit = parseUnit(unitOf(who, output.name, output.unit));
  const compile = (text: string) => {
    const compiled = compileFormula(text, inputs);
    if (isSame(compiled.dimension, outputUnit.dimension)) return compiled;
    throw new InputError(
      `${who}: expected ${text} to be ${inWords(outputUnit.dimension)} (${outputUnit.text}), got ${inWords(compiled.dimension)}.`,
      {
        path: "formula",
        expected: inWords(outputUnit.dimension),
        received: inWords(compiled.dimension),
        hint: "Check the units of inputs and output.",
      },
    );
  };
  const value = compile(formula);
  const spread = std === undefined ? undefined : compile(std);
  const property: PropertySpec = {
    name: output.name,
    title: output.name,
    unit: outputUnit.text,
    kind: "number",
    classes: [],
  };
  return {
    property,
    model: "formula",
    inputs,
    predict(x: Matrix): Prediction {
      checkDeclaredRows(who, inputs, x);
      const mean = matrix(x.rows, 1);
      const aleatoricStd = matrix(x.rows, 1);
      for (let i = 0; i < x.rows; i++) {
        const si = rowOf(x, i).map((reading, j) => toSi(reading, units[j]));
        mean.data[i] = fromSi(value.evaluate(si), outputUnit);
        if (spread !== undefined) {
          aleatoricStd.data[i] = differenceFromSi(spread.evaluate(si), outputUnit);
        }
        const isFine = Number.isFinite(mean.data[i]) && aleatoricStd.data[i] >= 0;
        if (isFine && Number.isFinite(aleatoricStd.data[i])) continue;
        throw new NumericalError(
          `${who}: expected a finite number and a std of at least 0 in row ${i}, got ${mean.data[i]} and ${aleatoricStd.data[i]}.`,
          { path: `row ${i}` },
        );
      }
      return { mean, epistemicStd: matrix(x.rows, 1), aleatoricStd };
    },
  };
}
