import { crossEntropy, gaussianLoss } from "../../core/autodiff/losses.ts";
import { dropout } from "../../core/autodiff/normalise.ts";
import { bindParameters, type BoundParameters } from "../../core/autodiff/parameters.ts";
import { withTape, type Tensor } from "../../core/autodiff/tape.ts";
import { stepRanges, trainSteps } from "../../core/autodiff/train.ts";
import type { Matrix } from "../../core/matrix.ts";
import { adamw } from "../../core/optimise/adam.ts";
import { cosineRate, warmUpRate } from "../../core/optimise/schedules.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { Task } from "../contract.ts";
import { applyNetwork, meanAndVariance, type Network } from "./network.ts";
import type { NetworkOptions } from "./options.ts";

/** Standardised inputs (n x inputs) with standardised numbers or class indices. */
export interface ScaledData {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly task: Task;
}

/** How a training went. */
export interface TrainingRecord {
  readonly epochs: number;
  /** Epoch whose parameters were kept; the last one without rows kept aside. */
  readonly bestEpoch: number;
  readonly heldOutRows: number;
  /** Mean -log likelihood of the rows kept aside (without log(2 pi) / 2 for numbers), or of the training rows. */
  readonly loss: number;
}

/** Fewer rows are all trained on: too few to stop by. */
const leastRowsToHoldOut = 20;
/** Weighs rows by variance^beta in the loss of numbers; see `gaussianLoss`. */
const beta = 0.5;
const warmUpShare = 0.02;
const finalRate = 0.02;
/** Multiply-adds between two looks at the signal: some milliseconds. */
const chunkWork = 2e7;
const blockRows = 1024;

/**
 * Trains a network in place by AdamW with warm-up and cosine decay of the rate. Rows kept aside tell when to
 * stop, and the parameters with the best loss on them are kept.
 */
export async function trainNetwork(
  network: Network,
  data: ScaledData,
  options: NetworkOptions,
  rng: Rng,
  work: Work,
  label: string,
): Promise<TrainingRecord> {
  const { parameters } = network;
  const { training, heldOut } = splitRows(data, options.holdOut, rng.fork("hold-out"));
  const batchSize = Math.min(batchFor(options.batchSize, training.length), training.length);
  const steps = Math.ceil(training.length / batchSize);
  const total = steps * options.epochs;
  const warmUp = Math.ceil(warmUpShare * total);
  const schedule = warmUpRate(
    warmUp,
    cosineRate(Math.max(1, total - warmUp), { final: finalRate }),
  );
  const optimiser = adamw(parameters.values.length, options);
  const ranges = stepRanges(parameters);
  const chunk = Math.max(1, Math.floor(chunkWork / (6 * batchSize * parameters.values.length)));
  const orders = rng.fork("order");
  const masks = rng.fork("dropout");
  const thin = (h: Tensor): Tensor => dropout(h, { rate: options.dropout }, masks);

  const best = { loss: Number.POSITIVE_INFINITY, epoch: 0, values: parameters.values.slice() };
  let epoch = 0;
  while (epoch < options.epochs && epoch - best.epoch < options.patience) {
    const order = orders.permutation(training.length).map((k) => training[k]);
    let trainingLoss = 0;
    for (let first = 0; first < steps; first += chunk) {
      await checkpoint(work, { label, done: epoch * steps + first, total });
      const count = Math.min(chunk, steps - first);
      const mean = trainSteps({
        parameters,
        optimiser,
        count,
        schedule,
        ranges,
        maxNorm: options.maxNorm,
        precision: options.precision,
        loss: (p, index) => {
          const start = (first + index) * batchSize;
          const rows = order.subarray(start, start + batchSize);
          return lossOf(network, p, data, rows, beta, thin);
        },
      });
      trainingLoss += (mean * count) / steps;
    }
    epoch++;
    const loss = heldOut.length > 0 ? meanLoss(network, data, heldOut, options) : trainingLoss;
    if (loss < best.loss || heldOut.length === 0) {
      best.loss = loss;
      best.epoch = epoch;
      best.values.set(parameters.values);
    }
  }
  parameters.values.set(best.values);
  return { epochs: epoch, bestEpoch: best.epoch, heldOutRows: heldOut.length, loss: best.loss };
}

function lossOf(
  network: Network,
  p: BoundParameters,
  { x, y, task }: ScaledData,
  rows: Int32Array,
  beta: number,
  thin?: (h: Tensor) => Tensor,
): Tensor {
  const { tape } = p;
  const outputs = applyNetwork(network, p, tape.constantRows(x, rows), thin);
  if (task.kind === "classification") {
    return crossEntropy(
      outputs,
      rows.map((row) => y[row]),
    );
  }
  const { centre, variance } = meanAndVariance(outputs);
  const target = tape.constant(
    rows.length,
    1,
    Float64Array.from(rows, (row) => y[row]),
  );
  return gaussianLoss(centre, variance, target, { beta });
}

/** Mean -log likelihood of the rows by the whole network. */
function meanLoss(
  network: Network,
  data: ScaledData,
  rows: Int32Array,
  { precision }: NetworkOptions,
): number {
  return withTape({ precision }, (tape) => {
    const p = bindParameters(tape, network.parameters);
    let total = 0;
    for (let first = 0; first < rows.length; first += blockRows) {
      const block = rows.subarray(first, first + blockRows);
      total += block.length * tape.step(() => tape.scalar(lossOf(network, p, data, block, 0)));
    }
    return total / rows.length;
  });
}

function batchFor(batchSize: number | "auto", rows: number): number {
  if (batchSize !== "auto") return batchSize;
  let size = 16;
  while (size < 256 && size * 32 < rows) size *= 2;
  return size;
}

/** Random rows to train on and to keep aside; of each class the same share, whatever its index. */
function splitRows(
  { x, y, task }: ScaledData,
  share: number,
  rng: Rng,
): { training: Int32Array; heldOut: Int32Array } {
  const order = rng.permutation(x.rows);
  if (x.rows < leastRowsToHoldOut || share === 0) {
    return { training: order, heldOut: new Int32Array(0) };
  }
  const groupOf = (row: number): number => (task.kind === "classification" ? y[row] : 0);
  const sizes = new Map<number, number>();
  for (const row of order) sizes.set(groupOf(row), (sizes.get(groupOf(row)) ?? 0) + 1);
  const taken = new Map<number, number>();
  const training: number[] = [];
  const heldOut: number[] = [];
  for (const row of order) {
    const group = groupOf(row);
    const count = taken.get(group) ?? 0;
    const isTaken = count < Math.round(share * sizes.get(group)!);
    if (isTaken) taken.set(group, count + 1);
    (isTaken ? heldOut : training).push(row);
  }
  return { training: Int32Array.from(training), heldOut: Int32Array.from(heldOut) };
}
