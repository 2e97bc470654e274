import {
  loadParameters,
  saveParameters,
  copyParameters,
} from "../../core/autodiff/save-parameters.ts";
import type { SavedParameters } from "../../core/autodiff/save-parameters.ts";
import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { stage } from "../../core/work.ts";
import type { FitInput, Surrogate, Task } from "../contract.ts";
import { checkPredictInput } from "../fit-input.ts";
import { columnScaling, scaleColumns, standardise, type ColumnScaling } from "../standardise.ts";
import { createNetwork, shapeFor, startingBias } from "./network.ts";
import { checkNetworkOptions, type NetworkOptions } from "./options.ts";
import { predictMixture, type Member } from "./predict-networks.ts";
import { trainNetwork, type TrainingRecord } from "./train-network.ts";

/** Fitted networks as plain JSON. */
export interface SavedNetworks {
  readonly format: "ystar-networks";
  readonly version: 1;
  readonly name: string;
  readonly task: Task;
  readonly inputs: number;
  readonly options: NetworkOptions;
  readonly scaling: { readonly mean: readonly number[]; readonly scale: readonly number[] };
  readonly target: { readonly mean: number; readonly scale: number };
  readonly members: readonly { readonly maskSeed: number; readonly parameters: SavedParameters }[];
  readonly summary: Surrogate["summary"];
}

/** A surrogate of one or more networks, which can be saved. */
export interface NetworkSurrogate extends Surrogate {
  saveNetworks(): SavedNetworks;
}

/** All that a fitted surrogate consists of. */
interface NetworkModel {
  readonly name: string;
  readonly task: Task;
  readonly inputs: number;
  readonly options: NetworkOptions;
  readonly scaling: ColumnScaling;
  readonly target: { readonly mean: number; readonly scale: number };
  /** None for a constant target. */
  readonly members: readonly Member[];
  readonly summary: Surrogate["summary"];
}

/** Trains `count` networks, each with random numbers and rows kept aside of its own, on checked input. */
export async function fitNetworks(
  name: string,
  count: number,
  { x, y, task, rng, work = {} }: FitInput,
  options: NetworkOptions,
): Promise<NetworkSurrogate> {
  checkNetworkOptions(name, options);
  const isClasses = task.kind === "classification";
  const { mean, scale, values } = isClasses ? { mean: 0, scale: 1, values: y } : standardise(y);
  const scaling = columnScaling(x);
  const common = { name, task, inputs: x.columns, options, scaling, target: { mean, scale } };
  if (!isClasses && values.every((value) => value === 0)) {
    const summary = { rows: x.rows, constantTarget: mean };
    return surrogateOf({ ...common, members: [], summary });
  }
  const data = { x: scaleColumns(x, scaling), y: values, task };
  const shape = shapeFor(task, x.columns, options);
  const members: Member[] = [];
  const records: TrainingRecord[] = [];
  for (let m = 0; m < count; m++) {
    const own = rng.fork(`member ${m}`);
    const network = createNetwork(shape, startingBias(task, values), own.fork("weights"));
    const label = count === 1 ? "network" : `network ${m + 1} of ${count}`;
    const part = stage(work, m / count, (m + 1) / count);
    records.push(await trainNetwork(network, data, options, own, part, label));
    members.push({ network, maskSeed: own.fork("masks").bits() });
  }
  return surrogateOf({ ...common, members, summary: summarise(x.rows, members, records) });
}

function summarise(
  rows: number,
  members: readonly Member[],
  records: readonly TrainingRecord[],
): Surrogate["summary"] {
  const average = (value: (record: TrainingRecord) => number): number =>
    records.reduce((sum, record) => sum + value(record), 0) / records.length;
  return {
    rows,
    networks: members.length,
    parameters: members.reduce((sum, { network }) => sum + network.parameters.values.length, 0),
    epochs: average((record) => record.epochs),
    bestEpoch: average((record) => record.bestEpoch),
    heldOutRows: records[0].heldOutRows,
    loss: average((record) => record.loss),
  };
}

function surrogateOf(model: NetworkModel): NetworkSurrogate {
  const { name, task, inputs, options, scaling, target, members, summary } = model;
  return {
    name,
    task,
    inputs,
    summary,
    predict(rows) {
      checkPredictInput(name, inputs, rows);
      if (members.length === 0) {
        return {
          mean: matrix(rows.rows, 1, new Float64Array(rows.rows).fill(target.mean)),
          epistemicStd: matrix(rows.rows, 1),
          aleatoricStd: matrix(rows.rows, 1),
        };
      }
      return predictMixture(members, task, options, scaleColumns(rows, scaling), target);
    },
    saveNetworks: () => ({
      format: "ystar-networks",
      version: 1,
      name,
      task,
      inputs,
      options,
      scaling: { mean: [...scaling.mean], scale: [...scaling.scale] },
      target,
      members: members.map(({ network, maskSeed }) => ({
        maskSeed,
        parameters: saveParameters(network.parameters, options.precision),
      })),
      summary,
    }),
  };
}

/**
 * The surrogate that `save` gave; it predicts the same.
 * @throws InputError when it is something else, of a newer version, truncated, or its layers do not fit
 */
export function loadNetworks(saved: SavedNetworks): NetworkSurrogate {
  const { format, version, name, task, inputs, options, target, summary } = saved;
  if (format !== "ystar-networks") {
    throw new InputError(`loadNetworks: expected saved networks, got "${String(format)}".`, {
      path: "format",
    });
  }
  if (version !== 1) {
    throw new InputError(`loadNetworks: expected version 1, got ${String(version)}.`, {
      path: "version",
      hint: "The model was saved by a newer version of ystar; update it.",
    });
  }
  checkNetworkOptions(name, options);
  const scaling = {
    mean: Float64Array.from(saved.scaling.mean),
    scale: Float64Array.from(saved.scaling.scale),
  };
  if (scaling.mean.length !== inputs || scaling.scale.length !== inputs) {
    throw new InputError(`loadNetworks: expected the scaling of ${inputs} inputs.`, {
      path: "scaling",
    });
  }
  const shape = shapeFor(task, inputs, options);
  const members = saved.members.map(({ maskSeed, parameters }) => {
    const network = createNetwork(shape, new Float64Array(shape.outputs), createRng(0));
    copyParameters(loadParameters(parameters), network.parameters);
    return { network, maskSeed };
  });
  return surrogateOf({ name, task, inputs, options, scaling, target, members, summary });
}
