import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { YstarError, type ErrorDetails } from "../../core/errors.ts";
import { smallDataset, smallProblem } from "../fixtures/small-data.ts";
import { parseProblemFile } from "../problem/problem-file.ts";
import { recommend } from "../recommend.ts";

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9 * Math.abs(expected), `${actual}, not ${expected}`);

test("a formula computes its property for every design, and the search follows it", async () => {
  const problem = smallProblem({
    models: { strength: { formula: "120 MPa + 900 MPa * Nb", std: "0.05 * 900 MPa * Nb" } },
  });
  const result = await recommend(problem, smallDataset());
  for (const { design, predictions } of result.candidates) {
    const niobium = design.fractions["Nb"] ?? 0;
    near(predictions["strength"].mean, 120 + 900 * niobium);
    near(predictions["strength"].aleatoricStd, 45 * niobium);
    assert.equal(predictions["strength"].epistemicStd, 0);
  }
  // The space holds at most 60 % of niobium.
  near(result.candidates[0].predictions["strength"].mean, 660);
  assert.equal(result.problem.targets[0].model, "formula");
  assert.deepEqual(result.models, []);
});

test("a formula takes process variables and quantities in their units, and gives its own unit", async () => {
  const problem = smallProblem(
    {
      targets: ["specific_strength -> maximise", "density -> minimise"],
      models: {
        specific_strength: {
          formula: "(900 MPa * Nb - 0.2 MPa/K * test_temperature) / density",
          unit: "kJ/kg",
          inputs: { Nb: 1, test_temperature: "K", density: "kg/m3" },
        },
      },
    },
    { process: { test_temperature: [25, 600] } },
  );
  const { candidates } = await recommend(problem, smallDataset());
  for (const { design, predictions } of candidates) {
    const kelvin = (design.process["test_temperature"] as number) + 273.15;
    const pascal = 1e6 * (900 * (design.fractions["Nb"] ?? 0) - 0.2 * kelvin);
    // Density is in g/cm3.
    near(
      predictions["specific_strength"].mean,
      pascal / (1000 * predictions["density"].mean) / 1000,
    );
  }
});

describe("refused with the line in the file", () => {
  async function refusal(
    entry: object,
    change: object = {},
  ): Promise<ErrorDetails & { message: string }> {
    const { text } = smallProblem({ models: { strength: entry }, ...change });
    try {
      await recommend(parseProblemFile(text, "problem.json"), smallDataset());
    } catch (error) {
      assert.ok(error instanceof YstarError, String(error));
      assert.equal(error.details.file, "problem.json");
      const line = Number(/\(line (\d+)\)/.exec(error.details.path ?? "")?.[1]);
      const [, last] = /\.?(\w+) \(line/.exec(error.details.path ?? "") ?? [];
      assert.ok(text.split("\n")[line - 1].includes(`"${last}"`), error.details.path);
      return { ...error.details, message: error.message };
    }
    return assert.fail("the formula was accepted");
  }

  test("a name that designs do not have", async () => {
    const { message, path, hint } = await refusal({ formula: "900 MPa * Nbb" });
    assert.match(message, /"Nbb" is not an input/);
    assert.match(path!, /^models\.strength\.formula/);
    assert.match(hint!, /Nb/);
    const declared = await refusal({ formula: "900 MPa * Nb", inputs: { Al: "1" } });
    assert.match(declared.message, /"Nb" is not an input/);
    const strange = await refusal({ formula: "900 MPa * Nb", inputs: { Nb: "1", Zr: "1" } });
    assert.match(strange.path!, /^models\.strength\.inputs/);
  });

  test("dimensions that do not fit, in formula, std, unit and inputs", async () => {
    assert.match((await refusal({ formula: "120 + 900 * Nb" })).message, /MPa/);
    const std = await refusal({ formula: "900 MPa * Nb", std: "3 K" });
    assert.match(std.path!, /^models\.strength\.std/);
    const unit = await refusal({ formula: "900 MPa * Nb", unit: "K" });
    assert.match(unit.path!, /^models\.strength\.unit/);
    const input = await refusal({ formula: "900 MPa * density", inputs: { density: "K" } });
    assert.match(input.path!, /^models\.strength\.inputs/);
  });

  test("neither a file nor a formula, or both", () => {
    const refusals: [object, RegExp][] = [
      [{ unit: "MPa" }, /unusable value for "models.strength"/],
      [{ file: "a.ystar", formula: "Nb" }, /unusable value for "models.strength"/],
      [{ formul: "Nb" }, /unknown setting "formul"/],
    ];
    for (const [entry, says] of refusals) {
      assert.throws(
        () => smallProblem({ models: { strength: entry } }),
        (error) => {
          assert.ok(error instanceof YstarError);
          assert.match(error.message, says);
          return /^models\.strength.* \(line \d+\)$/.test(error.details.path ?? "");
        },
      );
    }
  });

  test("a formula of an unknown unit, of classes, of a computed property, without a target", async () => {
    const entry = { formula: "900 MPa * Nb" };
    const bare = await refusal({}, { models: { hardness: entry } });
    assert.match(bare.message, /unit has to be given/);
    assert.match((await refusal({}, { models: { phase: entry } })).message, /classes/);
    assert.match((await refusal({}, { models: { density: entry } })).message, /computed already/);
    const aimless = await refusal(entry, { targets: ["density -> minimise"] });
    assert.match(aimless.message, /has a formula but no target/);
    const both = await refusal(entry, { model: { strength: "linear" } });
    assert.match(both.message, /"model".*"models"/);
  });

  test("a formula without a value somewhere in the space", async () => {
    const problem = smallProblem({ models: { strength: { formula: "9 MPa / (Nb - Nb)" } } });
    await assert.rejects(recommend(problem, smallDataset()), /has no value at Nb =/);
  });
});
