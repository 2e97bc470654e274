import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kernelMethodValues } from "../../../test/reference/kernel-methods.ts";
import { relativeDifference, surrogateValues } from "../../../test/reference/surrogate-values.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import type { CorrelationName } from "../../core/linalg/covariance.ts";
import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { parameterCount, type CovarianceModel } from "./covariance-model.ts";
import { loadSurrogate, saveSurrogate } from "../saved-state.ts";
import { fitGaussianProcess, gaussianProcess } from "./gaussian-process.ts";
import { marginalLikelihood } from "./marginal-likelihood.ts";
import { findPlaces, type Sample } from "./merge-rows.ts";
import { condition } from "./posterior.ts";
import { stateAt } from "./state-at.ts";

const regression = { kind: "regression" } as const;
const numbers = (values: readonly number[]): Float64Array => Float64Array.from(values);
const logs = (...values: number[]): Float64Array => Float64Array.from(values, Math.log);

function modelOf(kernel: CorrelationName, d: number, ard = true, sources = 1): CovarianceModel {
  const scaleOf = Int32Array.from({ length: d }, (_, j) => (ard ? j : 0));
  return { kernel, scaleOf, scales: ard ? d : 1, sources, rank: 1 };
}

/** Every row a place of its own. */
function unmerged(points: Matrix, y: Float64Array, source?: Int32Array): Sample {
  return { places: { points, source }, placeOf: Int32Array.from(y.keys()), y };
}

function assertGradient(model: CovarianceModel, sample: Sample, point: Float64Array): void {
  const { gradient } = marginalLikelihood(model, sample, point);
  for (let k = 0; k < point.length; k++) {
    const moved = (h: number) =>
      marginalLikelihood(
        model,
        sample,
        point.map((v, j) => (j === k ? v + h : v)),
      ).value;
    const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    assert.ok(
      Math.abs(gradient[k] - difference) < 1e-6 * Math.max(1, Math.abs(difference)),
      `parameter ${k}: ${gradient[k]} is not ${difference}`,
    );
  }
}

function toy(n: number, noise: number) {
  const rng = createRng(4);
  const points = matrix(n, 2);
  for (let k = 0; k < points.data.length; k++) points.data[k] = 10 * rng.uniform();
  const values = Float64Array.from({ length: n }, (_, i) => {
    return 300 + 40 * Math.sin(points.data[2 * i]) + noise * rng.normal();
  });
  return { x: points, y: values, task: regression, rng: createRng(1) };
}

describe("Gaussian process with given hyper-parameters", () => {
  const expected = surrogateValues.gaussianProcess;
  const x = matrix(30, 3, numbers(expected.x));
  const sample = unmerged(x, numbers(expected.y));
  const model = modelOf("matern-5/2", 3);
  const ratio = expected.noiseVariance / expected.signalVariance;
  const point = logs(...expected.lengthScales, ratio);

  it("has scikit-learn's mean and std at new rows", () => {
    const { state } = stateAt(model, sample, point);
    const posterior = condition({ ...state, signalVariance: expected.signalVariance });
    const { mean, variance } = posterior.at({ points: matrix(12, 3, numbers(expected.rows)) });
    assert.ok(relativeDifference(mean, expected.mean) < 1e-10);
    assert.ok(relativeDifference(variance.map(Math.sqrt), expected.std) < 1e-10);
    assert.ok(Math.abs(posterior.means[0] - expected.constant) < 1e-12);
    assert.equal(posterior.jitter, 0);
  });

  it("has scikit-learn's log marginal likelihood at the best signal variance", () => {
    const found = marginalLikelihood(model, sample, point);
    assert.ok(Math.abs(found.value - expected.profiledLikelihood) < 1e-9);
    assert.ok(Math.abs(found.variance / expected.profiledVariance - 1) < 1e-10);
  });

  it("has a likelihood gradient that central differences confirm", () =>
    assertGradient(model, sample, point));

  it("reports the jitter that equal places without noise need", () => {
    const places = { points: matrix(4, 1, Float64Array.of(0, 0, 1, 1)) };
    const posterior = condition({
      model: modelOf("matern-5/2", 1),
      parameters: logs(1),
      places,
      target: Float64Array.of(-1, -1, 1, 1),
      noise: new Float64Array(4),
      signalVariance: 1,
    });
    assert.ok(posterior.jitter > 0 && posterior.jitter < 1e-6);
  });
});

describe("kernels, known noise and repeated rows", () => {
  const expected = kernelMethodValues.regression;
  const points = matrix(24, 2, numbers(expected.x));
  const y = numbers(expected.y);
  const knownVariance = numbers(expected.noise).map((std) => std * std);
  const rows = { points: matrix(7, 2, numbers(expected.rows)) };
  // The fitted noise is the least that it can be: 1e-12 of the signal.
  const pointOf = (kernel: string) =>
    logs(
      expected.scale,
      ...(kernel === "rational-quadratic" ? [expected.shape] : []),
      1e-12,
      expected.signal,
    );

  for (const [kernel, answers] of Object.entries(expected.kernels)) {
    const model = modelOf(kernel as CorrelationName, 2, false);
    for (const [how, placed] of [
      ["merged", findPlaces(points)],
      ["one by one", { places: { points }, placeOf: Int32Array.from(y.keys()) }],
    ] as const) {
      it(`has scikit-learn's posterior and likelihood with ${kernel}, repeated rows ${how}`, () => {
        const sample = { ...placed, y, knownVariance };
        assert.equal(sample.places.points.rows, how === "merged" ? 18 : 24);
        const { state } = stateAt(model, sample, pointOf(kernel));
        const { mean, variance } = condition(state).at(rows);
        assert.ok(relativeDifference(mean, answers.mean) < 1e-8);
        assert.ok(relativeDifference(variance.map(Math.sqrt), answers.std) < 1e-8);
        const { means } = condition(state);
        const centred = { ...sample, y: y.map((value) => value - means[0]) };
        const { value } = marginalLikelihood(model, centred, pointOf(kernel));
        assert.ok(Math.abs(value - answers.likelihood) < 1e-7);
      });

      it(`has a gradient that central differences confirm with ${kernel}, rows ${how}`, () => {
        const point = pointOf(kernel);
        point[point.length - 2] = Math.log(0.03);
        assertGradient(model, { ...placed, y, knownVariance }, point);
        const noiseFactor = y.map((_, i) => 0.5 + (i % 7));
        assertGradient(model, { ...placed, y, noiseFactor }, point.slice(0, -1));
      });
    }
  }

  it("has the same likelihood of merged rows when the noise is fitted", () => {
    const model = modelOf("matern-5/2", 2);
    const point = logs(0.9, 1.5, 0.04);
    const merged = marginalLikelihood(model, { ...findPlaces(points), y }, point);
    const single = marginalLikelihood(model, unmerged(points, y), point);
    assert.ok(Math.abs(merged.value - single.value) < 1e-9);
    assert.ok(relativeDifference(merged.gradient, single.gradient) < 1e-9);
  });

  it("comes nearer to the truth with known noise, and finds no more noise beside it", async () => {
    const n = 80;
    const rng = createRng(12);
    const x = matrix(
      n,
      1,
      Float64Array.from({ length: n }, (_, i) => i / 4),
    );
    const noiseStd = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.2 : 8));
    const truth = x.data.map((v) => 10 * Math.sin(v / 2));
    const values = truth.map((v, i) => v + noiseStd[i] * rng.normal());
    const input = { x, y: values, task: regression, rng: createRng(2) };
    const error = (surrogate: Awaited<ReturnType<typeof fitGaussianProcess>>): number => {
      const { mean } = surrogate.predict(x);
      return Math.sqrt(mean.data.reduce((sum, m, i) => sum + (m - truth[i]) ** 2 / n, 0));
    };
    const known = await fitGaussianProcess({ ...input, noiseStd });
    assert.ok(error(known) < 0.3, `error ${error(known)}`);
    assert.ok(error(await fitGaussianProcess(input)) > 3 * error(known));
    assert.ok((known.summary["noiseStd"] as number) < 0.2);
    // What a new row has is not known; the root mean square of the given ones is told.
    const typical = Math.sqrt((0.2 ** 2 + 8 ** 2) / 2);
    const { aleatoricStd } = known.predict(x);
    assert.ok(Math.abs(aleatoricStd.data[0] / typical - 1) < 0.01);
  });
});

describe("several sources", () => {
  const expected = kernelMethodValues.sources;
  const source = Int32Array.from(expected.s);
  const sample = unmerged(matrix(26, 1, numbers(expected.x)), numbers(expected.y), source);
  const model = modelOf("rbf", 1, true, 2);
  const point = Float64Array.of(
    Math.log(expected.scale),
    ...expected.w,
    ...logs(...expected.kappa, ...expected.ratio),
  );

  it("have the posterior and the likelihood of plain linear algebra", () => {
    const { state } = stateAt(model, sample, point);
    const found = marginalLikelihood(model, sample, point);
    assert.ok(Math.abs(found.value - expected.likelihood) < 1e-9);
    assert.ok(Math.abs(found.variance / expected.variance - 1) < 1e-10);
    const posterior = condition(state);
    assert.ok(relativeDifference(posterior.means, expected.beta) < 1e-10);
    const { mean, variance } = posterior.at({
      points: matrix(5, 1, numbers(expected.rows)),
      source: new Int32Array(5).fill(1),
    });
    assert.ok(relativeDifference(mean, expected.mean) < 1e-10);
    assert.ok(relativeDifference(variance.map(Math.sqrt), expected.std) < 1e-9);
  });

  it("have a likelihood gradient that central differences confirm, also of rank two", () => {
    assertGradient(model, sample, point);
    const three = { ...modelOf("rational-quadratic", 1, true, 3), rank: 2 };
    const third = source.map((s, i) => (i % 4 === 0 ? 2 : s));
    const rng = createRng(3);
    const draw = Float64Array.from({ length: parameterCount(three) + 3 }, () => rng.normal());
    assertGradient(three, unmerged(sample.places.points, sample.y, third), draw);
  });

  /** Many rows of a biased, precise source and few of the wanted one. */
  function transfer(few: number, offset: number) {
    const rng = createRng(31).fork(`${few} ${offset}`);
    const truth = (v: number) => 50 * Math.sin(v) + 10 * v;
    const n = 60 + few;
    const x = matrix(n, 2);
    const y = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const v = 6 * rng.uniform();
      const isOld = i < 60;
      x.data.set([v, isOld ? 0 : 1], 2 * i);
      y[i] = truth(v) + (isOld ? offset : 0) + rng.normal();
    }
    const columns = [
      { name: "v", kind: "number" },
      { name: "lab", kind: "source", levels: ["old", "new"] },
    ] as const;
    return { truth, input: { x, y, columns, task: regression, rng: createRng(1) } };
  }

  it("share what they have in common, and the summary shows their offset", async () => {
    const { truth, input } = transfer(5, 80);
    const surrogate = await fitGaussianProcess(input);
    const grid = matrix(50, 2);
    for (let i = 0; i < 50; i++) grid.data.set([(6 * i) / 49, 1], 2 * i);
    const { mean } = surrogate.predict(grid);
    let squares = 0;
    for (let i = 0; i < 50; i++) squares += (mean.data[i] - truth(grid.data[2 * i])) ** 2 / 50;
    assert.ok(Math.sqrt(squares) < 5, `error ${Math.sqrt(squares)}`);
    const offsets = String(surrogate.summary["sourceOffsets"]);
    const found = /^old: 0; new: (\S+) \+- \S+$/.exec(offsets);
    assert.ok(found !== null, offsets);
    assert.ok(Math.abs(Number(found[1]) + 80) < 8, offsets);
    const alone = await fitGaussianProcess({
      ...input,
      x: takeRows(input.x, [60, 61, 62, 63, 64]),
      y: input.y.slice(60),
    });
    const other = alone.predict(grid).mean.data;
    let without = 0;
    for (let i = 0; i < 50; i++) without += (other[i] - truth(grid.data[2 * i])) ** 2 / 50;
    assert.ok(Math.sqrt(without) > 3 * Math.sqrt(squares));
  });

  it("without rows get the average mean and say that they know little", async () => {
    const { input } = transfer(10, 80);
    const columns = [input.columns[0], { ...input.columns[1], levels: ["old", "new", "third"] }];
    const surrogate = await fitGaussianProcess({ ...input, columns });
    assert.match(String(surrogate.summary["sourceOffsets"]), /third: no rows/);
    const at = matrix(2, 2, Float64Array.of(3, 0, 3, 2));
    const { epistemicStd } = surrogate.predict(at);
    assert.ok(epistemicStd.data[1] > 10 * epistemicStd.data[0]);
  });
});

describe("Gaussian process with fitted hyper-parameters", () => {
  it("finds the noise, and the input that does not matter", async () => {
    const surrogate = await fitGaussianProcess(toy(150, 5));
    const noise = surrogate.summary["noiseStd"] as number;
    assert.ok(noise > 4 && noise < 6, `noise ${noise}`);
    const [first, second] = String(surrogate.summary["lengthScales"]).split(" ").map(Number);
    assert.ok(second > 20 * first);
  });

  it("goes through noise-free data and knows nothing far away", async () => {
    const input = toy(80, 0);
    const surrogate = await fitGaussianProcess(input);
    const near = surrogate.predict(input.x);
    assert.ok(relativeDifference(near.mean.data, input.y) < 1e-4);
    const far = surrogate.predict(matrix(1, 2, Float64Array.of(1e4, 0)));
    assert.ok(far.epistemicStd.data[0] > 100 * Math.max(...near.epistemicStd.data));
  });

  it("has no smaller likelihood with more starts", async () => {
    const one = await fitGaussianProcess(toy(60, 5), { starts: 1 });
    const five = await fitGaussianProcess(toy(60, 5), { starts: 5 });
    const likelihood = (s: typeof one) => s.summary["logMarginalLikelihood"] as number;
    assert.ok(likelihood(five) >= likelihood(one) - 1e-6);
  });

  it("improves on the start found on part of the rows", async () => {
    const surrogate = await fitGaussianProcess(toy(300, 5));
    assert.equal(surrogate.summary["converged"], "yes");
    const noise = surrogate.summary["noiseStd"] as number;
    assert.ok(noise > 4.3 && noise < 5.7, `noise ${noise}`);
  });

  it("learns with every kernel, with one length scale or several", async () => {
    const input = toy(60, 1);
    const fresh = toy(90, 0);
    for (const kernel of ["matern-3/2", "rbf", "rational-quadratic"] as const) {
      for (const ard of [true, false]) {
        const { mean } = (await fitGaussianProcess(input, { kernel, ard })).predict(fresh.x);
        const squares = mean.data.reduce((sum, m, i) => sum + (m - fresh.y[i]) ** 2 / 90, 0);
        // The function has a standard deviation of 28.
        assert.ok(Math.sqrt(squares) < 9, `${kernel}: ${Math.sqrt(squares)}`);
      }
    }
  });

  it("refuses a kernel that is none, and known noise together with Student-t noise", async () => {
    const input = toy(10, 1);
    const kernel = "matern" as "rbf";
    await assert.rejects(fitGaussianProcess(input, { kernel }), InputError);
    const noiseStd = new Float64Array(10);
    await assert.rejects(
      fitGaussianProcess({ ...input, noiseStd }, { noise: "student-t" }),
      UnsupportedError,
    );
  });
});

describe("Student-t noise", () => {
  function outliers() {
    const clean = toy(80, 2);
    const wrong = [3, 17, 40, 41, 66];
    const y = clean.y.slice();
    wrong.forEach((row, k) => (y[row] += k % 2 === 0 ? 150 : -120));
    return { clean, wrong, input: { ...clean, y } };
  }

  it("finds planted outliers and is hardly moved by them", async () => {
    const { clean, wrong, input } = outliers();
    const robust = await fitGaussianProcess(input, { noise: "student-t" });
    const plain = await fitGaussianProcess(input);
    const fresh = toy(160, 0);
    const error = (surrogate: typeof robust): number => {
      const { mean } = surrogate.predict(fresh.x);
      return Math.sqrt(mean.data.reduce((sum, m, i) => sum + (m - fresh.y[i]) ** 2 / 160, 0));
    };
    const reference = error(await fitGaussianProcess(clean));
    assert.ok(error(robust) < 1.5 * reference, `${error(robust)} and ${reference}`);
    assert.ok(error(plain) > 2 * error(robust));
    const named = String(robust.summary["outlierRows"]).split(" ").map(Number);
    for (const row of wrong) assert.ok(named.includes(row), `row ${row}`);
  });

  it("finds inputs that matter behind many outliers", async () => {
    const rng = createRng(5);
    const n = 200;
    const x = matrix(n, 3);
    for (let k = 0; k < x.data.length; k++) x.data[k] = rng.uniform();
    const truth = (i: number): number =>
      20 * (x.data[3 * i] - 0.5) ** 2 + 10 * x.data[3 * i + 1] + 5 * x.data[3 * i + 2];
    const y = Float64Array.from({ length: n }, (_, i) => {
      return truth(i) + 0.5 * rng.normal() + (i % 20 === 0 ? 40 : 0);
    });
    const input = { x, y, task: regression, rng: createRng(1) };
    const surrogate = await fitGaussianProcess(input, { noise: "student-t" });
    const { mean } = surrogate.predict(x);
    const squares = mean.data.reduce((sum, m, i) => sum + (m - truth(i)) ** 2 / n, 0);
    // Noise of 0.5 in 200 rows; the outliers alone have a standard deviation of 9.
    assert.ok(Math.sqrt(squares) < 0.3, `error ${Math.sqrt(squares)}`);
    assert.equal(surrogate.summary["outliers"], 10);
  });

  it("of very many degrees of freedom is Gaussian noise", async () => {
    const input = toy(40, 5);
    const plain = await fitGaussianProcess(input);
    const same = await fitGaussianProcess(input, { noise: "student-t", degreesOfFreedom: 1e9 });
    const [one, other] = [plain.predict(input.x), same.predict(input.x)];
    assert.ok(relativeDifference(other.mean.data, one.mean.data) < 1e-4);
    assert.ok(relativeDifference(other.aleatoricStd.data, one.aleatoricStd.data) < 1e-3);
  });
});

describe("a saved Gaussian process with sources, composition and known noise", () => {
  it("predicts the same bytes after loading", async () => {
    const rng = createRng(9);
    const n = 40;
    const x = matrix(n, 4);
    for (let i = 0; i < n; i++) {
      const a = rng.uniform();
      x.data.set([rng.normal(), a, 1 - a, i % 2], 4 * i);
    }
    const y = Float64Array.from({ length: n }, (_, i) => x.data[4 * i] + (i % 2) + rng.normal());
    const columns = [
      { name: "T", kind: "number" },
      { name: "Al", kind: "number" },
      { name: "Ti", kind: "number" },
      { name: "lab", kind: "source", levels: ["one", "two"] },
    ] as const;
    const composition = {
      columns: ["Al", "Ti"],
      similarity: [
        [1, 0.5],
        [0.5, 1],
      ],
    };
    for (const noiseStd of [undefined, new Float64Array(n).fill(0.5)]) {
      const input = { x, y, columns, task: regression, rng: createRng(1) };
      const surrogate = await fitGaussianProcess(
        noiseStd === undefined ? input : { ...input, noiseStd },
        { composition, kernel: "rational-quadratic", starts: 1 },
      );
      const saved = saveSurrogate(gaussianProcess, surrogate)!;
      const loaded = loadSurrogate({ "gaussian-process": gaussianProcess }, saved);
      assert.deepEqual(loaded.predict(x), surrogate.predict(x));
      x.data[3] = 2;
      assert.throws(() => loaded.predict(x), { message: /row 0, column "lab"/ });
      x.data[3] = 0;
    }
  });
});
