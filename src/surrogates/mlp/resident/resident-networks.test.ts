import assert from "node:assert/strict";
import { test } from "node:test";
import { activations, type Activation } from "../../../core/autodiff/elementwise.ts";
import { bindParameters } from "../../../core/autodiff/parameters.ts";
import { softmax } from "../../../core/autodiff/reduce.ts";
import { withTape } from "../../../core/autodiff/tape.ts";
import { matrix, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import type { Precision } from "../../../kernels/networks.ts";
import type { Task } from "../../contract.ts";
import {
  applyNetwork,
  createNetwork,
  meanAndVariance,
  shapeFor,
  type Network,
} from "../network.ts";
import { normalised } from "./network-panels.ts";
import { residentNetworks } from "./resident-networks.ts";

const number: Task = { kind: "regression" };
const classes: Task = { kind: "classification", classes: ["a", "b", "c"] };

function networkOf(task: Task, inputs: number, hidden: number[], activation: Activation): Network {
  const shape = shapeFor(task, inputs, 1, { hidden, activation });
  const network = createNetwork(shape, new Float64Array(shape.outputs), createRng(1));
  const rng = createRng(2);
  // The output layer starts with zeros.
  const { values } = network.parameters;
  for (let k = 0; k < values.length; k++) values[k] += 0.3 * rng.normal();
  return network;
}

function rowsOf(n: number, columns: number): Matrix {
  const rng = createRng(3);
  return matrix(
    n,
    columns,
    Float64Array.from({ length: n * columns }, () => 2 * rng.normal()),
  );
}

/** Means and variances by the tape. */
function byTape(network: Network, task: Task, precision: Precision, x: Matrix): Float64Array[] {
  return withTape({ precision }, (tape) => {
    const p = bindParameters(tape, network.parameters);
    const outputs = applyNetwork(network, p, tape.constant(x.rows, x.columns, x.data));
    if (task.kind === "classification") return [normalised(tape.copy(softmax(outputs)), 3)];
    const { centre, variance } = meanAndVariance(outputs);
    return [tape.copy(centre), tape.copy(variance)];
  });
}

for (const precision of ["f64", "f32"] as const) {
  for (const task of [number, classes]) {
    test(`networks for a ${task.kind} say the bits of the tape in ${precision}`, () => {
      for (const activation of Object.keys(activations) as Activation[]) {
        for (const hidden of [[], [7], [50, 33], [4, 2, 9]]) {
          const network = networkOf(task, 5, hidden, activation);
          for (const n of [1, 63, 130]) {
            const x = rowsOf(n, 5);
            const variance = new Float64Array(n);
            const mean = residentNetworks([network], task, precision).means(0, x, variance);
            const expected = byTape(network, task, precision, x);
            assert.deepEqual(mean, expected[0], `${activation} ${hidden.join()} ${n}`);
            if (task === number) assert.deepEqual(variance, expected[1]);
          }
        }
      }
    });
  }

  test(`more inputs than one block of a product keep the bits of the tape in ${precision}`, () => {
    const network = networkOf(number, 600, [300, 3], "tanh");
    const x = rowsOf(9, 600);
    const mean = residentNetworks([network], number, precision).means(0, x);
    assert.deepEqual(mean, byTape(network, number, precision, x)[0]);
  });
}

test("several networks are told apart", () => {
  const networks = [networkOf(number, 5, [6], "silu"), networkOf(number, 5, [6], "silu")];
  networks[1].parameters.values[0] += 1;
  const x = rowsOf(20, 5);
  const resident = residentNetworks(networks, number, "f64");
  assert.notDeepEqual(resident.means(0, x), resident.means(1, x));
  for (const m of [0, 1]) {
    assert.deepEqual(resident.means(m, x), byTape(networks[m], number, "f64", x)[0]);
  }
});

test("what overflows comes out as it does on the tape", () => {
  const network = networkOf(number, 5, [8, 8], "silu");
  for (const size of [1e3, 1e5, 1e200, 1e308]) {
    const x = matrix(1, 5, new Float64Array(5).fill(size));
    const mean = residentNetworks([network], number, "f64").means(0, x);
    assert.deepEqual(mean, byTape(network, number, "f64", x)[0]);
  }
});

/** Of a sum of some 60 products in each layer, relative to numbers of about 1. */
const roundings = { f64: 1e-13, f32: 1e-4 } as const;

for (const precision of ["f64", "f32"] as const) {
  for (const task of [number, classes]) {
    test(`means over mixed rows of a ${task.kind} are those of the rows in ${precision}`, () => {
      const rng = createRng(4);
      for (const activation of ["silu", "relu"] as const) {
        for (const inputs of [1, 4, 5, 11]) {
          for (const hidden of [[], [7], [50, 33]]) {
            const network = networkOf(task, inputs, hidden, activation);
            const resident = residentNetworks([network, network], task, precision);
            for (const n of [1, 8, 21]) {
              const background = rowsOf(n, inputs);
              const row = Float64Array.from({ length: inputs }, () => rng.normal());
              const choices = Uint8Array.from({ length: 70 * inputs }, () => rng.integer(2));
              const found = resident.mixedMeans(1, row, background, choices);
              const columns = task === number ? 1 : 3;
              for (let c = 0; c < 70; c++) {
                const chosen = choices.subarray(c * inputs, (c + 1) * inputs);
                const mixed = background.data.map((value, k) =>
                  chosen[k % inputs] === 1 ? row[k % inputs] : value,
                );
                const said = resident.means(0, matrix(n, inputs, mixed));
                for (let k = 0; k < columns; k++) {
                  let sum = 0;
                  for (let i = 0; i < n; i++) sum += said[i * columns + k];
                  const difference = Math.abs(found[c * columns + k] - sum / n);
                  assert.ok(difference <= roundings[precision] * (1 + Math.abs(sum / n)));
                }
              }
            }
          }
        }
      }
    });
  }

  test(`inputs that a network does not use change no bit of means over mixed rows in ${precision}`, () => {
    const network = networkOf(number, 6, [9], "silu");
    const { weight } = network.hidden[0];
    const { values } = network.parameters;
    values.fill(0, weight.offset + 9, weight.offset + 18);
    const choices = Uint8Array.of(1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0);
    const row = rowsOf(1, 6).data.map((value) => 2 * value + 1);
    const resident = residentNetworks([network], number, precision);
    const [without, withIt] = resident.mixedMeans(0, row, rowsOf(21, 6), choices);
    assert.equal(without, withIt);
  });
}
