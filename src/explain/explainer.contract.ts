import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, ShapeError, UnsupportedError } from "../core/errors.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import type { ExplainedModel, ExplainerSpec, ExplainerSupport, ExplainInput } from "./contract.ts";
import {
  explainInput,
  functionModel,
  networkModel,
  normalRows,
  planeModel,
  treeModel,
} from "./fixtures/models.ts";

/** All 16 rows of four features that are 0 or 1: no feature tells anything about another. */
const cube: Matrix = matrixOf(
  Array.from({ length: 16 }, (_, i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1, (i >> 3) & 1]),
);

/**
 * Models of four features in which features 0 and 1 play the same part and feature 3 none, one for each
 * thing that an explainer may need of a model.
 */
const models: Readonly<Record<ExplainerSupport["model"], ExplainedModel>> = {
  any: functionModel(4, (row) => 3 * row[0] * row[1] + row[0] + row[1] - 2 * row[2]),
  trees: treeModel(4, [
    [0, 0.5, [1, 0.5, 0, 1], [1, 0.5, 1, 5]],
    [1, 0.5, [0, 0.5, 0, 1], [0, 0.5, 1, 5]],
    [2, 0.5, 0, -2],
  ]),
  plane: planeModel([1, 1, -2, 0], 0.25),
  layers: networkModel([
    [
      [1, 1, -2, 0],
      [0.5, 0.5, 1, 0],
    ],
    [[2, -1]],
  ]),
};

/** Facts that hold for every explainer; called once for each registry entry. */
export function testExplainer(name: string, spec: ExplainerSpec, quick: object): void {
  const { supports } = spec;
  const model = models[supports.model];
  const explain = (changes: Partial<ExplainInput> = {}, options: object = quick) =>
    spec.explain({ ...explainInput(model, cube, cube), ...changes }, options);

  describe(`explainer ${name}`, () => {
    it("is listed under its own name, with defaults that are plain JSON", () => {
      assert.equal(spec.name, name);
      assert.deepEqual(JSON.parse(JSON.stringify(spec.defaults)), spec.defaults);
    });

    it("gives one finite contribution per row and feature, and the model's predictions", async () => {
      const found = await explain();
      assert.equal(found.method, name);
      assert.equal(found.contributions.rows, 16);
      assert.equal(found.contributions.columns, 4);
      assert.equal(found.base.length, 16);
      assert.ok(found.contributions.data.every(Number.isFinite));
      assert.deepEqual(found.predictions, model.predict(cube));
    });

    it("gives nothing for no rows", async () => {
      const found = await explain({ x: matrix(0, 4) });
      assert.equal(found.contributions.rows, 0);
      assert.equal(found.contributions.columns, 4);
      assert.equal(found.base.length, 0);
    });

    if (supports.isLocallyAccurate) {
      it("adds up to the prediction from the mean prediction over the background", async () => {
        const { base, contributions, predictions } = await explain();
        const mean = model.predict(cube).reduce((sum, value) => sum + value, 0) / 16;
        predictions.forEach((prediction, i) => {
          const sum = rowOf(contributions, i).reduce((total, phi) => total + phi, base[i]);
          assert.ok(Math.abs(sum - prediction) < 1e-9, `row ${i}: ${sum} is not ${prediction}`);
          assert.ok(Math.abs(base[i] - mean) < 1e-9);
        });
      });

      it("gives a feature that the model does not use 0", async () => {
        const { contributions } = await explain();
        for (let i = 0; i < 16; i++) assert.ok(Math.abs(contributions.data[i * 4 + 3]) < 1e-10);
      });

      it("gives features that play the same part the same", async () => {
        const { contributions } = await explain();
        for (let i = 0; i < 16; i++) {
          const [a, b] = contributions.data.subarray(4 * i);
          if (cube.data[4 * i] !== cube.data[4 * i + 1]) continue;
          assert.ok(Math.abs(a - b) < 1e-9, `row ${i}: ${a} and ${b}`);
        }
      });

      it("gives a group of columns one contribution, and adds up all the same", async () => {
        const groups = [[3], [0, 2], [1]];
        const { base, contributions, predictions } = await explain({ groups });
        assert.equal(contributions.columns, 3);
        predictions.forEach((prediction, i) => {
          const sum = rowOf(contributions, i).reduce((total, phi) => total + phi, base[i]);
          assert.ok(Math.abs(sum - prediction) < 1e-9);
          assert.ok(Math.abs(contributions.data[3 * i]) < 1e-10);
        });
      });
    } else {
      if (supports.hasLocalFit) {
        it("says how well its local model follows", async () => {
          const { localFit } = await explain();
          assert.ok(localFit?.every((r2) => r2 > 0.1 && r2 <= 1));
        });
      }

      it("gives a feature that the model does not use nearly nothing", async () => {
        const { contributions } = await explain();
        const largest = Math.max(...contributions.data.map(Math.abs));
        for (let i = 0; i < 16; i++) {
          assert.ok(Math.abs(contributions.data[i * 4 + 3]) < 0.1 * largest);
        }
      });
    }

    it("gives the same bytes for the same seed, and leaves its input as it was", async () => {
      const x = matrix(16, 4, cube.data.slice());
      const background = matrix(16, 4, cube.data.slice());
      const [one, two] = [await explain({ x, background }), await explain({ x, background })];
      assert.deepEqual(one, two);
      assert.deepEqual(x, cube);
      assert.deepEqual(background, cube);
    });

    if (supports.isExact) {
      it("does not depend on the seed", async () => {
        assert.deepEqual(
          await explain({ rng: createRng(1) }),
          await explain({ rng: createRng(2) }),
        );
      });
    }

    it("refuses numbers that are not finite, naming the place", async () => {
      const bad = matrix(16, 4, cube.data.slice());
      bad.data[4 * 5 + 2] = Number.NaN;
      for (const part of ["x", "background"] as const) {
        await assert.rejects(explain({ [part]: bad }), (error: unknown) => {
          assert.ok(error instanceof InputError);
          assert.match(error.message, /row 5, column 2/);
          assert.match(error.message, new RegExp(part));
          return true;
        });
      }
    });

    it("refuses another number of columns and an empty background", async () => {
      await assert.rejects(explain({ x: matrix(1, 3) }), ShapeError);
      await assert.rejects(explain({ background: matrix(2, 5) }), ShapeError);
      await assert.rejects(explain({ background: matrix(0, 4) }), InputError);
    });

    it("refuses groups that are no division of the columns, and unknown options", async () => {
      for (const groups of [
        [[0, 1], [2]],
        [[0, 1], [1, 2], [3]],
        [[0, 1, 2, 3], []],
        [[0, 1, 2, 4]],
      ]) {
        await assert.rejects(explain({ groups }), InputError);
      }
      await assert.rejects(explain({}, { nonsense: 1 }), { message: /"nonsense"/ });
    });

    it("throws the reason of a signal that is aborted", async () => {
      const controller = new AbortController();
      const reason = new Error("stopped by the user");
      controller.abort(reason);
      await assert.rejects(explain({ work: { signal: controller.signal } }), reason);
    });

    if (supports.model !== "any") {
      it("refuses a model without what it reads", async () => {
        const { predict } = model;
        await assert.rejects(explain({ model: { inputs: 4, predict } }), UnsupportedError);
      });
    }

    const { maxFeatures } = supports;
    if (maxFeatures !== undefined) {
      it("refuses more features than it takes", async () => {
        const columns = maxFeatures + 1;
        const rows = normalRows(2, columns, 1);
        const wide = functionModel(columns, (row) => row[0]);
        await assert.rejects(explain({ model: wide, x: rows, background: rows }), UnsupportedError);
      });
    }
  });
}
