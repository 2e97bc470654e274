import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { sampleResult } from "../../test/reference/sample-result.ts";
import type { DesignResult } from "../campaign/contract.ts";
import { candidatesCsv } from "./candidates-csv.ts";

const rowsOf = (csv: string): Record<string, string>[] =>
  parse(csv, { columns: true, record_delimiter: "\r\n" }) as Record<string, string>[];

test("an independent reader finds every candidate with its numbers in full", () => {
  const result = sampleResult({ candidates: 6 });
  const rows = rowsOf(candidatesCsv(result));
  assert.equal(rows.length, 6);
  for (const [i, row] of rows.entries()) {
    const c = result.candidates[i];
    assert.equal(row["id"], c.id);
    assert.equal(Number(row["yield_strength mean [MPa]"]), c.predictions["yield_strength"]?.mean);
    assert.equal(Number(row["density aleatoric std [g/cm3]"]), 0.12);
    assert.equal(Number(row["Nb [atomic fraction]"]), c.design.fractions["Nb"] ?? 0);
    assert.equal(row["feasible"], String(c.feasible));
    assert.equal(row["reason"], c.reason);
  }
});

test("quotes, commas and line ends survive; formulas of spreadsheets are disarmed", () => {
  const result = sampleResult({ candidates: 1 });
  const [first] = result.candidates;
  const hostile: DesignResult = {
    ...result,
    candidates: [
      {
        ...first,
        reason: 'say "yes", then\r\nno',
        id: "=cmd|' /C calc'!A0",
        design: { ...first.design, process: { route: "+1", "-2": "@x" } },
      },
    ],
  };
  const [row] = rowsOf(candidatesCsv(hostile));
  assert.equal(row["reason"], 'say "yes", then\r\nno');
  assert.equal(row["id"], "'=cmd|' /C calc'!A0");
  assert.equal(row["route"], "'+1");
  assert.equal(row["'-2"], "'@x");
});

test("no candidate leaves the header alone", () => {
  assert.equal(candidatesCsv(sampleResult({ candidates: 0 })).split("\r\n").length, 2);
});
