import { createRng } from "../../src/core/rng.ts";
import { matrix, rowOf, type Matrix } from "../../src/core/matrix.ts";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process/gaussian-process.ts";
import { runPython, timeMedian, type Bench, type BenchRow } from "../harness.ts";
import { withJsonFile } from "./python-data.ts";

const inputs = 8;
/** The peer is given up after this long. */
const peerSeconds = 60;
/** Rows, our repeats, and the most seconds asked for. */
const cases = [
  { n: 100, repeats: 7, targetSeconds: null },
  { n: 500, repeats: 5, targetSeconds: 0.5 },
  { n: 1000, repeats: 3, targetSeconds: null },
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
kernel = ConstantKernel() * Matern(np.ones(x.shape[1]), nu=2.5) + WhiteKernel()
start = time.perf_counter()
model = GaussianProcessRegressor(kernel, normalize_y=True).fit(x, y)
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

/** Gaussian process fits with hyper-parameter search, one thread. */
export const gpBench: Bench = {
  name: "gp",
  summary: `Gaussian process fits with hyper-parameters, d = ${inputs}, one thread, against scikit-learn`,
  async run(log) {
    const rows: BenchRow[] = [];
    for (const { n, repeats, targetSeconds } of cases) {
      log(`n = ${n}`);
      const { x, y } = friedman(n);
      const fit = () =>
        fitGaussianProcess({ x, y, task: { kind: "regression" }, rng: createRng(1) });
      const timing = await timeMedian(fit, repeats);
      const likelihood = (await fit()).summary["logMarginalLikelihood"] as number;
      log("  the same in scikit-learn");
      const peer = withJsonFile({ x: [...x.data], y: [...y], n }, (path) =>
        runPython<{ seconds: number; likelihood: number; version: string }>(script, {
          args: [path],
          timeoutSeconds: peerSeconds,
        }),
      );
      const name = `scikit-learn ${peer.value?.version ?? ""}`.trim();
      rows.push(
        {
          case: `fit n = ${n}`,
          value: timing.median,
          unit: "s",
          spread: timing.spread,
          repeats,
          peer: name,
          peerValue: peer.value?.seconds ?? null,
          ratio: peer.value === null ? null : peer.value.seconds / timing.median,
          ...(targetSeconds === null
            ? {}
            : { target: `<= ${targetSeconds} s`, pass: timing.median <= targetSeconds }),
          note: peer.reason ?? "ours from three starts, the peer from one, which favours the peer",
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
  },
};
