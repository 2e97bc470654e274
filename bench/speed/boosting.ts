import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { matrix, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { joinModel, layOut, scoresAfter } from "../../src/surrogates/boosting/ensemble.ts";
import {
  fitGradientBoosting,
  gradientBoosting,
} from "../../src/surrogates/boosting/gradient-boosting.ts";
import { squaredLoss } from "../../src/surrogates/boosting/losses.ts";
import { trainSettings } from "../../src/surrogates/boosting/options.ts";
import { train } from "../../src/surrogates/boosting/train.ts";
import {
  runPython,
  timeMedian,
  type Bench,
  type BenchRow,
  type PythonAnswer,
  type Timing,
} from "../harness.ts";
import { withNumbersFile, withTargets } from "./python-data.ts";

const [rows, columns, rounds] = [100_000, 50, 200];
const repeats = 3;
const size = `${rows.toLocaleString("en")} x ${columns}`;

/** The peer's defaults, for both. */
const options = {
  ...gradientBoosting.defaults,
  rounds,
  learningRate: 0.1,
  leaves: 31,
  minLeaf: 20,
  l2: 0,
  bins: 255,
  subsample: 1,
  featureFraction: 1,
  patience: null,
};

const script = `
import json, sys, time
import numpy as np, sklearn
from sklearn.ensemble import HistGradientBoostingRegressor
data = np.fromfile(sys.argv[1]).reshape(${rows}, ${columns + 1})
x, y = np.ascontiguousarray(data[:, :-1]), np.ascontiguousarray(data[:, -1])
def fit():
    return HistGradientBoostingRegressor(max_iter=${rounds}, early_stopping=False).fit(x, y)
def seconds(work):
    start = time.perf_counter(); work()
    return time.perf_counter() - start
start = time.perf_counter(); model = fit()
out = {"fit": time.perf_counter() - start, "predict": len(x) / seconds(lambda: model.predict(x)),
  "error": float(np.sqrt(np.mean((model.predict(x) - y) ** 2))), "version": sklearn.__version__}
try:
    import xgboost
    settings = {"tree_method": "hist", "grow_policy": "lossguide", "max_depth": 0, "max_leaves": 31,
      "max_bin": 255, "eta": 0.1, "lambda": 0, "min_child_weight": 20, "nthread": 1}
    out["xgboost"] = seconds(lambda: xgboost.train(settings, xgboost.DMatrix(x, y), ${rounds}))
    out["xgboostVersion"] = xgboost.__version__
except ImportError:
    pass
print(json.dumps(out))
`;

interface Peer {
  readonly fit: number;
  readonly predict: number;
  readonly error: number;
  readonly version: string;
  readonly xgboost?: number;
  readonly xgboostVersion?: string;
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1];

function medianPeer(peers: readonly Peer[]): Peer {
  const boosters = peers.flatMap(({ xgboost }) => xgboost ?? []);
  return {
    ...peers[0],
    fit: middle(peers.map(({ fit }) => fit)),
    predict: middle(peers.map(({ predict }) => predict)),
    ...(boosters.length > 0 ? { xgboost: middle(boosters) } : {}),
  };
}

/** A sine, a product of two inputs and noise; the other inputs mean nothing. */
function data(rows: number): { x: Matrix; y: Float64Array } {
  const rng = createRng("boosting bench");
  const x = matrix(rows, columns);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c] = x.data.subarray(i * columns, i * columns + 3);
    return Math.sin(a) + b * c + 0.3 * rng.normal();
  });
  return { x, y };
}

/** Speed rows: 200 trees on 100,000 x 50, one thread. */
export async function boostingSpeedRows(log: (line: string) => void): Promise<BenchRow[]> {
  const { x, y } = data(rows);
  const everyRow = Int32Array.from({ length: rows }, (_, i) => i);
  const members = [{ learns: everyRow, heldOut: new Int32Array(0) }];
  const context = { rng: createRng(1), work: {}, label: "bench" };
  const once = () => train(x, y, squaredLoss(), members, trainSettings(options), context);
  await once();
  // In turn with the peers, so that whatever else the machine does meets all of them.
  const ours: Timing[] = [];
  const answers: PythonAnswer<Peer>[] = [];
  for (let r = 0; r < repeats; r++) {
    log(
      `fit ${rounds} trees on ${size}, round ${r + 1} of ${repeats}: ours, scikit-learn, xgboost`,
    );
    ours.push(await timeMedian(once, 1, { warmUpSeconds: 0 }));
    answers.push(
      withNumbersFile(withTargets(x, y), (path) =>
        runPython<Peer>(script, { args: [path], timeoutSeconds: 300 }),
      ),
    );
  }
  const seconds = ours.map(({ best }) => best).sort((a, b) => a - b);
  const fitting = { median: middle(seconds), spread: (seconds.at(-1)! - seconds[0]) / 4 };
  const peers = answers.flatMap(({ value }) => value ?? []);
  const reason = answers.find((answer) => answer.value === null)?.reason ?? null;
  const peer = peers.length < repeats ? null : medianPeer(peers);
  const model = layOut(joinModel((await once()).members[0], columns));
  const predicting = await timeMedian(() => scoresAfter(model, x, [rounds]), repeats);
  const [said] = scoresAfter(model, x, [rounds]);
  const squares = said.data.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0);
  const error = Math.sqrt(squares / rows);
  log("the same with uncertainty");
  const task = { kind: "regression" } as const;
  const whole = await timeMedian(
    () =>
      fitGradientBoosting({ x, y, task, rng: createRng(1) }, { ...options, ensemble: "virtual" }),
    1,
  );
  const speed = rows / predicting.median;
  const errors = `root mean square error on the training rows ${error.toFixed(5)}`;
  const against = (name: string, seconds: number | undefined): BenchRow => {
    const ratio = seconds === undefined ? null : seconds / fitting.median;
    return {
      case: `boosting: fit ${rounds} trees, ${size}, against ${name.split(" ")[0]}`,
      value: fitting.median,
      unit: "s",
      spread: fitting.spread,
      repeats,
      peer: name,
      peerValue: seconds ?? null,
      ratio,
      target: ">= 1x",
      pass: ratio === null ? null : ratio >= 1,
      note: reason ?? (seconds === undefined ? `${name} is not installed` : errors),
    };
  };
  return [
    {
      ...against(`scikit-learn ${peer?.version ?? ""}`.trim(), peer?.fit),
      note: reason ?? `${errors}, the peer's ${peer?.error.toFixed(5)}; one model on both sides`,
    },
    against(`xgboost ${peer?.xgboostVersion ?? ""}`.trim(), peer?.xgboost),
    {
      case: `boosting: fit with uncertainty (virtual ensemble), ${size}`,
      value: whole.median,
      unit: "s",
      spread: whole.spread,
      repeats: 1,
      note: "one fold held out, and the spread of its residuals learned; the peers give no uncertainty",
    },
    {
      case: `boosting: predict with ${rounds} trees, ${size}`,
      value: speed,
      unit: "rows/s",
      spread: (speed * predicting.spread) / predicting.median,
      repeats,
      peer: `scikit-learn ${peer?.version ?? ""}`.trim(),
      peerValue: peer?.predict ?? null,
      ratio: peer === null ? null : speed / peer.predict,
      ...(reason === null ? {} : { note: reason }),
    },
  ];
}

const memoryRounds = 200;
const memoryRows = 1_000_000;
const allowedMb = 1500;

/** Peak memory of training on 1,000,000 x 50, in a process of its own. */
export function boostingMemoryRow(log: (line: string) => void): BenchRow {
  log(`memory of ${memoryRounds} trees on ${memoryRows.toLocaleString("en")} x ${columns}`);
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "memory"], {
    encoding: "utf8",
  });
  const row = {
    case: `boosting: memory, ${memoryRows.toLocaleString("en")} x ${columns}`,
    unit: "MB",
    target: `< ${allowedMb}`,
  };
  if (child.status !== 0) {
    const note = child.stderr.trim().split("\n").at(-1) ?? `exit code ${child.status}`;
    return { ...row, value: null, pass: null, note };
  }
  const { peakMb, seconds } = JSON.parse(child.stdout) as Trained;
  return {
    ...row,
    value: peakMb,
    repeats: 1,
    pass: peakMb < allowedMb,
    note: `peak resident set of the whole process, the 400 MB of data included; ${memoryRounds} trees and their spread in ${seconds.toFixed(0)} s`,
  };
}

interface Trained {
  readonly peakMb: number;
  readonly seconds: number;
}

async function trainLarge(): Promise<Trained> {
  const { x, y } = data(memoryRows);
  const begin = performance.now();
  const input = { x, y, task: { kind: "regression" }, rng: createRng(1) } as const;
  await fitGradientBoosting(input, { ...options, rounds: memoryRounds, ensemble: "virtual" });
  return {
    // maxRSS counts 1,024 bytes.
    peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6,
    seconds: (performance.now() - begin) / 1000,
  };
}

/** All rows of the bench. */
export async function boostingRows(log: (line: string) => void): Promise<BenchRow[]> {
  return [...(await boostingSpeedRows(log)), boostingMemoryRow(log)];
}

/** Histogram gradient boosting: speed on 100,000 x 50, memory on 1,000,000 x 50. */
export const boostingBench: Bench = {
  name: "boosting",
  summary: `${rounds}-tree histogram gradient boosting on ${size}, one thread, against scikit-learn and xgboost; memory`,
  run: boostingRows,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await trainLarge()));
}
