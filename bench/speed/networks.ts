import { applyDense, dense, type Dense } from "../../src/core/autodiff/dense.ts";
import { tanh } from "../../src/core/autodiff/elementwise.ts";
import { squaredLoss } from "../../src/core/autodiff/losses.ts";
import { ParameterBuilder, type BoundParameters } from "../../src/core/autodiff/parameters.ts";
import type { Tensor } from "../../src/core/autodiff/tape.ts";
import { trainSteps } from "../../src/core/autodiff/train.ts";
import { adam } from "../../src/core/optimise/adam.ts";
import { createRng } from "../../src/core/rng.ts";
import type { Precision } from "../../src/kernels/networks.ts";
import { runPython, timeMedian, type Bench, type BenchRow } from "../harness.ts";

const widths = [32, 100, 100, 1];
const batches = [32, 256] as const;
const precisions = ["f32", "f64"] as const;
/** Ours against torch, asked for at each batch size. */
const targetRatios = { 32: 2.5, 256: 0.9 } as const;
/** Rows of noisy data, so that the network does not end at a loss of zero. */
const pool = 4096;
const stepsPerRun = 200;
const repeats = 15;

/** The same network and step in torch on one thread: steps per second, median of runs. */
const script = `
import json, time
import torch
torch.set_num_threads(1)
result = {"version": torch.__version__}
for kind in ("f32", "f64"):
    torch.set_default_dtype(torch.float32 if kind == "f32" else torch.float64)
    for batch in (${batches.join(", ")}):
        torch.manual_seed(1)
        net = torch.nn.Sequential(torch.nn.Linear(32, 100), torch.nn.Tanh(),
            torch.nn.Linear(100, 100), torch.nn.Tanh(), torch.nn.Linear(100, 1))
        xs = torch.rand(${pool}, 32) - 0.5
        ys = torch.sin(3 * xs[:, :1]) + 0.1 * torch.randn(${pool}, 1)
        optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
        def step(k):
            first = k * batch % ${pool}
            x, y = xs[first : first + batch], ys[first : first + batch]
            optimiser.zero_grad()
            loss = ((net(x) - y) ** 2).mean()
            loss.backward()
            optimiser.step()
            return loss.item()
        for k in range(200): step(k)
        seconds = []
        for _ in range(${repeats}):
            start = time.perf_counter()
            for k in range(${stepsPerRun}): step(k)
            seconds.append((time.perf_counter() - start) / ${stepsPerRun})
        result[f"{kind} {batch}"] = 1 / sorted(seconds)[len(seconds) // 2]
print(json.dumps(result))
`;

/** A function that trains the network for some steps and returns the mean loss. */
function training(batch: number, precision: Precision): () => number {
  const rng = createRng(1);
  const builder = new ParameterBuilder(rng);
  const layers = widths
    .slice(1)
    .map((outputs, k): Dense => dense(builder, `layer ${k + 1}`, widths[k], outputs));
  const parameters = builder.build();
  const optimiser = adam(parameters.values.length, { rate: 1e-3 });
  const draw = rng.fork("data");
  const x = Float64Array.from({ length: pool * 32 }, () => draw.uniform() - 0.5);
  const y = Float64Array.from(
    { length: pool },
    (_, i) => Math.sin(3 * x[32 * i]) + 0.1 * draw.normal(),
  );
  const loss = (p: BoundParameters, step: number): Tensor => {
    const { tape } = p;
    const first = (step * batch) % pool;
    let h = tape.constant(batch, 32, x.subarray(32 * first, 32 * (first + batch)));
    layers.forEach((layer, k) => {
      h = applyDense(layer, p, h);
      if (k < layers.length - 1) h = tanh(h);
    });
    return squaredLoss(h, tape.constant(batch, 1, y.subarray(first, first + batch)));
  };
  return () => trainSteps({ parameters, optimiser, count: stepsPerRun, loss, precision });
}

/** Rows of training steps of a small network on one thread, with torch in the same run. */
export async function networkRows(log: (line: string) => void): Promise<BenchRow[]> {
  log("the same in torch");
  const peer = runPython<Record<string, number> & { version: string }>(script);
  const rows: BenchRow[] = [];
  for (const batch of batches) {
    for (const precision of precisions) {
      log(`batch ${batch}, ${precision}`);
      const timing = await timeMedian(training(batch, precision), repeats);
      const value = stepsPerRun / timing.median;
      const peerValue = peer.value?.[`${precision} ${batch}`] ?? null;
      const ratio = peerValue === null ? null : value / peerValue;
      const target = targetRatios[batch];
      rows.push({
        case: `MLP ${widths.join("-")} Adam step, batch ${batch}, ${precision}`,
        value,
        unit: "steps/s",
        spread: (value * timing.spread) / timing.median,
        repeats,
        peer: `torch ${peer.value?.version ?? ""}`.trim(),
        peerValue,
        ratio,
        target: `>= ${target}x`,
        pass: ratio === null ? null : ratio >= target,
        ...(peer.reason === null ? {} : { note: `no torch to compare with: ${peer.reason}` }),
      });
    }
  }
  return rows;
}

/** Training steps of a small network on one thread. */
export const networksBench: Bench = {
  name: "networks",
  summary: `Adam steps of an MLP ${widths.join("-")} at batch 32 and 256, one thread, against torch`,
  run: networkRows,
};
