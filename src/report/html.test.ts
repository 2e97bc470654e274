import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { escapeHtml, formulaHtml, jsonForScript } from "./html.ts";

test("escaped text has no character that opens a tag or ends an attribute", () => {
  fc.assert(fc.property(fc.string(), (text) => assert.doesNotMatch(escapeHtml(text), /[<>"']/)));
});

test("amounts of a formula become subscripts, the rest stays as written", () => {
  assert.equal(formulaHtml("Al0.3CoCr2"), "Al<sub>0.3</sub><wbr>CoCr<sub>2</sub><wbr>");
  assert.equal(formulaHtml("Ca(OH)2"), "Ca(OH)<sub>2</sub><wbr>");
  assert.equal(formulaHtml("Al1Ti99"), "Al<sub>1</sub><wbr>Ti<sub>99</sub><wbr>");
  assert.equal(formulaHtml("Cr1 Nb0.5"), "Cr<wbr>Nb<sub>0.5</sub><wbr>");
  assert.equal(formulaHtml("<b>Fe</b>"), "&lt;b&gt;Fe&lt;/b&gt;");
});

test("embedded JSON reads back and cannot end its script element", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const json = jsonForScript({ text: `</script><!--${text}` });
      assert.ok(!json.includes("<"));
      assert.equal((JSON.parse(json) as { text: string }).text, `</script><!--${text}`);
    }),
  );
});
