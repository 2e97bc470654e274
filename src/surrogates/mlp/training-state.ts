import type { AdamState } from "../../core/optimise/adam.ts";
import type { SavedState } from "../contract.ts";
import { readState } from "../saved-state.ts";

/** How a training went. */
export interface TrainingRecord {
  readonly epochs: number;
  /** Epoch whose parameters were kept; the last one without rows kept aside. */
  readonly bestEpoch: number;
  readonly heldOutRows: number;
  /** Mean -log likelihood of the rows kept aside (without log(2 pi) / 2 for numbers), or of the training rows. */
  readonly loss: number;
}

/**
 * Where the training of a network stands after an epoch. Random numbers follow from the epoch alone, so it is
 * their position, too.
 */
export interface TrainingState {
  epoch: number;
  /** Parameters after the last epoch. */
  readonly values: Float64Array;
  readonly optimiser: AdamState;
  /** The epoch with the best loss so far, and its parameters. */
  readonly best: { loss: number; epoch: number; readonly values: Float64Array };
}

/** Where the training of several networks, one after the other, stands. */
export interface Progress {
  readonly finished: readonly { readonly values: Float64Array; readonly record: TrainingRecord }[];
  /** The network that is being trained; absent between two. */
  readonly running?: TrainingState;
}

const recordKeys = ["epochs", "bestEpoch", "heldOutRows", "loss"] as const;

/** A training as saved state. @param fingerprint tells data, options and seed apart */
export function saveProgress({ finished, running }: Progress, fingerprint: string): SavedState {
  const arrays: Record<string, Float64Array> = {};
  finished.forEach(({ values, record }, m) => {
    arrays[`network ${m}`] = values.slice();
    arrays[`record ${m}`] = Float64Array.from(recordKeys, (key) => record[key]);
  });
  if (running !== undefined) {
    const { epoch, values, optimiser, best } = running;
    arrays["counts"] = Float64Array.of(epoch, optimiser.steps, best.epoch, best.loss);
    arrays["values"] = values.slice();
    arrays["mean"] = optimiser.mean.slice();
    arrays["square"] = optimiser.square.slice();
    arrays["best"] = best.values.slice();
  }
  const settings = { fingerprint, finished: finished.length, isRunning: running !== undefined };
  return { settings, arrays };
}

/**
 * The training that was saved.
 * @param size parameters of a network @param startOptimiser a new optimiser of the network
 * @throws InputError for a state that is damaged
 */
export function loadProgress(
  who: string,
  state: SavedState,
  size: number,
  startOptimiser: () => AdamState,
): Progress {
  const reader = readState(who, state);
  const finished = Array.from({ length: reader.number("finished") }, (_, m) => {
    const [epochs, bestEpoch, heldOutRows, loss] = reader.float64(`record ${m}`, recordKeys.length);
    const record = { epochs, bestEpoch, heldOutRows, loss };
    return { values: reader.float64(`network ${m}`, size), record };
  });
  if (!reader.flag("isRunning")) return { finished };
  const [epoch, steps, bestEpoch, loss] = reader.float64("counts", 4);
  const optimiser = startOptimiser();
  optimiser.steps = steps;
  optimiser.mean.set(reader.float64("mean", size));
  optimiser.square.set(reader.float64("square", size));
  const best = { loss, epoch: bestEpoch, values: reader.float64("best", size) };
  return { finished, running: { epoch, values: reader.float64("values", size), optimiser, best } };
}

/** A short text that differs, but for chance, when any of the numbers or the text do. */
export function fingerprintOf(text: string, ...numbers: readonly Float64Array[]): string {
  // FNV-1a over 32-bit words. Source: G. Fowler, L. C. Noll, K.-P. Vo, IETF draft (2019).
  let hash = 0x811c9dc5;
  const mix = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  };
  for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i));
  for (const list of numbers) {
    mix(list.length);
    for (const word of new Int32Array(Float64Array.from(list).buffer)) mix(word);
  }
  return (hash >>> 0).toString(16);
}
