import { InputError } from "../../core/errors.ts";
import type { SavedArray, SavedState, SavedSurrogate } from "../contract.ts";
import { checkTrees } from "../forest/forest-state.ts";
import { columnsFromJson, columnsToJson } from "../saved-columns.ts";
import { readState, type StateReader } from "../saved-state.ts";
import type { BoostingState } from "./boosted-surrogate.ts";
import type { JoinedTrees } from "./ensemble.ts";
import { setBytes } from "./grow.ts";

/** A boosted model as saved state: the arrays of model m begin with `model m `, of its spread `spread m `. */
export function saveBoosting(state: BoostingState): SavedState {
  const { models, rounds, factor, hadMissing, columns, numbers } = state;
  const arrays: Record<string, SavedArray> = {};
  const sizes = (kind: string, all: readonly JoinedTrees[]) =>
    all.map((joined, m) => saveTrees(`${kind} ${m}`, joined, arrays));
  return {
    settings: {
      columns: columnsToJson(columns),
      models: sizes("model", models),
      rounds: [...rounds],
      factor,
      hadMissing,
      ...(numbers === undefined
        ? {}
        : {
            spreads: sizes("spread", numbers.spread.models),
            spreadRounds: numbers.spread.rounds,
            spreadFactor: numbers.spread.factor,
            shift: numbers.shift,
            offset: numbers.offset,
            scale: numbers.scale,
          }),
    },
    arrays,
  };
}

/** What `saveBoosting` gave. @throws InputError for parts that are missing or do not fit together */
export function readBoosting(who: string, saved: SavedSurrogate): BoostingState {
  const read = readState(who, saved);
  const { task, inputs, summary } = saved;
  const models = (kind: string, scores: number) =>
    readList(who, `${kind}s`, read, 4).map(([trees, nodes, sets, depth], m) =>
      readTrees(who, `${kind} ${m}`, read, { trees, nodes, sets, depth, scores, inputs }),
    );
  const classes = task.kind === "classification" ? task.classes.length : 1;
  const scores = classes > 2 ? classes : 1;
  const found = models("model", scores);
  const rounds = readList(who, "rounds", read, 1).map(([round]) => round);
  const last = rounds.at(-1);
  if (last === undefined || found.some(({ forest }) => forest.trees !== last * scores)) {
    throw damaged(who, "rounds");
  }
  const state = {
    task,
    inputs,
    summary,
    columns: columnsFromJson(who, read.json("columns"), inputs),
    models: found,
    rounds,
    factor: read.number("factor"),
    hadMissing: read.flag("hadMissing"),
  };
  if (task.kind === "classification") return state;
  const spread = {
    models: models("spread", 1),
    rounds: read.number("spreadRounds"),
    factor: read.number("spreadFactor"),
  };
  if (spread.models.some(({ forest }) => forest.trees !== spread.rounds)) {
    throw damaged(who, "spreadRounds");
  }
  const [shift, offset, scale] = [
    read.number("shift"),
    read.number("offset"),
    read.number("scale"),
  ];
  return { ...state, numbers: { spread, shift, offset, scale } };
}

function damaged(who: string, path: string): InputError {
  return new InputError(`${who}: "${path}" of the saved model does not fit the rest of it.`, {
    path,
    hint: "The file is damaged; train the model again.",
  });
}

/** A list of numbers, or of lists of `width` numbers. */
function readList(who: string, key: string, read: StateReader, width: number): number[][] {
  const list = read.json(key);
  if (!Array.isArray(list)) throw damaged(who, key);
  return list.map((entry: unknown) => {
    const values: unknown[] = Array.isArray(entry) ? entry : [entry];
    const isNumber = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
    if (values.length !== width || !values.every(isNumber)) throw damaged(who, key);
    return values as number[];
  });
}

/** Puts the arrays of joined trees among the others; returns trees, nodes, sets and depth. */
function saveTrees(
  prefix: string,
  { start, forest, missingRight, levelSet, sets }: JoinedTrees,
  arrays: Record<string, SavedArray>,
): number[] {
  const { trees, roots, feature, threshold, left, leafMean, depth } = forest;
  const parts = { start, roots, feature, threshold, left, leafMean, missingRight, levelSet };
  for (const [key, values] of Object.entries(parts)) arrays[`${prefix} ${key}`] = values;
  if (sets.length > 0) arrays[`${prefix} sets`] = sets;
  return [trees, left.length, sets.length / setBytes, depth];
}

function readTrees(
  who: string,
  prefix: string,
  read: StateReader,
  size: {
    readonly trees: number;
    readonly nodes: number;
    readonly sets: number;
    readonly depth: number;
    readonly scores: number;
    readonly inputs: number;
  },
): JoinedTrees {
  const { trees, nodes, sets, depth, scores, inputs } = size;
  // A binary tree has one leaf more than splits.
  const leaves = (nodes + trees) / 2;
  const forest = {
    trees,
    inputs,
    outputs: 1,
    depth,
    roots: read.int32(`${prefix} roots`, trees),
    feature: read.int32(`${prefix} feature`, nodes),
    threshold: read.float64(`${prefix} threshold`, nodes),
    left: read.int32(`${prefix} left`, nodes),
    leafMean: read.float64(`${prefix} leafMean`, leaves),
    leafVariance: new Float64Array(leaves),
  };
  checkTrees(who, forest, leaves);
  const levelSet = read.int32(`${prefix} levelSet`, nodes);
  if (levelSet.some((set) => set >= sets)) throw damaged(who, `${prefix} levelSet`);
  return {
    start: read.float64(`${prefix} start`, scores),
    forest,
    missingRight: read.uint8(`${prefix} missingRight`, nodes),
    levelSet,
    sets: sets > 0 ? read.uint8(`${prefix} sets`, sets * setBytes) : new Uint8Array(0),
  };
}
