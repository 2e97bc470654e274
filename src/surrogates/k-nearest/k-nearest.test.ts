import assert from "node:assert/strict";
import { it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { familyValues } from "../../../test/reference/surrogate-families.ts";
import { relativeDifference } from "../../../test/reference/surrogate-values.ts";
import { fitKNearest } from "./k-nearest.ts";

const expected = familyValues.nearest;
const x = matrix(60, 3, Float64Array.from(expected.x));
const rows = matrix(14, 3, Float64Array.from(expected.rows));
const rng = createRng(1);

for (const weights of ["distance", "uniform"] as const) {
  it(`answers as scikit-learn's neighbours do, weighted by ${weights}`, async () => {
    const options = { neighbours: 7, weights };
    const y = Float64Array.from(expected.y);
    const numbers = await fitKNearest({ x, y, task: { kind: "regression" }, rng }, options);
    // The last rows are training rows themselves, whose distance of zero is a matter of rounding there.
    assert.ok(
      relativeDifference(numbers.predict(rows).mean.data, expected[weights].numbers) < 1e-12,
    );
    const task = { kind: "classification", classes: ["a", "b", "c"] } as const;
    const labels = Float64Array.from(expected.labels);
    const classes = await fitKNearest({ x, y: labels, task, rng }, options);
    assert.ok(
      relativeDifference(classes.predict(rows).mean.data, expected[weights].classes) < 1e-12,
    );
  });
}

function wave(n: number, seed: number) {
  const rng = createRng(seed);
  const inputs = matrix(n, 2);
  for (let k = 0; k < inputs.data.length; k++) inputs.data[k] = rng.uniform();
  const y = Float64Array.from(
    { length: n },
    (_, i) => 100 * Math.sin(3 * inputs.data[2 * i]) + 20 * rng.normal(),
  );
  return { x: inputs, y, task: { kind: "regression" } as const, rng: createRng(seed) };
}

it("has intervals that new rows fall into as often as they should", async () => {
  const surrogate = await fitKNearest(wave(500, 1), { neighbours: 10 });
  const fresh = wave(500, 2);
  const { mean, epistemicStd, aleatoricStd } = surrogate.predict(fresh.x);
  const inside = fresh.y.filter((value, i) => {
    const std = Math.hypot(epistemicStd.data[i], aleatoricStd.data[i]);
    return Math.abs(value - mean.data[i]) < 1.645 * std;
  });
  assert.ok(Math.abs(inside.length / 500 - 0.9) < 0.05, `${inside.length / 500}`);
});

it("is surer of a mean of more neighbours", async () => {
  const std = async (neighbours: number) => {
    const surrogate = await fitKNearest(wave(500, 3), { neighbours, weights: "uniform" });
    const { epistemicStd } = surrogate.predict(wave(200, 4).x);
    return epistemicStd.data.reduce((sum, value) => sum + value / 200, 0);
  };
  const ratio = (await std(4)) / (await std(16));
  assert.ok(Math.abs(ratio - 2) < 0.4, `${ratio}`);
});

it("averages all rows when there are fewer than neighbours", async () => {
  const few = { ...wave(3, 5), x: matrix(3, 1, Float64Array.of(0, 1, 2)) };
  const surrogate = await fitKNearest(few, { neighbours: 9, weights: "uniform" });
  const { mean } = surrogate.predict(matrix(1, 1, Float64Array.of(50)));
  assert.ok(Math.abs(mean.data[0] - (few.y[0] + few.y[1] + few.y[2]) / 3) < 1e-12 * 100);
});

it("refuses options out of range", async () => {
  const wrong: readonly object[] = [{ neighbours: 1 }, { neighbours: 2.5 }, { weights: "cubic" }];
  for (const options of wrong) await assert.rejects(fitKNearest(wave(20, 1), options), InputError);
});
