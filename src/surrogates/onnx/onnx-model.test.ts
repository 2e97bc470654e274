import assert from "node:assert/strict";
import { describe, it } from "node:test";
import reference from "../../../test/reference/onnx-model.json" with { type: "json" };
import { InputError, NumericalError, ShapeError, UnsupportedError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { tinyModel, type TinyModel } from "./fixtures/tiny-model.ts";
import { importOnnx, type OnnxDeclaration } from "./onnx-model.ts";
import { loadOnnxRuntime } from "./runtime.ts";

const torchModel = Uint8Array.from(atob(reference.model), (letter) => letter.charCodeAt(0));
const torchDeclaration: OnnxDeclaration = {
  inputs: [
    { name: "grain", unit: "um" },
    { name: "Al", unit: "1" },
    { name: "temperature", unit: "K" },
  ],
  output: { name: "yield_strength", unit: "MPa" },
};
const x = matrix(7, 3, Float64Array.from(reference.x));

/** y = relu(x W + b) with two inputs a and b. */
const tiny: TinyModel = {
  inputs: [{ name: "x", type: 1, shape: ["n", 2] }],
  nodes: [
    { op: "MatMul", inputs: ["x", "w"], outputs: ["z"] },
    { op: "Add", inputs: ["z", "b"], outputs: ["s"] },
    { op: "Relu", inputs: ["s"], outputs: ["y"] },
  ],
  constants: [
    { name: "w", shape: [2, 1], values: [3, -1] },
    { name: "b", shape: [1], values: [0.5] },
  ],
  outputs: [{ name: "y", type: 1, shape: ["n", 1] }],
};
const declaration: OnnxDeclaration = {
  inputs: [
    { name: "a", unit: "1" },
    { name: "b", unit: "1" },
  ],
  output: { name: "y", unit: "MPa" },
};

describe("an imported ONNX model", () => {
  it("gives the mean and std that torch gave", async () => {
    const model = await importOnnx(torchModel, { ...torchDeclaration, stdTensor: "std" });
    const { mean, epistemicStd, aleatoricStd } = await model.predict(x);
    // Sums of f32 in another order.
    mean.data.forEach((value, i) => assert.ok(Math.abs(value - reference.mean[i]) < 1e-6));
    aleatoricStd.data.forEach((value, i) => assert.ok(Math.abs(value - reference.std[i]) < 1e-6));
    assert.ok(epistemicStd.data.every((std) => std === 0));
    assert.deepEqual(await model.predict(x), { mean, epistemicStd, aleatoricStd });
    assert.equal((await model.predict(matrix(0, 3))).mean.rows, 0);
    assert.deepEqual(model.property, {
      name: "yield_strength",
      title: "yield_strength",
      unit: "MPa",
      kind: "number",
      classes: [],
    });
    await model.close();
  });

  it("says the same of a row alone and among others", async () => {
    const model = await importOnnx(torchModel, torchDeclaration);
    const { mean } = await model.predict(x);
    for (let i = 0; i < x.rows; i++) {
      const alone = await model.predict(matrix(1, 3, x.data.slice(3 * i, 3 * i + 3)));
      assert.equal(alone.mean.data[0], mean.data[i]);
    }
    await model.close();
  });

  it("written by hand gives exact numbers", async () => {
    const model = await importOnnx(tinyModel(tiny), declaration);
    const { mean } = await model.predict(matrix(3, 2, Float64Array.of(1, 0, 2, 6, 0, 9)));
    assert.deepEqual([...mean.data], [3.5, 0.5, 0]);
  });

  it("may have one input for each column, in any order, and numbers of 64 bits", async () => {
    const model = await importOnnx(
      tinyModel({
        inputs: [
          { name: "b", type: 11, shape: ["n", 1] },
          { name: "a", type: 11, shape: ["n", 1] },
        ],
        nodes: [{ op: "Sub", inputs: ["a", "b"], outputs: ["y"] }],
        constants: [],
        outputs: [{ name: "y", type: 11, shape: ["n", 1] }],
      }),
      declaration,
    );
    const { mean } = await model.predict(matrix(2, 2, Float64Array.of(1, 0.1, 5, 7)));
    assert.deepEqual([...mean.data], [0.9, -2]);
  });

  it("of one row at a time is asked row by row", async () => {
    const inputs = [{ name: "x", type: 1, shape: [1, 2] }] as const;
    const outputs = [{ name: "y", type: 1, shape: [1, 1] }] as const;
    const model = await importOnnx(tinyModel({ ...tiny, inputs, outputs }), declaration);
    const { mean } = await model.predict(matrix(3, 2, Float64Array.of(1, 0, 2, 6, 0, 9)));
    assert.deepEqual([...mean.data], [3.5, 0.5, 0]);
  });

  it("gives probabilities of classes, and refuses scores that are none", async () => {
    const scores: TinyModel = {
      ...tiny,
      nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["z"] }],
      constants: [{ name: "w", shape: [2, 2], values: [1, 0, 0, 1] }],
      outputs: [{ name: "z", type: 1, shape: ["n", 2] }],
    };
    const classes = ["bcc", "fcc"];
    const model = await importOnnx(
      tinyModel({
        ...scores,
        nodes: [...scores.nodes, { op: "Softmax", inputs: ["z"], outputs: ["p"] }],
        outputs: [{ name: "p", type: 1, shape: ["n", 2] }],
      }),
      { ...declaration, classes },
    );
    const { mean } = await model.predict(matrix(1, 2, Float64Array.of(Math.log(3), 0)));
    assert.ok(Math.abs(mean.data[0] - 0.75) < 1e-6);
    assert.equal(mean.data[0] + mean.data[1], 1);
    const raw = await importOnnx(tinyModel(scores), { ...declaration, classes });
    await assert.rejects(raw.predict(matrix(1, 2, Float64Array.of(3, 1))), {
      name: "NumericalError",
      message: /row 0/,
    });
  });

  const refuse = async (
    kind: typeof InputError | typeof ShapeError | typeof UnsupportedError,
    message: RegExp,
    model: Uint8Array,
    changes: Partial<OnnxDeclaration> = {},
  ): Promise<void> =>
    assert.rejects(
      importOnnx(model, { ...declaration, ...changes }),
      (error: unknown) => error instanceof kind && message.test(error.message),
    );

  it("of another shape or type is refused with the name of the input", async () => {
    const shaped = (shape: readonly (number | string)[], type = 1): Uint8Array =>
      tinyModel({ ...tiny, inputs: [{ name: "x", type, shape }] });
    const three = [...declaration.inputs, { name: "c", unit: "1" }];
    await refuse(ShapeError, /input "x" to be n x 3, got n x 2/, tinyModel(tiny), {
      inputs: three,
    });
    await refuse(ShapeError, /input "x" to be n x 2, got 4 x 2/, shaped([4, 2]));
    const plain = {
      ...tiny,
      nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }],
      constants: [],
    };
    const cube = { name: "x", type: 1, shape: ["n", 2, 1] };
    const solid = tinyModel({ ...plain, inputs: [cube], outputs: [{ ...cube, name: "y" }] });
    await refuse(ShapeError, /input "x" to be n x 2, got n x 2 x 1/, solid);
    const whole = tinyModel({
      ...tiny,
      inputs: [{ name: "x", type: 7, shape: ["n", 2] }],
      nodes: [{ op: "Add", inputs: ["x", "x"], outputs: ["y"] }],
      constants: [],
      outputs: [{ name: "y", type: 7, shape: ["n", 2] }],
    });
    await refuse(UnsupportedError, /"x" to hold numbers of float32 or float64, got int64/, whole);
    await refuse(ShapeError, /output "y" to be n x 2, got n x 1/, tinyModel(tiny), {
      classes: ["u", "v"],
    });
    const pair: TinyModel = {
      inputs: [
        { name: "a", type: 1, shape: ["n", 1] },
        { name: "q", type: 1, shape: ["n", 1] },
      ],
      nodes: [{ op: "Add", inputs: ["a", "q"], outputs: ["y"] }],
      constants: [],
      outputs: [{ name: "y", type: 1, shape: ["n", 1] }],
    };
    await refuse(InputError, /input "q" is not declared/, tinyModel(pair));
    await refuse(ShapeError, /each of the 3 declared inputs, got 2 \(a, q\)/, tinyModel(pair), {
      inputs: three,
    });
  });

  it("that is damaged, or has an operation or output that is none, is refused", async () => {
    await refuse(InputError, /no ONNX model/, Uint8Array.of(1, 2, 3));
    await refuse(InputError, /no ONNX model/, torchModel.slice(0, torchModel.length >> 1));
    const op = { op: "Teleport", inputs: ["x"], outputs: ["y"] };
    await refuse(UnsupportedError, /Teleport/, tinyModel({ ...tiny, nodes: [op] }));
    await refuse(UnsupportedError, /opset/i, tinyModel({ ...tiny, opset: 9000 }));
    await refuse(InputError, /no output "std"/, tinyModel(tiny), { stdTensor: "std" });
    await refuse(InputError, /unit of "y"/, tinyModel(tiny), {
      output: { name: "y", unit: "parsec2x" },
    });
    await refuse(InputError, /at least 2 classes/, tinyModel(tiny), { classes: ["one"] });
  });

  it("says which row it has no finite answer for, and refuses rows that do not fit", async () => {
    const logarithm = { op: "Log", inputs: ["s"], outputs: ["y"] };
    const model = await importOnnx(
      tinyModel({ ...tiny, nodes: [...tiny.nodes.slice(0, 2), logarithm] }),
      declaration,
    );
    await assert.rejects(
      model.predict(matrix(2, 2, Float64Array.of(1, 0, -1, 0))),
      (error: unknown) => error instanceof NumericalError && /row 1/.test(error.message),
    );
    await assert.rejects(model.predict(matrix(1, 3)), ShapeError);
    await assert.rejects(model.predict(matrix(1, 2, Float64Array.of(1, Number.NaN))), /input "b"/);
  });

  it("says what to install when the runtime is missing", async () => {
    assert.equal(typeof (await loadOnnxRuntime()).InferenceSession.create, "function");
    const load = () => loadOnnxRuntime("@ystar/no-such-package");
    await assert.rejects(
      importOnnx(tinyModel(tiny), declaration, load),
      (error: unknown) =>
        error instanceof UnsupportedError && /npm install/.test(error.details.hint ?? ""),
    );
  });
});
