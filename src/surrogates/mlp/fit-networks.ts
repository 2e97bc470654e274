import { InputError, ShapeError } from "../../core/errors.ts";
import { stage } from "../../core/work.ts";
import type { FitInput, Surrogate, Task } from "../contract.ts";
import { columnScaling, scaleColumns, standardise, type ColumnScaling } from "../standardise.ts";
import { calibrateSpread } from "./calibrate-spread.ts";
import { divideRows } from "./kept-aside.ts";
import { surrogateOf } from "./network-model.ts";
import { createNetwork, shapeFor, startingBias, type Network } from "./network.ts";
import { checkNetworkOptions, type NetworkOptions } from "./options.ts";
import type { Member } from "./predict-networks.ts";
import { sourceOf, takeSource } from "./source-column.ts";
import { startOptimiser, trainNetwork } from "./train-network.ts";
import {
  fingerprintOf,
  loadProgress,
  saveProgress,
  type TrainingRecord,
} from "./training-state.ts";

/** How a family trains its networks. */
export interface NetworkFamily {
  readonly name: string;
  /** Networks, each with random numbers and rows kept aside of its own. */
  readonly members: number;
  /** Thinned networks of each member in prediction; 0 predicts with the whole network. */
  readonly samples: number;
  /** What was learned from other data before. */
  readonly prior?: Prior | undefined;
}

/** Where a network starts that was trained on other data before. */
export interface Prior {
  readonly scaling: ColumnScaling;
  /** How numbers are standardised; absent = by the rows. */
  readonly target: ColumnScaling | undefined;
  /** Sets the parameters to start with. */
  readonly start: (network: Network) => void;
  readonly factorOf: (name: string) => number;
  readonly summary: Surrogate["summary"];
}

/** Trains networks on checked input. */
export async function fitNetworks(
  { name, members: count, samples, prior }: NetworkFamily,
  input: FitInput,
  options: NetworkOptions,
): Promise<Surrogate> {
  checkNetworkOptions(name, options);
  const { x, y, task, rng, work = {}, columns, checkpoints, groups } = input;
  const { activation, precision, dropout, hidden } = options;
  const source = sourceOf(columns);
  const headCount = source?.levels.length ?? 1;
  const { inputs, heads } = takeSource(x, source);
  if (inputs.columns === 0) {
    throw new InputError(`${name}.fit: expected inputs beside the source column, got none.`, {
      path: "columns",
    });
  }
  if (groups !== undefined && groups.length !== x.rows) {
    throw new ShapeError(`${name}.fit: expected ${x.rows} groups, got ${groups.length}.`, {
      path: "groups",
    });
  }
  const { target, values } = scaleTargets(y, task, headCount, heads, prior?.target);
  const scaling = prior?.scaling ?? columnScaling(inputs);
  const mixture = { activation, precision, dropout, samples };
  const common = { name, task, inputs: x.columns, columns, hidden, scaling, target, ...mixture };
  const isConstant = task.kind === "regression" && y.every((value) => value === y[0]);
  if (isConstant) {
    const mean = new Float64Array(headCount).fill(y[0]);
    const constant = { mean, scale: new Float64Array(headCount).fill(1) };
    const summary = { rows: x.rows, constantTarget: y[0] };
    return surrogateOf({ ...common, target: constant, spread: 1, members: [], summary });
  }
  const data = { x: scaleColumns(inputs, scaling), y: values, task, heads };
  const shape = shapeFor(task, inputs.columns, headCount, options);
  const bias = startingBias(task, values, headCount, heads);
  const networkOf = (m: number): Network => {
    const network = createNetwork(shape, bias, rng.fork(`member ${m}`).fork("weights"));
    prior?.start(network);
    return network;
  };

  const first = networkOf(0);
  const fingerprint = fingerprintOf(
    JSON.stringify([
      name,
      count,
      task,
      columns ?? null,
      groups ?? null,
      options,
      prior?.summary ?? null,
    ]),
    x.data,
    y,
    first.parameters.values,
    Float64Array.of(rng.fork("fingerprint").bits()),
  );
  const resumed = resumeFrom(name, checkpoints?.resume, fingerprint, first, options);
  const members: Member[] = [];
  const records: TrainingRecord[] = [];
  const heldOut: Int32Array[] = [];
  for (let m = 0; m < count; m++) {
    const own = rng.fork(`member ${m}`);
    const network = networkOf(m);
    const rows = divideRows(values, task, { heads, groups }, options.holdOut, own.fork("hold-out"));
    const done = resumed.finished[m];
    if (done === undefined) {
      const finished = members.map((member, k) => ({
        values: member.network.parameters.values,
        record: records[k],
      }));
      const record = await trainNetwork(network, data, {
        rows,
        options,
        rng: own.fork("training"),
        work: stage(work, m / count, (m + 1) / count),
        label: count === 1 ? "network" : `network ${m + 1} of ${count}`,
        factorOf: prior?.factorOf,
        resume: m === resumed.finished.length ? resumed.running : undefined,
        keep: (running) => checkpoints?.save(saveProgress({ finished, running }, fingerprint)),
      });
      records.push(record);
      finished.push({ values: network.parameters.values, record });
      checkpoints?.save(saveProgress({ finished }, fingerprint));
    } else {
      network.parameters.values.set(done.values);
      records.push(done.record);
    }
    members.push({ network, maskSeed: own.fork("masks").bits() });
    heldOut.push(rows.heldOut);
  }
  const calibration =
    task.kind === "regression"
      ? calibrateSpread(members, heldOut, mixture, data)
      : { factor: 1, rows: 0 };
  const summary = {
    ...summarise(x.rows, members, records),
    ...(task.kind === "regression"
      ? { spreadFactor: calibration.factor, calibrationRows: calibration.rows }
      : {}),
    ...(source === undefined ? {} : { heads: headCount }),
    ...prior?.summary,
  };
  return surrogateOf({ ...common, spread: calibration.factor, members, summary });
}

/** Numbers standardised head by head; a head without rows is scaled as all rows together. */
function scaleTargets(
  y: Float64Array,
  task: Task,
  headCount: number,
  heads: Int32Array | undefined,
  given: ColumnScaling | undefined,
): { target: ColumnScaling; values: Float64Array } {
  const mean = new Float64Array(headCount);
  const scale = new Float64Array(headCount).fill(1);
  if (task.kind === "classification") return { target: { mean, scale }, values: y.slice() };
  if (given === undefined) {
    for (let head = 0; head < headCount; head++) {
      const own = heads === undefined ? y : y.filter((_, i) => heads[i] === head);
      const moments = standardise(own.length === 0 ? y : own);
      mean[head] = moments.mean;
      scale[head] = moments.scale;
    }
  }
  const target = given ?? { mean, scale };
  const values = y.map((value, i) => {
    const head = heads?.[i] ?? 0;
    return (value - target.mean[head]) / target.scale[head];
  });
  return { target, values };
}

/** What an interrupted training has done; nothing without one. */
function resumeFrom(
  name: string,
  state: Parameters<typeof loadProgress>[1] | undefined,
  fingerprint: string,
  network: Network,
  options: NetworkOptions,
): ReturnType<typeof loadProgress> {
  if (state === undefined) return { finished: [] };
  const who = `${name}.fit`;
  const { fingerprint: found } = state.settings;
  if (found !== fingerprint) {
    throw new InputError(
      `${who}: the checkpoint belongs to other data, options or seed than these.`,
      {
        path: "checkpoints.resume",
        expected: fingerprint,
        received: typeof found === "string" ? found : typeof found,
        hint: "Go on with the same data, options and seed, or train anew without the checkpoint.",
      },
    );
  }
  const size = network.parameters.values.length;
  return loadProgress(who, state, size, () => startOptimiser(network, options));
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
