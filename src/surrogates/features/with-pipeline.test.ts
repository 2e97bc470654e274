import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { toySpec } from "../fixtures/toy-surrogate.ts";
import { linear } from "../linear/linear.ts";
import { testSurrogate } from "../surrogate.contract.ts";
import { validate } from "../validate/validate.ts";
import { withPipeline } from "./with-pipeline.ts";

describe("a family behind a pipeline keeps the contract of surrogates", () => {
  testSurrogate(
    "toy",
    withPipeline(toySpec, [
      { step: "impute" },
      { step: "standardise" },
      { step: "polynomial" },
      { step: "pca", options: { components: 4 } },
    ]),
    {},
  );
  testSurrogate("linear", withPipeline(linear, [{ step: "impute" }, { step: "standardise" }]), {});
});

test("no steps leave the family as it is", () => {
  assert.equal(withPipeline(toySpec, []), toySpec);
});

test("selection inside the folds finds nothing in noise, as it must", async () => {
  // 40 rows of 400 columns of noise: selection on all rows before validation would show a good model.
  const rng = createRng(11);
  const x = matrix(40, 400);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: 40 }, () => rng.normal());
  const spec = withPipeline(toySpec, [{ step: "select", options: { keep: 5 } }]);
  const { metrics } = await validate(
    { x, y, task: { kind: "regression" } },
    spec,
    {},
    { protocol: "kfold", folds: 5, repeats: 2, rng: createRng(2) },
  );
  assert.ok(metrics.r2.mean < 0.1, `R2 ${metrics.r2.mean}`);
});
