import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, ShapeError } from "../core/errors.ts";
import { createRng } from "../core/rng.ts";
import type { ExplainedModel } from "./contract.ts";
import { counterfactual, type CounterfactualInput } from "./counterfactual.ts";
import { functionModel, normalRows, planeModel } from "./fixtures/models.ts";

const wide = { low: -100, high: 100 };

function ask(
  model: ExplainedModel,
  row: readonly number[],
  more: Pick<CounterfactualInput, "wanted"> & Partial<CounterfactualInput>,
) {
  return counterfactual({
    model,
    row: Float64Array.from(row),
    bounds: row.map(() => wide),
    scale: row.map(() => 1),
    rng: createRng(2),
    ...more,
  });
}

describe("counterfactual", () => {
  it("changes the one feature of a linear model that gets there in the fewest steps", async () => {
    // 4 x1 counts most per unit, but a step of x1 is 5 units: per step x2 moves most (3 against 20 / 5).
    const model = planeModel([1, 4, -3]);
    const found = await ask(model, [1, 1, 1], { wanted: { atLeast: 14 }, scale: [1, 0.5, 1] });
    assert.deepEqual(
      found!.changes.map(({ feature }) => feature),
      [2],
    );
    assert.ok(Math.abs(found!.row[2] - -3) < 1e-6);
    assert.ok(Math.abs(found!.distance - 4) < 1e-6);
    assert.ok(found!.prediction >= 14 && found!.prediction < 14 + 1e-6);
  });

  it("stays inside the bounds and takes a second feature when one is not enough", async () => {
    const model = planeModel([1, 4, -3]);
    const bounds = [wide, { low: 1, high: 1 }, { low: -1, high: 5 }];
    const found = await ask(model, [1, 1, 1], { wanted: { atLeast: 14 }, bounds });
    // 6 from x2 at its bound, the other 6 from x0.
    assert.deepEqual(found!.changes, [
      { feature: 0, from: 1, to: found!.row[0] },
      { feature: 2, from: 1, to: -1 },
    ]);
    assert.ok(Math.abs(found!.row[0] - 7) < 1e-6);
  });

  it("finds changes of two features that do nothing alone", async () => {
    const model = functionModel(3, (row) => Math.min(row[0], row[1]));
    const found = await ask(model, [0, 0, 0], {
      wanted: { atLeast: 1 },
      bounds: Array.from({ length: 3 }, () => ({ low: -3, high: 3 })),
    });
    assert.ok(Math.abs(found!.distance - 2) < 1e-6);
    assert.equal(found!.row[2], 0);
  });

  it("stops right behind the step of a tree-like function, on either side", async () => {
    const model = functionModel(1, (row) => (row[0] > 2 ? 10 : row[0] < -5 ? 8 : 0));
    const found = await ask(model, [0], { wanted: { atLeast: 7, atMost: 12 } });
    assert.ok(found!.row[0] > 2 && found!.row[0] < 2 + 1e-6);
    const below = await ask(model, [0], { wanted: { atLeast: 7, atMost: 9 } });
    assert.ok(below!.row[0] < -5 && below!.row[0] > -5 - 1e-6);
  });

  it("changes nothing when the prediction is wanted already, and says when nothing was found", async () => {
    const model = planeModel([1, 1]);
    const same = await ask(model, [1, 1], { wanted: { atMost: 3 } });
    assert.deepEqual([same!.changes, same!.distance, same!.prediction], [[], 0, 2]);
    assert.equal(await ask(model, [1, 1], { wanted: { atLeast: 500 } }), undefined);
  });

  it("keeps to a rule that its repair enforces: fractions that sum to one", async () => {
    const model = planeModel([10, 0, -10]);
    const repair = (row: Float64Array): void => {
      const sum = row[0] + row[1] + row[2];
      for (let j = 0; j < 3; j++) row[j] = sum > 0 ? row[j] / sum : 1 / 3;
    };
    const bounds = [0, 1, 2].map(() => ({ low: 0, high: 1 }));
    const found = await ask(model, [0.2, 0.3, 0.5], { wanted: { atLeast: 3 }, bounds, repair });
    assert.ok(Math.abs(found!.row[0] + found!.row[1] + found!.row[2] - 1) < 1e-12);
    assert.ok(found!.prediction >= 3);
    // Moving 0.3 from the last to the first is the least that gives 3: distance 0.6.
    assert.ok(found!.distance < 0.75, `${found!.distance}`);
  });

  it("gives the same for the same seed, starts from known rows too, and leaves its input alone", async () => {
    const model = functionModel(2, (row) => (Math.hypot(row[0] - 50, row[1] - 50) < 0.5 ? 1 : 0));
    const background = normalRows(3, 2, 1);
    background.data.set([50, 50.2], 2);
    const row = [0, 0];
    const one = await ask(model, row, { wanted: { atLeast: 1 }, background });
    assert.deepEqual(one, await ask(model, row, { wanted: { atLeast: 1 }, background }));
    assert.equal(one!.prediction, 1);
    assert.deepEqual([...background.data.subarray(2, 4)], [50, 50.2]);
  });

  it("refuses rows outside the bounds, an open range, a scale of 0 and sizes that differ", async () => {
    const model = planeModel([1, 1]);
    const wanted = { atLeast: 9 };
    await assert.rejects(ask(model, [1, 200], { wanted }), InputError);
    await assert.rejects(ask(model, [1, 1], { wanted: {} }), InputError);
    await assert.rejects(ask(model, [1, 1], { wanted: { atLeast: 2, atMost: 1 } }), InputError);
    await assert.rejects(ask(model, [1, 1], { wanted, scale: [1, 0] }), InputError);
    await assert.rejects(ask(model, [1, 1], { wanted, bounds: [wide] }), ShapeError);
    await assert.rejects(ask(model, [1, 1, 1], { wanted }), ShapeError);
    await assert.rejects(ask(model, [1, Number.NaN], { wanted }), InputError);
  });
});
