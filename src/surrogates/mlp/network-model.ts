import { InputError, NumericalError, ShapeError } from "../../core/errors.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type {
  InputColumn,
  JsonValue,
  Prediction,
  SavedState,
  SavedSurrogate,
  Surrogate,
  Task,
} from "../contract.ts";
import { checkPredictInput } from "../fit-input.ts";
import { layersGradient } from "../gradients.ts";
import { readState } from "../saved-state.ts";
import { scaleColumns, type ColumnScaling } from "../standardise.ts";
import { layersOf } from "./network-layers.ts";
import { createNetwork, shapeFor } from "./network.ts";
import { activationNamed, precisionNamed } from "./options.ts";
import {
  layOut,
  meanOf,
  predictMixture,
  predictMixtureMean,
  type Member,
  type Mixture,
} from "./predict-networks.ts";
import type { ResidentNetworks } from "./resident/resident-networks.ts";
import { readColumns, sourceOf, takeSource, type SourceColumn } from "./source-column.ts";

/** All that a fitted surrogate of networks consists of. */
export interface NetworkModel extends Mixture {
  readonly name: string;
  readonly task: Task;
  readonly inputs: number;
  readonly columns: readonly InputColumn[] | undefined;
  readonly hidden: readonly number[];
  /** Of the inputs without the source. */
  readonly scaling: ColumnScaling;
  /** How numbers of each head were standardised; mean 0 and scale 1 for classes. */
  readonly target: ColumnScaling;
  /** Factor of all standard deviations that rows kept aside asked for. */
  readonly spread: number;
  /** None for a constant target. */
  readonly members: readonly Member[];
  readonly summary: Surrogate["summary"];
}

/** The surrogate of a model. */
export function surrogateOf(model: NetworkModel): Surrogate {
  const { name, task, inputs, summary, columns } = model;
  const source = sourceOf(columns);
  const layers = layersOf(model);
  let laidOut: { readonly networks: ResidentNetworks | undefined } | undefined;
  const resident = (): ResidentNetworks | undefined =>
    (laidOut ??= { networks: layOut(model.members, task, model) }).networks;
  const predict = (x: Matrix): Prediction => {
    checkPredictInput(name, inputs, x, columns, { sources: source !== undefined });
    return predictRows(model, source, resident(), x);
  };
  return {
    name,
    task,
    inputs,
    summary,
    ...(layers === undefined ? {} : { layers }),
    ...(layers?.link !== "identity"
      ? {}
      : {
          gradient(x: Matrix) {
            checkPredictInput(name, inputs, x, columns);
            return layersGradient(layers, x);
          },
        }),
    predict,
    predictMean(x) {
      const networks = resident();
      if (networks === undefined || source !== undefined) return predict(x).mean;
      checkPredictInput(name, inputs, x, columns);
      const says = predictMixtureMean(
        networks,
        model.members.length,
        scaleColumns(x, model.scaling),
      );
      return inUnits(model, says);
    },
    ...(layers === undefined
      ? {}
      : {
          mixedMeans(row: Float64Array, background: Matrix, choices: Uint8Array) {
            checkPredictInput(name, inputs, matrix(1, row.length, row), columns);
            checkPredictInput(name, inputs, background, columns);
            checkMixtures(name, inputs, background, choices);
            return mixedMeansOf(model, resident()!, row, background, choices);
          },
        }),
    save: () => saveModel(model),
  };
}

function checkMixtures(
  name: string,
  inputs: number,
  background: Matrix,
  choices: Uint8Array,
): void {
  if (background.rows > 0 && choices.length % inputs === 0) return;
  throw new ShapeError(
    `${name}.mixedMeans: expected background rows and ${inputs} choices for each mixture, got ` +
      `${background.rows} rows and ${choices.length} choices.`,
  );
}

function mixedMeansOf(
  model: NetworkModel,
  resident: ResidentNetworks,
  row: Float64Array,
  background: Matrix,
  choices: Uint8Array,
): Matrix {
  const one = scaleColumns(matrix(1, row.length, row), model.scaling).data;
  const many = scaleColumns(background, model.scaling);
  const says = meanOf(model.members.length, (m) => resident.mixedMeans(m, one, many, choices));
  return inUnits(model, says);
}

/** What the members say in the mean, in the caller's units (n x columns); `says` is overwritten. */
function inUnits({ name, task, target }: NetworkModel, says: Float64Array): Matrix {
  const columns = task.kind === "regression" ? 1 : task.classes.length;
  const [shift] = target.mean;
  const factor = task.kind === "regression" ? target.scale[0] : 1;
  for (let k = 0; k < says.length; k++) {
    if (!Number.isFinite(says[k])) throw tooFar(name, Math.floor(k / columns));
    if (task.kind === "regression") says[k] = shift + factor * says[k];
  }
  return matrix(says.length / columns, columns, says);
}

function tooFar(name: string, row: number): NumericalError {
  return new NumericalError(`${name}.predict: row ${row} is too far from the training rows.`, {
    path: `row ${row}`,
    hint: "Its inputs are so large that the network overflows; check their units.",
  });
}

function predictRows(
  model: NetworkModel,
  source: SourceColumn | undefined,
  resident: ResidentNetworks | undefined,
  x: Matrix,
): Prediction {
  const { members, task, target, spread, scaling, name } = model;
  if (members.length === 0) {
    const mean = new Float64Array(x.rows).fill(target.mean[0]);
    const none = matrix(x.rows, 1);
    return { mean: matrix(x.rows, 1, mean), epistemicStd: none, aleatoricStd: none };
  }
  const { inputs, heads } = takeSource(x, source);
  const scaled = predictMixture(
    members,
    task,
    model,
    scaleColumns(inputs, scaling),
    heads,
    resident,
  );
  for (let k = 0; k < scaled.mean.data.length; k++) {
    const isFinite = Number.isFinite(scaled.mean.data[k] + scaled.aleatoricStd.data[k]);
    if (isFinite && Number.isFinite(scaled.epistemicStd.data[k])) continue;
    throw tooFar(name, Math.floor(k / scaled.mean.columns));
  }
  if (task.kind === "classification") return scaled;
  const back = (part: Matrix, factor: number, shift: (head: number) => number): Matrix =>
    matrix(
      part.rows,
      1,
      part.data.map((z, i) => {
        const head = heads?.[i] ?? 0;
        return shift(head) + factor * target.scale[head] * z;
      }),
    );
  return {
    mean: back(scaled.mean, 1, (head) => target.mean[head]),
    epistemicStd: back(scaled.epistemicStd, spread, () => 0),
    aleatoricStd: back(scaled.aleatoricStd, spread, () => 0),
  };
}

function saveModel(model: NetworkModel): SavedState {
  const { columns, hidden, activation, precision, dropout, samples, members, spread } = model;
  const size = members[0]?.network.parameters.values.length ?? 0;
  const parameters = new (precision === "f64" ? Float64Array : Float32Array)(size * members.length);
  members.forEach(({ network }, m) => parameters.set(network.parameters.values, m * size));
  const described: JsonValue =
    columns?.map(({ name, kind, levels = [] }) => ({ name, kind, levels })) ?? null;
  return {
    settings: {
      columns: described,
      hidden,
      activation,
      precision,
      dropout,
      samples,
      spread,
      maskSeeds: members.map(({ maskSeed }) => maskSeed),
    },
    arrays: {
      inputMean: model.scaling.mean,
      inputScale: model.scaling.scale,
      targetMean: model.target.mean,
      targetScale: model.target.scale,
      parameters,
    },
  };
}

/**
 * The model that was saved.
 * @throws InputError for a state that is damaged or of another family
 */
export function loadModel(saved: SavedSurrogate): NetworkModel {
  const { family: name, task, inputs, summary } = saved;
  const who = `${name}.load`;
  const reader = readState(who, saved);
  const columns = readColumns(reader.json("columns"));
  if (columns !== undefined && columns.length !== inputs) {
    throw new InputError(`${who}: expected ${inputs} columns, got ${columns.length}.`, {
      path: "columns",
    });
  }
  const heads = sourceOf(columns)?.levels.length ?? 1;
  const width = heads === 1 && sourceOf(columns) === undefined ? inputs : inputs - 1;
  const hidden = wholeNumbers(who, "hidden", reader.json("hidden"));
  const maskSeeds = wholeNumbers(who, "maskSeeds", reader.json("maskSeeds"));
  const activation = activationNamed(who, reader.text("activation"));
  const precision = precisionNamed(who, reader.text("precision"));
  const shape = shapeFor(task, width, heads, { hidden, activation });
  const bias = new Float64Array(shape.heads * shape.outputs);
  const networks = maskSeeds.map(() => createNetwork(shape, bias, createRng(0)));
  const size = networks[0]?.parameters.values.length ?? 0;
  const all =
    precision === "f64"
      ? reader.float64("parameters", size * networks.length)
      : reader.float32("parameters", size * networks.length);
  networks.forEach(({ parameters }, m) => {
    parameters.values.set(all.subarray(m * size, (m + 1) * size));
    for (const slot of parameters.slots) {
      const own = parameters.values.subarray(slot.offset, slot.offset + slot.rows * slot.columns);
      if (own.every(Number.isFinite)) continue;
      throw new InputError(`${who}: "${slot.name}" holds a number that is not finite.`, {
        path: slot.name,
        hint: "The file is damaged; train the model again.",
      });
    }
  });
  const scaling = {
    mean: reader.float64("inputMean", width),
    scale: reader.float64("inputScale", width),
  };
  const target = {
    mean: reader.float64("targetMean", heads),
    scale: reader.float64("targetScale", heads),
  };
  return {
    name,
    task,
    inputs,
    columns,
    hidden,
    activation,
    precision,
    dropout: reader.number("dropout"),
    samples: reader.number("samples"),
    scaling,
    target,
    spread: reader.number("spread"),
    members: networks.map((network, m) => ({ network, maskSeed: maskSeeds[m] })),
    summary,
  };
}

function wholeNumbers(who: string, key: string, value: JsonValue): number[] {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [null];
  return list.map((item) => {
    if (typeof item === "number" && Number.isInteger(item) && item >= 0) return item;
    throw new InputError(`${who}: expected "${key}" of the saved model to be whole numbers.`, {
      path: key,
      hint: "The file is damaged or is not a model of this family; train it again.",
    });
  });
}
