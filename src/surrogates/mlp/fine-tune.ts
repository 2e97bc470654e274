import { InputError, ShapeError } from "../../core/errors.ts";
import type { FitInput, SavedSurrogate } from "../contract.ts";
import { checkNumberOption } from "../fit-input.ts";
import { scaleColumns, type ColumnScaling } from "../standardise.ts";
import type { Prior } from "./fit-networks.ts";
import type { NetworkModel } from "./network-model.ts";
import type { Network } from "./network.ts";
import { checkFlagOption } from "./options.ts";
import { sourceOf, takeSource } from "./source-column.ts";

/** How a network that was trained on other data before goes on. */
export interface FineTuning {
  /** The network to start with, as it was saved; its hidden layers and scaling of inputs are taken over. */
  readonly pretrained: SavedSurrogate | null;
  /** Hidden layers, from the inputs on, that stay as they are. */
  readonly frozenLayers: number;
  /**
   * Learning rate of a layer over that of the layer behind it; the output layer has the full rate.
   * Source: J. Howard, S. Ruder, ACL (2018), arXiv:1801.06146, section 3.2 (they take 1 / 2.6).
   */
  readonly layerRate: number;
  /** Starts the output layer anew: for another property or other classes. */
  readonly newHead: boolean;
}

export const fineTuningDefaults: FineTuning = {
  pretrained: null,
  frozenLayers: 0,
  layerRate: 1,
  newHead: false,
};

/** Rows further from those of the earlier training than this many of its standard deviations, in the mean. */
const otherUnits = 30;

/**
 * Checks that a pretrained model goes with rows and options, and tells how the training starts.
 * @param asked options that were given for the layers
 * @throws ShapeError for another number of inputs; InputError for another task, classes, sources or layers, for
 *   options out of range, and for numbers that seem to be in another unit
 */
export function priorFrom(
  name: string,
  model: NetworkModel,
  { frozenLayers, layerRate, newHead }: FineTuning,
  { x, y, task, columns }: FitInput,
  asked: { readonly hidden?: readonly number[]; readonly activation?: string },
): Prior {
  const who = `${name}.fit`;
  const depth = model.hidden.length;
  checkNumberOption(name, "frozenLayers", frozenLayers, { min: 0, max: depth, integer: true });
  checkNumberOption(name, "layerRate", layerRate, { min: 0, max: 1 });
  checkFlagOption(name, "newHead", newHead);
  const refuse = (path: string, message: string, hint: string): never => {
    throw new InputError(`${who}: ${message}`, { path, hint });
  };
  const [member] = model.members;
  if (member === undefined) {
    return refuse(
      "pretrained",
      "the pretrained model has no layers: its target was constant.",
      "Pretrain on rows whose target varies.",
    );
  }
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const differs = "Leave the option out: the layers of the pretrained model are taken.";
  if (asked.hidden !== undefined && !isSame(asked.hidden, model.hidden)) {
    refuse("hidden", `the pretrained model has hidden layers [${model.hidden.join()}].`, differs);
  }
  if (asked.activation !== undefined && asked.activation !== model.activation) {
    refuse("activation", `the pretrained model has the activation ${model.activation}.`, differs);
  }
  const { inputs, heads } = takeSource(x, sourceOf(columns));
  if (inputs.columns !== model.scaling.mean.length) {
    throw new ShapeError(
      `${who}: the pretrained model takes ${model.scaling.mean.length} inputs, got ${inputs.columns}.`,
      { path: "x", hint: "Give the same input columns, in the same order." },
    );
  }
  if (!newHead) {
    const anew = "Set newHead to start the output layer anew.";
    if (task.kind !== model.task.kind) {
      refuse("task", `the pretrained model is one of ${model.task.kind}.`, anew);
    }
    if (!isSame(task, model.task)) {
      const classes = model.task.kind === "classification" ? model.task.classes.join(", ") : "";
      refuse("task.classes", `the pretrained model has the classes ${classes}.`, anew);
    }
    if (!isSame(sourceOf(columns)?.levels, sourceOf(model.columns)?.levels)) {
      refuse("columns", "the pretrained model has other sources.", anew);
    }
  }
  checkScale(who, columnNames(columns, x.columns), scaleColumns(inputs, model.scaling));
  const target = newHead || task.kind === "classification" ? undefined : model.target;
  if (target !== undefined) checkTarget(who, y, heads, target);
  return {
    scaling: model.scaling,
    target,
    start: (network) => copyLayers(member.network, network, newHead),
    factorOf: (slot) => factorOf(slot, depth, frozenLayers, layerRate),
    summary: { pretrained: "yes", frozenLayers, layerRate, newHead: newHead ? "yes" : "no" },
  };
}

function copyLayers(from: Network, to: Network, newHead: boolean): void {
  const old = from.parameters;
  for (const { name, offset } of to.parameters.slots) {
    if (newHead && name.startsWith("output.")) continue;
    const source = old.slots.find((slot) => slot.name === name);
    if (source === undefined) continue;
    const end = source.offset + source.rows * source.columns;
    to.parameters.values.set(old.values.subarray(source.offset, end), offset);
  }
}

/** Share of the learning rate of `hidden 2.weight` and the like. */
function factorOf(slot: string, depth: number, frozenLayers: number, layerRate: number): number {
  const layer = /^hidden (\d+)\./.exec(slot);
  if (layer === null) return 1;
  const index = Number(layer[1]);
  if (index <= frozenLayers) return 0;
  let factor = 1;
  for (let k = index; k <= depth; k++) factor *= layerRate;
  return factor;
}

const columnNames = (columns: FitInput["columns"], count: number): string[] =>
  Array.from({ length: count }, (_, j) => j)
    .filter((j) => columns?.[j].kind !== "source")
    .map((j) => (columns === undefined ? `${j}` : `"${columns[j].name}"`));

function checkScale(
  who: string,
  names: readonly string[],
  scaled: { rows: number; columns: number; data: Float64Array },
): void {
  names.forEach((name, j) => {
    let sum = 0;
    for (let i = 0; i < scaled.rows; i++) sum += scaled.data[i * scaled.columns + j];
    const distance = Math.abs(sum / scaled.rows);
    if (distance <= otherUnits) return;
    throw new InputError(
      `${who}: column ${name} lies ${distance.toPrecision(3)} standard deviations from the rows of the pretrained model.`,
      { path: `column ${name}`, hint: "Give it in the unit of the earlier training." },
    );
  });
}

function checkTarget(
  who: string,
  y: Float64Array,
  heads: Int32Array | undefined,
  { mean, scale }: ColumnScaling,
): void {
  const sum = y.reduce((total, value, i) => {
    const head = heads?.[i] ?? 0;
    return total + (value - mean[head]) / scale[head];
  }, 0);
  const distance = Math.abs(sum / y.length);
  if (distance <= otherUnits) return;
  throw new InputError(
    `${who}: the targets lie ${distance.toPrecision(3)} standard deviations from those of the pretrained model.`,
    {
      path: "y",
      hint: "Give them in the unit of the earlier training, or set newHead for another property.",
    },
  );
}
