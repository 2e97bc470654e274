import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ShapeError, UnsupportedError, YstarError } from "../../core/errors.ts";
import { tinyModel, type TinyModel } from "../../surrogates/onnx/fixtures/tiny-model.ts";
import { loadOnnxRuntime } from "../../surrogates/onnx/runtime.ts";
import { smallDataset, smallProblem } from "../fixtures/small-data.ts";
import { openOnnxModel } from "./onnx-models.ts";
import { onnxEntries, parseProblemFile, type ParsedProblemFile } from "../problem/problem-file.ts";
import { recommend } from "../recommend.ts";

/** y = relu(x W + b) of the inputs nb, al and the temperature. */
const network: TinyModel = {
  inputs: [{ name: "x", type: 1, shape: ["n", 3] }],
  nodes: [
    { op: "MatMul", inputs: ["x", "w"], outputs: ["z"] },
    { op: "Add", inputs: ["z", "b"], outputs: ["s"] },
    { op: "Relu", inputs: ["s"], outputs: ["y"] },
  ],
  constants: [
    { name: "w", shape: [3, 1], values: [0.5, -0.25, -0.0009765625] },
    { name: "b", shape: [1], values: [1] },
  ],
  outputs: [{ name: "y", type: 1, shape: ["n", 1] }],
};
/** Two probabilities, by a softmax of 4 Nb and 4 Al. */
const classes: TinyModel = {
  inputs: [{ name: "x", type: 1, shape: ["n", 2] }],
  nodes: [
    { op: "MatMul", inputs: ["x", "w"], outputs: ["z"] },
    { op: "Softmax", inputs: ["z"], outputs: ["p"] },
  ],
  constants: [{ name: "w", shape: [2, 2], values: [4, 0, 0, 4] }],
  outputs: [{ name: "p", type: 1, shape: ["n", 2] }],
};
const entry = {
  onnx: "strength.onnx",
  inputs: { Nb: 1, Al: 1, test_temperature: "K" },
  unit: "GPa",
};
const space = { process: { test_temperature: [25, 600] } };

async function opened(problem: ParsedProblemFile, models: Readonly<Record<string, TinyModel>>) {
  const list = onnxEntries(problem.content).map(
    async ([property, own]) =>
      [property, await openOnnxModel(problem, property, own, tinyModel(models[property]))] as const,
  );
  return Object.fromEntries(await Promise.all(list));
}

describe("an ONNX model of a problem file", () => {
  it("predicts every candidate in the problem's unit from inputs in its own units", async () => {
    const problem = smallProblem({ models: { strength: entry } }, space);
    const onnx = await opened(problem, { strength: network });
    const result = await recommend(problem, smallDataset(), { onnx });
    assert.deepEqual(await recommend(problem, smallDataset(), { onnx }), result);
    for (const { design, predictions, validity } of result.candidates) {
      const kelvin = (design.process["test_temperature"] as number) + 273.15;
      const { Nb = 0, Al = 0 } = design.fractions;
      const gpa = Math.max(0, 0.5 * Nb - 0.25 * Al - kelvin / 1024 + 1);
      // The model computes in f32.
      assert.ok(Math.abs(predictions["strength"].mean - 1000 * gpa) < 1e-3);
      assert.equal(predictions["strength"].unit, "MPa");
      assert.equal(validity, null);
    }
    // The optimum of the plane: most niobium, least aluminium, the lower temperature.
    const { fractions, process } = result.candidates[0].design;
    assert.deepEqual([fractions["Nb"], process["test_temperature"]], [0.6, 25]);
    assert.ok((fractions["Al"] ?? 0) <= 0.05);
    assert.equal(result.problem.targets[0].model, "onnx");
    assert.ok(result.warnings.some((text) => /ONNX file/.test(text)));
    for (const model of Object.values(onnx)) await model.close();
  });

  it("gives the probability of a wished class", async () => {
    const models = {
      phase: { onnx: "phase.onnx", inputs: { Nb: 1, Al: 1 }, classes: ["BCC", "B2"] },
    };
    const problem = smallProblem({ models, targets: ["phase is BCC"] });
    const onnx = await opened(problem, { phase: classes });
    const { candidates } = await recommend(problem, smallDataset(), { onnx });
    for (const { design, predictions } of candidates) {
      const { Nb = 0, Al = 0 } = design.fractions;
      const p = 1 / (1 + Math.exp(4 * (Al - Nb)));
      assert.ok(Math.abs(predictions["phase"].mean - p) < 1e-6);
    }
  });
});

describe("ONNX models are refused with the line in the problem file", () => {
  async function refusal(run: () => Promise<unknown>): Promise<YstarError> {
    try {
      await run();
    } catch (error) {
      assert.ok(error instanceof YstarError, String(error));
      assert.equal(error.details.file, "problem.json");
      assert.match(error.details.path ?? "", /^models\.strength.* \(line \d+\)$/);
      return error;
    }
    return assert.fail("the model was accepted");
  }
  const opening =
    (own: object, model = network, load?: typeof loadOnnxRuntime) =>
    () => {
      const problem = smallProblem({ models: { strength: own } }, space);
      const [[property, given]] = onnxEntries(problem.content);
      return openOnnxModel(problem, property, given, tinyModel(model), load);
    };
  const solving = (own: object, change: object = {}) =>
    refusal(async () => {
      const problem = smallProblem({ models: { strength: own }, ...change }, space);
      const onnx = await opened(problem, { strength: network });
      return recommend(problem, smallDataset(), { onnx });
    });

  it("where onnxruntime-web is not installed, with how to install it", async () => {
    const load = () => loadOnnxRuntime("@ystar/no-such-package");
    const error = await refusal(opening(entry, network, load));
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.details.hint!, /npm install onnxruntime-web/);
  });

  it("where a tensor has another shape than declared, naming it", async () => {
    const two = { ...entry, inputs: { Nb: 1, Al: 1 } };
    const error = await refusal(opening(two));
    assert.ok(error instanceof ShapeError);
    assert.match(error.message, /input "x" to be n x 2, got n x 3/);
    const outputs = [{ name: "y", type: 1, shape: ["n", 2] }];
    const constants = [
      { name: "w", shape: [3, 2], values: [1, 1, 1, 1, 1, 1] },
      { name: "b", shape: [2], values: [1, 1] },
    ];
    const wide = await refusal(opening(entry, { ...network, constants, outputs }));
    assert.match(wide.message, /output "y" to be n x 1/);
  });

  it("where designs do not have an input, or have it in another dimension", async () => {
    const strange = await solving({ ...entry, inputs: { Nb: 1, Al: 1, grain: "um" } });
    assert.match(strange.message, /"grain" is missing/);
    const unit = await solving({ ...entry, inputs: { Nb: 1, Al: 1, test_temperature: "MPa" } });
    assert.match(unit.message, /"test_temperature" in MPa/);
  });

  it("where the property is of another kind or dimension, or has a family too", async () => {
    assert.match((await solving({ ...entry, unit: "K" })).message, /in MPa in the data and in K/);
    const twice = await solving(entry, { model: { strength: "linear" } });
    assert.match(twice.message, /a family under "model"/);
  });

  it("where it was not opened", async () => {
    const problem = smallProblem({ models: { strength: entry } }, space);
    const error = await refusal(() => recommend(problem, smallDataset()));
    assert.match(error.message, /was not opened/);
  });

  it("without inputs or unit", () => {
    for (const own of [
      { onnx: "a.onnx" },
      { ...entry, unit: undefined },
      { ...entry, formula: "Nb" },
    ]) {
      assert.throws(
        () => parseProblemFile(JSON.stringify({ ...smallProblem().content, models: { strength: own } }), "p.json"), // prettier-ignore
        /unusable value for "models.strength"/,
      );
    }
  });
});
