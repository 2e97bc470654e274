import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, NumericalError, ShapeError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { arrangeInputs } from "../declared-inputs.ts";
import { formulaModel, type FormulaDeclaration } from "./formula-model.ts";

const hallPetch: FormulaDeclaration = {
  formula: "friction + k / sqrt(grain)",
  inputs: [
    { name: "friction", unit: "MPa" },
    { name: "k", unit: "MPa √m" },
    { name: "grain", unit: "um" },
  ],
  output: { name: "yield_strength", unit: "MPa" },
};

/** The one prediction for one row. */
const at = (declaration: FormulaDeclaration, ...row: number[]) =>
  formulaModel(declaration).predict(matrix(1, row.length, Float64Array.from(row)));

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual / expected - 1) < 1e-12, `${actual} is not ${expected}`);

describe("a formula", () => {
  it("is computed in the units of its inputs and output", () => {
    // Hall-Petch of iron: 70 MPa + 0.74 MPa m^1/2 / sqrt(25 um) = 218 MPa.
    const { mean, epistemicStd, aleatoricStd } = at(hallPetch, 70, 0.74, 25);
    close(mean.data[0], 218);
    assert.equal(epistemicStd.data[0], 0);
    assert.equal(aleatoricStd.data[0], 0);
    const inGpa = { ...hallPetch, output: { name: "yield_strength", unit: "GPa" } };
    close(at(inGpa, 70, 0.74, 25).mean.data[0], 0.218);
  });

  it("takes readings of temperatures by their zero and gives them back", () => {
    // Arrhenius, k = A exp(-Q / (R T)), at 300 degC: exp(-100e3 / (8.314 * 573.15)) = 7.68e-10.
    const rate: FormulaDeclaration = {
      formula: "A * exp(-Q / (8.314 J/(mol*K) * T))",
      inputs: [
        { name: "A", unit: "1/s" },
        { name: "Q", unit: "kJ/mol" },
        { name: "T", unit: "degC" },
      ],
      output: { name: "rate", unit: "1/s" },
    };
    close(at(rate, 1e13, 100, 300).mean.data[0], 1e13 * Math.exp(-100e3 / (8.314 * 573.15)));
    const shift: FormulaDeclaration = {
      formula: "T + 10 K",
      inputs: [{ name: "T", unit: "degC" }],
      output: { name: "melting", unit: "degC" },
      std: "0.05 * T",
    };
    const { mean, aleatoricStd } = at(shift, 26.85);
    close(mean.data[0], 36.85);
    // Five percent of 300 K, as a difference of temperatures.
    close(aleatoricStd.data[0], 15);
  });

  it("knows powers, extremes and functions of plain numbers", () => {
    const one = (formula: string, ...row: number[]): number =>
      at(
        {
          formula,
          inputs: row.map((_, j) => ({ name: "xyz"[j], unit: "1" })),
          output: { name: "f", unit: "1" },
        },
        ...row,
      ).mean.data[0];
    close(one("pow(x, y) - 2 * -x", 2, 10), 1028);
    close(one("max(x, y, 3) - min(x, y)", 1, 2), 2);
    close(one("ln(x) / log10(x)", 7), Math.LN10);
    close(one("abs(-x) + cbrt(8 * x)", 27), 33);
    close(one("1 / (1 + exp(-x))", 2), 1 / (1 + Math.exp(-2)));
    const area: FormulaDeclaration = {
      formula: "pow(d, 2) * 0.5",
      inputs: [{ name: "d", unit: "mm" }],
      output: { name: "area", unit: "cm2" },
    };
    close(at(area, 20).mean.data[0], 2);
  });

  it("is refused where it cannot be read or its dimensions do not fit, with the place", () => {
    const refuse = (changes: Partial<FormulaDeclaration>, message: RegExp): void => {
      assert.throws(
        () => formulaModel({ ...hallPetch, ...changes }),
        (error: unknown) => error instanceof InputError && message.test(error.message),
      );
    };
    refuse(
      { formula: "friction + k" },
      /one dimension, got length\^-1 mass time\^-2 and .*\n.*\n\s+\^+/,
    );
    refuse({ formula: "friction * k" }, /to be length\^-1 mass time\^-2 \(MPa\)/);
    refuse({ formula: "friction + 3" }, /and a plain number/);
    refuse({ formula: "friction * exp(grain)" }, /exp takes a plain number, got length/);
    refuse({ formula: "friction * pow(grain, k / k)" }, /exponent of a number with a unit/);
    refuse({ formula: "frictoin" }, /"frictoin" is not an input/);
    refuse({ formula: "sqr(friction)" }, /"sqr" is not a function/);
    refuse({ formula: "friction >= 3 MPa" }, /not a condition/);
    refuse({ formula: "friction +" }, /expected a number, a name/);
    refuse({ formula: "" }, /expected an expression/);
    refuse({ formula: "sqrt(friction, k)" }, /sqrt takes 1 number, got 2/);
    refuse({ std: "3 um" }, /expected 3 um to be/);
    refuse({ inputs: [] }, /at least one declared input/);
    refuse({ inputs: [...hallPetch.inputs, hallPetch.inputs[0]] }, /"friction" is declared twice/);
    refuse({ output: { name: "y", unit: "furlongs" } }, /unit of "y"/);
  });

  it("says where it has no value, and refuses rows that do not fit", () => {
    assert.throws(() => at(hallPetch, 70, 0.74, 0), {
      name: "NumericalError",
      message: /k \/ sqrt\(grain\) has no value at friction = 70000000, k = 740000, grain = 0/,
    });
    assert.throws(() => at(hallPetch, 70, 0.74, -1), NumericalError);
    assert.throws(() => at(hallPetch, 70, Number.NaN, 1), /row 0, input "k"/);
    assert.throws(() => at(hallPetch, 70, 0.74), ShapeError);
    assert.throws(() => at({ ...hallPetch, std: "friction - 100 MPa" }, 70, 0.74, 25), /std of at/);
  });
});

describe("columns for a declared model", () => {
  const declared = formulaModel(hallPetch).inputs;

  it("are brought into its order and units", () => {
    const arrange = arrangeInputs("test", declared, [
      { name: "grain", unit: "mm" },
      { name: "other", unit: "1" },
      { name: "k", unit: "MPa √m" },
      { name: "friction", unit: "GPa" },
    ]);
    const { data } = arrange(matrix(1, 4, Float64Array.of(0.025, 9, 0.74, 0.07)));
    [70, 0.74, 25].forEach((value, j) => close(data[j], value));
    assert.throws(() => arrange(matrix(1, 3)), ShapeError);
  });

  it("are refused when one is missing or of another dimension", () => {
    assert.throws(() => arrangeInputs("test", declared, [{ name: "k", unit: "MPa √m" }]), {
      name: "InputError",
      message: /"friction" is missing/,
    });
    const wrong = declared.map((input) =>
      input.name === "grain" ? { ...input, unit: "s" } : input,
    );
    assert.throws(() => arrangeInputs("test", declared, wrong), /expected "grain" in um, got s/);
  });
});
