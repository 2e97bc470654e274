import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { NumericalError } from "../errors.ts";
import { createRng } from "../rng.ts";
import { adam, adamw } from "../optimise/adam.ts";
import { applyDense, dense } from "./dense.ts";
import { affine, log, relu, sigmoid, square, tanh } from "./elementwise.ts";
import { multiply } from "./arithmetic.ts";
import { crossEntropy, squaredLoss } from "./losses.ts";
import {
  bindParameters,
  given,
  ParameterBuilder,
  zeros,
  type BoundParameters,
  type Parameters,
} from "./parameters.ts";
import { softmax, sum } from "./reduce.ts";
import { withTape, type Tensor } from "./tape.ts";
import { stepRanges, trainSteps } from "./train.ts";

interface Trained {
  readonly weights: number[][];
  readonly biases: number[][];
  readonly losses: number[];
  readonly answer: number[];
}

/** Values made by test/reference/networks.py. */
const expected = JSON.parse(
  readFileSync(new URL("../../../test/reference/networks.json", import.meta.url), "utf8"),
) as {
  readonly x: number[];
  readonly y: number[];
  readonly labels: number[];
  readonly regression: Record<"tanh" | "relu" | "logistic", Trained>;
  readonly classification: Trained;
  readonly adamw: {
    readonly scale: number[];
    readonly start: number[];
    readonly rate: number;
    readonly decay: number;
    readonly steps: number;
    readonly end: number[];
  };
};
const [rows, inputs] = [20, 4];

/** The network of the reference, with its initial numbers. */
function networkOf(
  { weights, biases }: Trained,
  activate: (x: Tensor) => Tensor,
): { parameters: Parameters; apply: (p: BoundParameters) => Tensor } {
  const builder = new ParameterBuilder(createRng(1));
  const widths = [inputs, 7, 5, biases[2].length];
  const layers = weights.map((weight, k) =>
    dense(builder, `layer ${k}`, widths[k], widths[k + 1], {
      weight: given(weight),
      bias: given(biases[k]),
    }),
  );
  const apply = (p: BoundParameters): Tensor => {
    let h = p.tape.constant(rows, inputs, expected.x);
    layers.forEach((layer, k) => {
      h = applyDense(layer, p, h);
      if (k < 2) h = activate(h);
    });
    return h;
  };
  return { parameters: builder.build(), apply };
}

function assertClose(
  actual: ArrayLike<number>,
  wanted: readonly number[],
  tolerance: number,
): void {
  assert.equal(actual.length, wanted.length);
  const size = Math.max(...wanted.map(Math.abs));
  wanted.forEach((value, i) =>
    assert.ok(
      Math.abs(actual[i] - value) <= tolerance * size,
      `number ${i}: expected ${value}, got ${actual[i]}`,
    ),
  );
}

/** Losses before each step and the parameters after the last. */
function trainOneByOne(
  parameters: Parameters,
  loss: (p: BoundParameters) => Tensor,
  precision: "f64" | "f32",
): number[] {
  const optimiser = adam(parameters.values.length, { rate: 0.01, epsilon: 1e-14 });
  return Array.from({ length: 30 }, () =>
    trainSteps({ parameters, optimiser, count: 1, loss, precision }),
  );
}

describe("thirty Adam steps of a network", () => {
  const activations = { tanh, relu: (x: Tensor) => relu(x), logistic: sigmoid };
  // With an epsilon near 0 it does not matter that scikit-learn adds it before the correction of the means.
  const tolerances = { f64: 1e-9, f32: 1e-4 };
  for (const name of ["tanh", "relu", "logistic"] as const) {
    for (const precision of ["f64", "f32"] as const) {
      it(`agree with scikit-learn for numbers (${name}, ${precision})`, () => {
        const reference = expected.regression[name];
        const { parameters, apply } = networkOf(reference, activations[name]);
        const losses = trainOneByOne(
          parameters,
          (p) => {
            const target = p.tape.constant(rows, 1, expected.y);
            return affine(squaredLoss(apply(p), target), 0.5, 0);
          },
          precision,
        );
        assertClose(losses, reference.losses, tolerances[precision]);
        const answer = withTape({ precision }, (tape) =>
          tape.copy(apply(bindParameters(tape, parameters))),
        );
        assertClose(answer, reference.answer, tolerances[precision]);
      });
    }
  }

  it("agree with scikit-learn for three classes", () => {
    const reference = expected.classification;
    const { parameters, apply } = networkOf(reference, tanh);
    const labels = Int32Array.from(expected.labels);
    const losses = trainOneByOne(parameters, (p) => crossEntropy(apply(p), labels), "f64");
    assertClose(losses, reference.losses, 1e-9);
    const answer = withTape({}, (tape) =>
      tape.copy(softmax(apply(bindParameters(tape, parameters)))),
    );
    assertClose(answer, reference.answer, 1e-9);
  });
});

/** Half the weighted sum of squares of one row of parameters. */
function quadratic(start: readonly number[]): {
  parameters: Parameters;
  loss: (p: BoundParameters) => Tensor;
} {
  const builder = new ParameterBuilder(createRng(1));
  const slot = builder.declare("x", 1, start.length, given(start), { decays: true });
  const parameters = builder.build();
  return {
    parameters,
    loss: (p) => {
      const scale = p.tape.constant(1, start.length, expected.adamw.scale.slice(0, start.length));
      return affine(sum(multiply(square(p.of(slot)), scale)), 0.5, 0);
    },
  };
}

it("AdamW decays weights apart from the gradient, as its paper writes it", () => {
  const { start, rate, decay, steps, end } = expected.adamw;
  const { parameters, loss } = quadratic(start);
  const optimiser = adamw(start.length, { rate, weightDecay: decay });
  trainSteps({ parameters, optimiser, count: steps, loss });
  assertClose(parameters.values, end, 1e-12);
});

it("steps done in two goes are those done in one", () => {
  const ends = [[40], [15, 25]].map((parts) => {
    const { parameters, loss } = quadratic(expected.adamw.start);
    const optimiser = adamw(5, { rate: 0.05 });
    for (const count of parts) trainSteps({ parameters, optimiser, count, loss });
    return parameters.values;
  });
  assert.deepEqual(ends[0], ends[1]);
});

it("a gradient longer than the limit is shortened to it", () => {
  // With beta1 = 0 the remembered mean is the gradient of the last step itself.
  const { parameters, loss } = quadratic([3, 4]);
  const optimiser = adam(2, { rate: 1e-3, beta1: 0 });
  trainSteps({ parameters, optimiser, count: 1, loss, maxNorm: 0.5 });
  assert.ok(Math.abs(Math.hypot(...optimiser.mean) - 0.5) < 1e-12);
  trainSteps({ parameters, optimiser, count: 1, loss, maxNorm: 1e6 });
  assert.ok(Math.hypot(...optimiser.mean) > 40);
});

it("a frozen range stays and a slow one moves its share", () => {
  const builder = new ParameterBuilder(createRng(1));
  const slots = ["frozen", "slow", "full"].map((name) => builder.declare(name, 1, 1, given([1])));
  const parameters = builder.build();
  const factors: Record<string, number> = { frozen: 0, slow: 0.25, full: 1 };
  trainSteps({
    parameters,
    optimiser: adam(3, { rate: 0.1 }),
    count: 1,
    ranges: stepRanges(parameters, (name) => factors[name]),
    loss: (p) => multiply(multiply(p.of(slots[0]), p.of(slots[1])), p.of(slots[2])),
  });
  // The first step of Adam has the length of its rate.
  assertClose(parameters.values, [1, 1 - 0.025, 1 - 0.1], 1e-7);
});

it("the means of a parameter without gradient end at zero, not in denormal numbers", () => {
  const builder = new ParameterBuilder(createRng(1));
  const slot = builder.declare("x", 1, 3, given([1, 1, 1]));
  const parameters = builder.build();
  const optimiser = adam(3, { rate: 1e-3 });
  const factor = (index: number): number => (index === 0 ? 1 : 0);
  trainSteps({
    parameters,
    optimiser,
    count: 1200,
    precision: "f32",
    loss: (p, index) => affine(sum(p.of(slot)), factor(index), 0),
  });
  assert.deepEqual([...optimiser.mean], [0, 0, 0]);
});

it("a loss that is not finite is refused, and the parameters are those before the step", () => {
  const builder = new ParameterBuilder(createRng(1));
  const slot = builder.declare("x", 1, 2, zeros);
  const parameters = builder.build();
  const optimiser = adam(2, { rate: 0.1 });
  const loss = (p: BoundParameters): Tensor => sum(log(p.of(slot)));
  assert.throws(() => trainSteps({ parameters, optimiser, count: 1, loss }), NumericalError);
  assert.deepEqual([...parameters.values], [0, 0]);
});
