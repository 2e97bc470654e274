import assert from "node:assert/strict";
import { test } from "node:test";
import { domains } from "../../domains/registry.ts";
import type { NumberColumn } from "../../data/contract.ts";
import type { Dataset } from "../dataset.ts";
import { rowsWith, smallDataset } from "../fixtures/small-data.ts";
import { createModelInputs, type ProcessInput } from "./model-inputs.ts";
import { prepareData } from "./prepared-data.ts";
import { trainingSet } from "./training-set.ts";

const fractions = domains.alloy.featurisers.filter((one) => one.name === "fractions");
const temperature: ProcessInput = { name: "test_temperature", kind: "number" };

function setOf(dataset: Dataset, name: string, wished?: string[], process: ProcessInput[] = []) {
  const data = prepareData(dataset);
  return trainingSet(data, name, createModelInputs(data.symbols, fractions, process), {
    wished,
  });
}

test("rows without the property or a process value are left out and counted", () => {
  const noStrength = rowsWith("strength_MPa", (value, row) => (row < 2 ? null : value));
  const data = smallDataset(
    noStrength.map((row, i) => (i === 5 ? row.with(3, null) : i === 7 ? row.with(0, "Q?") : row)),
  );
  const set = setOf(data, "strength", undefined, [temperature]);
  assert.deepEqual(set.rows, [2, 3, 4, 6, 8, 9, 10, 11]);
  assert.deepEqual(set.dropped, [
    { reason: "strength was not measured", rows: 2 },
    { reason: "test_temperature is missing", rows: 1 },
    { reason: "left out by the audit", rows: 1 },
  ]);
  assert.equal(set.x.rows, 8);
  assert.deepEqual(set.x.columns, set.compositions.length > 0 ? 5 : 0);
  assert.equal(set.y[0], 830);
  assert.equal(set.systems[0], "Nb-Ti-V");
});

test("the same composition written differently has the same key", () => {
  const { compositions } = setOf(
    smallDataset(
      rowsWith("formula", (value, row) => (row === 1 ? "Ti50V50" : row === 2 ? "V2Ti2" : value)),
    ),
    "strength",
  );
  assert.equal(compositions[1], compositions[2]);
});

test("wished classes make the task yes or no", () => {
  const set = setOf(smallDataset(), "phase", ["BCC"]);
  assert.deepEqual(set.task, { kind: "classification", classes: ["no", "yes"] });
  assert.deepEqual([...set.y], [0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1]);
});

test("too few rows, one class, one number, every class wished, and unknown names are refused", () => {
  const few = smallDataset(rowsWith("strength_MPa", (value, row) => (row < 8 ? null : value)));
  assert.throws(() => setOf(few, "strength"), /4 usable rows.*at least 5/);
  const one = smallDataset(rowsWith("phase", () => "BCC"));
  assert.throws(() => setOf(one, "phase"), /only one class/);
  const constant = smallDataset(rowsWith("strength_MPa", () => 700));
  assert.throws(() => setOf(constant, "strength"), {
    message: '"strength" is the same in all usable rows of small.csv.',
    details: {
      file: "small.csv",
      path: "strength",
      expected: "measured values that differ",
      received: "700 MPa in all 12 rows",
      hint: "What never changes cannot be learned; add other designs, or choose another --target.",
    },
  });
  assert.throws(() => setOf(smallDataset(), "phase", ["B2", "BCC"]), /every class/);
  assert.throws(() => setOf(smallDataset(), "strenght"), {
    details: { file: "small.csv", received: "strenght", hint: 'Did you mean "strength"?' },
  });
});

test("standard deviations of a property are taken from their own column where every row has one", () => {
  const data = smallDataset();
  const withNoise = (values: readonly number[]): Dataset => {
    const column: NumberColumn = {
      kind: "number",
      header: "strength ± [GPa]",
      name: "strength_std",
      role: { kind: "property" },
      reason: "",
      unit: "GPa",
      values: Float64Array.from(values),
    };
    const { table } = data;
    return { ...data, table: { ...table, columns: [...table.columns, column] } };
  };
  const stds = data.table.columns[0].values.length;
  const all = Array.from({ length: stds }, (_, i) => (i + 1) / 1000);
  const { noiseStd } = setOf(withNoise(all), "strength");
  assert.deepEqual(
    [...noiseStd!].map(Math.round),
    [...all.keys()].map((i) => i + 1),
  );
  assert.equal(setOf(withNoise(all.with(3, Number.NaN)), "strength").noiseStd, undefined);
  assert.equal(setOf(withNoise(all), "phase").noiseStd, undefined);
});
