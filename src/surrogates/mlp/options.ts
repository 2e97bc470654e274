import { activations, type Activation } from "../../core/autodiff/elementwise.ts";
import { InputError } from "../../core/errors.ts";
import type { Precision } from "../../kernels/networks.ts";
import type { Tunable } from "../contract.ts";
import { checkNumberOption } from "../fit-input.ts";

/** Options of a network; plain JSON. */
export interface NetworkOptions {
  /** Units of each hidden layer, from the inputs on; none gives a linear model. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** Most passes over the training rows. */
  readonly epochs: number;
  /** Rows per step; `auto` takes about a 32nd of the rows, between 16 and 256. */
  readonly batchSize: number | "auto";
  /** Learning rate of AdamW after warm-up; it falls along a cosine. */
  readonly rate: number;
  /** Share of the weights, times the learning rate, that each step takes off. */
  readonly weightDecay: number;
  /** Longest gradient; a longer one is shortened. */
  readonly maxNorm: number;
  /** Share of the rows kept aside to stop by; with fewer than 20 rows all are trained on. */
  readonly holdOut: number;
  /** Epochs without a better loss of the rows kept aside after which training stops. */
  readonly patience: number;
  /** Share of hidden units left out at random in training; 0 = none. */
  readonly dropout: number;
  /** Numbers of training and prediction. */
  readonly precision: Precision;
}

export const networkDefaults: NetworkOptions = {
  hidden: [64, 64],
  activation: "silu",
  epochs: 300,
  batchSize: "auto",
  rate: 3e-3,
  weightDecay: 0.01,
  maxNorm: 5,
  holdOut: 0.15,
  patience: 40,
  dropout: 0,
  precision: "f64",
};

/** Options of a network worth tuning. */
export const networkTunable = {
  hidden: { kind: "choice", values: [[32], [64], [64, 64], [128, 128], [64, 64, 64]] },
  rate: { kind: "number", min: 3e-4, max: 1e-2, scale: "log" },
  weightDecay: { kind: "number", min: 1e-4, max: 1, scale: "log" },
  activation: { kind: "choice", values: ["silu", "tanh"] },
} as const satisfies Tunable;

/** @throws InputError for an option out of range */
export function checkNetworkOptions(name: string, options: NetworkOptions): void {
  const { hidden, activation, batchSize, precision } = options;
  if (!Array.isArray(hidden)) {
    throw new InputError(`${name}: expected hidden to be a list, got ${String(hidden)}.`, {
      path: "hidden",
      hint: "Such as [64, 64].",
    });
  }
  hidden.forEach((units: unknown, k) =>
    checkNumberOption(name, `hidden[${k}]`, units, { min: 1, max: 100_000, integer: true }),
  );
  activationNamed(name, activation);
  precisionNamed(name, precision);
  checkNumberOption(name, "epochs", options.epochs, { min: 1, max: 1e6, integer: true });
  if (batchSize !== "auto") {
    checkNumberOption(name, "batchSize", batchSize, { min: 1, integer: true });
  }
  checkNumberOption(name, "rate", options.rate, { min: 1e-12, max: 10 });
  checkNumberOption(name, "weightDecay", options.weightDecay, { min: 0, max: 100 });
  checkNumberOption(name, "maxNorm", options.maxNorm, { min: 1e-12 });
  checkNumberOption(name, "holdOut", options.holdOut, { min: 0, max: 0.9 });
  checkNumberOption(name, "patience", options.patience, { min: 1, integer: true });
  checkNumberOption(name, "dropout", options.dropout, { min: 0, max: 0.95 });
}

/** @throws InputError unless the option is true or false */
export function checkFlagOption(name: string, key: string, value: unknown): void {
  if (typeof value === "boolean") return;
  throw new InputError(`${name}: expected ${key} to be true or false, got ${String(value)}.`, {
    path: key,
    received: String(value),
  });
}

const activationNames = Object.keys(activations) as Activation[];

/** @throws InputError for a name that is no activation */
export function activationNamed(name: string, value: string): Activation {
  return oneOf(name, "activation", value, activationNames);
}

/** @throws InputError for a name that is no precision */
export function precisionNamed(name: string, value: string): Precision {
  return oneOf(name, "precision", value, ["f64", "f32"]);
}

function oneOf<Name extends string>(
  name: string,
  key: string,
  value: string,
  known: readonly Name[],
): Name {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new InputError(`${name}: expected ${key} to be one of ${known.join(", ")}, got ${value}.`, {
    path: key,
    received: value,
  });
}
