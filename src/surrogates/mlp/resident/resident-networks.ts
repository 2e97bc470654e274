import type { Matrix } from "../../../core/matrix.ts";
import type { Precision } from "../../../kernels/networks.ts";
import type { Task } from "../../contract.ts";
import { layOutMixing, type MixedMeans } from "./mixed-rows.ts";
import type { Network } from "../network.ts";
import { chunkRows, networkPanels } from "./network-panels.ts";

/** Networks whose weights stay in the memory of kernels of their own, laid out for predictions alone. */
export interface ResidentNetworks {
  /**
   * What one network says of scaled inputs (n x inputs): means or probabilities, n x columns.
   * @param variance filled with the variance of each number, if given; untouched for classes
   */
  means(member: number, x: Matrix, variance?: Float64Array): Float64Array;
  /** Means over mixtures of one row and others. */
  readonly mixedMeans: MixedMeans;
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
  const panels = networkPanels(networks, task, precision);
  const { layers, panelRows, columns, start } = panels;
  return {
    means(member, x, variance) {
      const result = new Float64Array(x.rows * columns);
      for (let first = 0; first < x.rows; first += chunkRows) {
        const count = Math.min(chunkRows, x.rows - first);
        panels.storeRows(x, first, count, start);
        const outputs = panels.forward(layers[member], Math.ceil(count / panelRows));
        panels.read(outputs, count, result, first, variance);
      }
      return result;
    },
    mixedMeans: layOutMixing(networks, panels),
  };
}
