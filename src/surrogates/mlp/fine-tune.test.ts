import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, ShapeError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SavedSurrogate, Task } from "../contract.ts";
import { saveSurrogate } from "../saved-state.ts";
import { fitDeepEnsemble, deepEnsemble } from "./deep-ensemble.ts";
import { fitMlp, mlp } from "./mlp.ts";
import { loadModel } from "./network-model.ts";

const regression: Task = { kind: "regression" };
const inputs = 6;
const hidden = [32, 32];

function rows(n: number, rng = createRng(1)): Matrix {
  return matrix(
    n,
    inputs,
    Float64Array.from({ length: n * inputs }, () => 2 * rng.uniform() - 1),
  );
}

const base = (row: ArrayLike<number>): number =>
  Math.sin(3 * row[0]) + row[1] * row[2] * 2 + Math.tanh(2 * (row[3] - row[4]));

/** A task and one related to it: another scale, and a part of its own. */
const related = {
  plentiful: base,
  scarce: (row: ArrayLike<number>) => 300 - 60 * base(row) + 15 * row[5],
};

function targets(x: Matrix, f: (row: ArrayLike<number>) => number, noise: number, seed: number) {
  const draw = createRng(seed).fork("noise");
  return Float64Array.from(
    { length: x.rows },
    (_, i) => f(x.data.subarray(i * inputs, (i + 1) * inputs)) + noise * draw.normal(),
  );
}

async function pretrain(seed: number, rowsCount = 600): Promise<SavedSurrogate> {
  const x = rows(rowsCount, createRng(seed).fork("plentiful"));
  const y = targets(x, related.plentiful, 0.05, seed);
  const fitted = await fitMlp(
    { x, y, task: regression, rng: createRng(seed) },
    { hidden, epochs: 120 },
  );
  return saveSurrogate(mlp, fitted)!;
}

describe("fine-tuning of a pretrained network", () => {
  it("with 30 rows of a related task beats training from scratch, paired over 10 seeds", async () => {
    // Set beforehand: the mean of the paired differences is above twice its standard error, and the error
    // falls by at least a fifth.
    const test = rows(300, createRng("test"));
    const truth = targets(test, related.scarce, 0, 0);
    const pairs: [scratch: number, tuned: number][] = [];
    for (let seed = 0; seed < 10; seed++) {
      const pretrained = await pretrain(seed);
      const x = rows(30, createRng(seed).fork("scarce"));
      const y = targets(x, related.scarce, 3, seed);
      const input = { x, y, task: regression, rng: createRng(seed) };
      const error = async (options: object): Promise<number> => {
        const { mean } = (await fitMlp(input, options)).predict(test);
        const squares = mean.data.reduce((sum, value, i) => sum + (value - truth[i]) ** 2, 0);
        return Math.sqrt(squares / truth.length);
      };
      const tuned = await error({ pretrained, newHead: true, layerRate: 0.4, epochs: 200 });
      pairs.push([await error({ hidden, epochs: 200 }), tuned]);
    }
    const gains = pairs.map(([scratch, tuned]) => scratch - tuned);
    const gain = gains.reduce((sum, value) => sum + value, 0) / gains.length;
    const variance = gains.reduce((sum, value) => sum + (value - gain) ** 2, 0) / 9;
    const scratch = pairs.reduce((sum, [value]) => sum + value, 0) / 10;
    assert.ok(gain > 2 * Math.sqrt(variance / 10), `gain ${gain} of ${scratch}`);
    assert.ok(gain > 0.2 * scratch, `gain ${gain} of ${scratch}`);
  });

  it("leaves frozen layers as they are and moves the others", async () => {
    const pretrained = await pretrain(1, 200);
    const x = rows(30);
    const y = targets(x, related.plentiful, 0.05, 2);
    const input = { x, y, task: regression, rng: createRng(5) };
    const fitted = await fitMlp(input, { pretrained, frozenLayers: 1, epochs: 5 });
    const [before, after] = [pretrained, saveSurrogate(mlp, fitted)!].map(loadModel);
    const { parameters } = before.members[0].network;
    const tuned = after.members[0].network.parameters;
    for (const { name, offset, rows, columns } of parameters.slots) {
      const own = ({ values }: { values: Float64Array }) =>
        values.slice(offset, offset + rows * columns);
      const isFrozen = name.startsWith("hidden 1.");
      if (isFrozen) assert.deepEqual(own(tuned), own(parameters), name);
      else assert.notDeepEqual(own(tuned), own(parameters), name);
    }
    assert.deepEqual(after.scaling, before.scaling);
    assert.deepEqual(after.target, before.target);
  });

  it("gives layers further from the output smaller steps", async () => {
    const pretrained = await pretrain(1, 200);
    const x = rows(30);
    const y = targets(x, related.plentiful, 0.05, 2);
    const input = { x, y, task: regression, rng: createRng(5) };
    // One step of Adam moves every number by its rate or less, most by nearly all of it.
    const options = {
      pretrained,
      layerRate: 0.1,
      epochs: 1,
      batchSize: 30,
      weightDecay: 0,
      rate: 1e-3,
    };
    const fitted = await fitMlp(input, options);
    const [before, after] = [pretrained, saveSurrogate(mlp, fitted)!].map(
      (saved) => loadModel(saved).members[0].network.parameters,
    );
    const largest = (layer: string): number => {
      const slot = before.slots.find(({ name }) => name === `${layer}.weight`)!;
      let most = 0;
      for (let k = slot.offset; k < slot.offset + slot.rows * slot.columns; k++) {
        most = Math.max(most, Math.abs(after.values[k] - before.values[k]));
      }
      return most;
    };
    const full = largest("output");
    assert.ok(Math.abs(largest("hidden 2") / full / 0.1 - 1) < 0.01);
    assert.ok(Math.abs(largest("hidden 1") / full / 0.01 - 1) < 0.01);
  });

  it("refuses what does not go with the pretrained model, naming it", async () => {
    const pretrained = await pretrain(1, 100);
    const x = rows(30);
    const y = targets(x, related.plentiful, 0.05, 2);
    const input = { x, y, task: regression, rng: createRng(5) };
    const refuse = async (
      changes: object,
      options: object,
      message: RegExp,
      kind: typeof InputError | typeof ShapeError = InputError,
    ): Promise<void> =>
      assert.rejects(
        fitMlp({ ...input, ...changes }, { pretrained, epochs: 1, ...options }),
        (error: unknown) => error instanceof kind && message.test(error.message),
      );
    const classes: Task = { kind: "classification", classes: ["a", "b"] };
    const labels = { task: classes, y: y.map((value) => (value > 0 ? 1 : 0)) };
    await refuse(labels, {}, /one of regression/);
    await refuse({ x: matrix(30, 5) }, {}, /takes 6 inputs, got 5/, ShapeError);
    const shifted = matrix(
      30,
      inputs,
      x.data.map((v, k) => (k % inputs === 2 ? v + 1000 : v)),
    );
    await refuse({ x: shifted }, {}, /column 2 lies/);
    await refuse({ y: y.map((value) => value + 1e4) }, {}, /targets lie/);
    await refuse({}, { hidden: [7] }, /hidden layers \[32,32\]/);
    await refuse({}, { activation: "tanh" }, /activation silu/);
    await refuse({}, { frozenLayers: 3 }, /frozenLayers/);
    await refuse({}, { layerRate: 2 }, /layerRate/);
    await refuse({}, { newHead: "yes" }, /newHead/);
    await refuse({}, { pretrained: { ...pretrained, version: 2 } }, /version 2/);
    const ensemble = await fitDeepEnsemble(input, { hidden: [4], epochs: 1, members: 2 });
    await refuse({}, { pretrained: saveSurrogate(deepEnsemble, ensemble) }, /"deep-ensemble"/);
    const tuned = await fitMlp({ ...input, ...labels }, { pretrained, epochs: 1, newHead: true });
    const saved = saveSurrogate(mlp, tuned)!;
    const turned: Task = { kind: "classification", classes: ["b", "a"] };
    await refuse({ ...labels, task: turned }, { pretrained: saved }, /classes a, b/);
  });
});
