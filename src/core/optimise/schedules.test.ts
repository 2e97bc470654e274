import assert from "node:assert/strict";
import { it } from "node:test";
import { InputError } from "../errors.ts";
import { adam } from "./adam.ts";
import { constantRate, cosineRate, warmUpRate } from "./schedules.ts";

it("the cosine falls from 1 through its middle to its end and stays there", () => {
  const rate = cosineRate(100, { final: 0.2 });
  const close = (step: number, expected: number): void =>
    assert.ok(Math.abs(rate(step) - expected) < 1e-14);
  close(0, 1);
  close(50, 0.6);
  close(100, 0.2);
  close(1000, 0.2);
  // A third of the way: 0.2 + 0.8 (1 + cos 60 degrees) / 2.
  const third = cosineRate(3, { final: 0.2 })(1);
  assert.ok(Math.abs(third - 0.8) < 1e-14);
});

it("warm-up rises in equal steps to 1 and then follows what comes next", () => {
  const rate = warmUpRate(4, (step) => 1 - step / 10);
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(rate), [0.25, 0.5, 0.75, 1, 1, 0.9]);
  assert.deepEqual([0, 7].map(warmUpRate(0)), [1, 1]);
  assert.equal(constantRate(12), 1);
});

it("settings out of range are refused with their name", () => {
  assert.throws(() => cosineRate(0), InputError);
  assert.throws(() => warmUpRate(-1), InputError);
  for (const [name, value] of Object.entries({
    rate: 0,
    beta1: 1,
    beta2: -0.1,
    epsilon: 0,
    weightDecay: -1,
  })) {
    const options = { rate: 0.1, [name]: value };
    assert.throws(
      () => adam(1, options),
      (error: unknown) => error instanceof InputError && error.details.path === name,
    );
  }
});
