import assert from "node:assert/strict";
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-bad-input-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const goodProblem = {
  name: "Test",
  domain: "alloy",
  data: "mpea",
  space: {
    elements: ["Al", "Ti", "V", "Nb"],
    fraction: { min: 0.05, max: 0.5, step: 0.01 } as Record<string, number>,
    process: { test_temperature: "25 degC" },
  },
  constraints: ["price <= 60 USD/kg"],
  targets: ["yield_strength -> maximise"],
  candidates: 4,
  seed: 1,
};
type ProblemInput = typeof goodProblem;

interface Case {
  readonly title: string;
  readonly change: (problem: ProblemInput) => object;
  readonly code: 2 | 3;
  /** All of these stand in the message. */
  readonly says: readonly RegExp[];
}

const withSpace = (problem: ProblemInput, space: object): object => ({
  ...problem,
  space: { ...problem.space, ...space },
});

const cases: readonly Case[] = [
  {
    title: "unknown element",
    change: (p) => withSpace(p, { elements: ["Al", "Ti", "Xx"] }),
    code: 2,
    says: [/Xx/, /space\.elements\[2\]/],
  },
  {
    title: "unknown property in a target, with the nearest name",
    change: (p) => ({ ...p, targets: ["yeild_strength -> maximise"] }),
    code: 2,
    says: [/yeild_strength/, /targets\[0\]/, /yield_strength/],
  },
  {
    title: "unit of the wrong dimension",
    change: (p) => ({ ...p, constraints: ["price <= 60 MPa"] }),
    code: 2,
    says: [/MPa/, /USD\/kg/, /constraints\[0\]/],
  },
  {
    title: "constraint that does not parse, with a caret under the place",
    change: (p) => ({ ...p, constraints: ["Al + <= 0.3"] }),
    code: 2,
    says: [/Al \+ <= 0\.3/, /^ *\^/m, /constraints\[0\]/],
  },
  {
    title: "smallest fraction above the largest",
    change: (p) => withSpace(p, { fraction: { min: 0.5, max: 0.2, step: 0.01 } }),
    code: 2,
    says: [/0\.5/, /0\.2/, /space/],
  },
  {
    title: "fractions that cannot sum to one",
    change: (p) => withSpace(p, { fraction: { min: 0, max: 0.2, step: 0.01 } }),
    code: 3,
    says: [/0\.8|80/, /sum/],
  },
  {
    title: "conflicting constraints, named",
    change: (p) => ({ ...p, constraints: ["Al >= 0.4", "Al + Ti <= 0.3"] }),
    code: 3,
    says: [/Al >= 0\.4/, /Al \+ Ti <= 0\.3/],
  },
  {
    title: "unknown setting, with the nearest spelling",
    change: (p) => ({ ...p, constrains: [] }),
    code: 2,
    says: [/constrains/, /constraints/],
  },
  {
    title: "unknown data set or file",
    change: (p) => ({ ...p, data: "mpeaa" }),
    code: 2,
    says: [/mpeaa/, /mpea/],
  },
  {
    title: "model that does not learn classes",
    change: (p) => ({ ...p, model: "lasso", targets: ["single_phase >= 0.6"] }),
    code: 2,
    says: [/lasso/, /model \(line/, /random-forest/],
  },
  {
    title: "unknown model, with the nearest name",
    change: (p) => ({ ...p, model: "random-forrest" }),
    code: 2,
    says: [/random-forrest/, /Did you mean "random-forest"/],
  },
  {
    title: "budget below the number of candidates",
    change: (p) => ({ ...p, budget: 1, targets: ["density -> minimise"] }),
    code: 2,
    says: [/budget/],
  },
  {
    title: "element without tabulated values",
    change: (p) => withSpace(p, { elements: ["Al", "Ti", "Og"] }),
    code: 2,
    says: [/Og/, /space\.elements\[2\]/],
  },
  {
    title: "unknown process variable",
    change: (p) => withSpace(p, { process: { temperature: "25 degC" } }),
    code: 2,
    says: [/test_temperature/],
  },
];

describe("design refuses bad problem files with a message and writes nothing", () => {
  for (const [i, one] of cases.entries()) {
    test(one.title, async () => {
      const file = join(folder, `problem-${i}.json`);
      const out = join(folder, `out-${i}`);
      writeFileSync(file, JSON.stringify(one.change(structuredClone(goodProblem)), null, 1));
      const run = await runCli(["design", file, "--json", "--out", out]);
      assert.equal(run.code, one.code, run.stderr);
      assert.equal(run.stdout, "");
      assert.match(run.stderr, new RegExp(`problem-${i}\\.json`));
      for (const pattern of one.says) assert.match(run.stderr, pattern);
      assert.deepEqual(existsSync(out) ? readdirSync(out) : [], []);
    });
  }
});

const header = "formula,strength_MPa\n";
const dataCases: readonly {
  title: string;
  text: string | Uint8Array;
  says: readonly RegExp[];
  target?: string;
}[] = [
  { title: "empty file", text: "", says: [/empty/i] },
  { title: "header only", text: header, says: [/row/i] },
  {
    title: "ragged rows",
    text: `${header}AlTi,500\nAlNb,600,7\n`,
    says: [/row 2|line 3/, /3/, /2/],
  },
  {
    title: "binary file given as CSV",
    text: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49]),
    says: [/PNG/i],
  },
  {
    title: "fewer than five rows",
    text: `${header}AlTi,500\nAlNb,600\nTiNb,700\n`,
    says: [/3 rows|3 usable|at least 5/],
  },
  {
    title: "label with one class only",
    text: `formula,single_phase\n${["AlTi", "AlNb", "TiNb", "TiV", "NbV", "AlV"].map((f) => `${f},1`).join("\n")}\n`,
    target: "single_phase",
    says: [/one class|single class|only one/i],
  },
];

describe("validate refuses bad data files with a message", () => {
  for (const [i, one] of dataCases.entries()) {
    test(one.title, async () => {
      const file = join(folder, `data-${i}.csv`);
      writeFileSync(file, one.text);
      const run = await runCli(["validate", file, "--target", one.target ?? "strength", "--json"]);
      assert.equal(run.code, 2, run.stderr);
      assert.equal(run.stdout, "");
      assert.match(run.stderr, new RegExp(`data-${i}\\.csv`));
      for (const pattern of one.says) assert.match(run.stderr, pattern);
    });
  }

  test("a line of 100 MB", async () => {
    const file = join(folder, "long.csv");
    await new Promise<void>((done) => {
      const stream = createWriteStream(file);
      stream.write(header);
      const block = "x".repeat(1 << 20);
      for (let i = 0; i < 100; i++) stream.write(block);
      stream.end(() => done());
    });
    const run = await runCli(["validate", file, "--target", "strength"]);
    assert.equal(run.code, 2, run.stderr);
    assert.match(run.stderr, /long\.csv/);
    assert.match(run.stderr, /line 2|row 1/);
  });

  test("a negative fraction is listed by the audit with its row", async () => {
    const file = join(folder, "negative.csv");
    writeFileSync(file, "x_Al,x_Ti,strength_MPa\n0.5,0.5,500\n-0.2,1.2,400\n0.3,0.7,450\n");
    const run = await runCli(["audit", file, "--json"]);
    assert.equal(run.code, 0, run.stderr);
    const { findings } = JSON.parse(run.stdout) as {
      findings: { rows: number[]; action: string; message: string }[];
    };
    const finding = findings.find((one) => /negative/i.test(one.message));
    assert.deepEqual(finding?.rows, [2]);
    assert.equal(finding?.action, "drop");
  });
});

test("validate and tune refuse options that do not fit, naming them", async () => {
  const file = join(folder, "rows.csv");
  const formulas = ["AlTi", "AlNb", "TiNb", "TiV", "NbV", "AlV", "AlTiV", "AlTiNb"];
  writeFileSync(file, `${header}${formulas.map((f, i) => `${f},${500 + 10 * i}`).join("\n")}\n`);
  const bad: [string[], RegExp][] = [
    [["validate", file, "--models", "linear,random-forrest"], /--models[^]*"random-forest"/],
    [["validate", file, "--models", "all", "--model", "linear"], /--model is for a single family/],
    [["validate", file, "--column", "strngth=property"], /strngth[^]*--column/],
    [["validate", file, "--column", "strength_MPa=proprety"], /Did you mean "property"/],
    [["validate", file, "--target", "strength", "--protocol", "chronological"], /--time/],
    [["tune", file, "--target", "strength", "--model", "dummy"], /no options to tune/],
    [["tune", file, "--target", "strength", "--option", "minLeef=3"], /"minLeef" is not an option/],
  ];
  for (const [args, says] of bad) {
    const run = await runCli(args);
    assert.equal(run.code, 2, `${args.join(" ")}: ${run.stderr}`);
    assert.match(run.stderr, says);
    assert.equal(run.stdout, "");
  }
});

test("an output folder that cannot be written is refused before the work starts", async () => {
  const file = join(folder, "good.json");
  writeFileSync(file, JSON.stringify(goodProblem));
  for (const out of ["/proc/ystar", file]) {
    const run = await runCli(["design", file, "--out", out]);
    assert.equal(run.code, 2, run.stderr);
    assert.ok(run.stderr.includes(out), run.stderr);
    assert.match(run.stderr, /The folder for the results cannot be written/);
    assert.doesNotMatch(run.stderr, /%/);
  }
});

test("problem files that are missing, a folder or binary are refused", async () => {
  const binary = join(folder, "binary.yaml");
  writeFileSync(
    binary,
    Uint8Array.from({ length: 256 }, (_, i) => i),
  );
  for (const file of [join(folder, "none.yaml"), folder, binary]) {
    const run = await runCli(["design", file]);
    assert.equal(run.code, 2, run.stderr);
    assert.ok(run.stderr.includes(file), run.stderr);
    assert.equal(run.stdout, "");
  }
});

test("an unknown command and an unknown option end with code 2", async () => {
  assert.equal((await runCli(["desing"])).code, 2);
  assert.equal((await runCli(["count", "--elemnts", "Al"])).code, 2);
});
