import { matrix, rowOf, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { workspaceFor } from "../../src/surrogates/support-vector-machine/kernel-rows.ts";
import { columnScaling, scaleColumns, standardise } from "../../src/surrogates/standardise.ts";
import {
  decide,
  trainClassification,
  trainRegression,
} from "../../src/surrogates/support-vector-machine/machine.ts";
import { fitSupportVectorMachine } from "../../src/surrogates/support-vector-machine/support-vector-machine.ts";
import { runPython, timeMedian, type Bench, type BenchRow } from "../harness.ts";
import { withJsonFile } from "./python-data.ts";

const inputs = 20;
const shared = { cost: 1, gamma: 1 / inputs, tolerance: 1e-3 } as const;
const options = { ...shared, epsilon: 0.1, maxIterations: 1e7 };
const peerSeconds = 120;

const script = `
import json, sys, time
import numpy as np, sklearn
from sklearn.svm import SVC, SVR
data = json.load(open(sys.argv[1]))
x = np.array(data["x"]).reshape(data["n"], -1)
z = np.array(data["z"]); labels = np.array(data["labels"]); o = data["options"]
args = dict(C=o["cost"], gamma=o["gamma"], tol=o["tolerance"], cache_size=256)
def median(make):
    times = []
    for _ in range(data["repeats"]):
        start = time.perf_counter(); model = make(); times.append(time.perf_counter() - start)
    return float(np.median(times)), model
svc, model = median(lambda: SVC(**args).fit(x, labels))
svr, other = median(lambda: SVR(epsilon=o["epsilon"], **args).fit(x, z))
start = time.perf_counter(); SVC(probability=True, **args).fit(x, labels)
print(json.dumps({"svc": svc, "svr": svr, "probabilities": time.perf_counter() - start,
  "decisions": model.decision_function(x[:200]).tolist(), "numbers": other.predict(x[:200]).tolist(),
  "version": sklearn.__version__}))
`;

interface PeerAnswer {
  readonly svc: number;
  readonly svr: number;
  readonly probabilities: number;
  readonly decisions: number[];
  readonly numbers: number[];
  readonly version: string;
}

/** Inputs from a normal distribution, a curved target with noise; the class is whether it is above 0. */
function data(n: number): { x: Matrix; z: Float64Array; labels: Float64Array } {
  const rng = createRng(8).fork(`svm ${n}`);
  const raw = matrix(n, inputs);
  for (let k = 0; k < raw.data.length; k++) raw.data[k] = rng.normal();
  const y = Float64Array.from({ length: n }, (_, i) => {
    const [a, b, c, d] = rowOf(raw, i);
    return Math.sin(2 * a) + b * c + d + 0.3 * rng.normal();
  });
  const x = scaleColumns(raw, columnScaling(raw));
  return { x, z: standardise(y).values, labels: y.map((value) => (value > 0 ? 1 : -1)) };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** Support vector machines on n x 20, one thread, each with the same options as scikit-learn's. */
export async function svmRows(
  sizes: readonly number[],
  log: (line: string) => void,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const n of sizes) {
    log(`n = ${n}`);
    const repeats = n > 3000 ? 3 : 5;
    const { x, z, labels } = data(n);
    const k = workspaceFor(n, inputs);
    const classify = () => trainClassification(k, x, labels, options);
    const regress = () => trainRegression(k, x, z, options);
    const svc = await timeMedian(classify, repeats);
    const svr = await timeMedian(regress, repeats);
    const task = { kind: "classification", classes: ["no", "yes"] } as const;
    const y = labels.map((label) => (label > 0 ? 1 : 0));
    const family = () => fitSupportVectorMachine({ x, y, task, rng: createRng(1) }, shared);
    const probabilities = await timeMedian(family, repeats);
    log("  the same in scikit-learn");
    const given = { x: [...x.data], z: [...z], labels: [...labels], n, repeats, options };
    const peer = withJsonFile(given, (path) =>
      runPython<PeerAnswer>(script, { args: [path], timeoutSeconds: peerSeconds }),
    );
    const theirs = peer.value;
    const name = `scikit-learn ${theirs?.version ?? ""}`.trim();
    const head = matrix(200, inputs, x.data.slice(0, 200 * inputs));
    const speed = (what: string, timing: typeof svc, seconds: number | undefined): BenchRow => ({
      case: `${what} ${n} x ${inputs}`,
      value: timing.median,
      unit: "s",
      spread: timing.spread,
      repeats,
      peer: name,
      peerValue: seconds ?? null,
      ratio: seconds === undefined ? null : seconds / timing.median,
      target: ">= 1x",
      pass: seconds === undefined ? null : seconds >= timing.median,
      ...(peer.reason === null ? {} : { note: peer.reason }),
    });
    rows.push(
      speed("support vector classification", svc, theirs?.svc),
      speed("support vector regression", svr, theirs?.svr),
      speed("classification with probabilities", probabilities, theirs?.probabilities),
    );
    if (theirs === null) continue;
    const gamma = shared.gamma;
    for (const [what, machine, wanted] of [
      ["classification", (await classify()).machine, theirs.decisions],
      ["regression", (await regress()).machine, theirs.numbers],
    ] as const) {
      const difference = largestDifference(decide(machine, gamma, head), wanted);
      rows.push({
        case: `largest difference of decisions, ${what} ${n}`,
        value: difference,
        unit: "1",
        peer: name,
        // Both stop at a violation of 1e-3.
        target: "<= 2e-3",
        pass: difference <= 2e-3,
      });
    }
  }
  return rows;
}

export const svmBench: Bench = {
  name: "svm",
  summary: `support vector machines on n x ${inputs}, one thread, against scikit-learn`,
  run: (log) => svmRows([2000, 5000], log),
};
