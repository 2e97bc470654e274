import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { parseProblemFile, problemSettings } from "../src/campaign/problem/problem-file.ts";
import { resolveProblem } from "../src/campaign/problem/problem.ts";

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");

/** Fenced YAML blocks of a page that are whole problem files. */
const problemsIn = (page: string): string[] =>
  [...page.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, text]) => text)
    .filter((text) => text.startsWith("name:"));

describe("the pages for people", () => {
  const page = read("docs/problem-file.md");

  it("list every setting of a problem file and no other", () => {
    const listed = [...page.matchAll(/^\| `([a-zA-Z]+)` +\|/gm)].map(([, name]) => name);
    assert.deepEqual([...listed].sort(), [...problemSettings].sort());
  });

  for (const file of ["docs/problem-file.md", "README.md"]) {
    const problems = problemsIn(read(file));

    it(`show problems in ${file} that can be read`, () => {
      assert.ok(problems.length > 0);
      for (const text of problems) parseProblemFile(text, file);
    });
  }

  it("show a general problem that resolves", async () => {
    const parsed = parseProblemFile(problemsIn(page)[0].replace(/^data:.*\n/m, ""), "page");
    const { space } = await resolveProblem(parsed, null);
    assert.ok(space.dimension > 6);
  });
});
