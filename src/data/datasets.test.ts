import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { InputError } from "../core/errors.ts";
import { tableCompositions } from "./composition.ts";
import type { DatasetSpec } from "./datasets.ts";
import { datasetNamed, datasetNames, datasets, findDataset, readDataset } from "./datasets.ts";
import { classesOf, columnNamed, columnsWithRole, numberColumn } from "./table.ts";

const folder = new URL("../../datasets/", import.meta.url);

test("every data set has its file, licence, description and an unchanged hash", () => {
  for (const name of datasetNames) {
    const spec: DatasetSpec = datasets[name];
    const text = readFileSync(new URL(spec.file, folder));
    const record = JSON.parse(
      readFileSync(new URL(`${name}/provenance.json`, folder), "utf8"),
    ) as Record<string, unknown>;
    assert.equal(record["sha256"], createHash("sha256").update(text).digest("hex"), name);
    for (const [key, value] of Object.entries(spec.provenance))
      assert.deepEqual(record[key], value, key);
    assert.ok(existsSync(new URL(`${name}/README.md`, folder)));
    assert.match(spec.provenance.doi, /^10\.\d+\//);
  }
});

test("every column of a shipped table is declared or a fraction, every composition is read", async () => {
  for (const name of datasetNames) {
    const spec: DatasetSpec = datasets[name];
    const table = await readDataset(name, readFileSync(new URL(spec.file, folder)));
    for (const column of table.columns) {
      assert.ok(column.reason === "declared" || column.role.kind === "fraction", column.header);
    }
    assert.deepEqual(tableCompositions(table).problems, []);
    assert.equal(columnNamed(table, spec.defaultTarget).role.kind, "property");
    for (const property of spec.classes)
      assert.equal(columnNamed(table, property).role.kind, "property");
  }
});

test("the MPEA table has the counts of its paper", async () => {
  const table = await readDataset("mpea", readFileSync(new URL(datasets.mpea.file, folder)));
  assert.equal(table.rows, 1545);
  const filled = (name: string) =>
    numberColumn(table, name).values.filter((value) => !Number.isNaN(value)).length;
  assert.deepEqual(
    ["hardness", "yield_strength", "test_temperature", "density_calculated"].map(filled),
    [530, 1067, 1364, 1545],
  );
  assert.equal(numberColumn(table, "test_temperature").unit, "degC");
  assert.deepEqual(
    columnsWithRole(table, "process").map(({ name }) => name),
    ["processing_method", "grain_size", "test_type", "test_temperature"],
  );
  const { symbols } = tableCompositions(table);
  assert.equal(symbols.length, 30);
});

test("single_phase of the MPEA set is missing where no microstructure was reported", async () => {
  const table = await readDataset("mpea", readFileSync(new URL(datasets.mpea.file, folder)));
  const label = numberColumn(table, "single_phase").values;
  const micro = columnNamed(table, "microstructure").values;
  const phase = columnNamed(table, "phase_class").values;
  const count = (value: number) => label.filter((one) => Object.is(one, value)).length;
  assert.deepEqual([count(1), count(0), count(Number.NaN)], [733, 636, 176]);
  label.forEach((value, i) => {
    if (micro[i] === null) assert.ok(Number.isNaN(value));
    if (value === 1) assert.equal(micro[i], phase[i]);
    if (value === 0) assert.equal(phase[i], "other");
  });
});

test("the single-phase table has the counts of its source", async () => {
  const file = readFileSync(new URL(datasets["hea-single-phase"].file, folder));
  const table = await readDataset("hea-single-phase", file);
  const label = numberColumn(table, "single_phase").values;
  assert.deepEqual([table.rows, label.filter((one) => one === 1).length], [1373, 710]);
  assert.deepEqual(classesOf(columnNamed(table, "single_phase")), ["0", "1"]);
  assert.deepEqual(classesOf(columnNamed(table, "split")), [
    "labelled",
    "test",
    "unlabelled",
    "validation",
  ]);
  const { symbols, fractions } = tableCompositions(table);
  assert.equal(symbols.length, 30);
  const binaries = [...Array(table.rows).keys()].filter(
    (i) => fractions.data.subarray(i * 30, (i + 1) * 30).filter((x) => x > 0).length === 2,
  );
  assert.equal(binaries.length, 525);
});

test("names and aliases find a data set, a misspelt one names the nearest", () => {
  assert.equal(findDataset("MPEA")?.name, "mpea");
  assert.equal(findDataset("hea_single_phase")?.name, "hea-single-phase");
  assert.equal(findDataset("alloys.csv"), undefined);
  assert.throws(
    () => datasetNamed("mpae"),
    (error: unknown) =>
      error instanceof InputError && error.details.hint === 'Did you mean "mpea"?',
  );
});
