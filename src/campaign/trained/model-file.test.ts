import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { YstarError, type ErrorDetails } from "../../core/errors.ts";
import { decodeTensors, encodeTensors } from "../../core/safetensors.ts";
import { sha256 } from "../../core/sha256.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SurrogateSpec } from "../../surrogates/contract.ts";
import { toySpec } from "../../surrogates/fixtures/toy-surrogate.ts";
import { surrogates } from "../../surrogates/registry.ts";
import { smallDataset } from "../fixtures/small-data.ts";
import { decodeModel, encodeModel } from "./model-file.ts";
import { predictCompositions } from "./predict-designs.ts";
import { trainModel } from "./train-model.ts";

const families = { toy: toySpec };
const model = await trainModel(smallDataset(), {
  target: "strength",
  model: "toy",
  features: ["fractions", "standard-eight"],
  pipeline: [{ step: "standardise" }, { step: "pca", options: { components: 3 } }],
  modelOptions: { penalty: 0.01 },
  seed: 3,
  families,
});
const bytes = await encodeModel(model, { ystarVersion: "1.0.0", families });
const decode = (content: Uint8Array) => decodeModel(content, "strength.ystar", families);
const designs = [{ fractions: { Al: 0.25, Ti: 0.5, V: 0.25 } }];

/** The file with other texts or arrays, and a checksum that fits them. */
async function changed(
  change: (metadata: Record<string, string>) => Record<string, string>,
): Promise<Uint8Array> {
  const file = decodeTensors(bytes);
  const zeros = "0".repeat(64);
  const metadata = change({ ...file.metadata, checksum: zeros });
  const blank = encodeTensors({ metadata, tensors: file.tensors });
  return encodeTensors({
    metadata: { ...metadata, checksum: await sha256(blank) },
    tensors: file.tensors,
  });
}

/** The file with another model document. */
const withDocument = (change: (document: Record<string, unknown>) => object) =>
  changed((metadata) => ({
    ...metadata,
    model: JSON.stringify(change(JSON.parse(metadata.model) as Record<string, unknown>)),
  }));

async function refusal(content: Uint8Array): Promise<ErrorDetails & { message: string }> {
  try {
    await decode(content);
  } catch (error) {
    assert.ok(error instanceof YstarError, String(error));
    assert.equal(error.code, "input");
    assert.equal(error.details.file, "strength.ystar");
    return { ...error.details, message: error.message };
  }
  return assert.fail("the file was accepted");
}

test("a model that was saved and loaded predicts the same bytes and knows the same of itself", async () => {
  const loaded = await decode(bytes);
  assert.deepEqual(predictCompositions(loaded, designs), predictCompositions(model, designs));
  const { surrogate: _s, validity: _v, ...document } = loaded;
  const { surrogate, validity, ...expected } = model;
  assert.deepEqual(document, expected);
  assert.deepEqual(await encodeModel(loaded, { ystarVersion: "1.0.0", families }), bytes);
  assert.equal(surrogate.inputs, validity.inputs);
});

/** Forty alloys whose strength is a plane with an error that changes its sign from row to row. */
const forty = smallDataset(
  Array.from({ length: 40 }, (_, i) => {
    const [al, ti] = [1 + (i % 8), 1 + ((3 * i) % 7)];
    const strength = 300 + 40 * al + 10 * ti + 15 * (i % 2 === 0 ? 1 : -1);
    return [`Al${al}Ti${ti}V${3 + (i % 5)}`, strength];
  }),
  ["formula", "strength_MPa"],
);

test("a calibrated model comes back from its file with both stds times one factor", async () => {
  const recipe = { target: "strength", model: "linear", seed: 3 } as const;
  const pipeline = [{ step: "standardise" }];
  const plain = await trainModel(forty, { ...recipe, pipeline });
  const trained = await trainModel(forty, { ...recipe, pipeline, calibrate: true });
  const file = await encodeModel(trained, { ystarVersion: "1.0.0" });
  const loaded = await decodeModel(file, "strength.ystar");
  assert.ok(loaded.isCalibrated);
  assert.equal(loaded.card.surrogate, "calibrated-linear");
  assert.deepEqual(predictCompositions(loaded, designs), predictCompositions(trained, designs));
  const [one, two] = [plain, loaded].map((own) => predictCompositions(own, designs).predictions[0]);
  const factor = loaded.surrogate.summary["calibrationFactor"] as number;
  assert.notEqual(factor, 1);
  assert.equal(two.mean, one.mean);
  assert.ok(Math.abs(two.aleatoricStd - factor * one.aleatoricStd) < 1e-9 * one.aleatoricStd);
});

test("a file that does not say whether it is calibrated is read as not", async () => {
  const old = await withDocument((document) =>
    Object.fromEntries(Object.entries(document).filter(([key]) => key !== "isCalibrated")),
  );
  assert.equal((await decode(old)).isCalibrated, false);
});

test("calibration of too few rows is refused with the option", async () => {
  const recipe = { target: "strength", model: "linear", seed: 3, calibrate: true } as const;
  await assert.rejects(trainModel(smallDataset(), recipe), (error: unknown) => {
    assert.ok(error instanceof YstarError);
    assert.equal(error.details.path, "--calibrate");
    return true;
  });
});

test("the same training gives the same file", async () => {
  const again = await trainModel(smallDataset(), {
    target: "strength",
    model: "toy",
    features: ["fractions", "standard-eight"],
    pipeline: [{ step: "standardise" }, { step: "pca", options: { components: 3 } }],
    modelOptions: { penalty: 0.01 },
    seed: 3,
    families,
  });
  assert.deepEqual(await encodeModel(again, { ystarVersion: "1.0.0", families }), bytes);
});

test("the metadata say what the model is, in plain texts", () => {
  const { metadata, tensors } = decodeTensors(bytes);
  assert.equal(metadata.format, "ystar-model");
  assert.equal(metadata.version, "1");
  const document = JSON.parse(metadata.model) as Record<string, unknown>;
  assert.deepEqual(document.data, { name: "small.csv", sha256: "0".repeat(64), rows: 12 });
  assert.deepEqual(document.features, ["fractions", "standard-eight"]);
  assert.deepEqual(document.options, { penalty: 0.01 });
  assert.ok(tensors["surrogate/model/weights"] instanceof Float64Array);
});

describe("a file that cannot be trusted is refused, with the part that is wrong", () => {
  test("cut off", async () => {
    assert.match((await refusal(bytes.subarray(0, bytes.length - 5))).message, /ends within/);
    assert.match((await refusal(bytes.subarray(0, 200))).message, /ends within its header/);
  });

  test("one bit changed, in the header or in the numbers", async () => {
    for (const at of [bytes.length - 3, 1500]) {
      const damaged = bytes.slice();
      damaged[at] ^= 1;
      const { message, path } = await refusal(damaged);
      assert.match(message, /checksum does not fit|no JSON|layout/);
      if (at > 2000) assert.equal(path, "checksum");
    }
  });

  test("of a newer version", async () => {
    const { message, path, hint } = await refusal(
      await changed((metadata) => ({ ...metadata, version: "2" })),
    );
    assert.match(message, /version 2/);
    assert.equal(path, "version");
    assert.match(hint!, /Update ystar/);
  });

  test("of another program", async () => {
    const other = encodeTensors({ metadata: { format: "pt" }, tensors: { w: Float64Array.of(1) } });
    assert.deepEqual((await refusal(other)).path, "format");
    assert.match((await refusal(new TextEncoder().encode("a,b\n1,2"))).message, /layout/);
  });

  test("of a family or a feature set that is not known", async () => {
    const family = await refusal(await withDocument((one) => ({ ...one, family: "toyy" })));
    assert.equal(family.path, "family");
    assert.match(family.hint!, /"toy"/);
    const sets = await refusal(await withDocument((one) => ({ ...one, features: ["fractionss"] })));
    assert.match(sets.message, /"fractionss"/);
  });

  test("with a column that the feature sets do not give, named", async () => {
    const { message, path } = await refusal(
      await withDocument((one) => ({
        ...one,
        labels: (one.labels as string[]).map((label) => (label === "V" ? "Vanadium" : label)),
      })),
    );
    assert.match(message, /"Vanadium"/);
    assert.equal(path, 'column "Vanadium"');
  });

  test("with parts of other models, or of another shape", async () => {
    const fewer = await refusal(
      await withDocument((one) => ({ ...one, labels: (one.labels as string[]).slice(1) })),
    );
    assert.equal(fewer.path, "labels");
    const shape = await refusal(await withDocument((one) => ({ ...one, spread: "large" })));
    assert.equal(shape.path, "model.spread");
  });

  test("of a newer version of its family", async () => {
    const { message } = await refusal(
      await changed((metadata) => ({
        ...metadata,
        surrogate: metadata.surrogate.replace('"version":1', '"version":9'),
      })),
    );
    assert.match(message, /version 9 of toy/);
  });
});

test("a model whose card holds no number is not written", async () => {
  const metrics = { rmse: { mean: Number.NaN, std: 0 } };
  const broken = { ...model, card: { ...model.card, metrics } };
  await assert.rejects(encodeModel(broken, { ystarVersion: "1.0.0", families }), {
    name: "InputError",
    message: /damaged/,
  });
});

describe("families of the registry", () => {
  const quick: Readonly<Record<string, object>> = {
    "random-forest": { trees: 20 },
    "extra-trees": { trees: 20 },
    "gradient-boosting": { rounds: 20 },
    "gaussian-process": { starts: 1 },
    mlp: { hidden: [8], epochs: 5 },
    "deep-ensemble": { hidden: [6], epochs: 5, members: 2 },
  };
  const rng = createRng(5);
  const x = matrix(40, model.labels.length);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: 40 }, (_, i) => x.data[i * x.columns] + rng.normal());

  for (const spec of Object.values<SurrogateSpec>(surrogates)) {
    if (spec.version === undefined || !spec.supports.regression) continue;
    test(`${spec.name} predicts the same bytes from a file`, async () => {
      const task = { kind: "regression" } as const;
      const surrogate = await spec.fit({ x, y, task, rng: createRng(1) }, quick[spec.name] ?? {});
      const own = { ...model, task, family: spec.name, pipeline: [], surrogate };
      const file = await encodeModel(own, { ystarVersion: "1.0.0" });
      const loaded = await decodeModel(file, "own.ystar");
      assert.deepEqual(loaded.surrogate.predict(x), surrogate.predict(x));
    });
  }
});

test("columns are found by name when feature sets give them in another order", async () => {
  const swapped = { ...model, features: ["standard-eight", "fractions"] };
  assert.deepEqual(predictCompositions(swapped, designs), predictCompositions(model, designs));
});
