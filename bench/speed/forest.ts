import { createRng } from "../../src/core/rng.ts";
import { matrix, takeRows, type Matrix } from "../../src/core/matrix.ts";
import { tableCompositions } from "../../src/data/composition.ts";
import { numberColumn } from "../../src/data/table.ts";
import { singlePhaseFeatures } from "../../src/domains/alloy/featurisers.ts";
import { loadDataset } from "../../src/store/load-dataset.ts";
import { fitRandomForest } from "../../src/surrogates/forest/random-forest.ts";
import { runPython, timeMedian, type Bench, type BenchRow } from "../harness.ts";
import { withNumbersFile, withTargets } from "./python-data.ts";

const targetRatio = 2;
const targetSpeed = 200_000;

interface Case {
  readonly trees: number;
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly kind: "classification" | "regression";
  readonly repeats: number;
}

interface Peer {
  readonly fit: number;
  readonly predict: number;
  readonly version: string;
}

/** Both try the same number of inputs at each split: the root of all for classes, a third for numbers. */
const script = ({ trees, x, kind, repeats }: Case) => `
import json, sys, time
import numpy as np, sklearn
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
data = np.fromfile(sys.argv[1]).reshape(${x.rows}, ${x.columns + 1})
x, y = np.ascontiguousarray(data[:, :-1]), np.ascontiguousarray(data[:, -1])
fit, predict = [], []
for seed in range(${repeats}):
    settings = {"n_estimators": ${trees}, "n_jobs": 1, "random_state": seed}
    if ${kind === "classification" ? "True" : "False"}:
        forest = RandomForestClassifier(**settings)
    else:
        forest = RandomForestRegressor(max_features=${Math.floor(x.columns / 3)}, **settings)
    start = time.perf_counter()
    forest.fit(x, y)
    fit.append(time.perf_counter() - start)
    start = time.perf_counter()
    forest.predict_proba(x) if hasattr(forest, "predict_proba") else forest.predict(x)
    predict.append(len(x) / (time.perf_counter() - start))
middle = ${Math.floor(repeats / 2)}
print(json.dumps({"fit": sorted(fit)[middle], "predict": sorted(predict)[middle], "version": sklearn.__version__}))
`;

/** 1,235 of the single-phase alloys (nine in ten) with their eight descriptors. */
async function alloys(): Promise<{ x: Matrix; y: Float64Array }> {
  const { table } = await loadDataset("hea-single-phase");
  const { fractions, symbols } = tableCompositions(table);
  const x = singlePhaseFeatures.compute(fractions, symbols);
  const { values } = numberColumn(table, "single_phase");
  const rows = createRng("forest bench")
    .permutation(x.rows)
    .subarray(0, Math.floor(0.9 * x.rows));
  return { x: takeRows(x, rows), y: Float64Array.from(rows, (row) => values[row]) };
}

/** A sine, a product of two inputs and noise; the other inputs mean nothing. */
function waves(rows: number, columns: number): { x: Matrix; y: Float64Array } {
  const rng = createRng("forest bench");
  const x = matrix(rows, columns);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c] = x.data.subarray(i * columns, i * columns + 3);
    return Math.sin(a) + b * c + 0.3 * rng.normal();
  });
  return { x, y };
}

/** Time to fit a forest and its speed of prediction, against scikit-learn on the same rows. */
async function rowsOf(one: Case, log: (line: string) => void): Promise<BenchRow[]> {
  const { trees, x, y, kind, repeats } = one;
  const size = `${x.rows.toLocaleString("en")} x ${x.columns}`;
  const task =
    kind === "regression" ? ({ kind } as const) : ({ kind, classes: ["no", "yes"] } as const);
  log(`fit ${trees} trees on ${size}`);
  const fit = () => fitRandomForest({ x, y, task, rng: createRng(1) }, { trees });
  const begin = performance.now();
  const forest = await fit();
  const first = (performance.now() - begin) / 1000;
  // A fit that takes long needs no warm-up.
  const fitting =
    repeats > 1
      ? await timeMedian(fit, repeats, { warmUpSeconds: 0 })
      : { median: first, spread: 0 };
  const predicting = await timeMedian(() => forest.predict(x), Math.max(3, repeats));
  log("the same in scikit-learn");
  const peer = withNumbersFile(withTargets(x, y), (path) =>
    runPython<Peer>(script(one), { args: [path], timeoutSeconds: 600 }),
  );
  const name = `scikit-learn ${peer.value?.version ?? ""}`.trim();
  const ratio = peer.value === null ? null : peer.value.fit / fitting.median;
  const speed = x.rows / predicting.median;
  return [
    {
      case: `forest: fit ${trees} trees, ${size}`,
      value: fitting.median,
      unit: "s",
      spread: fitting.spread,
      repeats,
      peer: name,
      peerValue: peer.value?.fit ?? null,
      ratio,
      target: `>= ${targetRatio}x`,
      pass: ratio === null ? null : ratio >= targetRatio,
      note: peer.reason ?? "ours includes out-of-bag predictions and the calibration of the spread",
    },
    {
      case: `forest: predict with ${trees} trees, ${size}`,
      value: speed,
      unit: "rows/s",
      spread: (speed * predicting.spread) / predicting.median,
      repeats: Math.max(3, repeats),
      peer: name,
      peerValue: peer.value?.predict ?? null,
      ratio: peer.value === null ? null : speed / peer.value.predict,
      ...(trees === 500 ? { target: `>= ${targetSpeed} rows/s`, pass: speed >= targetSpeed } : {}),
      note: peer.reason ?? "ours gives epistemic and aleatoric std too, the peer means only",
    },
  ];
}

/** All rows of the bench, one thread. */
export async function forestRows(log: (line: string) => void): Promise<BenchRow[]> {
  const small = { trees: 500, ...(await alloys()), kind: "classification", repeats: 5 } as const;
  const large = { trees: 20, ...waves(100_000, 50), kind: "regression", repeats: 1 } as const;
  return [...(await rowsOf(small, log)), ...(await rowsOf(large, log))];
}

/** Random forests, one thread: 500 trees on 1,235 alloys x 8 descriptors, and 20 on 100,000 x 50. */
export const forestBench: Bench = {
  name: "forest",
  summary: "Random forests of 500 trees on 1,235 x 8 and 20 on 100,000 x 50, against scikit-learn",
  run: forestRows,
};
