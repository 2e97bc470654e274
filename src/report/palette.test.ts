import assert from "node:assert/strict";
import { test } from "node:test";
import { elementColours, luminance } from "./palette.ts";

test("luminance agrees with the ends of the scale", () => {
  assert.equal(luminance("#000000"), 0);
  assert.ok(Math.abs(luminance("#ffffff") - 1) < 1e-12);
});

test("sixty elements get sixty different colours, each with text of contrast 4.5 or more", () => {
  const colours = elementColours(Array.from({ length: 60 }, (_, i) => `E${i}`));
  assert.equal(new Set(colours.map((c) => c.fill)).size, 60);
  for (const { fill, text } of colours) {
    const [dark = 0, light = 0] = [luminance(fill), luminance(text)].toSorted((a, b) => a - b);
    assert.ok((light + 0.05) / (dark + 0.05) >= 4.5, `${text} on ${fill}`);
  }
});
