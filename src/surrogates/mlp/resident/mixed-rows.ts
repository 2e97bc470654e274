import type { Matrix } from "../../../core/matrix.ts";
import { chunkRows, type NetworkPanels } from "./network-panels.ts";
import type { Network } from "../network.ts";

/**
 * What one network says in the mean over background rows in which some inputs are those of one row; all scaled. The
 * bits are not those of predictions, but equal mixed rows have equal ones.
 * @param choices mixtures x inputs, 1 = the input is that of `row`
 * @returns mixtures x columns
 */
export type MixedMeans = (
  member: number,
  row: Float64Array,
  background: Matrix,
  choices: Uint8Array,
) => Float64Array;

/** Inputs that share a table of sums, see src/kernels/assembly/mixed-rows.ts. */
const tableInputs = 4;
const tableChoices = 1 << tableInputs;

/**
 * Lays the first layers out for `mixedMeans`. Their sums are put together from tables, so that all mixtures of two
 * rows cost little more than the other layers do.
 */
export function layOutMixing(networks: readonly Network[], panels: NetworkPanels): MixedMeans {
  const { functions, heap, inputs, columns, panelRows, layers, start, scratch, view } = panels;
  const weights = networks.map((network, m) => weightsByInput(network, layers[m][0].units, panels));
  const tableCount = Math.ceil(inputs / tableInputs);
  const chunk = chunkRows / panelRows;
  const said = new Float64Array(chunkRows * columns);
  return (member, row, background, choices) => {
    const [{ units, code }, ...others] = layers[member];
    const mixtures = choices.length / inputs;
    const panelNumbers = units * panelRows;
    const means = new RunningMeans(mixtures, columns);
    heap.scope(() => {
      const tables = heap.allocate(tableCount * tableChoices * panelNumbers);
      const rowAt = heap.allocate(inputs);
      const panelAt = heap.allocate(inputs * panelRows);
      const keysAt = heap.allocate(Math.ceil((mixtures * tableCount) / 8));
      const keys = new Uint8Array(heap.view(0, 0).buffer, keysAt, mixtures * tableCount);
      storeKeys(choices, inputs, keys);
      view(rowAt, inputs).set(row);
      view(panelAt, inputs * panelRows).fill(0);
      for (let first = 0; first < background.rows; first += panelRows) {
        const rows = Math.min(panelRows, background.rows - first);
        panels.storeRows(background, first, rows, panelAt);
        functions.mixTables(inputs, units, weights[member], rowAt, panelAt, tables);
        for (let c = 0; c < mixtures; c += chunk) {
          const count = Math.min(chunk, mixtures - c);
          const from = keysAt + c * tableCount;
          functions.mixedForward(
            count,
            tableCount,
            panelNumbers,
            code,
            tables,
            from,
            start,
            scratch,
          );
          panels.read(panels.forward(others, count), count * panelRows, said, 0);
          means.add(c, count, rows, panelRows, said);
        }
      }
    });
    return means.result(background.rows);
  };
}

/** The biases of the first layer, then for each input its weights; returns the address. */
function weightsByInput(
  { hidden, output, parameters }: Network,
  units: number,
  { heap, view }: NetworkPanels,
): number {
  const [{ weight, bias }] = [...hidden, output];
  const address = heap.allocate((weight.rows + 1) * units);
  const numbers = view(address, (weight.rows + 1) * units).fill(0);
  for (let row = -1; row < weight.rows; row++) {
    const from = row < 0 ? bias.offset : weight.offset + row * weight.columns;
    numbers.set(parameters.values.subarray(from, from + weight.columns), (row + 1) * units);
  }
  return address;
}

/** For each mixture and table the choices of its inputs as bits. */
function storeKeys(choices: Uint8Array, inputs: number, keys: Uint8Array): void {
  keys.fill(0);
  const tableCount = Math.ceil(inputs / tableInputs);
  for (let k = 0; k < choices.length; k++) {
    const j = k % inputs;
    const mixture = Math.floor(k / inputs);
    keys[mixture * tableCount + Math.floor(j / tableInputs)] |= choices[k] << (j % tableInputs);
  }
}

/** Means over rows, summed from the first number on, so that the mean of equal numbers is exactly that number. */
class RunningMeans {
  private readonly columns: number;
  private readonly start: Float64Array;
  private readonly sums: Float64Array;

  constructor(mixtures: number, columns: number) {
    this.columns = columns;
    this.start = new Float64Array(mixtures * columns).fill(Number.NaN);
    this.sums = new Float64Array(mixtures * columns);
  }

  /** Adds the first `rows` rows of each panel of mixtures `first` ... `first + count - 1`. */
  add(first: number, count: number, rows: number, panelRows: number, said: Float64Array): void {
    const { columns, start, sums } = this;
    for (let p = 0, to = first * columns; p < count; p++) {
      for (let c = 0; c < columns; c++, to++) {
        const from = p * panelRows * columns + c;
        if (Number.isNaN(start[to])) start[to] = said[from];
        for (let r = 0; r < rows; r++) sums[to] += said[from + r * columns] - start[to];
      }
    }
  }

  result(rows: number): Float64Array {
    return this.sums.map((sum, k) => this.start[k] + sum / rows);
  }
}
