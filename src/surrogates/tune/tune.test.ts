import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { FitInput, SurrogateSpec } from "../contract.ts";
import { dummy } from "../dummy/dummy.ts";
import { kNearest } from "../k-nearest/k-nearest.ts";
import { linear } from "../linear/linear.ts";
import { surrogates } from "../registry.ts";
import { compareFamilies } from "../validate/compare.ts";
import { tuningMethodsFor, type TuningMethodName } from "./methods.ts";
import { optionSpace } from "./option-space.ts";
import { tune, tuned } from "./tune.ts";

const methods = tuningMethodsFor({});

function plane(n: number, d = 2) {
  const draw = createRng(3);
  const x = matrix(n, d);
  for (let k = 0; k < x.data.length; k++) x.data[k] = draw.normal();
  const y = Float64Array.from({ length: n }, (_, i) => x.data[d * i] + 0.3 * draw.normal());
  return { x, y, task: { kind: "regression" } as const };
}

interface ToyOptions {
  readonly rate: number;
  readonly depth: number;
  readonly shape: string;
}

/** `linear` with an error added that is least at rate 0.01, depth 6 and a round shape. */
function toy(seen: ToyOptions[] = []): SurrogateSpec<ToyOptions> {
  return {
    ...dummy,
    name: "toy",
    defaults: { rate: 1, depth: 1, shape: "flat" },
    tunable: {
      rate: { kind: "number", min: 1e-4, max: 1, scale: "log" },
      depth: { kind: "number", min: 1, max: 10, integer: true },
      shape: { kind: "choice", values: ["flat", "round", "odd"] },
    },
    fit: async (input, options) => {
      const { rate, depth, shape } = { rate: 1, depth: 1, shape: "flat", ...options };
      seen.push({ rate, depth, shape });
      if (shape === "odd") throw new InputError("an odd shape does not fit");
      const surrogate = await linear.fit(input);
      const away =
        Math.log10(rate / 0.01) ** 2 + (depth - 6) ** 2 / 9 + (shape === "round" ? 0 : 1);
      return {
        ...surrogate,
        predict: (rows) => {
          const prediction = surrogate.predict(rows);
          const { mean } = prediction;
          return {
            ...prediction,
            mean: matrix(
              mean.rows,
              1,
              mean.data.map((m) => m + away),
            ),
          };
        },
      };
    },
  };
}

describe("tuning", () => {
  for (const method of methods) {
    it(`finds good options, better than its start, the same for the same seed (${method})`, async () => {
      const run = (seed: number) =>
        tune(toy(), {}, { ...plane(200), rng: createRng(seed) }, { method, budget: 30 });
      const result = await run(1);
      assert.deepEqual(await run(1), result);
      // The error of the defaults is that of 4 + 25 / 9 + 1 added, of no error added 0.3.
      assert.ok(result.defaultScore! > 7);
      assert.ok(result.score < 1.5, `${result.score}`);
      assert.equal(result.options["shape"], "round");
      const failed = result.trials.find(({ options }) => options["shape"] === "odd");
      assert.match(failed!.failure!, /odd shape/);
    });

    it(`costs no more than its budget (${method})`, async () => {
      for (const budget of [1, 2, 5, 30]) {
        const input = { ...plane(200), rng: createRng(1) };
        const { trials } = await tune(toy(), {}, input, { method, budget });
        const cost = trials.reduce((sum, { share }) => sum + share, 0);
        assert.ok(cost <= budget + 1e-9, `${cost} of ${budget}`);
        assert.ok(trials.length >= 1);
      }
    });

    it(`never picks what the inner folds find worse than the family's own options (${method})`, async () => {
      const input = { ...plane(60), rng: createRng(1) };
      const { score, defaultScore } = await tune(kNearest, {}, input, { method, budget: 6 });
      assert.ok(score <= defaultScore!);
    });
  }

  it("by a Gaussian process comes nearer the optimum than random draws on the same budget", async () => {
    const mean = async (method: TuningMethodName) => {
      let sum = 0;
      for (let seed = 0; seed < 6; seed++) {
        const input = { ...plane(60), rng: createRng(seed) };
        sum += (await tune(toy(), {}, input, { method, budget: 25 })).score;
      }
      return sum / 6;
    };
    assert.ok((await mean("gaussian-process")) < (await mean("random")));
  });

  it("by halving tries more options than the budget, few of them on all rows", async () => {
    const input = { ...plane(600), rng: createRng(1) };
    const { trials } = await tune(toy(), {}, input, { method: "halving", budget: 12 });
    assert.equal(trials.filter(({ share }) => share < 0.2).length, 36);
    assert.equal(trials.filter(({ share }) => share === 1).length, 4);
  });

  it("by halving of rounds tries all options on all rows, most of them in few rounds", async () => {
    const seen: { rounds: number; rows: number }[] = [];
    const family: SurrogateSpec = {
      ...(toy() as SurrogateSpec),
      defaults: { ...toy().defaults, rounds: 90 },
      rounds: { option: "rounds", least: 10 },
      fit: async (input, options) => {
        const { rounds = 90, ...own } = options as { rounds?: number };
        seen.push({ rounds, rows: input.x.rows });
        return toy().fit(input, own);
      },
    };
    const method = "halving-rounds";
    const input = { ...plane(60), rng: createRng(1) };
    const { trials, options } = await tune(family, {}, input, { method, budget: 12, folds: 2 });
    assert.equal(options["rounds"], undefined, "the rounds stay what they were");
    // Options that cannot be fitted fail in the first fold, so that trials are counted and not fits.
    const shares = [...new Set(trials.map(({ share }) => share))];
    assert.deepEqual(
      shares.map((share) => trials.filter((one) => one.share === share).length),
      [36, 12, 4],
    );
    assert.deepEqual([...new Set(seen.map(({ rounds: count }) => count))], [10, 30, 90]);
    assert.ok(seen.every(({ rows }) => rows === 30));
    assert.ok(trials.reduce((sum, { share }) => sum + share, 0) <= 12 + 1e-9);
    const fixed = { rounds: 30 };
    seen.length = 0;
    await tune(family, fixed, input, { method, budget: 12, folds: 2 });
    assert.equal(Math.max(...seen.map(({ rounds }) => rounds)), 30);
    await assert.rejects(tune(kNearest, {}, input, { method }), UnsupportedError);
  });

  it("sees nothing of the test rows: nested, every fit is inside its outer training part", async () => {
    const data = plane(60);
    const parts: Set<number>[] = [];
    const spy: SurrogateSpec = {
      ...(kNearest as SurrogateSpec),
      fit: async (input: FitInput, options) => {
        parts.push(new Set(input.y));
        return kNearest.fit(input, options);
      },
    };
    const settings = { method: "random", budget: 3, folds: 2 } as const;
    for (let f = 0; f < 3; f++) {
      parts.length = 0;
      const test = Int32Array.from({ length: 20 }, (_, i) => 20 * f + i);
      const train = Int32Array.from(data.y.keys()).filter((row) => !test.includes(row));
      const split = { train, test };
      const { ranking } = await compareFamilies(
        { ...data, split },
        [{ spec: tuned(spy, settings) }],
        {
          protocol: "published",
          repeats: 1,
          rng: createRng(1),
        },
      );
      assert.equal(ranking[0].model, "tuned-k-nearest");
      assert.equal(parts.length, 3 * 2 + 1);
      for (const part of parts) for (const row of test) assert.ok(!part.has(data.y[row]));
      assert.equal(parts.at(-1)!.size, 40);
      for (const part of parts.slice(0, -1)) assert.equal(part.size, 20);
    }
  });

  it("keeps groups together in the inner folds", async () => {
    const data = plane(60);
    const groups = Array.from(data.y, (_, i) => `group ${i % 6}`);
    const groupOf = new Map(Array.from(data.y, (value, i) => [value, groups[i]]));
    const spy: SurrogateSpec = {
      ...(linear as SurrogateSpec),
      fit: async (input: FitInput, options) => {
        const inside = new Set(Array.from(input.y, (value) => groupOf.get(value)!));
        assert.equal(input.y.length, 10 * inside.size);
        assert.deepEqual(new Set(input.groups), inside);
        return linear.fit(input, options);
      },
    };
    const input = { ...data, groups, rng: createRng(1) };
    await tune(spy, {}, input, { method: "random", budget: 2, folds: 3 });
  });

  it("does not touch options that are given", async () => {
    const seen: ToyOptions[] = [];
    const input = { ...plane(40), rng: createRng(1) };
    const { options } = await tune(toy(seen), { depth: 4, shape: "round" }, input, {
      method: "random",
      budget: 4,
    });
    assert.ok(seen.every(({ depth, shape }) => depth === 4 && shape === "round"));
    assert.deepEqual(Object.keys(options), ["rate"]);
  });

  it("refuses a family without options, unknown methods and metrics, and all trials failing", async () => {
    const input = { ...plane(40), rng: createRng(1) };
    const method = "random";
    await assert.rejects(tune(dummy, {}, input, { method }), UnsupportedError);
    await assert.rejects(tune(toy(), {}, input, { method: "grid" as "random" }), /"grid"/);
    await assert.rejects(tune(toy(), {}, input, { method, metric: "rocAuc" }), /"rocAuc"/);
    await assert.rejects(tune(toy(), {}, input, { method, budget: 0 }), InputError);
    await assert.rejects(
      tune(toy(), { shape: "odd" }, input, { method, budget: 2 }),
      /odd shape does not fit/,
    );
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const work = { signal: controller.signal };
    await assert.rejects(tune(kNearest, {}, { ...input, work }, { method }), /enough/);
  });
});

describe("the tunable options of the registry", () => {
  it("belong to every family but the one without options", () => {
    const without = Object.values<SurrogateSpec>(surrogates).filter(({ tunable }) => !tunable);
    assert.deepEqual(without.map(({ name }) => name), ["dummy"]); // prettier-ignore
  });

  it("go with the option that counts rounds, which is a number of the family's defaults", () => {
    const list = Object.values<SurrogateSpec>(surrogates).filter(({ rounds }) => rounds);
    assert.ok(list.length >= 7);
    for (const { rounds, defaults } of list) {
      const count = (defaults as Readonly<Record<string, unknown>>)[rounds!.option];
      assert.ok(typeof count === "number" && count > rounds!.least);
    }
  });

  const specs: readonly SurrogateSpec[] = Object.values(surrogates);
  const quick: Readonly<Record<string, object>> = {
    "random-forest": { trees: 5 },
    "extra-trees": { trees: 5 },
    "gradient-boosting": { rounds: 5 },
    mlp: { epochs: 2 },
    "mc-dropout": { epochs: 2 },
    "quantile-forest": { trees: 5 },
    "deep-ensemble": { epochs: 2, members: 2 },
    "gaussian-process": { starts: 1, maxIterations: 5 },
    "sparse-gaussian-process": { starts: 1, maxIterations: 5, inducing: 10 },
    stack: { folds: 2 },
  };
  const classes = { kind: "classification", classes: ["a", "b"] } as const;
  for (const spec of specs.filter(({ tunable }) => tunable !== undefined)) {
    it(`are options of the family that it fits with, from end to end (${spec.name})`, async () => {
      const space = optionSpace(spec);
      for (const key of Object.keys(spec.tunable!)) assert.ok(key in spec.defaults, key);
      for (const share of [0, 0.5, 1]) {
        const options = space.optionsAt(new Float64Array(space.dimension).fill(share));
        const { x, y } = plane(60, 4);
        const numbers = { x, y, task: { kind: "regression" } as const, rng: createRng(1) };
        const input = spec.supports.regression
          ? numbers
          : { ...numbers, y: y.map((value) => Number(value > 0)), task: classes };
        await spec.fit(input, { ...quick[spec.name], ...options });
        const features = space.featuresOf(options);
        assert.ok(features.every((value) => value >= -1e-9 && value <= 1 + 1e-9));
      }
      assert.ok(space.featuresOf(spec.defaults as Record<string, never>).every(Number.isFinite));
    });
  }
});
