import { crossEntropy, gaussianLoss } from "../../core/autodiff/losses.ts";
import { dropout } from "../../core/autodiff/normalise.ts";
import { bindParameters, type BoundParameters } from "../../core/autodiff/parameters.ts";
import { withTape, type Tensor } from "../../core/autodiff/tape.ts";
import { stepRanges, trainSteps } from "../../core/autodiff/train.ts";
import type { Matrix } from "../../core/matrix.ts";
import { adamw, type AdamState } from "../../core/optimise/adam.ts";
import { cosineRate, warmUpRate } from "../../core/optimise/schedules.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { Task } from "../contract.ts";
import type { DividedRows } from "./kept-aside.ts";
import { applyNetwork, meanAndVariance, type Network } from "./network.ts";
import type { NetworkOptions } from "./options.ts";
import type { TrainingRecord, TrainingState } from "./training-state.ts";

/** Standardised inputs (n x inputs) with standardised numbers or class indices. */
export interface ScaledData {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly task: Task;
  /** Head of each row, where there are more than one. */
  readonly heads?: Int32Array | undefined;
}

/** What `trainNetwork` is given beside network and data. */
export interface Training {
  readonly rows: DividedRows;
  readonly options: NetworkOptions;
  readonly rng: Rng;
  readonly work: Work;
  /** For progress. */
  readonly label: string;
  /** Share of the learning rate of a parameter by its name; 0 freezes it. */
  readonly factorOf?: ((name: string) => number) | undefined;
  /** Where an interrupted training of the same network stands. */
  readonly resume?: TrainingState | undefined;
  /** Called every few epochs. */
  readonly keep?: ((state: TrainingState) => void) | undefined;
}

/** Weighs rows by variance^beta in the loss of numbers; see `gaussianLoss`. */
const beta = 0.5;
const warmUpShare = 0.02;
const finalRate = 0.02;
/** Multiply-adds between two looks at the signal: some milliseconds. */
const chunkWork = 2e7;
const blockRows = 1024;

/** Epochs from one kept state to the next. */
const epochsToKeep = 10;

/** The optimiser that a training starts with. */
export function startOptimiser(network: Network, options: NetworkOptions): AdamState {
  return adamw(network.parameters.values.length, options);
}

/**
 * Trains a network in place by AdamW with warm-up and cosine decay of the rate. Rows kept aside tell when to
 * stop, and the parameters with the best loss on them are kept. A training that goes on from a kept state ends
 * with the same bytes as one that was not interrupted.
 */
export async function trainNetwork(
  network: Network,
  data: ScaledData,
  training: Training,
): Promise<TrainingRecord> {
  const { rows, options, rng, work, label, factorOf, resume, keep } = training;
  const { parameters } = network;
  const count = rows.training.length;
  const batchSize = Math.min(batchFor(options.batchSize, count), count);
  const steps = Math.ceil(count / batchSize);
  const total = steps * options.epochs;
  const warmUp = Math.ceil(warmUpShare * total);
  const schedule = warmUpRate(
    warmUp,
    cosineRate(Math.max(1, total - warmUp), { final: finalRate }),
  );
  const state: TrainingState = resume ?? {
    epoch: 0,
    values: parameters.values.slice(),
    optimiser: startOptimiser(network, options),
    best: { loss: Number.POSITIVE_INFINITY, epoch: 0, values: parameters.values.slice() },
  };
  parameters.values.set(state.values);
  const { optimiser, best } = state;
  const ranges = stepRanges(parameters, factorOf);
  const chunk = Math.max(1, Math.floor(chunkWork / (6 * batchSize * parameters.values.length)));

  while (state.epoch < options.epochs && state.epoch - best.epoch < options.patience) {
    const epoch = rng.fork(`epoch ${state.epoch}`);
    const order = epoch.permutation(count).map((k) => rows.training[k]);
    const masks = epoch.fork("dropout");
    const thin = (h: Tensor): Tensor => dropout(h, { rate: options.dropout }, masks);
    let trainingLoss = 0;
    for (let first = 0; first < steps; first += chunk) {
      await checkpoint(work, { label, done: state.epoch * steps + first, total });
      const stepsNow = Math.min(chunk, steps - first);
      const mean = trainSteps({
        parameters,
        optimiser,
        count: stepsNow,
        schedule,
        ranges,
        maxNorm: options.maxNorm,
        precision: options.precision,
        loss: (p, index) => {
          const start = (first + index) * batchSize;
          return lossOf(network, p, data, order.subarray(start, start + batchSize), beta, thin);
        },
      });
      trainingLoss += (mean * stepsNow) / steps;
    }
    state.epoch++;
    state.values.set(parameters.values);
    const hasRowsAside = rows.heldOut.length > 0;
    const loss = hasRowsAside ? meanLoss(network, data, rows.heldOut, options) : trainingLoss;
    if (loss < best.loss || !hasRowsAside) {
      best.loss = loss;
      best.epoch = state.epoch;
      best.values.set(parameters.values);
    }
    if (state.epoch % epochsToKeep === 0) keep?.(state);
  }
  parameters.values.set(best.values);
  return {
    epochs: state.epoch,
    bestEpoch: best.epoch,
    heldOutRows: rows.heldOut.length,
    loss: best.loss,
  };
}

function lossOf(
  network: Network,
  p: BoundParameters,
  { x, y, task, heads }: ScaledData,
  rows: Int32Array,
  beta: number,
  thin: (h: Tensor) => Tensor = (h) => h,
): Tensor {
  const { tape } = p;
  const headOf = heads === undefined ? undefined : rows.map((row) => heads[row]);
  const outputs = applyNetwork(network, p, tape.constantRows(x, rows), { thin, heads: headOf });
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
