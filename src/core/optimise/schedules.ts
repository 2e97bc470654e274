import { cos } from "../elementary.ts";
import { InputError } from "../errors.ts";

/** Factor of the learning rate at a step (counted from 0). */
export type Schedule = (step: number) => number;

/** Always 1. */
export const constantRate: Schedule = () => 1;

/**
 * From 1 down to `final` along half a cosine over `total` steps, and `final` from there on.
 * Source: I. Loshchilov, F. Hutter, ICLR (2017), arXiv:1608.03983, eq. 5, without restarts.
 */
export function cosineRate(total: number, { final = 0 }: { final?: number } = {}): Schedule {
  if (!(total > 0)) throw new InputError(`cosineRate: expected steps above 0, got ${total}.`);
  return (step) => {
    const share = Math.min(1, step / total);
    return final + (1 - final) * 0.5 * (1 + cos(Math.PI * share));
  };
}

/**
 * Rises linearly to 1 over the first `steps` steps (the first one has 1 / steps), then follows `then`,
 * counted from where it starts.
 */
export function warmUpRate(steps: number, then: Schedule = constantRate): Schedule {
  if (!(steps >= 0))
    throw new InputError(`warmUpRate: expected steps of at least 0, got ${steps}.`);
  return (step) => (step < steps ? (step + 1) / steps : then(step - steps));
}
