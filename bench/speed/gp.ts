import { createRng } from "../../src/core/rng.ts";
import { matrix, rowOf, type Matrix } from "../../src/core/matrix.ts";
import { covarianceBounds } from "../../src/surrogates/gaussian-process/covariance-model.ts";
import { noiseRatioBounds } from "../../src/surrogates/gaussian-process/fit-hyper-parameters.ts";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process/gaussian-process.ts";
import { runPython, timeMedian, type Bench, type BenchRow } from "../harness.ts";
import { withJsonFile } from "./python-data.ts";

const inputs = 8;
/**
 * Rows, starts of both searches (one where the peer takes minutes for each), our repeats, the least ratio
 * asked for, and the seconds after which the peer is given up.
 */
const cases = [
  { n: 100, starts: 3, repeats: 7, least: 5, peerSeconds: 60 },
  { n: 500, starts: 3, repeats: 5, least: 3, peerSeconds: 120 },
  { n: 1000, starts: 3, repeats: 3, least: 2, peerSeconds: 300 },
  { n: 2000, starts: 1, repeats: 1, least: 1.5, peerSeconds: 900 },
] as const;

const script = `
import json, sys, time
import numpy as np, sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
data = json.load(open(sys.argv[1]))
x = np.array(data["x"]).reshape(data["n"], -1)
y = np.array(data["y"])
x = (x - x.mean(0)) / x.std(0)
bounds = data["bounds"]
kernel = ConstantKernel(1, (1e-4, 1e6)) * Matern(
    np.ones(x.shape[1]), bounds["lengthScale"], nu=2.5
) + WhiteKernel(1, bounds["noise"])
start = time.perf_counter()
model = GaussianProcessRegressor(
    kernel, normalize_y=True, n_restarts_optimizer=data["starts"] - 1, random_state=0
).fit(x, y)
seconds = time.perf_counter() - start
likelihood = model.log_marginal_likelihood_value_ - len(y) * np.log(y.std())
print(json.dumps({"seconds": seconds, "likelihood": likelihood, "version": sklearn.__version__}))
`;

/**
 * Friedman's function on the unit cube with noise of std 1 (the last three inputs do nothing).
 * Source: J. H. Friedman, Ann. Stat. 19, 1 (1991), doi:10.1214/aos/1176347963.
 */
function friedman(n: number): { x: Matrix; y: Float64Array } {
  const rng = createRng(5).fork(`friedman ${n}`);
  const x = matrix(n, inputs);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.uniform();
  const y = Float64Array.from({ length: n }, (_, i) => {
    const [a, b, c, d, e] = rowOf(x, i);
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + rng.normal();
  });
  return { x, y };
}

/**
 * Gaussian process fits with hyper-parameter search, one thread, against scikit-learn with as many starts
 * inside the same bounds of length scales and noise.
 */
export async function gpRows(
  sizes: readonly number[],
  log: (line: string) => void,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { n, starts, repeats, least, peerSeconds } of cases) {
    if (!sizes.includes(n)) continue;
    log(`n = ${n}`);
    const { x, y } = friedman(n);
    const fit = () =>
      fitGaussianProcess({ x, y, task: { kind: "regression" }, rng: createRng(1) }, { starts });
    const timing = await timeMedian(fit, repeats);
    const likelihood = (await fit()).summary["logMarginalLikelihood"] as number;
    log("  the same in scikit-learn");
    const { lengthScale } = covarianceBounds;
    const bounds = {
      lengthScale: [lengthScale.lower, lengthScale.upper],
      noise: [noiseRatioBounds.lower, noiseRatioBounds.upper],
    };
    const peer = withJsonFile({ x: [...x.data], y: [...y], n, starts, bounds }, (path) =>
      runPython<{ seconds: number; likelihood: number; version: string }>(script, {
        args: [path],
        timeoutSeconds: peerSeconds,
      }),
    );
    const name = `scikit-learn ${peer.value?.version ?? ""}`.trim();
    const ratio = peer.value === null ? null : peer.value.seconds / timing.median;
    rows.push(
      {
        case: `Gaussian process fit n = ${n}`,
        value: timing.median,
        unit: "s",
        spread: timing.spread,
        repeats,
        peer: name,
        peerValue: peer.value?.seconds ?? null,
        ratio,
        target: `>= ${least}x`,
        pass: ratio === null ? null : ratio >= least,
        note: peer.reason ?? `both from ${starts} start${starts === 1 ? "" : "s"}`,
      },
      {
        case: `log marginal likelihood n = ${n}`,
        value: likelihood,
        unit: "nats",
        peer: name,
        peerValue: peer.value?.likelihood ?? null,
        target: ">= the peer's",
        // Half a thousandth of a nat is the searches' own tolerance.
        pass: peer.value === null ? null : likelihood >= peer.value.likelihood - 5e-4,
      },
    );
  }
  return rows;
}

export const gpBench: Bench = {
  name: "gp",
  summary: `Gaussian process fits with hyper-parameters, d = ${inputs}, one thread, against scikit-learn`,
  run: (log) => gpRows([100, 500, 1000, 2000], log),
};
