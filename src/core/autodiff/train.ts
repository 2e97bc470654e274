import { adamOnHeap, type AdamState, type StepRange } from "../optimise/adam.ts";
import { clipFactor } from "../optimise/clip.ts";
import type { Schedule } from "../optimise/schedules.ts";
import { bindParameters, type BoundParameters, type Parameters } from "./parameters.ts";
import { withTape, type TapeOptions, type Tensor } from "./tape.ts";

/** What `trainSteps` needs. */
export interface TrainingSteps extends TapeOptions {
  /** Moved in place. */
  readonly parameters: Parameters;
  /** Moved in place. */
  readonly optimiser: AdamState;
  readonly count: number;
  /** The loss (1 x 1) of step `index` (0 ... count - 1). */
  readonly loss: (p: BoundParameters, index: number) => Tensor;
  /** Factor of the learning rate, by the number of steps the optimiser has done. */
  readonly schedule?: Schedule;
  /** Largest norm of the gradient of all parameters; a longer one is shortened. */
  readonly maxNorm?: number;
  /** Which numbers move, and how fast; all at the full rate when left out. See `stepRanges`. */
  readonly ranges?: readonly StepRange[];
}

/**
 * Some steps of gradient descent in one go on the heap: each step runs `loss` forwards and backwards in an
 * arena of its own and moves the parameters by the optimiser. Returns the mean loss. When a step fails,
 * the parameters are those after the last step that succeeded.
 * @throws NumericalError when a loss is not finite
 */
export function trainSteps(options: TrainingSteps): number {
  const { parameters, optimiser, count, loss, schedule, maxNorm } = options;
  const ranges = options.ranges ?? stepRanges(parameters);
  return withTape(options, (tape) => {
    const p = bindParameters(tape, parameters, { training: true });
    const adam = adamOnHeap(tape, optimiser, p);
    let total = 0;
    try {
      for (let index = 0; index < count; index++) {
        tape.step(() => {
          tape.kernels.clear(p.gradient, p.size * tape.kernels.bytesPerNumber);
          const value = loss(p, index);
          total += tape.scalar(value);
          tape.backward(value);
          const clip = maxNorm === undefined ? 1 : clipFactor(tape.kernels, p, maxNorm);
          adam.step(ranges, { clip, factor: schedule?.(optimiser.steps) ?? 1 });
        });
      }
    } finally {
      parameters.values.set(tape.view(p.address, p.size));
      adam.readBack();
    }
    return count === 0 ? 0 : total / count;
  });
}

/**
 * Ranges of the buffer with equal treatment: weight decay as the slots say, and the share of the learning
 * rate that `factorOf` gives a parameter by its name (0 freezes it; 1 when left out).
 */
export function stepRanges(
  { slots }: Parameters,
  factorOf: (name: string) => number = () => 1,
): StepRange[] {
  const ranges: StepRange[] = [];
  for (const { name, offset, rows, columns, decays } of slots) {
    const factor = factorOf(name);
    const last = ranges.at(-1);
    const count = rows * columns;
    if (last !== undefined && last.decays === decays && last.factor === factor) {
      ranges[ranges.length - 1] = { ...last, count: last.count + count };
    } else {
      ranges.push({ offset, count, decays, factor });
    }
  }
  return ranges;
}
