import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix, matrixOf, type Matrix } from "../../core/matrix.ts";
import { createRng, type Rng } from "../../core/rng.ts";
import type { FitInput, SurrogateSpec, Task } from "../contract.ts";
import { dummy } from "../dummy/dummy.ts";
import { randomForest } from "../forest/random-forest.ts";
import { linear } from "../linear/linear.ts";
import { mlp } from "../mlp/mlp.ts";
import { loadSurrogate, saveSurrogate } from "../saved-state.ts";
import { validate } from "../validate/validate.ts";
import { calibrated, calibratedFamilies, type CalibratedSurrogate } from "./calibrated.ts";
import { conformal } from "./conformal.ts";
import { conformalQuantile } from "./quantile.ts";
import { applyTemperature, fitTemperature } from "./temperature.ts";

const regression: Task = { kind: "regression" };
const yesNo: Task = { kind: "classification", classes: ["no", "yes"] };

/** A plane with noise of heavy tails (Student's t of 3 degrees) that grows with the first input. */
function skewed(n: number, rng: Rng): { x: Matrix; y: Float64Array; task: Task } {
  const x = matrix(n, 2);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [rng.uniform(), rng.normal()];
    x.data.set([a, b], 2 * i);
    const t = rng.normal() / Math.sqrt(rng.gamma(1.5) / 1.5);
    y[i] = 3 * a - b + (0.2 + a) * t;
  }
  return { x, y, task: regression };
}

/** Class 1 with the chance of a logistic in the first input. */
function labelled(n: number, rng: Rng): { x: Matrix; y: Float64Array; task: Task } {
  const x = matrix(n, 2);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: n }, (_, i) =>
    rng.uniform() < 1 / (1 + Math.exp(-2 * x.data[2 * i])) ? 1 : 0,
  );
  return { x, y, task: yesNo };
}

/** `linear`, claiming standard deviations a quarter of its own and probabilities much too sure. */
const boastful: SurrogateSpec = {
  ...(linear as SurrogateSpec),
  name: "boastful",
  fit: async (input: FitInput) => {
    const surrogate = await linear.fit(input);
    return {
      ...surrogate,
      predict: (rows) => {
        const { mean, epistemicStd, aleatoricStd } = surrogate.predict(rows);
        if (input.task.kind === "classification") {
          const sure = applyTemperature(mean, { temperature: 0.25, least: 0 });
          return { mean: sure, epistemicStd, aleatoricStd };
        }
        const less = (m: Matrix) =>
          matrix(
            m.rows,
            1,
            m.data.map((s) => s / 4),
          );
        return { mean, epistemicStd: less(epistemicStd), aleatoricStd: less(aleatoricStd) };
      },
    };
  },
};

const share = (hits: readonly boolean[]): number => hits.filter(Boolean).length / hits.length;

describe("the conformal quantile", () => {
  it("is the rank of the definition", () => {
    const scores = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert.equal(conformalQuantile(scores, 0.9), 9);
    assert.equal(conformalQuantile(scores, 0.85), 9);
    assert.equal(conformalQuantile(scores, 0.5), 5);
    assert.equal(conformalQuantile(scores, 0.91), Number.POSITIVE_INFINITY);
    // 0.7 * 10 is not quite 7 in binary.
    assert.equal(conformalQuantile(scores, 0.7), 7);
  });
});

describe("conformal intervals", () => {
  it("of a split hold exchangeable numbers with the chance asked for", async () => {
    for (const level of [0.5, 0.9]) {
      const hits: boolean[] = [];
      for (let seed = 0; seed < 40; seed++) {
        const rng = createRng(seed);
        const input = { ...skewed(60, rng.fork("train")), rng };
        const model = await conformal(boastful, {}, input, { method: "split", folds: 3 });
        assert.equal(model.rows, 20);
        const test = skewed(50, rng.fork("test"));
        const { low, high } = model.intervals(test.x, level);
        hits.push(...Array.from(test.y, (y, i) => low[i] <= y && y <= high[i]));
      }
      // The chance is in [level, level + 1/21]; 0.03 is more than twice the spread of the mean of the 40
      // calibrations, each with a coverage of spread sqrt(level (1 - level) / 22).
      assert.ok(share(hits) >= level - 0.03, `${level}: ${share(hits)}`);
      assert.ok(share(hits) <= level + 1 / 21 + 0.03, `${level}: ${share(hits)}`);
    }
  });

  it("of CV+ hold exchangeable numbers near the level, with all rows calibrating", async () => {
    const hits: boolean[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const rng = createRng(seed);
      const model = await conformal(boastful, {}, { ...skewed(60, rng.fork("train")), rng });
      assert.equal(model.rows, 60);
      const test = skewed(50, rng.fork("test"));
      const { low, high } = model.intervals(test.x, 0.9);
      hits.push(...Array.from(test.y, (y, i) => low[i] <= y && y <= high[i]));
    }
    assert.ok(share(hits) >= 0.87 && share(hits) <= 0.95, `${share(hits)}`);
  });

  it("of CV+ are those of the definition, computed by hand for the mean of three folds", async () => {
    // `dummy` on (0, 2 | 10): per fold its mean, and a claimed total variance s^2 (1 + 1 / n).
    const x = matrix(6, 1);
    const y = Float64Array.of(0, 2, 4, 6, 8, 10);
    const groups = ["a", "a", "b", "b", "c", "c"];
    const input = { x, y, task: regression, groups, rng: createRng(1) };
    const model = await conformal(dummy, {}, input, { folds: 3 });
    const ends: [number, number][] = [];
    for (const f of [0, 2, 4]) {
      const rest = [...y].filter((_, i) => i !== f && i !== f + 1);
      const mean = rest.reduce((sum, v) => sum + v, 0) / 4;
      const variance = rest.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 3;
      const std = Math.sqrt(variance * 1.25);
      for (const value of [y[f], y[f + 1]]) {
        const reach = (Math.abs(value - mean) / std) * std;
        ends.push([mean - reach, mean + reach]);
      }
    }
    // Level 5/7 of 6 rows: the 5th smallest upper end and the 2nd smallest lower end.
    const { low, high } = model.intervals(matrix(1, 1), 5 / 7);
    const sorted = (k: 0 | 1) => ends.map((end) => end[k]).sort((a, b) => a - b);
    assert.ok(Math.abs(low[0] - sorted(0)[1]) < 1e-12);
    assert.ok(Math.abs(high[0] - sorted(1)[4]) < 1e-12);
    const far = model.intervals(matrix(1, 1), 0.95);
    assert.deepEqual(
      [far.low[0], far.high[0]],
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    );
  });

  it("of classes are sets that hold the right one, smaller where a model is sure", async () => {
    const rng = createRng(3);
    for (const method of ["split", "cross"] as const) {
      const input = { ...labelled(400, rng.fork("train")), rng };
      const model = await conformal(boastful, {}, input, { method, folds: 4 });
      const test = labelled(3000, rng.fork("test"));
      const sets = model.sets(test.x, 0.9);
      const held = share(Array.from(test.y, (label, i) => sets.data[2 * i + label] === 1));
      assert.ok(held >= 0.86 && held <= 0.94, `${method}: ${held}`);
      const sizeAt = (value: number) => {
        const { data } = model.sets(matrixOf([[value, 0]]), 0.9);
        return data[0] + data[1];
      };
      assert.equal(sizeAt(4), 1);
      assert.equal(sizeAt(0), 2);
    }
  });

  it("refuse the other task, levels and options out of range", async () => {
    const rng = createRng(3);
    const numbers = await conformal(linear, {}, { ...skewed(40, rng), rng });
    const classes = await conformal(linear, {}, { ...labelled(40, rng), rng });
    const x = matrix(1, 2);
    assert.throws(() => numbers.sets(x, 0.9), /intervals, not sets/);
    assert.throws(() => classes.intervals(x, 0.9), /sets, not intervals/);
    assert.throws(() => numbers.intervals(x, 1), /level between 0 and 1/);
    const bad = { method: "jackknife" as "cross" };
    await assert.rejects(conformal(linear, {}, { ...skewed(40, rng), rng }, bad), /"?jackknife/);
    await assert.rejects(
      conformal(linear, {}, { ...skewed(40, rng), rng }, { folds: 1 }),
      InputError,
    );
  });
});

describe("a calibrated surrogate", () => {
  it("covers 87 to 93 % of held-out numbers at 90 %, where the family itself does not", async () => {
    const data = skewed(1500, createRng(8));
    const settings = { protocol: "kfold", repeats: 1, rng: createRng(2) } as const;
    const raw = await validate(data, boastful, {}, settings);
    assert.ok(raw.metrics["coverage90"].mean < 0.6);
    const { metrics } = await validate(data, calibrated(boastful), {}, settings);
    const coverage = metrics["coverage90"].mean;
    assert.ok(coverage >= 0.87 && coverage <= 0.93, `${coverage}`);
    assert.equal(metrics["rmse"].mean, raw.metrics["rmse"].mean);
  });

  it("covers rows of unseen groups, because it calibrates on unseen groups", async () => {
    const draw = createRng(4);
    const n = 900;
    const x = matrix(n, 2);
    const y = new Float64Array(n);
    const groups: string[] = [];
    for (let i = 0; i < n; i++) {
      const g = Math.floor(i / 6);
      const own = createRng(g);
      x.data.set([own.normal(), own.normal()], 2 * i);
      y[i] = x.data[2 * i] + 2 * own.normal() + 0.2 * draw.normal();
      groups.push(`group ${g}`);
    }
    const data = { x, y, task: regression, groups };
    const settings = { protocol: "grouped", repeats: 1, rng: createRng(2) } as const;
    const spec = calibrated(randomForest);
    const options = { trees: 40 };
    const { metrics } = await validate(data, spec, options, settings);
    const coverage = metrics["coverage90"].mean;
    // 150 groups decide: the spread of a share of 0.9 over them is 0.025.
    assert.ok(coverage >= 0.85 && coverage <= 0.95, `${coverage}`);
    // Without the groups it would take the small differences inside them for its error.
    const surrogate = await spec.fit({ x, y, task: regression, rng: createRng(1) }, options);
    const blind = await spec.fit({ x, y, task: regression, groups, rng: createRng(1) }, options);
    const factor = (s: typeof surrogate) => s.summary["calibrationFactor"] as number;
    assert.ok(factor(surrogate) < 0.8 * factor(blind));
  });

  it("cools probabilities that are too sure, and keeps p (1 - p) as their variance", async () => {
    const data = labelled(600, createRng(8));
    const settings = { protocol: "kfold", repeats: 1, rng: createRng(2) } as const;
    const raw = await validate(data, boastful, {}, settings);
    const cooled = await validate(data, calibrated(boastful), {}, settings);
    assert.ok(cooled.metrics["logLoss"].mean < 0.7 * raw.metrics["logLoss"].mean);
    assert.ok(cooled.metrics["ece"].mean < 0.5 * raw.metrics["ece"].mean);
    assert.equal(cooled.metrics["accuracy"].mean, raw.metrics["accuracy"].mean);
    const surrogate = await calibrated(randomForest).fit(
      { ...data, rng: createRng(1) },
      { trees: 40 },
    );
    const { mean, epistemicStd, aleatoricStd } = surrogate.predict(data.x);
    mean.data.forEach((p, k) => {
      const variance = epistemicStd.data[k] ** 2 + aleatoricStd.data[k] ** 2;
      assert.ok(Math.abs(variance - p * (1 - p)) < 1e-12);
    });
  });

  it("finds the temperature that probabilities were sharpened by", () => {
    const rng = createRng(6);
    const n = 20_000;
    const p = matrix(n, 2);
    const y = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const yes = 0.05 + 0.9 * rng.uniform();
      p.data.set([1 - yes, yes], 2 * i);
      y[i] = rng.uniform() < yes ? 1 : 0;
    }
    const sharp = applyTemperature(p, { temperature: 0.5, least: 0 });
    const { temperature } = fitTemperature(y, sharp);
    assert.ok(Math.abs(temperature - 2) < 0.15, `${temperature}`);
  });

  it("has intervals of other levels from the ranks of its errors", async () => {
    const levels = [0.5, 0.8, 0.95];
    const hits = levels.map((): boolean[] => []);
    // Tails this heavy move the plane and with it all of one data set: the mean over ten is judged.
    for (let seed = 0; seed < 10; seed++) {
      const surrogate = (await calibrated(boastful).fit({
        ...skewed(800, createRng(100 + seed)),
        rng: createRng(1),
      })) as CalibratedSurrogate;
      const test = skewed(1000, createRng(200 + seed));
      const { mean } = surrogate.predict(test.x);
      for (const [k, level] of levels.entries()) {
        const half = surrogate.halfWidths(test.x, level);
        hits[k].push(...Array.from(test.y, (y, i) => Math.abs(y - mean.data[i]) <= half[i]));
      }
    }
    for (const [k, level] of levels.entries()) {
      assert.ok(Math.abs(share(hits[k]) - level) < 0.03, `${level}: ${share(hits[k])}`);
    }
  });

  it("predicts a constant as that constant, gives the same for the same seed, keeps the plane", async () => {
    const { x } = skewed(40, createRng(1));
    const flat = { x, y: new Float64Array(40).fill(0.1), task: regression };
    const constant = await calibrated(linear).fit({ ...flat, rng: createRng(1) });
    const { mean, aleatoricStd } = constant.predict(x);
    assert.ok(mean.data.every((m) => Math.abs(m - 0.1) < 1e-12));
    assert.ok(aleatoricStd.data.every((s) => s < 1e-12));
    const fit = () => calibrated(linear).fit({ ...skewed(40, createRng(1)), rng: createRng(1) });
    const [one, two] = [await fit(), await fit()];
    assert.deepEqual(one.predict(x), two.predict(x));
    assert.ok(one.plane !== undefined);
  });

  it("refuses too few rows and stops when cancelled", async () => {
    const rng = createRng(1);
    await assert.rejects(calibrated(linear).fit({ ...skewed(19, rng), rng }), /at least 20 rows/);
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const work = { signal: controller.signal };
    await assert.rejects(calibrated(linear).fit({ ...skewed(40, rng), rng, work }), /enough/);
  });

  it("predicts the same bytes after saving and loading, and refuses what is damaged", async () => {
    const saving: SurrogateSpec = savable();
    const spec = calibrated(saving);
    const specs = calibratedFamilies({ dummy, savable: saving });
    for (const data of [skewed(60, createRng(1)), labelled(60, createRng(1))]) {
      const surrogate = await spec.fit({ ...data, rng: createRng(1) });
      const saved = saveSurrogate(spec, surrogate)!;
      assert.equal(saved.family, "calibrated-savable");
      const settings = JSON.parse(JSON.stringify(saved.settings)) as typeof saved.settings;
      assert.deepEqual(settings, saved.settings);
      const loaded = loadSurrogate(specs, saved);
      assert.deepEqual(loaded.predict(data.x), surrogate.predict(data.x));
      assert.deepEqual(loaded.summary, surrogate.summary);
      assert.deepEqual(saveSurrogate(spec, loaded), saved);
      const [inner] = settings["inner"] as { version: number }[];
      for (const changes of [
        { arrays: {} },
        { settings: { ...saved.settings, inner: [] } },
        { settings: { ...saved.settings, inner: [{ ...inner, version: 9 }] } },
        { settings: { ...saved.settings, factor: "much" } },
      ]) {
        assert.throws(() => loadSurrogate(specs, { ...saved, ...changes }), InputError);
      }
    }
    assert.equal(calibrated(mlp).name, "calibrated-mlp");
  });
});

/** A family that can be saved: the mean of the training targets, or the shares of two classes. */
function savable(): SurrogateSpec {
  const assemble = (task: Task, inputs: number, values: Float64Array) => ({
    name: "savable",
    task,
    inputs,
    summary: { values: values.length },
    save: () => ({ settings: {}, arrays: { values } }),
    predict: ({ rows }: Matrix) => {
      const columns = task.kind === "regression" ? 1 : 2;
      const fill = (from: number) =>
        matrix(
          rows,
          columns,
          Float64Array.from({ length: rows * columns }, (_, k) => values[from + (k % columns)]),
        );
      return { mean: fill(0), epistemicStd: fill(columns), aleatoricStd: fill(columns) };
    },
  });
  return {
    ...dummy,
    name: "savable",
    version: 1,
    fit: async (input) => {
      const { mean, aleatoricStd } = (await dummy.fit(input)).predict(matrix(1, input.x.columns));
      const values = Float64Array.of(...mean.data, ...aleatoricStd.data);
      return assemble(input.task, input.x.columns, values);
    },
    load: ({ task, inputs, arrays }) => {
      if (!(arrays["values"] instanceof Float64Array)) throw new InputError("no values");
      return assemble(task, inputs, arrays["values"]);
    },
  };
}
