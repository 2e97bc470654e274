import { InputError, ShapeError, UnsupportedError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { suggest } from "../core/nearest-name.ts";
import type { FitInput, InputColumn, SurrogateSpec } from "./contract.ts";

/**
 * Checks everything `fit` receives, before any costly work.
 * @throws UnsupportedError for a task the family has not or more rows than it takes; ShapeError for
 *   sizes that differ; InputError for NaN or infinite values (naming row, counted from 0, and column),
 *   fewer than 2 rows, no columns, a class index out of range, a single class, two columns of one name.
 */
export function checkFitInput(
  spec: Pick<SurrogateSpec, "name" | "supports">,
  { x, y, task, columns, noiseStd, checkpoints }: FitInput,
): void {
  const who = `${spec.name}.fit`;
  if (!spec.supports[task.kind]) {
    throw new UnsupportedError(`${who}: ${task.kind} is not offered by this family.`, {
      path: "task",
      received: task.kind,
      hint: `Choose a surrogate that supports ${task.kind}.`,
    });
  }
  if (y.length !== x.rows) {
    throw new ShapeError(
      `${who}: expected one target per row, got ${y.length} targets for ${x.rows} rows.`,
      { path: "y", expected: `${x.rows} numbers`, received: `${y.length}` },
    );
  }
  if (x.rows < 2) {
    throw new InputError(`${who}: expected at least 2 rows, got ${x.rows}.`, {
      path: "x",
      hint: "Give more measured designs.",
    });
  }
  if (x.columns < 1) {
    throw new InputError(`${who}: expected at least 1 input column, got none.`, { path: "x" });
  }
  const { maxRows } = spec.supports;
  if (maxRows !== undefined && x.rows > maxRows) {
    throw new UnsupportedError(`${who}: takes at most ${maxRows} rows, got ${x.rows}.`, {
      path: "x",
      hint: "Choose a surrogate without this limit, such as random-forest.",
    });
  }
  if (columns !== undefined) checkColumns(who, spec.supports, x.columns, columns);
  checkInputs(who, x, columns, spec.supports);
  if (noiseStd !== undefined) checkNoise(who, spec.supports, task, noiseStd, x.rows);
  if (checkpoints !== undefined && spec.supports.checkpoints !== true) {
    throw new UnsupportedError(`${who}: this family keeps no checkpoints.`, {
      path: "checkpoints",
    });
  }
  for (let i = 0; i < y.length; i++) {
    if (!Number.isFinite(y[i])) {
      throw new InputError(`${who}: expected finite targets, got ${y[i]} in row ${i}.`, {
        path: `row ${i}, target`,
        received: `${y[i]}`,
        hint: "Leave rows without a measured target out.",
      });
    }
  }
  if (task.kind === "classification") checkClasses(who, y, task.classes);
}

/**
 * Checks what `predict` receives: `inputs` columns of finite numbers; missing ones and categories where
 * the family takes them.
 */
export function checkPredictInput(
  name: string,
  inputs: number,
  x: Matrix,
  columns?: readonly InputColumn[],
  supports: Partial<SurrogateSpec["supports"]> = {},
): void {
  const who = `${name}.predict`;
  if (x.columns !== inputs) {
    throw new ShapeError(
      `${who}: expected ${inputs} input columns as in training, got ${x.columns}.`,
      { path: "x", expected: `${inputs} columns`, received: `${x.columns}` },
    );
  }
  checkInputs(who, x, columns, supports);
}

/**
 * The family's defaults with the given options on top.
 * @throws InputError for an option the family has not.
 */
export function withDefaults<Options extends object>(
  name: string,
  defaults: Options,
  options: Partial<Options> | undefined,
): Options {
  const known = Object.keys(defaults);
  for (const key of Object.keys(options ?? {})) {
    if (!known.includes(key)) {
      throw new InputError(`${name}: "${key}" is not an option.`, {
        path: key,
        hint: suggest(key, known),
      });
    }
  }
  return { ...defaults, ...options };
}

/** @throws InputError unless the option is a number in [min, max], whole when `integer`. */
export function checkNumberOption(
  name: string,
  key: string,
  value: unknown,
  { min, max = Number.POSITIVE_INFINITY, integer = false }: NumberRange,
): void {
  const ok =
    typeof value === "number" &&
    value >= min &&
    value <= max &&
    (!integer || Number.isInteger(value));
  if (ok) return;
  const kind = integer ? "a whole number" : "a number";
  const range = max === Number.POSITIVE_INFINITY ? `of at least ${min}` : `of ${min} ... ${max}`;
  throw new InputError(`${name}: expected ${key} to be ${kind} ${range}, got ${String(value)}.`, {
    path: key,
    expected: `${kind} ${range}`,
    received: String(value),
  });
}

interface NumberRange {
  readonly min: number;
  readonly max?: number;
  readonly integer?: boolean;
}

function checkColumns(
  who: string,
  supports: SurrogateSpec["supports"],
  count: number,
  columns: readonly InputColumn[],
): void {
  if (columns.length !== count) {
    throw new ShapeError(
      `${who}: expected ${count} columns to be described, got ${columns.length}.`,
      {
        path: "columns",
      },
    );
  }
  const seen = new Set<string>();
  for (const { name, kind, levels = [] } of columns) {
    const path = `column "${name}"`;
    if (seen.has(name)) {
      throw new InputError(`${who}: two columns are named "${name}".`, {
        path,
        hint: "Rename or leave out one of them.",
      });
    }
    seen.add(name);
    if (kind === "number") continue;
    if (!(kind === "category" ? supports.categories : supports.sources)) {
      throw new UnsupportedError(`${who}: takes no ${kind} column, but "${name}" is one.`, {
        path,
        hint: `Give one column per level, or choose a surrogate that takes a ${kind}.`,
      });
    }
    if (levels.length === 0) {
      throw new InputError(`${who}: the ${kind} "${name}" has no levels.`, { path });
    }
  }
  if (columns.filter(({ kind }) => kind === "source").length > 1) {
    throw new InputError(`${who}: expected at most one source column.`, { path: "columns" });
  }
}

/** Whether no number is NaN or infinite, without a branch for each. */
function areFinite(numbers: Float64Array): boolean {
  let rest = 0;
  for (let k = 0; k < numbers.length; k++) rest += numbers[k] - numbers[k];
  return rest === 0;
}

function checkInputs(
  who: string,
  x: Matrix,
  columns: readonly InputColumn[] | undefined,
  supports: Partial<SurrogateSpec["supports"]>,
): void {
  if (columns === undefined && areFinite(x.data)) return;
  for (let k = 0; k < x.data.length; k++) {
    const value = x.data[k];
    const isMissing = Number.isNaN(value);
    const j = k % x.columns;
    const column = columns?.[j];
    const isNumber = column === undefined || column.kind === "number";
    if (isMissing ? supports.missing : Number.isFinite(value) && isNumber) continue;
    const levels = column?.levels ?? [];
    if (!isNumber && Number.isInteger(value) && value >= 0 && value < levels.length) continue;
    const row = Math.floor(k / x.columns);
    const name = column === undefined ? `${j}` : `"${column.name}"`;
    const expected = isNumber ? "finite inputs" : `a level of 0 ... ${levels.length - 1}`;
    throw new InputError(
      `${who}: expected ${expected}, got ${value} in row ${row}, column ${name}.`,
      {
        path: `row ${row}, column ${name}`,
        received: `${value}`,
        hint: isNumber
          ? "Fill or leave out rows with missing inputs."
          : "The level was not among those of the training.",
      },
    );
  }
}

function checkNoise(
  who: string,
  supports: SurrogateSpec["supports"],
  task: FitInput["task"],
  noiseStd: Float64Array,
  rows: number,
): void {
  if (!supports.noise || task.kind !== "regression") {
    throw new UnsupportedError(`${who}: takes no known noise for ${task.kind}.`, {
      path: "noiseStd",
      hint: "Choose a surrogate that takes the noise of each row, such as gaussian-process.",
    });
  }
  if (noiseStd.length !== rows) {
    throw new ShapeError(`${who}: expected ${rows} standard deviations, got ${noiseStd.length}.`, {
      path: "noiseStd",
    });
  }
  const bad = noiseStd.findIndex((std) => !(Number.isFinite(std) && std >= 0));
  if (bad >= 0) {
    throw new InputError(
      `${who}: expected standard deviations of at least 0, got ${noiseStd[bad]} in row ${bad}.`,
      { path: `row ${bad}, noise`, received: `${noiseStd[bad]}` },
    );
  }
}

function checkClasses(who: string, y: Float64Array, classes: readonly string[]): void {
  const seen = new Set<number>();
  for (let i = 0; i < y.length; i++) {
    const label = y[i];
    if (!Number.isInteger(label) || label < 0 || label >= classes.length) {
      throw new InputError(
        `${who}: expected a class index of 0 ... ${classes.length - 1}, got ${label} in row ${i}.`,
        { path: `row ${i}, target`, received: `${label}` },
      );
    }
    seen.add(label);
  }
  if (seen.size < 2) {
    const only = classes[y[0]];
    throw new InputError(`${who}: expected at least 2 classes in the rows, got only "${only}".`, {
      path: "y",
      received: only,
      hint: "A class that never changes cannot be learned; add rows of another class.",
    });
  }
}
