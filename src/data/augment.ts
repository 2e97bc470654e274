import { InputError } from "../core/errors.ts";
import { matrix } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import { suggest } from "../core/nearest-name.ts";
import type { Rng } from "../core/rng.ts";

/** Training rows as compositions, other inputs and labels: what augmentation works on. */
export interface TrainingRows {
  /** n x symbols atomic fractions. */
  readonly fractions: Matrix;
  /** n x p further inputs (process variables); p may be 0. */
  readonly inputs: Matrix;
  /** n labels or measured values. */
  readonly labels: Float64Array;
  /** 1 for rows that an augmentation made; they are never measurements. */
  readonly synthetic: Uint8Array;
  /** The row (0-based) that a synthetic row was made from; its own index for a measured row. */
  readonly parents: Int32Array;
}

/**
 * Adds rows to training data. It sees training rows only: split first, augment the training side, and
 * leave the test side alone.
 */
export interface Augmentation<Options extends object = object> {
  readonly title: string;
  readonly defaults: Options;
  /** @returns the rows given, followed by the added ones */
  apply(rows: TrainingRows, options: Options, rng: Rng): TrainingRows;
}

export interface FractionNoiseOptions {
  /** Copies of every measured row. */
  readonly copies: number;
  /**
   * Standard deviation of a fraction, absolute. The default is an assumption of usual size (1.5 % of a
   * fraction of 0.2); give the error of your own chemical analysis.
   */
  readonly std: number;
}

/**
 * Copies of each measured row whose fractions move within the error of a chemical analysis; labels and
 * other inputs stay. Absent elements stay absent, no fraction becomes negative, sums stay one. The size
 * of a move is cut at a third of the fraction, so that traces stay traces.
 */
export const fractionNoise: Augmentation<FractionNoiseOptions> = {
  title: "Fractions moved within the error of a chemical analysis",
  defaults: { copies: 1, std: 0.003 },
  apply(rows, { copies, std }, rng) {
    if (!(std > 0 && std < 0.1) || !Number.isInteger(copies) || copies < 1) {
      throw new InputError(
        `fraction-noise: expected copies of 1 or more and a std above 0 and below 0.1, got ${copies} and ${std}.`,
      );
    }
    const measured = [...rows.synthetic.keys()].filter((i) => rows.synthetic[i] === 0);
    const parents = Array.from({ length: copies }, () => measured).flat();
    return appendRows(rows, parents, (fractions, parent, k) => {
      const stream = rng.fork(`row ${parent} copy ${Math.floor(k / measured.length)}`);
      let sum = 0;
      for (let j = 0; j < fractions.length; j++) {
        const fraction = fractions[j]!;
        if (fraction === 0) continue;
        const limit = fraction / 3;
        const move = Math.min(limit, Math.max(-limit, std * stream.normal()));
        fractions[j] = fraction + move;
        sum += fractions[j]!;
      }
      for (let j = 0; j < fractions.length; j++) fractions[j]! /= sum;
    });
  },
};

/** Augmentations by name; a new one is a function like `fractionNoise` and a line here. */
export const augmentations = {
  "fraction-noise": fractionNoise,
} as const satisfies Record<string, Augmentation>;

/**
 * Applies an augmentation by name.
 * @throws InputError for an unknown name (with the nearest)
 */
export function augment(
  rows: TrainingRows,
  name: string,
  options: Readonly<Record<string, unknown>>,
  rng: Rng,
): TrainingRows {
  if (!Object.hasOwn(augmentations, name)) {
    throw new InputError(`there is no augmentation "${name}".`, {
      expected: Object.keys(augmentations).join(", "),
      received: name,
      hint: suggest(name, Object.keys(augmentations)),
    });
  }
  const entry: Augmentation = augmentations[name as keyof typeof augmentations];
  return entry.apply(rows, { ...entry.defaults, ...options }, rng);
}

/** Measured rows, none synthetic. */
export function measuredRows(
  fractions: Matrix,
  inputs: Matrix,
  labels: Float64Array,
): TrainingRows {
  const n = fractions.rows;
  if (inputs.rows !== n || labels.length !== n) {
    throw new InputError(
      `measuredRows: expected ${n} rows everywhere, got ${inputs.rows} of inputs and ${labels.length} labels.`,
    );
  }
  return {
    fractions,
    inputs,
    labels,
    synthetic: new Uint8Array(n),
    parents: Int32Array.from({ length: n }, (_, i) => i),
  };
}

/**
 * Adds one synthetic row per entry of `parents`: a copy of the parent, its fractions changed in place.
 * @param change gets the copied fractions, the parent's index and the number of the added row
 */
export function appendRows(
  rows: TrainingRows,
  parents: readonly number[],
  change: (fractions: Float64Array, parent: number, k: number) => void,
): TrainingRows {
  const before = rows.labels.length;
  const after = before + parents.length;
  const { columns } = rows.fractions;
  const result = {
    fractions: matrix(after, columns),
    inputs: matrix(after, rows.inputs.columns),
    labels: new Float64Array(after),
    synthetic: new Uint8Array(after).fill(1, before),
    parents: new Int32Array(after),
  };
  result.fractions.data.set(rows.fractions.data);
  result.inputs.data.set(rows.inputs.data);
  result.labels.set(rows.labels);
  result.synthetic.set(rows.synthetic);
  result.parents.set(rows.parents);
  parents.forEach((parent, k) => {
    const at = before + k;
    const fractions = result.fractions.data.subarray(at * columns, (at + 1) * columns);
    fractions.set(rows.fractions.data.subarray(parent * columns, (parent + 1) * columns));
    const width = rows.inputs.columns;
    result.inputs.data.copyWithin(at * width, parent * width, (parent + 1) * width);
    result.labels[at] = rows.labels[parent]!;
    result.parents[at] = rows.parents[parent]!;
    change(fractions, parent, k);
  });
  return result;
}
