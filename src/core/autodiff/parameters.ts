import { log } from "../elementary.ts";
import { InputError, ShapeError } from "../errors.ts";
import type { Rng } from "../rng.ts";
import type { Tape, Tensor } from "./tape.ts";

/** One matrix of parameters inside the flat buffer. */
export interface Slot {
  readonly index: number;
  /** Unique: `hidden 1.weight`. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Numbers before it in the buffer. */
  readonly offset: number;
  /** Whether weight decay applies: to weights, not to biases and gains. */
  readonly decays: boolean;
}

/** All parameters of a network in one flat buffer. */
export interface Parameters {
  readonly slots: readonly Slot[];
  readonly values: Float64Array;
}

/** Numbers that a matrix of parameters starts with. */
export type Initialiser = (rows: number, columns: number, rng: Rng) => ArrayLike<number>;

export const zeros: Initialiser = (rows, columns) => new Float64Array(rows * columns);
export const ones: Initialiser = (rows, columns) => new Float64Array(rows * columns).fill(1);

/** These numbers. */
export const given =
  (values: ArrayLike<number>): Initialiser =>
  () =>
    values;

/**
 * Uniform with variance 2 / (inputs + outputs), for tanh and the like.
 * Source: X. Glorot, Y. Bengio, AISTATS (2010), eq. 16.
 */
export const glorot: Initialiser = (rows, columns, rng) => {
  const limit = Math.sqrt(6 / (rows + columns));
  return Float64Array.from({ length: rows * columns }, () => limit * (2 * rng.uniform() - 1));
};

/**
 * Normal with variance 2 / inputs, for relu and the like.
 * Source: K. He et al., ICCV (2015), doi:10.1109/ICCV.2015.123, eq. 10.
 */
export const he: Initialiser = (rows, columns, rng) => {
  const std = Math.sqrt(2 / rows);
  return Float64Array.from({ length: rows * columns }, () => std * rng.normal());
};

/** Collects the parameters that the layers of a network declare. */
export class ParameterBuilder {
  private readonly slots: Slot[] = [];
  private readonly parts: ArrayLike<number>[] = [];
  private readonly rng: Rng;
  private size = 0;

  /** Every matrix draws from the stream of its own name, so that more layers leave the others as they are. */
  constructor(rng: Rng) {
    this.rng = rng;
  }

  /** @throws InputError for a name that is taken */
  declare(
    name: string,
    rows: number,
    columns: number,
    initialise: Initialiser,
    { decays = false }: { decays?: boolean } = {},
  ): Slot {
    if (this.slots.some((slot) => slot.name === name)) {
      throw new InputError(`ParameterBuilder: the parameter "${name}" is declared twice.`);
    }
    const values = initialise(rows, columns, this.rng.fork(name));
    if (values.length !== rows * columns) {
      throw new ShapeError(
        `ParameterBuilder: expected ${rows} x ${columns} numbers for "${name}", got ${values.length}.`,
      );
    }
    const slot = { index: this.slots.length, name, rows, columns, offset: this.size, decays };
    this.slots.push(slot);
    this.parts.push(values);
    this.size += values.length;
    return slot;
  }

  build(): Parameters {
    const values = new Float64Array(this.size);
    this.parts.forEach((part, index) => values.set(part, this.slots[index].offset));
    return { slots: this.slots, values };
  }
}

/** Parameters on the heap of a tape. */
export interface BoundParameters {
  readonly tape: Tape;
  readonly size: number;
  readonly address: number;
  /** Address of all gradients, 0 when none are wanted. */
  readonly gradient: number;
  of(slot: Slot): Tensor;
}

/** Copies parameters to the heap of a tape, outside of its steps; with room for gradients to train. */
export function bindParameters(
  tape: Tape,
  { slots, values }: Parameters,
  { training = false }: { training?: boolean } = {},
): BoundParameters {
  const address = tape.allocate(values.length);
  tape.view(address, values.length).set(values);
  const gradient = training ? tape.zeros(values.length) : 0;
  const bytes = tape.kernels.bytesPerNumber;
  const tensors = slots.map(({ rows, columns, offset, name }) =>
    tape.over(
      rows,
      columns,
      address + bytes * offset,
      training ? gradient + bytes * offset : 0,
      name,
    ),
  );
  return { tape, size: values.length, address, gradient, of: ({ index }) => tensors[index] };
}

/** Initial bias for probabilities: log of the shares, which are kept off 0 by half a row. */
export function logShares(counts: ArrayLike<number>): Float64Array {
  const total = Array.from(counts).reduce((sum, count) => sum + count + 0.5, 0);
  return Float64Array.from(counts, (count) => log((count + 0.5) / total));
}
