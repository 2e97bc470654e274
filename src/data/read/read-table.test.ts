import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import writeXlsx from "write-excel-file/node";
import { InputError } from "../../core/errors.ts";
import { columnNamed, numberColumn } from "../table.ts";
import { readTable } from "./read-table.ts";

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/reference/parquet/${name}`, import.meta.url));

const date = (day: number) => ({
  value: new Date(Date.UTC(2020, 1, day)),
  type: Date,
  format: "yyyy-mm-dd",
});
const header = ["Alloy", "Hardness (HV)", "Tested"];
const sheetRows = [
  header,
  ["CoCrFeNi", 130.5, date(3)],
  ["AlCoCrFeNi", null, date(29)],
  ["TiVNbMo", 505, null],
];
const workbook = async (sheets: { sheet: string; data: unknown[][] }[]): Promise<Uint8Array> =>
  new Uint8Array(await writeXlsx(sheets as Parameters<typeof writeXlsx>[0]).toBuffer());

test("a workbook's numbers, gaps and dates are read, titles above the header skipped", async () => {
  const data = [["Our alloys, spring 2020"], [], ...sheetRows];
  const table = await readTable(await workbook([{ sheet: "Alloys", data }]), "book.xlsx");
  assert.equal(table.rows, 3);
  assert.deepEqual([...numberColumn(table, "hardness").values], [130.5, Number.NaN, 505]);
  assert.equal(numberColumn(table, "hardness").unit, "HV");
  assert.deepEqual(columnNamed(table, "tested").values, ["2020-02-03", "2020-02-29", null]);
  assert.equal(columnNamed(table, "alloy").role.kind, "formula");
  assert.match(table.notes?.join() ?? "", /above the header/);
});

test("a sheet is chosen by name or number, an unknown one is refused", async () => {
  const bytes = await workbook([
    { sheet: "First", data: sheetRows },
    {
      sheet: "Second",
      data: [
        ["formula", "price (USD/kg)"],
        ["Ti", 12],
      ],
    },
  ]);
  for (const sheet of ["Second", 2]) {
    const table = await readTable(bytes, "book.xlsx", { sheet });
    assert.equal(numberColumn(table, "price").values[0], 12);
  }
  const first = await readTable(bytes, "book.xlsx");
  assert.match(first.notes?.join() ?? "", /read sheet "First"; other sheets: "Second"/);
  await assert.rejects(readTable(bytes, "book.xlsx", { sheet: "Secund" }), /no sheet "Secund"/);
});

test("a broken workbook and an empty one are refused", async () => {
  const bytes = await workbook([{ sheet: "Alloys", data: sheetRows }]);
  await assert.rejects(readTable(bytes.subarray(0, 900), "book.xlsx"), InputError);
  await assert.rejects(
    readTable(await workbook([{ sheet: "Alloys", data: [] }]), "book.xlsx"),
    InputError,
  );
});

test("JSON records and JSON columns give the same table", async () => {
  const records = json([
    { formula: "CoCrFeNi", "hardness (HV)": 130 },
    { formula: "Ti" },
    { formula: "Ni", "hardness (HV)": 60, single: true },
  ]);
  const columns = json({
    formula: ["CoCrFeNi", "Ti", "Ni"],
    "hardness (HV)": [130, null, 60],
    single: [null, null, true],
  });
  const [a, b] = [await readTable(records, "a.json"), await readTable(columns, "a.json")];
  assert.deepEqual(a.columns, b.columns);
  assert.deepEqual([...numberColumn(a, "single").values], [Number.NaN, Number.NaN, 1]);
});

test("JSON of another shape is refused with the place", async () => {
  const bad: [unknown, RegExp][] = [
    [[{ a: { b: 1 } }], /nested/],
    [[1, 2], /not a table/],
    ["text", /not a table/],
    [{ a: [1, 2], b: [1] }, /column "b" has 1 values/],
    [[], /no columns/],
  ];
  for (const [value, message] of bad) {
    await assert.rejects(readTable(json(value), "a.json"), message);
  }
  await assert.rejects(readTable(new TextEncoder().encode("[1,"), "a.json"), /not valid JSON/);
});

test("a Parquet file written by pyarrow is read with its types", async () => {
  const table = await readTable(fixture("alloys.parquet"), "alloys.parquet");
  assert.deepEqual(columnNamed(table, "formula").values, [
    "CoCrFeNi",
    "AlCoCrFeNi",
    null,
    "TiVNbMo",
  ]);
  assert.deepEqual([...numberColumn(table, "hardness").values], [130.5, Number.NaN, 480, 505.25]);
  assert.deepEqual([...numberColumn(table, "test_temperature").values], [25, 25, 600, -196]);
  assert.deepEqual([...numberColumn(table, "single_phase").values], [1, 1, 0, Number.NaN]);
  assert.deepEqual(
    [...numberColumn(table, "youngs_modulus").values],
    [200.5, 190.25, Number.NaN, 120],
  );
  assert.equal(columnNamed(table, "measured_on").values[3], "2020-02-29");
});

test("Parquet with another compression, nesting or a cut end is refused", async () => {
  await assert.rejects(
    readTable(fixture("alloys-gzip.parquet"), "a.parquet"),
    /compressed with GZIP/,
  );
  await assert.rejects(
    readTable(fixture("nested.parquet"), "a.parquet"),
    /column "phases".*nested/,
  );
  const cut = fixture("alloys.parquet").subarray(0, 1000);
  await assert.rejects(readTable(cut, "a.parquet"), /cannot be read/);
});

test("content that is not what the name says is refused", async () => {
  await assert.rejects(readTable(fixture("alloys.parquet"), "a.csv"), /looks like a Parquet file/);
  await assert.rejects(readTable(json([{ a: 1 }]), "a.xlsx"), /does not begin like one/);
  const unnamed = await readTable(fixture("alloys.parquet"), "upload");
  assert.equal(unnamed.rows, 4);
});
