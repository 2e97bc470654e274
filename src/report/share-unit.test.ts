import assert from "node:assert/strict";
import { test } from "node:test";
import { shareUnit } from "./share-unit.ts";

const made = (...symbols: string[]) => ({
  elements: symbols.map((symbol) => ({ symbol, fill: "#000", text: "#fff" })),
});

test("shares of elements are atomic per cent, those of any other ingredient plain per cent", () => {
  assert.equal(shareUnit(made("Al", "Ti")), "at%");
  assert.equal(shareUnit(made("Al", "P3HT")), "%");
});
