import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../core/errors.ts";
import { matrix, matrixOf, rowOf } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { augment, augmentations, measuredRows } from "./augment.ts";

const rows = measuredRows(
  matrixOf([
    [0.5, 0.5, 0],
    [0.2, 0.3, 0.5],
    [1, 0, 0],
  ]),
  matrixOf([[25], [600], [900]]),
  Float64Array.of(1, 0, 1),
);

test("every augmentation keeps the measured rows, marks what it adds and stays on the simplex", () => {
  for (const name of Object.keys(augmentations)) {
    const more = augment(rows, name, {}, createRng(4));
    const before = rows.labels.length;
    assert.ok(more.labels.length > before, name);
    assert.deepEqual(more.fractions.data.subarray(0, before * 3), rows.fractions.data);
    for (let i = 0; i < more.labels.length; i++) {
      assert.equal(more.synthetic[i], i < before ? 0 : 1);
      const parent = more.parents[i];
      assert.equal(more.labels[i], rows.labels[parent]);
      assert.equal(more.inputs.data[i], rows.inputs.data[parent]);
      const fractions = rowOf(more.fractions, i);
      assert.ok(Math.abs(fractions.reduce((a, b) => a + b) - 1) < 1e-12);
      fractions.forEach((fraction, j) => {
        assert.equal(fraction > 0, rowOf(rows.fractions, parent)[j] > 0);
      });
    }
    assert.deepEqual(augment(rows, name, {}, createRng(4)), more);
  }
});

test("fraction noise has the size asked for", () => {
  const many = measuredRows(
    matrix(4000, 2, new Float64Array(8000).fill(0.5)),
    matrix(4000, 0),
    new Float64Array(4000),
  );
  const more = augment(many, "fraction-noise", { std: 0.01 }, createRng(1));
  let squares = 0;
  for (let i = 4000; i < 8000; i++) squares += (more.fractions.data[2 * i] - 0.5) ** 2;
  // Two independent moves of std 0.01 and a renormalisation: (a - b) / 2 has std 0.01 / sqrt(2).
  const std = Math.sqrt(squares / 4000);
  assert.ok(
    Math.abs(std - 0.01 / Math.SQRT2) < 4 * (0.01 / Math.SQRT2 / Math.sqrt(8000)),
    `${std}`,
  );
});

test("an unknown augmentation and unusable options are refused", () => {
  assert.throws(() => augment(rows, "fraction_nois", {}, createRng(0)), InputError);
  assert.throws(() => augment(rows, "fraction-noise", { std: -1 }, createRng(0)), InputError);
  assert.throws(() => augment(rows, "fraction-noise", { copies: 0.5 }, createRng(0)), InputError);
});
