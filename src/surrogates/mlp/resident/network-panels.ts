import type { Dense } from "../../../core/autodiff/dense.ts";
import type { Matrix } from "../../../core/matrix.ts";
import type { Heap } from "../../../kernels/heap.ts";
import { residentKernels } from "../../../kernels/instance.ts";
import {
  networkFunctions,
  unaryCodes,
  type NetworkFunctions,
  type Precision,
} from "../../../kernels/networks.ts";
import type { Task } from "../../contract.ts";
import { leastVariance, type Network } from "../network.ts";

/** Rows that go through all layers together; a multiple of the rows of a panel, and few enough for the cache. */
export const chunkRows = 64;

/** Numbers of two vectors: the rows of a panel, see src/kernels/assembly/forward.ts. */
const panelRowsOf = (precision: Precision): number => (precision === "f64" ? 4 : 8);

/** No activation. */
const plain = -1;

type Numbers = Float64Array | Float32Array;

/** A layer whose weights lie in tiles, each after its biases; units are filled up to an even number. */
export interface PanelLayer {
  readonly inputs: number;
  readonly units: number;
  /** Of the activation; below 0 for none. */
  readonly code: number;
  readonly address: number;
}

/** Networks of one shape in the memory of kernels of their own, and what takes panels of rows through them. */
export interface NetworkPanels {
  readonly functions: NetworkFunctions;
  readonly heap: Heap;
  readonly inputs: number;
  /** Numbers that a row's outputs mean: 1, or a probability for each class. */
  readonly columns: number;
  readonly panelRows: number;
  /** Layers of each network. */
  readonly layers: readonly (readonly PanelLayer[])[];
  /** Where `forward` finds the panels of up to `chunkRows` rows. */
  readonly start: number;
  /** Room for one panel of any layer. */
  readonly scratch: number;
  /** Numbers in the precision of the networks; room for f64 is enough for either. */
  readonly view: (address: number, count: number) => Numbers;
  /** Copies rows of x into panels of inputs; what is missing in the last one stays. */
  storeRows(x: Matrix, first: number, count: number, address: number): void;
  /** Takes panels through layers; returns where the outputs are. */
  forward(layers: readonly PanelLayer[], panels: number): number;
  /** Reads what the outputs of `count` rows at an address mean, from row `first` of the results on. */
  read(
    address: number,
    count: number,
    means: Float64Array,
    first: number,
    variance?: Float64Array,
  ): void;
}

/** Lays networks of one shape with a single head out. */
export function networkPanels(
  networks: readonly Network[],
  task: Task,
  precision: Precision,
): NetworkPanels {
  const { functions: exported, heap } = residentKernels();
  const functions = networkFunctions({ functions: exported }, precision);
  const panelRows = panelRowsOf(precision);
  // Half of it stays empty in f32.
  const allocate = (count: number): number => heap.allocate(count);
  const view = (address: number, count: number): Numbers =>
    precision === "f64"
      ? heap.view(address, count)
      : new Float32Array(heap.view(0, 0).buffer, address, count);
  const layers = networks.map((network) => {
    const { hidden, output, shape } = network;
    return [...hidden, output].map((layer, l): PanelLayer => {
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

  const forward = (through: readonly PanelLayer[], panels: number): number => {
    let [here, there] = buffers;
    for (const layer of through) {
      const { address, code, units } = layer;
      functions.denseForward(panels, layer.inputs, units, code, address, here, there, scratch);
      [here, there] = [there, here];
    }
    return here;
  };

  const storeRows = (x: Matrix, first: number, count: number, address: number): void => {
    const numbers = view(address, inputs * panelRows * Math.ceil(count / panelRows));
    for (let i = 0, from = first * inputs; i < count; i++) {
      const to = Math.floor(i / panelRows) * panelRows * inputs + (i % panelRows);
      for (let j = 0; j < inputs; j++) numbers[to + panelRows * j] = x.data[from++];
    }
  };

  const read = (
    address: number,
    count: number,
    means: Float64Array,
    first: number,
    variance?: Float64Array,
  ): void => {
    const said = view(address, even(outputs) * chunkRows);
    const panelNumbers = panelRows * even(outputs);
    const at = (i: number): number => Math.floor(i / panelRows) * panelNumbers + (i % panelRows);
    if (task.kind === "regression") {
      for (let i = 0; i < count; i++) means[first + i] = said[at(i)];
      if (variance === undefined) return;
      const spread = view(rowsAt, count);
      for (let i = 0; i < count; i++) spread[i] = said[at(i) + panelRows];
      functions.unaryForward(unaryCodes.softplus, count, 0, 0, rowsAt, linkedAt);
      functions.unaryForward(unaryCodes.affine, count, 1, leastVariance, linkedAt, rowsAt);
      variance.set(spread, first);
    } else {
      const scores = view(rowsAt, count * columns);
      for (let i = 0; i < count; i++) {
        for (let c = 0; c < columns; c++) scores[i * columns + c] = said[at(i) + panelRows * c];
      }
      functions.softmaxForward(count, columns, rowsAt, linkedAt);
      means.set(view(linkedAt, count * columns), first * columns);
      normalised(means.subarray(first * columns, (first + count) * columns), columns);
    }
  };

  return {
    functions,
    heap,
    inputs,
    columns,
    panelRows,
    layers,
    start: buffers[0],
    scratch,
    view,
    storeRows,
    forward,
    read,
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
