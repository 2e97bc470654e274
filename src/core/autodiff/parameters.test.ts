import assert from "node:assert/strict";
import { it } from "node:test";
import { createRng } from "../rng.ts";
import { dense, norm } from "./dense.ts";
import { glorot, he, ParameterBuilder, type Parameters } from "./parameters.ts";

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
