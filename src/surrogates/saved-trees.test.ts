import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../core/errors.ts";
import { matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { gradientBoosting } from "./boosting/gradient-boosting.ts";
import type { SurrogateSpec } from "./contract.ts";
import { dummy } from "./dummy/dummy.ts";
import { extraTrees } from "./extra-trees/extra-trees.ts";
import { randomForest } from "./forest/random-forest.ts";
import { kNearest } from "./k-nearest/k-nearest.ts";
import { loadSurrogate, saveSurrogate } from "./saved-state.ts";

const columns = ["Al", "Ti"].map((name) => ({ name, kind: "number" }) as const);

function input() {
  const rng = createRng(1);
  const x = matrix(40, 2);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: 40 }, (_, i) => x.data[2 * i] + rng.normal());
  return { x, y, task: { kind: "regression" } as const, rng, columns };
}

const few = { trees: 4 };
const families: readonly (readonly [SurrogateSpec, object])[] = [
  [randomForest, few],
  [extraTrees, few],
  [gradientBoosting, { rounds: 4 }],
  [kNearest, {}],
  [dummy, {}],
];

for (const [spec, options] of families) {
  describe(`saved ${spec.name}`, () => {
    it("names the column of an input that is not finite, also after loading", async () => {
      const surrogate = await spec.fit(input(), options);
      const saved = saveSurrogate(spec, surrogate)!;
      const x = matrix(1, 2, Float64Array.of(0, Number.POSITIVE_INFINITY));
      for (const model of [surrogate, loadSurrogate({ [spec.name]: spec }, saved)]) {
        assert.throws(() => model.predict(x), { name: "InputError", message: /column "Ti"/ });
      }
      const bad = input();
      bad.x.data[3] = Number.POSITIVE_INFINITY;
      await assert.rejects(spec.fit(bad, options), { message: /row 1, column "Ti"/ });
    });

    it("refuses trees that lead in circles or beyond the leaves", async () => {
      const saved = saveSurrogate(spec, await spec.fit(input(), options))!;
      for (const key of Object.keys(saved.arrays).filter((name) => name.endsWith("left"))) {
        for (const wrong of [0, 1e6, -1]) {
          const left = Int32Array.from(saved.arrays[key]);
          left[0] = wrong;
          const broken = { ...saved, arrays: { ...saved.arrays, [key]: left } };
          assert.throws(() => loadSurrogate({ [spec.name]: spec }, broken), InputError);
        }
      }
    });
  });
}
