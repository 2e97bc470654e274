import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../errors.ts";
import { createRng } from "../rng.ts";
import { dense, norm } from "./dense.ts";
import { glorot, he, ParameterBuilder, type Parameters } from "./parameters.ts";
import { copyParameters, loadParameters, saveParameters } from "./save-parameters.ts";

function network(inputs = 5, { withNorm = true } = {}): Parameters {
  const builder = new ParameterBuilder(createRng(3));
  dense(builder, "first", inputs, 8);
  if (withNorm) norm(builder, "norm", 8);
  dense(builder, "last", 8, 2);
  return builder.build();
}

it("layers start the same whatever other layers there are", () => {
  const [one, other] = [network(), network(5, { withNorm: false })];
  const last = ({ slots, values }: Parameters): Float64Array => {
    const slot = slots.find(({ name }) => name === "last.weight")!;
    return values.slice(slot.offset, slot.offset + slot.rows * slot.columns);
  };
  assert.deepEqual(last(one), last(other));
  assert.ok(last(one).some((value) => value !== 0));
});

it("initial weights have the variance of their rule", () => {
  const [rows, columns] = [300, 100];
  const variance = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, v) => sum + v * v, 0) / values.length;
  const rng = createRng(1);
  // Thirty thousand numbers give a variance to about one percent.
  assert.ok(Math.abs(variance(glorot(rows, columns, rng)) / (2 / 400) - 1) < 0.04);
  assert.ok(Math.abs(variance(he(rows, columns, rng)) / (2 / 300) - 1) < 0.04);
});

describe("saved parameters", () => {
  it("come back through JSON to the last bit in f64 and rounded in f32", () => {
    const parameters = network();
    for (const precision of ["f64", "f32"] as const) {
      const text = JSON.stringify(saveParameters(parameters, precision));
      const loaded = loadParameters(JSON.parse(text));
      assert.deepEqual(loaded.slots, parameters.slots);
      const round = precision === "f64" ? (v: number) => v : Math.fround;
      assert.deepEqual(loaded.values, parameters.values.map(round));
    }
  });

  it("come back when they are longer than one block of letters", () => {
    const builder = new ParameterBuilder(createRng(3));
    dense(builder, "wide", 120, 40);
    const parameters = builder.build();
    assert.deepEqual(loadParameters(saveParameters(parameters)).values, parameters.values);
  });

  it("are little-endian numbers in base64", () => {
    const builder = new ParameterBuilder(createRng(3));
    builder.declare("x", 1, 2, () => [1, -2]);
    assert.equal(saveParameters(builder.build()).values, "AAAAAAAA8D8AAAAAAAAAwA==");
  });

  it("are refused when truncated, foreign, newer, or not finite", () => {
    const saved = saveParameters(network());
    const refuse = (changes: object, message: RegExp): void => {
      assert.throws(
        () => loadParameters({ ...saved, ...changes }),
        (error: unknown) => error instanceof InputError && message.test(error.message),
      );
    };
    refuse({ values: saved.values.slice(0, 400) }, /expected 82 numbers/);
    refuse({ values: "?" }, /base64/);
    refuse({ format: "something" }, /"something"/);
    refuse({ version: 2 }, /version 1, got 2/);
    refuse({ precision: "f16" }, /"f16"/);
    const broken = network();
    broken.values[45] = Number.NaN;
    assert.throws(() => loadParameters(saveParameters(broken)), /"first.bias"/);
  });

  it("go into a network of the same layers only, and the layer that differs is named", () => {
    const target = network();
    target.values.fill(0);
    copyParameters(network(), target);
    assert.deepEqual(target.values, network().values);
    assert.throws(() => copyParameters(network(6), target), /"first.weight", 5 x 8.*6 x 8/);
    assert.throws(() => copyParameters(network(5, { withNorm: false }), target), /"norm.gain"/);
  });
});
