import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, ShapeError, UnsupportedError } from "../core/errors.ts";
import { matrix, takeRows, type Matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import type { FitInput, SavedState, SurrogateSpec, Task } from "./contract.ts";
import { loadSurrogate, saveSurrogate } from "./saved-state.ts";

const regression: Task = { kind: "regression" };
const classification: Task = { kind: "classification", classes: ["fcc", "bcc", "mixed"] };
const n = 60;

function inputs(seed: number): Matrix {
  const rng = createRng(seed);
  const x = matrix(n, 3);
  // Columns of very different size: a surrogate scales them itself.
  for (let i = 0; i < n; i++) {
    x.data.set([rng.uniform(), 1e4 + 1e3 * rng.normal(), 1e-6 * rng.normal()], 3 * i);
  }
  return x;
}

function target(x: Matrix, task: Task): Float64Array {
  const rng = createRng("noise");
  return Float64Array.from({ length: n }, (_, i) => {
    const value = 3 * x.data[3 * i] + (x.data[3 * i + 1] - 1e4) / 1e3 + 0.1 * rng.normal();
    return task.kind === "regression" ? 200 + 50 * value : value < 1 ? 0 : value < 2 ? 1 : 2;
  });
}

/** Facts that hold for every family of surrogates; called once for each registry entry. */
export function testSurrogate(name: string, spec: SurrogateSpec, quick: object): void {
  const tasks = [regression, classification].filter((task) => spec.supports[task.kind]);
  const given = (task: Task, changes: Partial<FitInput> = {}): FitInput => {
    const x = changes.x ?? inputs(1);
    return { x, y: target(inputs(1), task), task, rng: createRng(7), ...changes };
  };
  const fit = (task: Task, changes: Partial<FitInput> = {}) =>
    spec.fit(given(task, changes), quick);

  describe(`surrogate ${name}`, () => {
    it("is listed under its own name, with defaults that are plain JSON", () => {
      assert.equal(spec.name, name);
      assert.deepEqual(JSON.parse(JSON.stringify(spec.defaults)), spec.defaults);
    });

    it("tells what its mean is made of as it declares it", async () => {
      const [task] = tasks;
      const surrogate = await fit(task);
      for (const part of ["trees", "plane", "layers"] as const) {
        assert.equal(surrogate[part] !== undefined, spec.supports.structure === part, part);
      }
    });

    for (const task of tasks) {
      const outputs = task.kind === "regression" ? 1 : task.classes.length;

      it(`answers one row of ${task.kind} outputs per input row, finite, with std >= 0`, async () => {
        const surrogate = await fit(task);
        assert.equal(surrogate.name, name);
        assert.equal(surrogate.inputs, 3);
        assert.deepEqual(surrogate.task, task);
        const prediction = surrogate.predict(takeRows(inputs(2), [0, 1, 2, 3, 4]));
        for (const part of [prediction.mean, prediction.epistemicStd, prediction.aleatoricStd]) {
          assert.equal(part.rows, 5);
          assert.equal(part.columns, outputs);
          assert.equal(part.data.length, 5 * outputs);
          assert.ok(part.data.every(Number.isFinite));
        }
        assert.ok(prediction.epistemicStd.data.every((std) => std >= 0));
        assert.ok(prediction.aleatoricStd.data.every((std) => std >= 0));
        for (const value of Object.values(surrogate.summary)) {
          assert.ok(typeof value === "string" || Number.isFinite(value));
        }
      });

      it(`predicts no rows of ${task.kind} as no rows`, async () => {
        const surrogate = await fit(task);
        const none = matrix(0, 3);
        for (const mean of [surrogate.predict(none).mean, surrogate.predictMean?.(none)]) {
          if (mean === undefined) continue;
          assert.equal(mean.rows, 0);
          assert.equal(mean.columns, outputs);
        }
      });

      it(`has the mean of ${task.kind} alone, where it gives it, as it has it with the rest`, async () => {
        const surrogate = await fit(task);
        if (surrogate.predictMean === undefined) return;
        assert.deepEqual(surrogate.predictMean(inputs(2)), surrogate.predict(inputs(2)).mean);
        const bad = matrix(5, 3);
        bad.data[14] = Number.NaN;
        assert.throws(() => surrogate.predictMean?.(bad), /row 4, column 2/);
        assert.throws(() => surrogate.predictMean?.(matrix(2, 4)), ShapeError);
      });

      it(`has means over mixed rows of ${task.kind}, where it gives them, as it predicts these rows`, async () => {
        const surrogate = await fit(task);
        if (surrogate.mixedMeans === undefined) return;
        const background = takeRows(inputs(2), [0, 1, 2, 3, 4, 5, 6]);
        const row = inputs(3).data.slice(0, 3);
        for (const chosen of [[], [0], [2], [0, 1], [0, 1, 2]]) {
          const choices = Uint8Array.from([0, 1, 2], (j) => Number(chosen.includes(j)));
          const mixed = matrix(7, 3, background.data.slice());
          for (const j of chosen) for (let i = 0; i < 7; i++) mixed.data[3 * i + j] = row[j];
          const { data } = surrogate.predict(mixed).mean;
          const expected = Float64Array.from({ length: outputs }, () => 0);
          data.forEach((value, k) => (expected[k % outputs] += value / 7));
          assertClose(surrogate.mixedMeans(row, background, choices).data, expected, 1e-12);
        }
        const bad = matrix(5, 3);
        bad.data[14] = Number.NaN;
        assert.throws(() => surrogate.mixedMeans?.(row, bad, new Uint8Array(3)), /row 4, column 2/);
        const none = [matrix(0, 3), new Uint8Array(3)] as const;
        assert.throws(() => surrogate.mixedMeans?.(row, ...none), ShapeError);
        assert.throws(() => surrogate.mixedMeans?.(row, background, new Uint8Array(4)), ShapeError);
      });

      it(`gives the same bytes for the same seed (${task.kind})`, async () => {
        const [one, two] = [await fit(task), await fit(task)];
        assert.deepEqual(one.predict(inputs(2)), two.predict(inputs(2)));
        assert.deepEqual(one.summary, two.summary);
      });

      it(`predicts a row the same alone and among others (${task.kind})`, async () => {
        const surrogate = await fit(task);
        const all = surrogate.predict(inputs(2));
        const alone = surrogate.predict(takeRows(inputs(2), [17]));
        assertClose(alone.mean.data, takeRows(all.mean, [17]).data, 1e-9);
      });

      it(`leaves inputs and targets as they were (${task.kind})`, async () => {
        const input = given(task);
        const surrogate = await spec.fit(input, quick);
        assert.deepEqual(input.x, inputs(1));
        assert.deepEqual(input.y, target(inputs(1), task));
        const rows = inputs(2);
        surrogate.predict(rows);
        assert.deepEqual(rows, inputs(2));
      });

      it(`keeps no view of the training arrays (${task.kind})`, async () => {
        const input = given(task);
        const surrogate = await spec.fit(input, quick);
        const before = surrogate.predict(inputs(2));
        input.x.data.fill(0);
        input.y.fill(0);
        assert.deepEqual(surrogate.predict(inputs(2)), before);
      });

      it(`names row and column of an input that is not finite (${task.kind})`, async () => {
        const infinite = Number.POSITIVE_INFINITY;
        for (const bad of spec.supports.missing ? [infinite] : [Number.NaN, infinite]) {
          const x = inputs(1);
          x.data[4 * 3 + 2] = bad;
          await assert.rejects(fit(task, { x }), (error: unknown) => {
            assert.ok(error instanceof InputError);
            assert.match(error.message, /row 4, column 2/);
            return true;
          });
          const surrogate = await fit(task);
          assert.throws(() => surrogate.predict(x), /row 4, column 2/);
        }
      });

      it(`names the row of a target that is not finite (${task.kind})`, async () => {
        const y = target(inputs(1), task);
        y[9] = Number.NaN;
        await assert.rejects(fit(task, { y }), { name: "InputError", message: /row 9/ });
      });

      it(`refuses sizes that differ and fewer than two rows (${task.kind})`, async () => {
        await assert.rejects(fit(task, { y: new Float64Array(n - 1) }), ShapeError);
        await assert.rejects(fit(task, { x: matrix(1, 3), y: new Float64Array(1) }), InputError);
        await assert.rejects(fit(task, { x: matrix(0, 3), y: new Float64Array(0) }), InputError);
        await assert.rejects(fit(task, { x: matrix(n, 0) }), InputError);
        const surrogate = await fit(task);
        assert.throws(() => surrogate.predict(matrix(2, 4)), ShapeError);
      });

      if (spec.version !== undefined) {
        it(`predicts the same bytes after saving and loading (${task.kind})`, async () => {
          const surrogate = await fit(task);
          const saved = saveSurrogate(spec, surrogate)!;
          assert.deepEqual(JSON.parse(JSON.stringify(saved.settings)), saved.settings);
          const loaded = loadSurrogate({ [name]: spec }, saved);
          assert.deepEqual(loaded.predict(inputs(2)), surrogate.predict(inputs(2)));
          assert.deepEqual(loaded.summary, surrogate.summary);
          assert.deepEqual(loaded.trees, surrogate.trees);
          assert.deepEqual(loaded.plane, surrogate.plane);
          assert.deepEqual(loaded.layers, surrogate.layers);
          assert.deepEqual(saveSurrogate(spec, loaded), saved);
        });

        it(`refuses a saved state that is newer or lacks a part (${task.kind})`, async () => {
          const saved = saveSurrogate(spec, await fit(task))!;
          const load = (changes: object) =>
            loadSurrogate({ [name]: spec }, { ...saved, ...changes });
          assert.throws(() => load({ version: spec.version! + 1 }), InputError);
          for (const key of Object.keys(saved.arrays)) {
            const arrays = { ...saved.arrays, [key]: saved.arrays[key].slice(1) };
            assert.throws(() => load({ arrays }), InputError, key);
            const { [key]: _, ...rest } = saved.arrays;
            assert.throws(() => load({ arrays: rest }), InputError, key);
          }
        });
      }

      it(`refuses two columns of one name, and kinds that it does not take (${task.kind})`, async () => {
        const number = (label: string) => ({ name: label, kind: "number" }) as const;
        const twice = [number("Al"), number("Ti"), number("Al")];
        await assert.rejects(fit(task, { columns: twice }), { message: /"Al"/ });
        await assert.rejects(fit(task, { columns: [number("Al")] }), ShapeError);
        for (const kind of ["category", "source"] as const) {
          if (spec.supports[kind === "category" ? "categories" : "sources"]) continue;
          const columns = [number("Al"), number("Ti"), { name: "route", kind, levels: ["cast"] }];
          await assert.rejects(fit(task, { columns }), UnsupportedError);
        }
      });

      if (spec.supports.missing) {
        it(`takes missing inputs, in training and prediction (${task.kind})`, async () => {
          const x = inputs(1);
          for (let i = 0; i < n; i += 4) x.data[3 * i + 1] = Number.NaN;
          const surrogate = await fit(task, { x });
          assert.ok(surrogate.predict(x).mean.data.every(Number.isFinite));
        });
      }

      if (spec.supports.categories) {
        it(`takes a category as one column and refuses a level that is none (${task.kind})`, async () => {
          const number = (label: string) => ({ name: label, kind: "number" }) as const;
          const route = { name: "route", kind: "category", levels: ["cast", "wrought"] } as const;
          const columns = [number("Al"), number("Ti"), route];
          const x = inputs(1);
          for (let i = 0; i < n; i++) x.data[3 * i + 2] = i % 2;
          const surrogate = await fit(task, { x, columns });
          assert.ok(surrogate.predict(x).mean.data.every(Number.isFinite));
          x.data[3 * 5 + 2] = 2;
          await assert.rejects(fit(task, { x, columns }), { message: /row 5, column "route"/ });
          assert.throws(() => surrogate.predict(x), { message: /row 5, column "route"/ });
        });
      }

      if (spec.supports.sources) {
        it(`takes a source as one column and refuses a level that is none (${task.kind})`, async () => {
          const number = (label: string) => ({ name: label, kind: "number" }) as const;
          const lab = { name: "lab", kind: "source", levels: ["old", "new"] } as const;
          const columns = [number("Al"), number("Ti"), lab];
          const x = inputs(1);
          for (let i = 0; i < n; i++) x.data[3 * i + 2] = i % 2;
          const surrogate = await fit(task, { x, columns });
          assert.ok(surrogate.predict(x).mean.data.every(Number.isFinite));
          if (spec.version !== undefined) {
            const loaded = loadSurrogate({ [name]: spec }, saveSurrogate(spec, surrogate)!);
            assert.deepEqual(loaded.predict(x), surrogate.predict(x));
          }
          x.data[3 * 5 + 2] = 2;
          await assert.rejects(fit(task, { x, columns }), { message: /row 5, column "lab"/ });
          assert.throws(() => surrogate.predict(x), { message: /row 5, column "lab"/ });
        });
      }

      it(`refuses an option that it has not (${task.kind})`, async () => {
        const options = { nonsense: 1 } as object;
        await assert.rejects(spec.fit(given(task), options), { message: /"nonsense"/ });
      });

      it(`throws the reason of a signal that is aborted (${task.kind})`, async () => {
        const controller = new AbortController();
        const reason = new Error("stopped by the user");
        controller.abort(reason);
        await assert.rejects(fit(task, { work: { signal: controller.signal } }), reason);
      });

      if (spec.supports.checkpoints) {
        it(`goes on from each of its checkpoints to the same bytes (${task.kind})`, async () => {
          const states: SavedState[] = [];
          const save = (state: SavedState) => void states.push(structuredClone(state));
          const whole = await fit(task, { checkpoints: { save } });
          assert.deepEqual(whole.predict(inputs(2)), (await fit(task)).predict(inputs(2)));
          assert.ok(states.length > 0);
          for (const resume of states) {
            assert.deepEqual(JSON.parse(JSON.stringify(resume.settings)), resume.settings);
            const resumed = await fit(task, { checkpoints: { save: () => undefined, resume } });
            assert.deepEqual(resumed.predict(inputs(2)), whole.predict(inputs(2)));
          }
        });
      } else {
        it(`refuses to keep checkpoints, which it does not do (${task.kind})`, () =>
          assert.rejects(fit(task, { checkpoints: { save: () => undefined } }), UnsupportedError));
      }

      it(`fits two rows (${task.kind})`, async () => {
        const x = takeRows(inputs(1), [0, 1]);
        const surrogate = await fit(task, { x, y: Float64Array.of(0, 1) });
        assert.ok(surrogate.predict(x).mean.data.every(Number.isFinite));
      });

      it(`fits inputs that are constant or repeated (${task.kind})`, async () => {
        const x = matrix(n, 3);
        for (let i = 0; i < n; i++) x.data.set([1, i % 5, i % 5], 3 * i);
        const surrogate = await fit(task, { x });
        assert.ok(surrogate.predict(x).mean.data.every(Number.isFinite));
      });
    }

    if (spec.supports.noise) {
      it("trusts rows of little known noise more, and refuses noise that is none", async () => {
        const x = matrix(
          n,
          1,
          Float64Array.from({ length: n }, (_, i) => (i >> 1) / n),
        );
        const y = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 10 : 12));
        const noiseStd = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.1 : 10));
        const { mean } = (await fit(regression, { x, y, noiseStd })).predict(x);
        assert.ok(mean.data.every((value) => value < 10.8));
        noiseStd[7] = -1;
        await assert.rejects(fit(regression, { x, y, noiseStd }), { message: /row 7/ });
        await assert.rejects(fit(regression, { x, y, noiseStd: noiseStd.slice(1) }), ShapeError);
      });
    } else {
      it("refuses known noise, which it does not take", () =>
        assert.rejects(fit(regression, { noiseStd: new Float64Array(n) }), UnsupportedError));
    }

    if (spec.supports.regression) {
      it("answers in the caller's unit: a scaled and shifted target scales and shifts the answer", async () => {
        const y = target(inputs(1), regression);
        const base = (await fit(regression)).predict(inputs(2));
        // Powers of two scale without rounding, so that ties between splits break the same way.
        const scaled = (await fit(regression, { y: y.map((v) => 1024 * v) })).predict(inputs(2));
        assertClose(
          scaled.mean.data,
          base.mean.data.map((v) => 1024 * v),
          1e-9,
        );
        assertClose(
          scaled.epistemicStd.data,
          base.epistemicStd.data.map((v) => 1024 * v),
          1e-9,
        );
        assertClose(
          scaled.aleatoricStd.data,
          base.aleatoricStd.data.map((v) => 1024 * v),
          1e-9,
        );
        const kilo = (await fit(regression, { y: y.map((v) => 1000 * v) })).predict(inputs(2));
        assertClose(
          kilo.mean.data,
          base.mean.data.map((v) => 1000 * v),
          1e-4,
        );
      });

      it("does not depend on the unit of the inputs", async () => {
        const scale = (x: Matrix) =>
          matrix(
            x.rows,
            3,
            x.data.map((v, k) => (k % 3 === 1 ? v / 1024 : v)),
          );
        const base = (await fit(regression)).predict(inputs(2));
        const other = (await fit(regression, { x: scale(inputs(1)) })).predict(scale(inputs(2)));
        assertClose(other.mean.data, base.mean.data, 1e-6);
      });

      it("predicts a constant target as that constant, with no spread", async () => {
        const prediction = (await fit(regression, { y: new Float64Array(n).fill(0.1) })).predict(
          inputs(2),
        );
        assertClose(prediction.mean.data, new Float64Array(n).fill(0.1), 1e-12);
        assert.ok(prediction.epistemicStd.data.every((std) => std < 1e-12));
        assert.ok(prediction.aleatoricStd.data.every((std) => std < 1e-12));
      });
    } else {
      it("refuses numbers", () => assert.rejects(fit(regression), UnsupportedError));
    }

    if (spec.supports.classification) {
      it("gives probabilities that sum to one", async () => {
        const { mean } = (await fit(classification)).predict(inputs(2));
        for (let i = 0; i < mean.rows; i++) {
          const row = mean.data.subarray(3 * i, 3 * i + 3);
          assert.ok(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-12);
          assert.ok(row.every((p) => p >= 0 && p <= 1));
        }
      });

      it("does not depend on the order of the classes", async () => {
        const order = [2, 0, 1];
        const base = (await fit(classification)).predict(inputs(2));
        const turned: Task = { kind: "classification", classes: ["bcc", "mixed", "fcc"] };
        const y = target(inputs(1), classification).map((label) => order[label]);
        const other = (await fit(turned, { y })).predict(inputs(2));
        const back = (part: Matrix) =>
          part.data.map((_, k) => part.data[k - (k % 3) + order[k % 3]]);
        assertClose(back(other.mean), base.mean.data, 1e-4);
      });

      it("gives a class without rows no more than what its family leaves for the unseen", async () => {
        const task: Task = { kind: "classification", classes: ["a", "b", "never"] };
        const y = target(inputs(1), classification).map((label) => Math.min(1, label));
        const { mean } = (await fit(task, { y })).predict(inputs(2));
        for (let i = 0; i < mean.rows; i++) assert.ok(mean.data[3 * i + 2] < 0.05);
      });

      it("refuses a single class, and class indices that are none", async () => {
        await assert.rejects(fit(classification, { y: new Float64Array(n).fill(2) }), {
          name: "InputError",
          message: /"mixed"/,
        });
        const y = target(inputs(1), classification);
        y[3] = 3;
        await assert.rejects(fit(classification, { y }), { name: "InputError", message: /row 3/ });
        y[3] = 0.5;
        await assert.rejects(fit(classification, { y }), InputError);
      });
    } else {
      it("refuses classes", () => assert.rejects(fit(classification), UnsupportedError));
    }

    const { maxRows } = spec.supports;
    if (maxRows !== undefined) {
      it("refuses more rows than it takes", async () => {
        const rows = maxRows + 1;
        const input = { x: matrix(rows, 1), y: new Float64Array(rows), task: regression };
        await assert.rejects(spec.fit({ ...input, rng: createRng(1) }), UnsupportedError);
      });
    }
  });
}

function assertClose(actual: Float64Array, expected: Float64Array, relative: number): void {
  assert.equal(actual.length, expected.length);
  const size = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  actual.forEach((value, k) => {
    assert.ok(
      Math.abs(value - expected[k]) <= relative * size,
      `entry ${k}: expected ${expected[k]}, got ${value}`,
    );
  });
}
