import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { SurrogateSpec } from "../../src/surrogates/contract.ts";
import { surrogates } from "../../src/surrogates/registry.ts";
import { tinyModel } from "../../src/surrogates/onnx/fixtures/tiny-model.ts";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-models-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const alloys = "AlTi TiV TiVNb AlTiVNb Al2TiV Ti2VNb TiV2Nb AlTiNb AlVNb Al2TiVNb".split(" ");
const data = join(folder, "alloys.csv");
writeFileSync(
  data,
  [
    "formula,strength_MPa,test_temperature_C",
    ...alloys.map((f, i) => `${f},${400 + 40 * i},${i % 3 === 0 ? 600 : 25}`),
  ].join("\n"),
);
const gaps = join(folder, "gaps.csv");
writeFileSync(
  gaps,
  [
    "formula,strength_MPa,test_temperature_C",
    ...alloys.map((f, i) => `${f},${400 + 40 * i},${i % 5 === 0 ? "" : 25 + 50 * i}`),
  ].join("\n"),
);
const file = join(folder, "strength.ystar");
/** A family that can be saved, the quickest of the registry. */
const savable = Object.values<SurrogateSpec>(surrogates)
  .filter((spec) => spec.load !== undefined && spec.supports.regression)
  .map(({ name }) => name);
const family = ["k-nearest", "linear", "random-forest", ...savable].find((one) =>
  savable.includes(one),
);
const skip = family === undefined && "no family of the registry can be saved";

type Scores = Record<string, { readonly mean: number }>;

async function ok(...args: string[]): Promise<string> {
  const run = await runCli(args);
  assert.equal(run.code, 0, run.stderr);
  return run.stdout;
}
const json = async (...args: string[]) =>
  JSON.parse(await ok(...args, "--json")) as Record<string, unknown>;

async function refusal(...args: string[]): Promise<string> {
  const run = await runCli(args);
  assert.equal(run.code, 2, run.stderr);
  assert.equal(run.stdout, "");
  return run.stderr;
}

test("models lists the families with what they can do", async () => {
  const { families } = (await json("models")) as { families: { name: string }[] };
  assert.deepEqual(
    families.map(({ name }) => name),
    Object.keys(surrogates),
  );
});

describe("a model is trained, described, used for predictions and in a design", { skip }, () => {
  test("train writes one file and prints the card", async () => {
    const pipeline = ["--pipeline", "standardise,select:by=l1:keep=6"];
    const card = await json("train", data, "--target", "strength", "--model", family!, ...pipeline, "--out", file); // prettier-ignore
    assert.equal(card.family, family);
    assert.deepEqual(card.pipeline, [
      { step: "standardise" },
      { step: "select", options: { by: "l1", keep: 6 } },
    ]);
    assert.deepEqual(readdirSync(folder).sort(), ["alloys.csv", "gaps.csv", "strength.ystar"]);
  });

  test("models describes it", async () => {
    const text = await ok("models", file);
    assert.match(text, /predicts +strength in MPa/);
    assert.match(text, /test_temperature +25.* \.\.\. 600.* degC/);
    assert.match(text, /rmse/);
  });

  test("predict says mean, uncertainty and validity, as table, JSON and CSV", async () => {
    const csv = join(folder, "predictions.csv");
    const at = ["--at", "test_temperature=298.15 K"];
    const text = await ok("predict", file, "--formula", "AlTiV", "--formula", "WRe", ...at, "--out", csv); // prettier-ignore
    assert.match(text, /AlTiV .* (inside|edge)\b/);
    assert.match(text, /WRe .* outside .*no training row has/);
    const [head, first] = readFileSync(csv, "utf8").split("\r\n");
    assert.match(head, /^formula,row,test_temperature \[degC\],strength \[MPa\],/);
    assert.match(first, /^AlTiV,,25,/);
    const { predictions } = (await json("predict", file, "--data", data)) as {
      predictions: Record<string, unknown>[];
    };
    assert.equal(predictions.length, 10);
    assert.deepEqual(Object.keys(predictions[0]), [
      "formula",
      "row",
      "process",
      "mean",
      "epistemicStd",
      "aleatoricStd",
      "low",
      "high",
      "predicted",
      "probabilities",
      "validity",
    ]);
  });

  test("explain takes it with the data, and looks for a change", async () => {
    const args = ["--model-file", file, "--formula", "AlTiV", "--reach", "0.7 GPa"];
    const told = (await json("explain", data, ...args)) as {
      model: string;
      design: { prediction: number };
      change: { isFound: boolean; prediction: number | null; sentence: string };
    };
    assert.equal(told.model, family);
    if (told.change.isFound) {
      const isRise = told.design.prediction < 700;
      assert.equal(told.change.prediction! >= 700, isRise);
    }
    assert.ok(told.change.sentence.includes("700 MPa"));
    assert.match(await ok("explain", data, ...args), /\n(The smallest change|No change)/);
    assert.match(await refusal("explain", data, ...args, "--model", "mlp"), /settled by the model/);
    const flip = ["--target", "strength", "--flip"];
    assert.match(await refusal("explain", data, ...flip), /there is none[\s\S]*--row or --formula/);
    const lrp = ["--target", "strength", "--method", "lrp", "--row", "1"];
    assert.match(await refusal("explain", data, ...lrp), /one of the families mlp, deep-ensemble/);
  });

  test("--target takes the name in any case, with spaces, and the header of the column", async () => {
    for (const name of ["Strength", "STRENGTH_MPa", " strength "]) {
      const { target } = await json("validate", data, "--target", name, "--model", "linear", "--protocol", "kfold"); // prettier-ignore
      assert.equal(target, "strength");
    }
    assert.match(await refusal("validate", data, "--target", "strenght"), /Did you mean.*strength/);
  });

  test("columns with other names are declared with --column, in training and prediction", async () => {
    const own = mkdtempSync(join(tmpdir(), "ystar-columns-"));
    after(() => rmSync(own, { recursive: true, force: true }));
    const table = join(own, "probes.csv");
    writeFileSync(
      table,
      ["Probe,Wert", ...alloys.map((f, i) => `${f},${400 + 40 * i}`)].join("\n"),
    );
    const columns = ["--column", "Probe=formula", "--column", "Wert=property [MPa]"];
    const model = join(own, "probes.ystar");
    const card = await json("train", table, "--target", "wert", "--model", family!, ...columns, "--out", model); // prettier-ignore
    assert.equal((card["property"] as { unit: string }).unit, "MPa");
    const { predictions } = (await json("predict", model, "--data", table, ...columns)) as {
      predictions: unknown[];
    };
    assert.equal(predictions.length, alloys.length);
  });

  test("design takes it from the folder of the problem file", async () => {
    const problem = join(folder, "problem.yaml");
    writeFileSync(
      problem,
      `name: Test
domain: alloy
data: alloys.csv
space:
  elements: [Al, Ti, V, Nb]
  fraction: { min: 0.05, max: 0.6, step: 0.05 }
  process: { test_temperature: 25 degC }
targets: [strength -> maximise]
models: { strength: { file: strength.ystar } }
budget: 200
candidates: 2
`,
    );
    const { problem: facts, models } = (await json("design", problem)) as {
      problem: { targets: { model: string }[] };
      models: { trainedOn: object }[];
    };
    assert.equal(facts.targets[0].model, family);
    assert.ok(models[0].trainedOn);
  });

  test("design takes an ONNX file, and says what is wrong with one", async () => {
    const write = (name: string, width: number) =>
      writeFileSync(
        join(folder, name),
        tinyModel({
          inputs: [{ name: "x", type: 1, shape: ["n", width] }],
          nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
          constants: [{ name: "w", shape: [width, 1], values: Array.from({ length: width }, () => 0.5) }], // prettier-ignore
          outputs: [{ name: "y", type: 1, shape: ["n", 1] }],
        }),
      );
    write("right.onnx", 2);
    write("wide.onnx", 3);
    const problem = (name: string) => {
      const path = join(folder, `${name}.yaml`);
      writeFileSync(
        path,
        `name: Test
domain: alloy
data: alloys.csv
space:
  elements: [Al, Ti, V, Nb]
  fraction: { min: 0.05, max: 0.6, step: 0.05 }
targets: [strength -> maximise]
models:
  strength: { onnx: ${name}.onnx, inputs: { Nb: 1, Ti: 1 }, unit: GPa }
budget: 200
candidates: 2
`,
      );
      return path;
    };
    const { candidates } = (await json("design", problem("right"))) as {
      candidates: { predictions: { strength: { mean: number } } }[];
    };
    // 0.5 GPa for each of two elements that may make up all that the others leave.
    assert.ok(candidates[0].predictions.strength.mean <= 500);
    assert.match(await refusal("design", problem("wide")), /n x 2, got n x 3[\s\S]*\(line 9\)/);
    assert.match(await refusal("design", problem("absent")), /no model file[\s\S]*\(line 9\)/);
  });

  test("a file that was cut off is refused with its name", async () => {
    const cut = join(folder, "cut.ystar");
    writeFileSync(cut, readFileSync(file).subarray(0, 3000));
    assert.match(
      await refusal("predict", cut, "--formula", "AlTi"),
      /ends within[\s\S]*cut\.ystar/,
    );
  });
});

describe("bad input is refused before any work", () => {
  test("train: a step, a formula, an option or a place that is none", async () => {
    const train = (...more: string[]) =>
      refusal("train", data, "--target", "strength", "--out", file, ...more);
    assert.match(await train("--pipeline", "pcaa"), /"pcaa"[\s\S]*pca/);
    assert.match(await train("--options", "trees"), /name=value/);
    const place = ["--target", "strength", "--out", join(folder, "none", "x.ystar")];
    assert.match(await refusal("train", data, ...place), /no folder/);
  });

  test("predict: no file, no design", async () => {
    assert.match(await refusal("predict", "none.ystar", "--formula", "AlTi"), /no model file/);
    assert.match(await refusal("predict", data), /--formula, or a table/);
    assert.match(await refusal("predict", data, "--formula", "AlTi"), /safetensors/);
  });
});

describe("a recipe is one for all commands that learn", () => {
  const target = ["--target", "strength"];

  test("several options stand behind one --option, in train and validate alike", async () => {
    const args = [gaps, ...target, "--model", "lasso", "--option", "mix=0.5,folds=3"];
    const trained = await json("train", ...args, "--out", join(folder, "net.ystar"));
    assert.deepEqual({ ...(trained.options as object) }, { ...surrogates.lasso.defaults, mix: 0.5, folds: 3 }); // prettier-ignore
    await ok("validate", ...args, "--protocol", "kfold");
  });

  test("validate and explain take the columns that train takes", async () => {
    const args = [gaps, ...target, "--model", "ridge", "--add-column", "Al / (Ti + 0.01)"];
    assert.match(
      await ok("validate", ...args, "--protocol", "kfold"),
      /pipeline, fitted in every fold: expressions \(formulas \["Al \/ \(Ti \+ 0.01\)"\]\)/,
    );
    await ok("explain", ...args, "--row", "2");
  });

  test("families are ranked behind one pipeline, the baselines too", async () => {
    const args = [gaps, ...target, "--protocol", "kfold", "--models", "ridge,lasso"];
    const { ranking, pipeline, process } = await json("validate", ...args, "--pipeline", "impute");
    assert.deepEqual(pipeline, [{ step: "impute" }]);
    assert.deepEqual(process, ["test_temperature"]);
    assert.equal((ranking as unknown[]).length, 5);
  });

  test("a column that rows lack is no input, which is said, unless the family takes it", async () => {
    const args = [gaps, ...target, "--protocol", "kfold"];
    const told =
      /not an input: test_temperature, missing in 2 rows \(--pipeline impute fills it, --process test_temperature leaves these rows out\)/;
    assert.match(await ok("validate", ...args, "--model", "ridge"), told);
    assert.match(await ok("explain", gaps, ...target, "--model", "ridge"), told);
    const { unused, process } = await json("validate", ...args, "--model", "gradient-boosting");
    assert.deepEqual([unused, process], [[], ["test_temperature"]]);
    const card = await json("train", gaps, ...target, "--model", "ridge", "--out", join(folder, "r.ystar")); // prettier-ignore
    assert.deepEqual(card.unused, [{ name: "test_temperature", missing: 2, kind: "number" }]);
  });

  test("a formula without a value says of which numbers", async () => {
    const args = [gaps, ...target, "--model", "ridge", "--add-column", "Al / Nb"];
    assert.match(await refusal("validate", ...args), /where Al = 0\.5.*, Nb = 0/);
  });

  test("an element that a feature set does not know names the set and the way out", async () => {
    const strange = join(folder, "strange.csv");
    writeFileSync(strange, "formula,strength_MPa\nUTi,1\nUNb,2\nTiNb,3\nTiV,4\nUV,5\nVNb,6\n");
    assert.match(
      await refusal("validate", strange, ...target, "--model", "ridge"),
      /feature set alloy-standard .* no value for U[^]*--features fractions/,
    );
  });
});

test("models describes a family with its options and where tune looks", async () => {
  const { defaults, tunable } = await json("models", "k-nearest");
  assert.deepEqual(defaults, { ...surrogates["k-nearest"].defaults });
  assert.deepEqual(Object.keys(tunable as object), Object.keys(surrogates["k-nearest"].tunable));
  assert.match(await ok("models", "gradient-boosting"), /learningRate +0\.05 +0\.01/);
  assert.match(await refusal("models", "rigde"), /Did you mean the family "ridge"/);
});

test("lrp takes the rule 0 from the command line", async () => {
  const args = [data, "--target", "strength", "--model", "mlp", "--option", "epochs=5,hidden=[4]"];
  const explain = ["explain", ...args, "--row", "2", "--method", "lrp"];
  await ok(...explain, "--method-option", "rule=0");
  assert.match(await refusal(...explain, "--method-option", "rule=9"), /expected a rule of 0/);
});

describe("experiments without compositions are learned from their settings", () => {
  const runs = join(folder, "runs.csv");
  before(() => {
    const solvents = ["water", "ethanol", "toluene"];
    writeFileSync(
      runs,
      [
        "run,temperature (K),solvent,stirring (rpm),yield (%)",
        ...Array.from({ length: 24 }, (_, i) => {
          const temperature = 300 + ((i * 37) % 100);
          return `r${i},${temperature},${solvents[i % 3]},${200 + 100 * (i % 2)},${20 + 0.3 * (temperature - 300) + 6 * (i % 3) + ((i * 5) % 3)}`;
        }),
      ].join("\n"),
    );
  });
  const args = [runs, "--target", "yield", "--model", "ridge"];
  const settings = ["--process", "temperature,solvent,stirring_rpm"];
  const saved = join(folder, "yield.ystar");

  test("validate, tune and explain say what the folds keep together", async () => {
    const found = await json("validate", ...args, ...settings);
    assert.equal(found.protocolText, "5 folds that keep rows of one design together");
    assert.deepEqual(found.process, ["temperature", "solvent", "stirring_rpm"]);
    const { metrics, baseline } = found as unknown as Record<"metrics", Scores> & { baseline: Record<string, Scores> }; // prettier-ignore
    assert.ok(metrics["rmse"].mean < 0.5 * baseline["dummy"]["rmse"].mean);
    await ok("tune", ...args, ...settings, "--budget", "2", "--method", "random", "--folds", "2", "--inner-folds", "2"); // prettier-ignore
    const page = await ok("explain", ...args, ...settings, "--row", "1", "--reach", "40");
    assert.match(page, /The smallest change found[^]*yield of at least 40/);
    const cards = join(folder, "cards");
    await ok("validate", runs, "--target", "yield", "--models", "ridge", ...settings, "--out", cards); // prettier-ignore
    assert.doesNotMatch(readFileSync(join(cards, "model-card.md"), "utf8"), /elements/);
  });

  test("a saved model predicts rows, settings alone, and designs of a problem", async () => {
    await ok("train", ...args, ...settings, "--out", saved);
    const { predictions, domain } = await json("predict", saved, "--data", runs);
    assert.deepEqual([domain, (predictions as unknown[]).length], ["general", 24]);
    const one = await json(
      "predict",
      saved,
      "--at",
      "temperature=77 degC",
      "--at",
      "solvent=water",
    );
    const [{ process, validity }] = one.predictions as [Record<"process" | "validity", unknown>];
    assert.deepEqual(process, { temperature: 350.15, solvent: "water", stirring_rpm: 250 });
    assert.equal((validity as { verdict: string }).verdict, "inside");
    assert.match(await refusal("predict", saved, "--formula", "AlTi"), /knows no compositions/);
    assert.match(await ok("explain", runs, "--model-file", saved), /temperature +[\d.]+ +raise it/);
    const problem = join(folder, "yield.yaml");
    writeFileSync(
      problem,
      `name: Yield\ndata: ${runs}\nspace:\n  parameters:\n    temperature: { min: 310, max: 390, unit: K }\n    solvent: [water, ethanol]\n    stirring_rpm: 300\noutcomes: { yield: "%" }\ntargets: [yield -> maximise]\nmodels: { yield: { file: yield.ystar } }\nbudget: 60\n`,
    );
    const design = await json("design", problem);
    assert.ok((design.candidates as unknown[]).length > 0);
  });

  test("a table with neither compositions nor settings says how to name the inputs", async () => {
    const bare = join(folder, "bare.csv");
    writeFileSync(bare, "a,b,c\n1,2,3\n2,3,5\n3,5,7\n4,7,9\n5,9,8\n6,4,3\n");
    const told = await refusal("validate", bare, "--target", "c");
    assert.match(told, /no composition and no settings[^]*--process temperature,solvent/);
    await ok("validate", bare, "--target", "c", "--process", "a,b", "--model", "ridge");
  });
});
