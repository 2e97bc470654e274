import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Script } from "node:vm";
import { chartLibrary, clientScript, pageFunctions } from "./client-script.ts";

const inlined = new Set<string>(pageFunctions.map((f) => f.name));
const folders = ["client", "plots"].map((name) => new URL(`./${name}/`, import.meta.url));
const files = [
  ...folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => new URL(name, folder)),
  ),
  new URL("./format.ts", import.meta.url),
  new URL("./html.ts", import.meta.url),
];

test("the page's script is one valid script and ends no script element", () => {
  assert.doesNotThrow(() => new Script(clientScript()));
  for (const source of [clientScript(), chartLibrary()]) assert.ok(!/<\/script/i.test(source));
});

test("what an inlined function calls from another file is inlined too", () => {
  for (const file of files) {
    const source = readFileSync(file, "utf8");
    for (const [, names = ""] of source.matchAll(/^import \{([^}]*)\}/gm)) {
      for (const name of names.split(",").map((n) => n.trim())) {
        if (name !== "") assert.ok(inlined.has(name), `${name} in ${file.pathname}`);
      }
    }
  }
});

test("files of the page hold functions alone: nothing beside them would be inlined", () => {
  for (const file of files) {
    const source = readFileSync(file, "utf8");
    assert.doesNotMatch(source, /^(export )?(const|let|class) /m, file.pathname);
    for (const [, name = ""] of source.matchAll(/^(?:export )?function (\w+)/gm)) {
      if (["jsonForScript", "plural", "titleOf"].includes(name)) continue;
      assert.ok(inlined.has(name), `${name} in ${file.pathname}`);
    }
  }
});
