import { createRng } from "../../src/core/rng.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { tableCompositions } from "../../src/data/composition.ts";
import { numberColumn } from "../../src/data/table.ts";
import { singlePhaseFeatures } from "../../src/domains/alloy/featurisers.ts";
import { loadDataset } from "../../src/store/load-dataset.ts";
import { fitRandomForest } from "../../src/surrogates/forest/random-forest.ts";
import { runPython, timeMedian, type Bench, type BenchRow } from "../harness.ts";
import { withJsonFile } from "./python-data.ts";

const trees = 500;
const targetRatio = 2;
const repeats = 5;

const script = `
import json, sys, time
import numpy as np, sklearn
from sklearn.ensemble import RandomForestClassifier
data = json.load(open(sys.argv[1]))
x = np.array(data["x"]).reshape(data["rows"], -1)
y = np.array(data["y"]).astype(int)
fit, predict = [], []
for seed in range(3):
    start = time.perf_counter()
    forest = RandomForestClassifier(n_estimators=${trees}, n_jobs=1, random_state=seed).fit(x, y)
    fit.append(time.perf_counter() - start)
    start = time.perf_counter(); forest.predict_proba(x)
    predict.append(len(x) / (time.perf_counter() - start))
print(json.dumps({"fit": sorted(fit)[1], "predict": sorted(predict)[1], "version": sklearn.__version__}))
`;

/** The single-phase alloys with their eight descriptors. */
async function alloys(): Promise<{ x: Matrix; y: Float64Array }> {
  const { table } = await loadDataset("hea-single-phase");
  const { fractions, symbols } = tableCompositions(table);
  return {
    x: singlePhaseFeatures.compute(fractions, symbols),
    y: numberColumn(table, "single_phase").values,
  };
}

/** Random forest of 500 trees on the 1,373 alloys x 8 descriptors, one thread. */
export const forestBench: Bench = {
  name: "forest",
  summary:
    "500-tree random forest on 1,373 alloys x 8 descriptors, one thread, against scikit-learn",
  async run(log) {
    const { x, y } = await alloys();
    const task = { kind: "classification", classes: ["no", "yes"] } as const;
    log(`fit ${trees} trees on ${x.rows} x ${x.columns}`);
    const fit = () => fitRandomForest({ x, y, task, rng: createRng(1) }, { trees });
    const fitting = await timeMedian(fit, repeats);
    const forest = await fit();
    const predicting = await timeMedian(() => forest.predict(x), repeats);
    log("the same in scikit-learn");
    const peer = withJsonFile({ x: [...x.data], y: [...y], rows: x.rows }, (path) =>
      runPython<{ fit: number; predict: number; version: string }>(script, { args: [path] }),
    );
    const name = `scikit-learn ${peer.value?.version ?? ""}`.trim();
    const ratio = peer.value === null ? null : peer.value.fit / fitting.median;
    const speed = x.rows / predicting.median;
    const rows: BenchRow[] = [
      {
        case: `fit ${trees} trees, ${x.rows} x ${x.columns}`,
        value: fitting.median,
        unit: "s",
        spread: fitting.spread,
        repeats,
        peer: name,
        peerValue: peer.value?.fit ?? null,
        ratio,
        target: `>= ${targetRatio}x`,
        pass: ratio === null ? null : ratio >= targetRatio,
        note:
          peer.reason ?? "ours includes out-of-bag predictions and the calibration of the spread",
      },
      {
        case: `predict with ${trees} trees`,
        value: speed,
        unit: "rows/s",
        spread: (speed * predicting.spread) / predicting.median,
        repeats,
        peer: name,
        peerValue: peer.value?.predict ?? null,
        ratio: peer.value === null ? null : speed / peer.value.predict,
        note: peer.reason ?? "ours gives epistemic and aleatoric std too, the peer means only",
      },
    ];
    return rows;
  },
};
