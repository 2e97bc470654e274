import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../core/errors.ts";
import { parseProblemFile, pathText } from "./problem-file.ts";

const yaml = `name: Light alloys
domain: alloy
data: mpea
space:
  elements: [Al, Ti]
  fraction: { min: 0.05, max: 0.5, step: 0.01 }
  process:
    test_temperature: 25 degC
targets:
  - density -> minimise
`;

/** The error of the file above with one line changed. */
function errorOf(from: string, to: string): InputError {
  assert.ok(yaml.includes(from), from);
  try {
    parseProblemFile(yaml.replace(from, to), "p.yaml");
  } catch (error) {
    assert.ok(error instanceof InputError);
    assert.equal(error.details.file, "p.yaml");
    return error;
  }
  return assert.fail(`"${to}" was accepted`);
}

test("a file is read with its defaults, as YAML or JSON", () => {
  const parsed = parseProblemFile(yaml, "p.yaml");
  const { content } = parsed;
  assert.equal(content.strategy, "evolutionary");
  assert.equal(content.candidates, 20);
  assert.deepEqual(content.constraints, []);
  assert.equal(parsed.lineOf(["space", "fraction"]), 6);
  assert.equal(parsed.lineOf(["targets", 0]), 10);
  const { content: same } = parseProblemFile(JSON.stringify(content), "p.json");
  assert.deepEqual(same, content);
});

test("every mistake is told with its path and line, and the nearest name where there is one", () => {
  const cases: [string, string, RegExp, RegExp?][] = [
    ["name: Light alloys", "name: 5", /^name \(line 1\)$/],
    ["domain: alloy", "domain: aloy", /^domain \(line 2\)$/, /"alloy"/],
    ["domain: alloy\n", "", /^domain$/],
    [
      "  process:",
      "  parameters: { time: { min: 1, maks: 2 } }\n  process:",
      /^space\.parameters\.time\.maks \(line 7\)$/,
      /"max"/,
    ],
    ["  process:", "  mixture: { ingredient: [A] }\n  process:", /^space\.mixture\.ingredient/],
    ["targets:", "outcomes: { yield: 5 }\ntargets:", /^outcomes\.yield \(line 9\)$/],
    ["data: mpea", "data: 5", /^data \(line 3\)$/],
    ["max: 0.5", "maks: 0.5", /^space\.fraction\.maks \(line 6\)$/, /"max"/],
    ["min: 0.05", "min: 5 at%", /^space\.fraction\.min \(line 6\)$/],
    ["step: 0.01", "step: 0", /^space\.fraction\.step \(line 6\)$/],
    ["[Al, Ti]", "[]", /^space\.elements \(line 5\)$/],
    ["targets:", "target:", /^target \(line 9\)$|^targets/],
    ["- density -> minimise", "- 5", /^targets\[0\] \(line 10\)$/],
    ["25 degC", "{ min: 20 }", /^space\.process\.test_temperature\.max/],
    ["targets:", "strategy: sobel\ntargets:", /^strategy \(line 9\)$/, /"sobol"/],
    ["targets:", "model: gausian-process\ntargets:", /^model \(line 9\)$/, /"gaussian-process"/],
    ["targets:", "candidates: 2000\ntargets:", /^candidates \(line 9\)$/],
    ["targets:", "budget: 0\ntargets:", /^budget \(line 9\)$/],
    ["targets:", "seed: 1.5\ntargets:", /^seed \(line 9\)$/],
    ["targets:", "confidence: -1\ntargets:", /^confidence \(line 9\)$/],
  ];
  for (const [from, to, path, hint] of cases) {
    const { message, details } = errorOf(from, to);
    assert.match(details.path ?? "", path, message);
    if (hint !== undefined) assert.match(details.hint ?? "", hint, message);
  }
});

test("what is no YAML, empty, or no named settings is refused", () => {
  assert.match(
    errorOf("- density -> minimise", "[a in [1, 2] K, b]: [").details.path!,
    /^line \d+$/,
  );
  for (const text of ["", "null", "- a\n- b", "hello"]) {
    assert.throws(() => parseProblemFile(text, "p.yaml"), /empty or holds no named settings/);
  }
});

test("paths are written as people write them", () => {
  assert.equal(pathText(["space", "elements", 2]), "space.elements[2]");
});
