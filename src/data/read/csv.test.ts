import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { InputError } from "../../core/errors.ts";
import { columnNamed, numberColumn } from "../table.ts";
import { longestLineBytes, readCsv } from "./csv.ts";
import { readTable } from "./read-table.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, options = {}) => readTable(bytes(text), "alloys.csv", options);

/** Asserts an InputError whose message matches and whose details name the file. */
async function refuses(promise: Promise<unknown>, message: RegExp, path?: RegExp): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, message);
    assert.equal(error.details.file, "alloys.csv");
    if (path !== undefined) assert.match(error.details.path ?? "", path);
    return true;
  });
}

test("commas, semicolons, tabs and bars are told apart", async () => {
  for (const mark of [",", ";", "\t", "|"]) {
    const rows = [
      ["formula", "hardness (HV)"],
      ["CoCrFeNi", "130"],
      ["AlCoCrFeNi", "520.5"],
    ];
    const table = await read(rows.map((row) => row.join(mark)).join("\n"));
    assert.deepEqual([...numberColumn(table, "hardness").values], [130, 520.5], mark);
  }
});

test("decimal commas are read where semicolons divide, and said", async () => {
  const table = await read("formula;density (g/cm3)\nCoCrFeNi;8,2\nAl;2,70\n");
  assert.deepEqual([...numberColumn(table, "density").values], [8.2, 2.7]);
  assert.match(table.notes?.join() ?? "", /decimal commas/);
});

test("a number that could have decimals or thousands is refused", async () => {
  await refuses(read("formula;strength (MPa)\nCoCrFeNi;1,200\n"), /"1,200" may be/);
  const table = await read("formula;strength (MPa)\nCoCrFeNi;1,200\n", { decimal: "," });
  assert.equal(numberColumn(table, "strength").values[0], 1.2);
});

test("quotes protect delimiters, quotes and line breaks", async () => {
  const table = await read('formula,note\r\nCoCrFeNi,"a ""b"", c\nd"\r\nTi,plain\r\n');
  assert.deepEqual(columnNamed(table, "note").values, ['a "b", c\nd', "plain"]);
});

test("a byte order mark, comment lines and empty lines leave no trace in the data", async () => {
  const table = await read("\uFEFF# made by hand\nformula,hardness (HV)\n\nTi,100\n\n");
  assert.equal(table.rows, 1);
  assert.equal(table.columns[0]?.header, "formula");
  assert.match(table.notes?.join() ?? "", /skipped 1 comment line/);
});

test("titles above the header and rows without a value are skipped, lines still count", async () => {
  const text =
    "Series of hardness, 2021\n\nformula;x (Gew.-%);hardness (HV)\nTi;1,5;100\n;;\nV;2,5;200\n";
  await assert.rejects(async () => read(text), /row 1 \(line 3\)/);
  const table = await read(text.replace(",", ""));
  assert.equal(table.rows, 2);
  assert.deepEqual([...numberColumn(table, "hardness").values], [100, 200]);
  assert.match(table.notes?.join() ?? "", /skipped 2 lines above the header/);
  await assert.rejects(async () => read(text.replace(",", "").replace("V;", "V;;")), /line 6\)/);
});

test("a row of units below the header is read as units", async () => {
  const table = await read(
    "Alloy,Yield strength,T,Al,Ni\n,MPa,C,at%,at%\nAlNi,900,25,50,50\nNi,100,600,0,100\n",
  );
  assert.equal(numberColumn(table, "yield_strength").unit, "MPa");
  assert.equal(numberColumn(table, "t").unit, "degC");
  assert.equal(table.rows, 2);
  assert.deepEqual(columnNamed(table, "al").role, {
    kind: "fraction",
    element: "Al",
    basis: "atomic",
  });
  assert.match(table.notes?.join() ?? "", /read as units/);
});

test("texts in Windows-1252 and UTF-16 are read with a note", async () => {
  const latin = Uint8Array.from("formula,T (\xb0C)\nTi,25\n", (char) => char.charCodeAt(0));
  const table = await readTable(latin, "alloys.csv");
  assert.equal(numberColumn(table, "t").unit, "degC");
  assert.match(table.notes?.join() ?? "", /Windows-1252/);
  for (const mark of [true, false]) {
    const text = `${mark ? "\uFEFF" : ""}formula,T (K)\nTi,25\n`;
    const utf16 = new Uint8Array(Uint16Array.from(text, (char) => char.charCodeAt(0)).buffer);
    const wide = await readTable(utf16, "alloys.csv");
    assert.equal(numberColumn(wide, "t").values[0], 25);
    assert.match(wide.notes?.join() ?? "", /UTF-16LE/);
  }
});

test("UTF-8 that is broken in places is refused with line and byte", async () => {
  const broken = new Uint8Array([...bytes("formula,note\nTi,grün\nNi,größer "), 0xff, 0x0a]);
  await refuses(
    readTable(broken, "alloys.csv"),
    /line 3 holds bytes that are not valid UTF-8/,
    /line 3/,
  );
});

test("empty files and headers without rows are refused", async () => {
  await refuses(read(""), /0 bytes/);
  await refuses(read("\n\n"), /no rows/);
  await refuses(read("formula,hardness\n"), /header and no rows/);
});

test("a ragged row is named with its number and both counts", async () => {
  await refuses(
    read("a,b,c\n1,2,3\n4,5\n6,7,8\n"),
    /row 2 \(line 3\) has 2 cells, the header has 3/,
    /row 2, line 3/,
  );
  await refuses(read("a,b\n1,2\n1,2,3\n"), /has 3 cells, the header has 2/);
  const padded = await read("a,b,,\n1,2,,\n3,4,,\n");
  assert.equal(padded.columns.length, 2);
});

test("binary files under the name of a CSV are named for what they are", async () => {
  const magic: [number[], RegExp][] = [
    [[0x50, 0x4b, 3, 4, 20, 0], /XLSX/],
    [[0x89, 0x50, 0x4e, 0x47, 13, 10], /PNG/],
    [[0x50, 0x41, 0x52, 0x31, 0, 1], /Parquet/],
    [[0xd0, 0xcf, 0x11, 0xe0, 0xa1], /old Excel/],
    [[0x25, 0x50, 0x44, 0x46, 0x2d], /PDF/],
    [[1, 0, 0, 7, 0, 0, 9, 0, 1, 2], /binary data/],
  ];
  for (const [start, looks] of magic) {
    await refuses(readTable(Uint8Array.from(start), "alloys.csv"), looks);
  }
});

test("a line beyond the limit is refused before it is parsed", async () => {
  const long = new Uint8Array(longestLineBytes + 10).fill(97);
  await refuses(readTable(long, "alloys.csv"), /line 1 is 1\.0 MB long/, /line 1/);
  const later = new Uint8Array([...bytes("a,b\n1,2\n"), ...long]);
  await refuses(readTable(later, "alloys.csv"), /line 3 is/, /line 3/);
});

test("repeated, missing and numeric headers are refused", async () => {
  await refuses(read("a,b,a\n1,2,3\n"), /columns 1 and 3 have the same header "a"/);
  await refuses(read("a,,c\n1,2,3\n"), /column 2 has no header/);
  await refuses(read("1,2,3\n4,5,6\n"), /numbers instead of column names/);
});

test("a text among numbers is named with row, line and column", async () => {
  const text = "formula,hardness (HV)\nTi,100\nNi,200\nFe,~300\nCo,400\nCr,500\n";
  await refuses(read(text), /row 3, column "hardness \(HV\)": "~300" is not a number/, /line 4/);
  const asText = await read(text, { columns: { hardness: { kind: "text" } } });
  assert.equal(columnNamed(asText, "hardness").values[2], "~300");
});

test("missing values have many spellings", async () => {
  const table = await read("formula,x\nA,1\nB,\nC,NA\nD,n/a\nE,-\nF,NaN\nG,2\n");
  assert.deepEqual([...numberColumn(table, "x").values].map(Number.isNaN), [
    false,
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
});

test("an open quote is refused with its line", async () => {
  await refuses(read('a,b\n1,"2\n3,4\n'), /quoted text is not closed/);
});

test("any table of texts survives being written and read", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => text.trim());
  const row = fc.tuple(cell, cell, cell);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = ["p,q,r", ...rows.map((cells) => cells.map(quote).join(","))].join("\n");
      const grid = readCsv(bytes(text), "alloys.csv", { delimiter: "," });
      const expected = rows.filter((cells) => cells.some((one) => one !== ""));
      assert.deepEqual(
        grid.rows.filter((cells) => cells.some((one) => one !== "")),
        expected,
      );
    }),
  );
});
