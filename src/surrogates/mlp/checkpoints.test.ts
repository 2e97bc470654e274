import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { FitInput, SavedState } from "../contract.ts";
import { saveSurrogate } from "../saved-state.ts";
import { deepEnsemble } from "./deep-ensemble.ts";
import { mlp } from "./mlp.ts";
import { mcDropout } from "./mc-dropout.ts";

const draw = createRng(4);
const n = 80;
const x = matrix(
  n,
  2,
  Float64Array.from({ length: 2 * n }, () => draw.normal()),
);
const y = Float64Array.from({ length: n }, (_, i) => x.data[2 * i] ** 2 + 0.2 * draw.normal());
const input = (changes: Partial<FitInput> = {}): FitInput => ({
  x,
  y,
  task: { kind: "regression" },
  rng: createRng(7),
  ...changes,
});
const quick = { hidden: [6], epochs: 60, patience: 60 };

/** The states that a training keeps until it is stopped at the given report. */
async function interrupt(
  family: typeof mlp | typeof deepEnsemble | typeof mcDropout,
  options: object,
  atReport: number,
): Promise<SavedState[]> {
  const kept: SavedState[] = [];
  const controller = new AbortController();
  let reports = 0;
  const report = (): void => {
    if (++reports === atReport) controller.abort(new Error("stopped"));
  };
  const work = { signal: controller.signal, report };
  const checkpoints = { save: (state: SavedState) => void kept.push(structuredClone(state)) };
  await assert.rejects(family.fit(input({ work, checkpoints }), options), /stopped/);
  return kept;
}

describe("an interrupted training", () => {
  const cases = [
    { family: mlp, options: quick, atReport: 35 },
    { family: mlp, options: { ...quick, precision: "f32", dropout: 0.2 }, atReport: 35 },
    { family: mcDropout, options: { ...quick, samples: 4 }, atReport: 35 },
    // In the second network, and after the first has ended.
    { family: deepEnsemble, options: { ...quick, members: 3 }, atReport: 95 },
    { family: deepEnsemble, options: { ...quick, members: 3 }, atReport: 62 },
  ] as const;
  for (const { family, options, atReport } of cases) {
    const label = `${family.name} ${JSON.stringify(options)}, stopped at report ${atReport}`;
    it(`goes on from its last checkpoint to the bytes of one that was not (${label})`, async () => {
      const whole = await family.fit(input(), options);
      const kept = await interrupt(family, options, atReport);
      assert.ok(kept.length >= 2);
      const resume = kept.at(-1)!;
      let reports = 0;
      const checkpoints = { resume, save: () => undefined };
      const work = { report: () => void reports++ };
      const resumed = await family.fit(input({ checkpoints, work }), options);
      assert.deepEqual(saveSurrogate(family, resumed), saveSurrogate(family, whole));
      assert.deepEqual(resumed.predict(x), whole.predict(x));
      const epochs = options.epochs * ("members" in options ? options.members : 1);
      assert.ok(reports < epochs - atReport + 12, `${reports} epochs were done again`);
    });
  }

  it("is refused with other data, options or seed than its own, and when damaged", async () => {
    const resume = (await interrupt(mlp, quick, 25)).at(-1)!;
    const refuse = (changes: Partial<FitInput>, options: object, state = resume) =>
      assert.rejects(
        mlp.fit(
          input({ checkpoints: { resume: state, save: () => undefined }, ...changes }),
          options,
        ),
        InputError,
      );
    await refuse({ y: y.map((value) => value + 1) }, quick);
    await refuse({ rng: createRng(8) }, quick);
    await refuse({}, { ...quick, rate: 0.01 });
    const { values: _, ...rest } = resume.arrays;
    await refuse({}, quick, { ...resume, arrays: rest });
    await refuse({}, quick, {
      ...resume,
      arrays: { ...resume.arrays, best: resume.arrays["best"].slice(1) },
    });
  });
});
