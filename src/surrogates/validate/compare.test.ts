import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { NumericalError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SurrogateSpec } from "../contract.ts";
import { dummy } from "../dummy/dummy.ts";
import { kNearest } from "../k-nearest/k-nearest.ts";
import { lasso } from "../lasso/lasso.ts";
import { linear } from "../linear/linear.ts";
import { scoresOf } from "./scores.ts";
import { compareFamilies } from "./compare.ts";
import { bootstrapDifference, correctedDifference } from "./difference.ts";
import type { ValidationData } from "./held-out.ts";

interface Reference {
  readonly regression: Record<"measured" | "predicted" | "std", number[]> & {
    readonly scores: Record<string, number>;
  };
  readonly classification: Record<"labels" | "p" | "yes" | "two", number[]> &
    Record<"three" | "binary", Record<string, number>>;
  readonly difference: {
    readonly values: number[];
    readonly share: number;
    readonly expected: Record<string, number>;
  };
}

/** Values made by test/reference/validation.py. */
const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/validation.json", import.meta.url), "utf8"),
) as Reference;

function assertValues(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
  tolerance: number,
): void {
  for (const [name, value] of Object.entries(expected)) {
    assert.ok(Math.abs(actual[name] - value) < tolerance, `${name}: ${actual[name]}, not ${value}`);
  }
}

const rng = () => createRng(7);

/** A plane with noise of 0.5, and groups of three rows. */
function plane(n: number): ValidationData & { groups: string[] } {
  const draw = createRng(3);
  const x = matrix(n, 3);
  for (let k = 0; k < x.data.length; k++) x.data[k] = draw.normal();
  const y = Float64Array.from(
    { length: n },
    (_, i) => x.data[3 * i] - 2 * x.data[3 * i + 1] + 0.5 * draw.normal(),
  );
  const groups = Array.from({ length: n }, (_, i) => `group ${Math.floor(i / 3)}`);
  return { x, y, task: { kind: "regression" }, groups };
}

/** `linear` under another name. */
const twin: SurrogateSpec = { ...(linear as SurrogateSpec), name: "twin" };

describe("metrics with uncertainty", () => {
  it("of numbers agree with scipy, CRPS with its integral", () => {
    const { measured, predicted, std, scores } = reference.regression;
    const column = (values: number[]) => matrix(values.length, 1, Float64Array.from(values));
    const judged = {
      measured: Float64Array.from(measured),
      mean: column(predicted),
      std: column(std),
    };
    assertValues(scoresOf(judged, { kind: "regression" }), scores, 1e-8);
  });

  it("of classes agree with scikit-learn", () => {
    const { labels, p, yes, two, three, binary } = reference.classification;
    const mean = matrix(labels.length, 3, Float64Array.from(p));
    const judged = { measured: Float64Array.from(labels), mean, std: mean };
    assertValues(
      scoresOf(judged, { kind: "classification", classes: ["a", "b", "c"] }),
      three,
      1e-12,
    );
    const pairs = matrix(yes.length, 2, Float64Array.from(two.flatMap((q) => [1 - q, q])));
    const ofTwo = { measured: Float64Array.from(yes), mean: pairs, std: pairs };
    assertValues(
      scoresOf(ofTwo, { kind: "classification", classes: ["no", "yes"] }),
      binary,
      1e-12,
    );
  });
});

describe("the difference of two models", () => {
  it("has the interval and p-value that scipy gives for the corrected variance", () => {
    const { values, share, expected } = reference.difference;
    assertValues({ ...correctedDifference(values, share) }, expected, 1e-10);
  });

  it("is found by no more than about one test in twenty where there is none", async () => {
    // Two models that say the same but for independent errors: any difference is chance.
    const task = { kind: "regression" } as const;
    const rows = Array.from({ length: 60 }, (_, i) => [i]);
    let found = 0;
    const trials = 60;
    for (let k = 0; k < trials; k++) {
      const draw = createRng(100 + k);
      const normals = () => Float64Array.from({ length: 60 }, () => draw.normal());
      const judged = () => ({ mean: matrix(60, 1, normals()), std: matrix(60, 1) });
      const measured = normals();
      const { low, high } = bootstrapDifference(
        { measured, ...judged() },
        { measured, ...judged() },
        rows,
        "mae",
        task,
        draw,
      );
      if (low > 0 || high < 0) found++;
    }
    // 3 expected; above 9 has a chance below 0.001 for tests of size 0.05.
    assert.ok(found <= 9, `${found} of ${trials}`);
  });
});

describe("a comparison of families", () => {
  it("puts the right model first and tells it from the mean, not from its twin", async () => {
    const result = await compareFamilies(
      plane(90),
      [{ spec: dummy }, { spec: twin }, { spec: kNearest }, { spec: linear }],
      { protocol: "kfold", repeats: 2, rng: rng() },
    );
    assert.equal(result.method, "corrected resampled t-test");
    assert.equal(result.splits, 10);
    assert.deepEqual(
      result.ranking.map(({ model, isLikeBest }) => [model, isLikeBest]),
      [
        ["twin", true],
        ["linear", true],
        ["k-nearest", false],
        ["dummy", false],
      ],
    );
    assert.equal(result.ranking[0].difference, null);
    assert.deepEqual(result.ranking[1].difference, {
      mean: 0,
      standardError: 0,
      low: 0,
      high: 0,
      pValue: 1,
    });
    assert.ok(result.ranking[3].difference!.low > 0);
  });

  it("bootstraps over groups where there is one split, or one that lacks a class", async () => {
    const data = plane(90);
    const split = {
      train: Int32Array.from({ length: 60 }, (_, i) => i),
      test: Int32Array.from({ length: 30 }, (_, i) => 60 + i),
    };
    const result = await compareFamilies({ ...data, split }, [{ spec: dummy }, { spec: linear }], {
      protocol: "published",
      repeats: 1,
      rng: rng(),
    });
    assert.equal(result.method, "bootstrap");
    assert.equal(result.ranking[0].model, "linear");
    // Repeats of one split are no further evidence.
    const repeated = await compareFamilies(
      { ...data, split },
      [{ spec: dummy }, { spec: linear }],
      {
        protocol: "published",
        repeats: 6,
        rng: rng(),
      },
    );
    assert.deepEqual([repeated.method, repeated.splits], ["bootstrap", 1]);
    assert.ok(result.ranking[1].difference!.low > 0);

    // Sorted by class and grouped in threes, so that most test parts have one class.
    const sorted = {
      ...data,
      y: data.y.map((_, i) => (i < 45 ? 0 : 1)),
      groups: Array.from(data.y, (_, i) => `group ${Math.floor(i / 15)}`),
      task: { kind: "classification", classes: ["no", "yes"] },
    } as const;
    const classes = await compareFamilies(sorted, [{ spec: dummy }, { spec: linear }], {
      protocol: "grouped",
      folds: 6,
      repeats: 1,
      metric: "rocAuc",
      rng: rng(),
    });
    assert.equal(classes.method, "bootstrap");
  });

  it("skips with the reason what does not take the task, the size, or fails", async () => {
    const failing: SurrogateSpec = {
      ...dummy,
      name: "failing",
      fit: () => Promise.reject(new NumericalError("it does not converge")),
    };
    const small: SurrogateSpec = {
      ...dummy,
      name: "small",
      supports: { ...dummy.supports, maxRows: 10 },
    };
    const classes = {
      ...plane(60),
      y: plane(60).y.map((value) => (value > 0 ? 1 : 0)),
      task: { kind: "classification", classes: ["no", "yes"] },
    } as const;
    const { ranking, skipped } = await compareFamilies(
      classes,
      [{ spec: lasso }, { spec: failing }, { spec: small }, { spec: dummy }],
      { protocol: "kfold", repeats: 1, rng: rng() },
    );
    assert.deepEqual(
      ranking.map(({ model }) => model),
      ["dummy"],
    );
    assert.deepEqual(skipped, [
      { model: "lasso", reason: "does not learn classes" },
      { model: "failing", reason: "it does not converge" },
      { model: "small", reason: "takes at most 10 rows, a training part has 48" },
    ]);
    await assert.rejects(
      compareFamilies(classes, [{ spec: failing }], {
        protocol: "kfold",
        rng: rng(),
      }),
      /does not converge/,
    );
  });

  it("refuses a metric that the task has not, and those that rank nothing", async () => {
    for (const metric of ["rocAuc", "coverage90", "width90"]) {
      const settings = { protocol: "kfold", repeats: 1, metric, rng: rng() } as const;
      const run = compareFamilies(plane(30), [{ spec: dummy }], settings);
      await assert.rejects(run, { name: "InputError", message: new RegExp(metric) });
    }
  });

  it("stops when cancelled", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const work = { signal: controller.signal };
    await assert.rejects(
      compareFamilies(plane(30), [{ spec: dummy }], { protocol: "kfold", rng: rng(), work }),
      /enough/,
    );
  });
});
