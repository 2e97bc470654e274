import type { Dense } from "../../core/autodiff/dense.ts";
import type { Matrix } from "../../core/matrix.ts";
import { residentKernels } from "../../kernels/instance.ts";
import { networkFunctions, unaryCodes, type Precision } from "../../kernels/networks.ts";
import type { Task } from "../contract.ts";
import { leastVariance, type Network } from "./network.ts";

/** Rows that go through all layers together; a multiple of the rows of a panel, and few enough for the cache. */
const chunkRows = 64;

/** Numbers of two vectors: the rows of a panel, see src/kernels/assembly/forward.ts. */
const panelRowsOf = (precision: Precision): number => (precision === "f64" ? 4 : 8);

/** No activation. */
const plain = -1;

/** Networks whose weights stay in the memory of kernels of their own, laid out for predictions alone. */
export interface ResidentNetworks {
  /**
   * What one network says of scaled inputs (n x inputs): means or probabilities, n x columns.
   * @param variance filled with the variance of each number, if given; untouched for classes
   */
  means(member: number, x: Matrix, variance?: Float64Array): Float64Array;
}

type Numbers = Float64Array | Float32Array;

interface Layer {
  readonly inputs: number;
  readonly units: number;
  readonly code: number;
  readonly address: number;
}

/**
 * Lays networks out; the bits of what they say are those of `applyNetwork` on a tape.
 * @param networks of one shape with a single head
 */
export function residentNetworks(
  networks: readonly Network[],
  task: Task,
  precision: Precision,
): ResidentNetworks {
  const { functions, heap } = residentKernels();
  const k = networkFunctions({ functions }, precision);
  const panelRows = panelRowsOf(precision);
  // Half of it stays empty in f32.
  const allocate = (count: number): number => heap.allocate(count);
  const view = (address: number, count: number): Numbers =>
    precision === "f64"
      ? heap.view(address, count)
      : new Float32Array(heap.view(0, 0).buffer, address, count);
  const laidOut = networks.map((network) => {
    const { hidden, output, shape } = network;
    return [...hidden, output].map((layer, l): Layer => {
      // Layers behind the first take the units that fill up the one before them, with weight 0.
      const inputs = l === 0 ? layer.weight.rows : even(layer.weight.rows);
      const units = even(layer.weight.columns);
      const code = l < hidden.length ? unaryCodes[shape.activation] : plain;
      const address = allocate(units * (inputs + 1));
      storeTiles(network, layer, inputs, units, view(address, units * (inputs + 1)));
      return { inputs, units, code, address };
    });
  });
  const { inputs, hidden, outputs } = networks[0].shape;
  const widest = Math.max(inputs, ...[...hidden, outputs].map(even));
  const buffers = [allocate(widest * chunkRows), allocate(widest * chunkRows)];
  const scratch = allocate(widest * panelRows);
  const columns = task.kind === "regression" ? 1 : task.classes.length;
  const rowsAt = allocate(chunkRows * columns);
  const linkedAt = allocate(chunkRows * columns);

  /** Takes rows through the layers; returns where the outputs are, in panels. */
  const forward = (layers: readonly Layer[], x: Matrix, first: number, count: number): number => {
    const numbers = view(buffers[0], inputs * chunkRows);
    for (let i = 0, from = first * inputs; i < count; i++) {
      const to = Math.floor(i / panelRows) * panelRows * inputs + (i % panelRows);
      for (let j = 0; j < inputs; j++) numbers[to + panelRows * j] = x.data[from++];
    }
    const panels = Math.ceil(count / panelRows);
    let [here, there] = buffers;
    for (const layer of layers) {
      const { address, code, units } = layer;
      k.denseForward(panels, layer.inputs, units, code, address, here, there, scratch);
      [here, there] = [there, here];
    }
    return here;
  };

  return {
    means(member, x, variance) {
      const layers = laidOut[member];
      const panelNumbers = panelRows * even(outputs);
      const result = new Float64Array(x.rows * columns);
      for (let first = 0; first < x.rows; first += chunkRows) {
        const count = Math.min(chunkRows, x.rows - first);
        const said = view(forward(layers, x, first, count), even(outputs) * chunkRows);
        const at = (i: number): number =>
          Math.floor(i / panelRows) * panelNumbers + (i % panelRows);
        if (task.kind === "regression") {
          for (let i = 0; i < count; i++) result[first + i] = said[at(i)];
          if (variance === undefined) continue;
          const spread = view(rowsAt, count);
          for (let i = 0; i < count; i++) spread[i] = said[at(i) + panelRows];
          k.unaryForward(unaryCodes.softplus, count, 0, 0, rowsAt, linkedAt);
          k.unaryForward(unaryCodes.affine, count, 1, leastVariance, linkedAt, rowsAt);
          variance.set(spread, first);
        } else {
          const scores = view(rowsAt, count * columns);
          for (let i = 0; i < count; i++) {
            for (let c = 0; c < columns; c++) scores[i * columns + c] = said[at(i) + panelRows * c];
          }
          k.softmaxForward(count, columns, rowsAt, linkedAt);
          result.set(view(linkedAt, count * columns), first * columns);
        }
      }
      return task.kind === "regression" ? result : normalised(result, columns);
    },
  };
}

const even = (count: number): number => count + (count % 2);

/** Writes the weights of a layer in tiles of four units, then of two, each after its biases. */
function storeTiles(
  { parameters }: Network,
  { weight, bias }: Dense,
  inputs: number,
  units: number,
  to: Numbers,
): void {
  const { values } = parameters;
  let k = 0;
  for (let first = 0; first < units;) {
    const width = units - first >= 4 ? 4 : 2;
    for (let row = -1; row < inputs; row++) {
      for (let unit = first; unit < first + width; unit++) {
        const isKept = unit < weight.columns && row < weight.rows;
        const from = row < 0 ? bias.offset + unit : weight.offset + row * weight.columns + unit;
        to[k++] = isKept ? values[from] : 0;
      }
    }
    first += width;
  }
}

/** Probabilities that sum to one in f64 also when they were computed in f32. */
export function normalised(p: Float64Array, columns: number): Float64Array {
  for (let first = 0; first < p.length; first += columns) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += p[first + j];
    for (let j = 0; j < columns; j++) p[first + j] /= sum;
  }
  return p;
}
