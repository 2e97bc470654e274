import { rowOf, matrix, type Matrix } from "../../core/matrix.ts";
import type { Slot } from "../../core/autodiff/parameters.ts";
import type { DenseLayer, LayeredNetworks } from "../structure.ts";
import type { NetworkModel } from "./network-model.ts";
import type { Network } from "./network.ts";

/**
 * The layers behind a mean prediction; undefined where it is not one of plain layers: a constant, thinned
 * networks, heads chosen by source.
 */
export function layersOf(model: NetworkModel): LayeredNetworks | undefined {
  const { members, task, samples, dropout, target, scaling, activation } = model;
  const isThinned = samples > 0 && dropout > 0;
  if (members.length === 0 || isThinned || scaling.mean.length !== model.inputs) return undefined;
  const outputs = task.kind === "regression" ? 1 : task.classes.length;
  return {
    inputs: scaling.mean.length,
    outputs,
    inputMean: scaling.mean,
    inputScale: scaling.scale,
    activation,
    networks: members.map(({ network }) => denseLayers(network, outputs)),
    link: task.kind === "regression" ? "identity" : "softmax",
    offset: target.mean[0],
    scale: target.scale[0],
  };
}

/** The layers of a network; of the last one only the columns that give the mean. */
function denseLayers({ hidden, output, parameters }: Network, outputs: number): DenseLayer[] {
  const numbers = ({ offset, rows, columns }: Slot): Matrix =>
    matrix(rows, columns, parameters.values.slice(offset, offset + rows * columns));
  return [...hidden, output].map(({ name, weight, bias }, k) => {
    const all = numbers(weight);
    const columns = k === hidden.length ? outputs : all.columns;
    const kept = matrix(all.rows, columns);
    for (let i = 0; i < all.rows; i++) rowOf(kept, i).set(rowOf(all, i).subarray(0, columns));
    return { name, weight: kept, bias: numbers(bias).data.slice(0, columns) };
  });
}
