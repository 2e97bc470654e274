import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Surrogate, Task } from "../contract.ts";
import { fitLinear } from "../linear/linear.ts";
import { saveSurrogate } from "../saved-state.ts";
import { deepEnsemble, fitDeepEnsemble } from "./deep-ensemble.ts";
import { fitMlp, mlp } from "./mlp.ts";
import { loadModel, surrogateOf } from "./network-model.ts";
import { fitMcDropout, mcDropout } from "./mc-dropout.ts";

const regression: Task = { kind: "regression" };
const rng = createRng(11);

/** y = sin 3x over [-1, 1] in other units, with noise of std 0.05 left and 0.4 right of 0. */
function wave(n: number, label: string): { x: Matrix; y: Float64Array; truth: Float64Array } {
  const draw = createRng(5).fork(label);
  const x = matrix(
    n,
    1,
    Float64Array.from({ length: n }, () => 2 * draw.uniform() - 1),
  );
  const truth = x.data.map((v) => 100 + 20 * Math.sin(3 * v));
  const y = truth.map((value, i) => value + 20 * (x.data[i] < 0 ? 0.05 : 0.4) * draw.normal());
  return { x, y, truth };
}

const rootMeanSquare = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);

const at = (...values: number[]): Matrix => matrix(values.length, 1, Float64Array.from(values));

describe("a network for numbers", () => {
  const { x, y } = wave(400, "train");
  const test = wave(200, "test");
  const options = { hidden: [32, 32], epochs: 200 };

  for (const precision of ["f64", "f32"] as const) {
    it(`learns a curve and the noise of each side (${precision})`, async () => {
      const fitted = await fitMlp({ x, y, task: regression, rng }, { ...options, precision });
      const error = rootMeanSquare(fitted.predict(test.x).mean.data, test.truth);
      const line = await fitLinear({ x, y, task: regression, rng });
      // The curve leaves a straight line with errors of about 5.
      assert.ok(rootMeanSquare(line.predict(test.x).mean.data, test.truth) > 4);
      assert.ok(error < 2, `error ${error}`);
      const { aleatoricStd, epistemicStd } = fitted.predict(at(-0.5, 0.5));
      assert.ok(aleatoricStd.data[0] > 0.5 && aleatoricStd.data[0] < 2, `${aleatoricStd.data[0]}`);
      assert.ok(aleatoricStd.data[1] > 5.5 && aleatoricStd.data[1] < 11, `${aleatoricStd.data[1]}`);
      assert.deepEqual([...epistemicStd.data], [0, 0]);
    });
  }

  it("stops by the rows kept aside and keeps the epoch that was best on them", async () => {
    const { summary } = await fitMlp(
      { x, y, task: regression, rng },
      { hidden: [32], epochs: 2000, patience: 15, rate: 0.02 },
    );
    assert.equal(summary["heldOutRows"], 60);
    assert.ok((summary["epochs"] as number) < 2000);
    assert.equal((summary["epochs"] as number) - (summary["bestEpoch"] as number), 15);
  });

  it("has an epistemic spread with Monte-Carlo dropout, the same at every call", async () => {
    const fitted = await fitMcDropout({ x, y, task: regression, rng }, { ...options, epochs: 60 });
    const one = fitted.predict(test.x);
    assert.ok(one.epistemicStd.data.every((std) => std > 0));
    assert.deepEqual(fitted.predict(test.x), one);
    assert.ok(rootMeanSquare(one.mean.data, test.truth) < 4);
  });

  it("has no epistemic spread from one network, though trained with dropout", async () => {
    const fitted = await fitMlp(
      { x, y, task: regression, rng },
      { ...options, epochs: 20, dropout: 0.2 },
    );
    assert.ok(fitted.predict(test.x).epistemicStd.data.every((std) => std === 0));
  });

  it("an ensemble knows less far from the data than amid them", async () => {
    const ensemble = await fitDeepEnsemble(
      { x, y, task: regression, rng },
      { ...options, epochs: 60 },
    );
    const [inside, outside] = ensemble.predict(at(-0.5, 4)).epistemicStd.data;
    assert.ok(outside > 5 * inside, `${inside} inside, ${outside} outside`);
    assert.equal(ensemble.summary["networks"], 5);
  });

  it("an ensemble's mean and variances are those of its members' mixture", async () => {
    const fitted = await fitDeepEnsemble(
      { x, y, task: regression, rng },
      { hidden: [8], epochs: 10, members: 3 },
    );
    const model = loadModel(saveSurrogate(deepEnsemble, fitted)!);
    const whole = fitted.predict(test.x);
    const parts = model.members.map((member) =>
      surrogateOf({ ...model, members: [member] }).predict(test.x),
    );
    for (let i = 0; i < 200; i++) {
      const means = parts.map((part) => part.mean.data[i]);
      const mean = means.reduce((sum, m) => sum + m, 0) / 3;
      const between = means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / 3;
      const within = parts.reduce((sum, part) => sum + part.aleatoricStd.data[i] ** 2, 0) / 3;
      assert.ok(Math.abs(whole.mean.data[i] / mean - 1) < 1e-12);
      assert.ok(Math.abs(whole.epistemicStd.data[i] ** 2 / model.spread ** 2 / between - 1) < 1e-9);
      assert.ok(Math.abs(whole.aleatoricStd.data[i] ** 2 / within - 1) < 1e-12);
    }
  });
});

describe("the spread of a network", () => {
  // Noise of std 1 on a plane in 10 inputs, which a network of many parameters fits well on few rows.
  const sample = (n: number, seed: number): { x: Matrix; y: Float64Array } => {
    const draw = createRng(seed);
    const m = matrix(
      n,
      10,
      Float64Array.from({ length: 10 * n }, () => draw.normal()),
    );
    const y = Float64Array.from({ length: n }, (_, i) => m.data[10 * i] + draw.normal());
    return { x: m, y };
  };
  const coverageOf = (fitted: Surrogate, { x, y }: { x: Matrix; y: Float64Array }): number => {
    const { mean, epistemicStd, aleatoricStd } = fitted.predict(x);
    const within = y.filter((value, i) => {
      const std = Math.hypot(epistemicStd.data[i], aleatoricStd.data[i]);
      return Math.abs(value - mean.data[i]) <= 1.6448536269514722 * std;
    });
    return within.length / y.length;
  };
  // 300 rows with 45 kept aside; mean over 6 seeds of a share whose std by those 45 rows is about 0.045.
  for (const [family, options] of [
    [mlp, {}],
    [mcDropout, {}],
    [deepEnsemble, { members: 4 }],
  ] as const) {
    it(`makes 90 % intervals hold on new rows (${family.name})`, async () => {
      const test = sample(1000, 99);
      let total = 0;
      for (let seed = 1; seed <= 6; seed++) {
        const input = { ...sample(300, seed), task: regression, rng: createRng(seed) };
        total += coverageOf(await family.fit(input, { epochs: 100, ...options }), test);
      }
      assert.ok(total / 6 > 0.85 && total / 6 < 0.95, `${total / 6}`);
    });
  }

  it("is left as it is when no rows are kept aside", async () => {
    const input = { ...sample(60, 1), task: regression, rng };
    const { summary } = await mlp.fit(input, { epochs: 3, holdOut: 0 });
    assert.equal(summary["spreadFactor"], 1);
    assert.equal(summary["calibrationRows"], 0);
  });
});

describe("a network for classes", () => {
  // Rings: no straight line parts them.
  const draw = createRng(9);
  const n = 300;
  const x = matrix(
    n,
    2,
    Float64Array.from({ length: 2 * n }, () => 2 * draw.uniform() - 1),
  );
  const y = Float64Array.from({ length: n }, (_, i) =>
    Math.hypot(x.data[2 * i], x.data[2 * i + 1]) < 0.7 ? 1 : 0,
  );
  const task: Task = { kind: "classification", classes: ["outside", "inside"] };

  it("learns what a linear model cannot", async () => {
    const fitted = await fitDeepEnsemble(
      { x, y, task, rng },
      { hidden: [16], epochs: 80, members: 2, rate: 0.02 },
    );
    const { mean, epistemicStd, aleatoricStd } = fitted.predict(
      matrix(3, 2, Float64Array.of(0, 0, 0.95, 0.95, 0.7, 0)),
    );
    assert.ok(mean.data[1] > 0.95 && mean.data[2] > 0.95);
    // The two variances of a class add up to p (1 - p).
    mean.data.forEach((p, k) => {
      const variance = epistemicStd.data[k] ** 2 + aleatoricStd.data[k] ** 2;
      assert.ok(Math.abs(variance - p * (1 - p)) < 1e-12);
    });
  });

  it("a saved model that is of other layers or damaged is refused", async () => {
    const fitted = await fitMlp({ x, y, task, rng }, { hidden: [8], epochs: 1 });
    const saved = saveSurrogate(mlp, fitted)!;
    const refuse = (settings: object, message: RegExp): void => {
      assert.throws(
        () => loadModel({ ...saved, settings: { ...saved.settings, ...settings } }),
        (error: unknown) => error instanceof InputError && message.test(error.message),
      );
    };
    refuse({ hidden: [9] }, /"parameters".*47 numbers, got 42/);
    refuse({ hidden: [8, 8] }, /"parameters"/);
    refuse({ hidden: "many" }, /"hidden".*whole numbers/);
    refuse({ activation: "step" }, /activation/);
    assert.throws(() => loadModel({ ...saved, inputs: 3 }), /"parameters"/);
    const parameters = Float64Array.from(saved.arrays["parameters"]);
    parameters[20] = Number.NaN;
    assert.throws(
      () => loadModel({ ...saved, arrays: { ...saved.arrays, parameters } }),
      /"hidden 1.bias" holds a number that is not finite/,
    );
  });

  it("halves its size when saved in f32, and predicts the same bytes again", async () => {
    const fitted = await fitMlp({ x, y, task, rng }, { hidden: [8], epochs: 2, precision: "f32" });
    const saved = saveSurrogate(mlp, fitted)!;
    assert.ok(saved.arrays["parameters"] instanceof Float32Array);
    assert.deepEqual(surrogateOf(loadModel(saved)).predict(x), fitted.predict(x));
  });
});

describe("the training of a network", () => {
  const { x, y } = wave(200, "train");

  it("stops when told, with the reason, in the middle", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped by the user");
    let reports = 0;
    const work = {
      signal: controller.signal,
      report: () => {
        if (++reports === 3) controller.abort(reason);
      },
    };
    await assert.rejects(fitMlp({ x, y, task: regression, rng, work }), reason);
    assert.equal(reports, 3);
  });

  it("takes far more inputs than rows, and does better than the mean", async () => {
    const draw = createRng(3);
    const wide = (n: number): { x: Matrix; y: Float64Array } => {
      const m = matrix(n, 600);
      for (let k = 0; k < m.data.length; k++) m.data[k] = draw.normal();
      // Of 600 inputs 100 tell the same, as fingerprints and spectra do.
      for (let i = 0; i < n; i++) {
        for (let j = 1; j < 100; j++) m.data[600 * i + j] += 2 * m.data[600 * i];
      }
      return { x: m, y: Float64Array.from({ length: n }, (_, i) => m.data[600 * i]) };
    };
    const [train, test] = [wide(40), wide(100)];
    for (const precision of ["f64", "f32"] as const) {
      const input = { ...train, task: regression, rng };
      const fitted = await fitMlp(input, { epochs: 60, precision });
      const error = rootMeanSquare(fitted.predict(test.x).mean.data, test.y);
      const spread = rootMeanSquare(test.y, new Float64Array(100));
      assert.ok(error < 0.8 * spread, `${error} of ${spread}`);
    }
  });

  it("says so when a row is so far that the network overflows", async () => {
    const fitted = await fitMlp(
      { x, y, task: regression, rng },
      { hidden: [8], epochs: 2, precision: "f32" },
    );
    assert.throws(() => fitted.predict(at(0, 1e200)), { name: "NumericalError", message: /row 1/ });
  });

  it("refuses options out of range and names them", async () => {
    for (const [key, value] of Object.entries({
      hidden: [0],
      activation: "step",
      epochs: 0,
      batchSize: 0,
      rate: -1,
      holdOut: 1,
      dropout: 1,
      precision: "f16",
    })) {
      await assert.rejects(
        fitMlp({ x, y, task: regression, rng }, { [key]: value }),
        (error: unknown) => error instanceof InputError && error.message.includes(key),
      );
    }
    await assert.rejects(
      fitDeepEnsemble({ x, y, task: regression, rng }, { members: 1 }),
      /members/,
    );
  });

  it("may have no hidden layer: then it is linear", async () => {
    const draw = createRng(2);
    const line = x.data.map((v) => 5 + 2 * v + 0.01 * draw.normal());
    const fitted = await fitMlp(
      { x, y: line, task: regression, rng },
      { hidden: [], weightDecay: 0 },
    );
    const { mean } = fitted.predict(at(-1, 0, 1));
    [3, 5, 7].forEach((value, i) => assert.ok(Math.abs(mean.data[i] - value) < 0.1));
  });
});
