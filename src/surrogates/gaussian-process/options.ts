import { InputError } from "../../core/errors.ts";
import { correlations, type CorrelationName } from "../../core/linalg/covariance.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { Tunable } from "../contract.ts";
import { checkNumberOption } from "../fit-input.ts";
import type { CompositionOption } from "./embedding.ts";

/** Options of `gaussian-process`; plain JSON. */
export interface GaussianProcessOptions {
  /** Starts of the hyper-parameter search. */
  readonly starts: number;
  /** Most quasi-Newton steps of one start. */
  readonly maxIterations: number;
  /** `matern-1/2`, `matern-3/2`, `matern-5/2`, `rbf` or `rational-quadratic`. */
  readonly kernel: CorrelationName;
  /** A length scale of its own for each input, else one for all. */
  readonly ard: boolean;
  /** Inputs that are fractions of elements which resemble each other; null = none. */
  readonly composition: CompositionOption | null;
  /** What is assumed of the noise of numbers: `student-t` bears outliers. */
  readonly noise: NoiseName;
  /** Degrees of freedom of Student-t noise: the fewer, the more outliers; above 2. */
  readonly degreesOfFreedom: number;
  /** Columns of the matrix by which sources share what they have in common. */
  readonly sourceRank: number;
}

/** Where to look for a kernel; its hyper-parameters follow from the data. */
export const kernelTunable = {
  kernel: {
    kind: "choice",
    values: ["matern-1/2", "matern-3/2", "matern-5/2", "rbf", "rational-quadratic"],
  },
  ard: { kind: "choice", values: [true, false] },
} as const satisfies Tunable;

export type NoiseName = "gaussian" | "student-t";

export const gaussianProcessDefaults: GaussianProcessOptions = {
  starts: 3,
  maxIterations: 100,
  kernel: "matern-5/2",
  ard: true,
  composition: null,
  noise: "gaussian",
  degreesOfFreedom: 4,
  sourceRank: 1,
};

/** @throws InputError for the first option out of range */
export function checkKernelOptions(
  name: string,
  {
    starts,
    maxIterations,
    kernel,
    ard,
  }: Pick<GaussianProcessOptions, "starts" | "maxIterations" | "kernel" | "ard">,
): void {
  checkNumberOption(name, "starts", starts, { min: 1, max: 1000, integer: true });
  checkNumberOption(name, "maxIterations", maxIterations, { min: 1, integer: true });
  checkName(name, "kernel", kernel, Object.keys(correlations));
  if (typeof ard !== "boolean") {
    throw new InputError(`${name}: expected ard to be true or false, got ${String(ard)}.`, {
      path: "ard",
    });
  }
}

/** @throws InputError for the first option out of range */
export function checkGaussianProcessOptions(name: string, options: GaussianProcessOptions): void {
  checkKernelOptions(name, options);
  checkName(name, "noise", options.noise, ["gaussian", "student-t"]);
  checkNumberOption(name, "degreesOfFreedom", options.degreesOfFreedom, { min: 2.01, max: 1e9 });
  checkNumberOption(name, "sourceRank", options.sourceRank, { min: 1, max: 10, integer: true });
}

function checkName(who: string, key: string, value: unknown, known: readonly string[]): void {
  if (typeof value === "string" && known.includes(value)) return;
  throw new InputError(`${who}: expected ${key} to be one of ${known.join(", ")}.`, {
    path: key,
    received: String(value),
    hint: suggest(String(value), known),
  });
}
