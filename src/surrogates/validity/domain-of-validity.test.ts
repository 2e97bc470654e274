import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError, ShapeError } from "../../core/errors.ts";
import { matrix, matrixOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { fitDomain, loadDomain } from "./domain-of-validity.ts";

const rng = createRng(4);
const labels = ["Al", "Ti", "temperature"];
const n = 400;
/** Two clouds at Al 0.1 and 0.5, at one temperature. */
const x = matrixOf(
  Array.from({ length: n }, (_, i) => [
    (i % 2 === 0 ? 0.1 : 0.5) + 0.02 * rng.normal(),
    0.4 + 0.05 * rng.normal(),
    25,
  ]),
);
const std = (rows: number, value = 1): Matrix =>
  matrix(rows, 1, new Float64Array(rows).fill(value));
/** Of the training rows 1 ... 2. */
const trainingStd = matrix(
  n,
  1,
  Float64Array.from({ length: n }, (_, i) => 1 + i / (n - 1)),
);
const domain = fitDomain({ x, labels, epistemicStd: trainingStd });
const judge = (rows: number[][], value = 1) =>
  domain.judge(matrixOf(rows), std(rows.length, value));

test("rows like those of the training are inside, with no reason against them", () => {
  const [one, two] = judge([
    [0.1, 0.4, 25],
    [0.5, 0.41, 25],
  ]);
  assert.deepEqual([one.verdict, two.verdict], ["inside", "inside"]);
  assert.deepEqual(one.reasons, []);
});

test("about one in twenty rows of the same kind is called edge by distance or by leverage", () => {
  const fresh = Array.from({ length: 1000 }, (_, i) => [
    (i % 2 === 0 ? 0.1 : 0.5) + 0.02 * rng.normal(),
    0.4 + 0.05 * rng.normal(),
    25,
  ]);
  const inside = judge(fresh).filter(({ verdict }) => verdict === "inside").length;
  // Two rules of 5 % each, which overlap: between 85 and 97 of 100.
  assert.ok(inside > 850 && inside < 970, `${inside} of 1000`);
});

test("a row between the clouds is outside by distance, though in range and of no leverage", () => {
  const [gap] = judge([[0.3, 0.4, 25]]);
  assert.equal(gap.verdict, "outside");
  assert.equal(gap.reasons.length, 1);
  assert.match(gap.reasons[0], /times the usual distance to the nearest training row/);
});

test("a row far away is outside, with the input that is out of range named first", () => {
  const [far] = judge([[1.4, 0.4, 25]]);
  assert.equal(far.verdict, "outside");
  assert.match(far.reasons[0], /^Al 1\.40 is out of 0\.0\d* \.\.\. 0\.5\d*$/);
  assert.ok(far.reasons.some((reason) => /leverage/.test(reason)));
});

test("an input that was the same in all training rows may not change", () => {
  const [hot] = judge([[0.1, 0.4, 600]]);
  assert.equal(hot.verdict, "outside");
  assert.match(hot.reasons[0], /^temperature 600 was 25\.0 in every training row$/);
});

test("a model less sure than at any training row puts a row at the edge, or outside", () => {
  const verdicts = [1.9, 2.5, 4.5].map((value) => judge([[0.1, 0.4, 25]], value)[0].verdict);
  assert.deepEqual(verdicts, ["inside", "edge", "outside"]);
  const same = fitDomain({ x, labels, epistemicStd: std(n) });
  const [answer] = same.judge(matrixOf([[0.1, 0.4, 25]]), std(1));
  assert.equal(answer.disagreement, null);
});

test("objections of the caller count, the gravest reason first", () => {
  const row = matrixOf([[0.1, 0.4, 25]]);
  const [one] = domain.judge(row, std(1), [
    [
      { verdict: "edge", reason: "a little odd" },
      { verdict: "outside", reason: "Xe was in no training row" },
    ],
  ]);
  assert.equal(one.verdict, "outside");
  assert.deepEqual(one.reasons, ["Xe was in no training row", "a little odd"]);
});

test("a missing input counts as usual", () => {
  const [one] = judge([[0.1, Number.NaN, 25]]);
  assert.equal(one.verdict, "inside");
});

test("leverage is that of a ridge regression on standardised inputs", () => {
  // One column of -1 and 1, 50 each: h = 1/n + z^2 / (n + 0.01 n) at z.
  const simple = matrix(
    100,
    1,
    Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? -1 : 1)),
  );
  const own = fitDomain({ x: simple, labels: ["a"], epistemicStd: std(100) });
  const [one] = own.judge(matrixOf([[3]]), std(1));
  assert.ok(Math.abs(one.leverage - (1 / 100 + 9 / 101)) < 1e-12);
});

test("a training row lies at distance 0 from the training rows", () => {
  for (const one of domain.judge(x, trainingStd)) assert.equal(one.distance, 0);
});

test("a saved domain gives the same verdicts; a damaged one is refused", () => {
  const saved = domain.save();
  const settings = JSON.parse(JSON.stringify(saved.settings)) as typeof saved.settings;
  const loaded = loadDomain({ ...saved, settings });
  assert.deepEqual(loaded.judge(x, trainingStd), domain.judge(x, trainingStd));
  for (const key of Object.keys(saved.arrays)) {
    const { [key]: _, ...rest } = saved.arrays;
    assert.throws(() => loadDomain({ ...saved, arrays: rest }), InputError, key);
  }
});

test("sizes that differ are refused", () => {
  assert.throws(() => fitDomain({ x, labels: ["Al"], epistemicStd: trainingStd }), ShapeError);
  assert.throws(() => domain.judge(matrix(2, 2), std(2)), ShapeError);
  assert.throws(() => domain.judge(matrix(2, 3), std(3)), ShapeError);
});
