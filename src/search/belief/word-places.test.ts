import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { CategoricalParameter, Column, Parameter } from "../../space/contract.ts";
import { freeSpace } from "../fixtures/spaces.ts";
import type { Belief } from "./contract.ts";
import { embeddingOf, placeRows } from "./embedding.ts";
import { fitBelief } from "./fit-belief.ts";
import { wordCoordinates } from "./word-coordinates.ts";

const solvents = (descriptors: Readonly<Record<string, number[]>>): CategoricalParameter => ({
  kind: "categorical",
  name: "solvent",
  values: Object.values(descriptors)[0].map((_, k) => `s${k}`),
  descriptors: Object.entries(descriptors).map(([name, values]) => ({ name, unit: "1", values })),
});
const time: Parameter = { kind: "continuous", name: "time", unit: "s", min: 0, max: 10 };
const columnsOf = async (...parameters: Parameter[]): Promise<readonly Column[]> =>
  (await freeSpace(parameters)).columns;
const rowsOf = (...rows: readonly number[][]): Matrix =>
  matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));
const distance = (points: Matrix, i: number, j: number): number =>
  Math.sqrt(
    rowOf(points, i).reduce((sum, value, k) => sum + (value - rowOf(points, j)[k]) ** 2, 0),
  );

describe("coordinates of words", () => {
  it("leave out descriptors that are constant or follow one before them", () => {
    const { kept, dropped } = wordCoordinates([
      { name: "a", unit: "1", values: [1, 2, 4, 3] },
      { name: "same", unit: "1", values: [7, 7, 7, 7] },
      { name: "minus twice a", unit: "1", values: [-2, -4, -8, -6] },
      { name: "b", unit: "1", values: [0, 10, 0, 5] },
    ]);
    assert.deepEqual(
      kept.map(({ name, places }) => [name, ...places]),
      [
        ["a", 0, 1 / 3, 1, 2 / 3],
        ["b", 0, 1, 0, 0.5],
      ],
    );
    assert.deepEqual(dropped, [
      { name: "same", why: "constant" },
      { name: "minus twice a", why: "follows a" },
    ]);
  });

  it("place words by shares of ranges, and keep those with the same descriptors apart", async () => {
    const [a, b] = [
      [0, 10, 5, 5],
      [3, 3, 1, 1],
    ];
    const columns = await columnsOf(solvents({ a, b }));
    const rows = rowsOf([0], [1], [2], [3]);
    const embedding = embeddingOf(columns, rows);
    const points = placeRows(embedding, rows);
    assert.deepEqual([...embedding.scaleOf], [0, 1, 2, 2, 2, 2]);
    const near = (found: number, wanted: number): void =>
      assert.ok(Math.abs(found - wanted) < 1e-12, `${found} is not ${wanted}`);
    near(distance(points, 2, 3), 0.25);
    near(distance(points, 0, 1), Math.sqrt(1 / 2 + 1 / 16));
    near(distance(points, 0, 2), Math.sqrt(1 / 8 + 1 / 2 + 1 / 16));
  });

  it("do not change what other columns are to each other", async () => {
    const described = await columnsOf(solvents({ a: [0, 1, 3], b: [1, 0, 1] }), time);
    const plain = await columnsOf({ kind: "categorical", name: "solvent", values: ["s0", "s1", "s2"] }, time); // prettier-ignore
    const rows = rowsOf([0, 0], [0, 4]);
    const [one, other] = [described, plain].map((columns) => embeddingOf(columns, rows));
    assert.equal(one.axes, other.axes);
    assert.equal(distance(placeRows(one, rows), 0, 1), distance(placeRows(other, rows), 0, 1));
  });

  it("are those of one word when the space holds it, and of the words that were measured", async () => {
    const space = await freeSpace([solvents({ a: [0, 1, 3] }), time]);
    const { columns } = space.withFixed({ solvent: "s2" });
    assert.equal(embeddingOf(columns, rowsOf([2, 1], [2, 4])).axes, 1);
    const before = placeRows(embeddingOf(columns, rowsOf([0, 1], [2, 4])), rowsOf([0, 1], [2, 1]));
    assert.ok(distance(before, 0, 1) > 1);
  });

  it("need a finite number of every word", async () => {
    const bad = [
      solvents({ a: [0, Number.NaN] }),
      { ...solvents({ a: [0, 1] }), values: ["x", "y", "z"] },
      solvents({ a: [2, 2] }),
      { ...solvents({ a: [2, 3] }), descriptors: undefined, encoding: "descriptors" },
    ] as CategoricalParameter[];
    for (const parameter of bad) await assert.rejects(freeSpace([parameter]), InputError);
    const one = { ...solvents({ a: [2, 2] }), encoding: "one-hot" } as const;
    assert.equal((await freeSpace([one])).columns[0].words, undefined);
  });
});

const numbers = Array.from({ length: 12 }, (_, k) => (7 * k) % 12);
const rng = createRng(6);
/** Designs of twelve words, and an outcome of which the word's number says how it follows time. */
const drawn = (n: number, words: readonly number[]): Matrix => {
  const rows = matrix(n, 2);
  for (let i = 0; i < n; i++) {
    rows.data.set([words[rng.integer(words.length)], 10 * rng.uniform()], 2 * i);
  }
  return rows;
};
const outcome = (of: Matrix, number: readonly number[] = numbers): Float64Array =>
  Float64Array.from({ length: of.rows }, (_, i) => {
    const [word, t] = rowOf(of, i);
    return Math.sin(number[word] / 4) * (1 + Math.sin(t / 3));
  });
const fit = async (parameter: CategoricalParameter, rows: Matrix, y: Float64Array) =>
  (await fitBelief(await columnsOf(parameter, time), rows, y, { rng: createRng(1) })).belief;
const error = (belief: Belief, rows: Matrix, y: Float64Array): number => {
  const { mean } = belief.marginal(rows);
  return Math.sqrt(mean.reduce((sum, m, i) => sum + (m - y[i]) ** 2, 0) / rows.rows);
};
/** Largest difference of the slope's gradient by time from central differences. */
const gradientError = (belief: Belief, rows: Matrix): number =>
  Math.max(
    ...Array.from({ length: rows.rows }, (_, i) => {
      const row = rowOf(rows, i);
      const at = (t: number) => belief.marginal(rowsOf([row[0], t]));
      const { meanGradient, stdGradient } = belief.slope(row);
      const [up, down] = [at(row[1] + 1e-4), at(row[1] - 1e-4)];
      return Math.max(
        Math.abs(meanGradient[1] - (up.mean[0] - down.mean[0]) / 2e-4),
        Math.abs(stdGradient[1] - (up.std[0] - down.std[0]) / 2e-4),
      );
    }),
  );

describe("a belief over words with descriptors", () => {
  const parameter = solvents({ number: numbers, other: numbers.map((_, k) => (5 * k) % 7) });
  const measured = drawn(40, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const unmeasured = drawn(30, [10, 11]);

  it("knows words that were never measured by those like them", async () => {
    const belief = await fit(parameter, measured, outcome(measured));
    const plain = { ...parameter, encoding: "one-hot" } as const;
    const without = await fit(plain, measured, outcome(measured));
    const [found, blind] = [belief, without].map((one) =>
      error(one, unmeasured, outcome(unmeasured)),
    );
    assert.ok(found < 0.2 * blind, `${found} against ${blind}`);
    assert.equal(belief.summary["descriptors of solvent"], "number, other");
    assert.ok(gradientError(belief, unmeasured) < 1e-5);
  });

  it("is not led astray by descriptors of other words", async () => {
    const lie = numbers.map((_, k) => numbers[(k * 5 + 2) % 12]);
    const told = drawn(80, Array.from(numbers.keys()));
    const fresh = drawn(60, Array.from(numbers.keys()));
    const [misled, plain] = await Promise.all(
      (["descriptors", "one-hot"] as const).map((encoding) =>
        fit({ ...solvents({ lie }), encoding }, told, outcome(told)),
      ),
    );
    const [bad, good] = [misled, plain].map((one) => error(one, fresh, outcome(fresh)));
    assert.ok(bad < 1.5 * good, `${bad} against ${good}`);
  });
});

describe("a belief that learns places of words", () => {
  const all = Array.from(numbers.keys());
  const learned = { ...solvents({ number: numbers }), encoding: "learned" } as const;
  const plain = { ...learned, encoding: "one-hot" } as const;
  const fresh = drawn(60, all);

  it("is one-hot, to the digit, where measurements are few", async () => {
    for (const n of [1, 6, 12]) {
      const few = drawn(n, all.slice(0, n));
      const [one, other] = [
        await fit(learned, few, outcome(few)),
        await fit(plain, few, outcome(few)),
      ];
      assert.deepEqual(one.marginal(fresh), other.marginal(fresh));
      assert.match(String(one.summary["places of solvent"]), /not told/);
    }
  });

  it("finds from many measurements which words are alike, and predicts better for it", async () => {
    // Three kinds of words that differ in how the outcome follows time.
    const kinds = numbers.map((_, k) => [0, 6, 15][k % 3]);
    const many = drawn(90, all);
    const [one, other] = [
      await fit(learned, many, outcome(many, kinds)),
      await fit(plain, many, outcome(many, kinds)),
    ];
    const [found, without] = [one, other].map((belief) =>
      error(belief, fresh, outcome(fresh, kinds)),
    );
    assert.ok(found < without, `${found} against ${without}`);
    const places = String(one.summary["places of solvent"])
      .split("; ")
      .map((text) => text.split(" ").map(Number));
    assert.deepEqual(places[0], [0, 0]);
    assert.ok(places[1][0] > 0 && places[1][1] === 0);
    const gap = (i: number, j: number): number =>
      Math.hypot(places[i][0] - places[j][0], places[i][1] - places[j][1]);
    const within = Math.max(...all.slice(3).map((k) => gap(k, k % 3)));
    const between = Math.min(gap(0, 1), gap(0, 2), gap(1, 2));
    assert.ok(within < between / 2, `${within} within, ${between} between`);
    assert.ok(gradientError(one, fresh) < 1e-5);
  });

  it("does not depend on the order of words", async () => {
    const many = drawn(60, all);
    const y = outcome(many);
    const back = all.toReversed();
    const turned = matrix(
      60,
      2,
      many.data.map((value, at) => (at % 2 === 0 ? 11 - value : value)),
    );
    const asked = matrix(
      60,
      2,
      fresh.data.map((value, at) => (at % 2 === 0 ? 11 - value : value)),
    );
    const reversed = {
      ...learned,
      values: back.map((k) => learned.values[k]),
      descriptors: undefined,
    } as unknown as CategoricalParameter;
    const { mean } = (await fit(learned, many, y)).marginal(fresh);
    const again = (await fit(reversed, turned, y)).marginal(asked).mean;
    mean.forEach((value, i) =>
      assert.ok(Math.abs(value - again[i]) < 0.02, `${value}, ${again[i]}`),
    );
  });
});
