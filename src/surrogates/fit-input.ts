import { InputError, ShapeError, UnsupportedError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { suggest } from "../core/nearest-name.ts";
import type { FitInput, SurrogateSpec } from "./contract.ts";

/**
 * Checks everything `fit` receives, before any costly work.
 * @throws UnsupportedError for a task the family has not or more rows than it takes; ShapeError for
 *   sizes that differ; InputError for NaN or infinite values (naming row and column, counted from 0),
 *   fewer than 2 rows, no columns, a class index out of range, or a single class.
 */
export function checkFitInput(
  spec: Pick<SurrogateSpec, "name" | "supports">,
  { x, y, task }: FitInput,
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
  checkFinite(who, x);
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

/** Checks what `predict` receives: `inputs` columns of finite numbers. */
export function checkPredictInput(name: string, inputs: number, x: Matrix): void {
  const who = `${name}.predict`;
  if (x.columns !== inputs) {
    throw new ShapeError(
      `${who}: expected ${inputs} input columns as in training, got ${x.columns}.`,
      { path: "x", expected: `${inputs} columns`, received: `${x.columns}` },
    );
  }
  checkFinite(who, x);
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

function checkFinite(who: string, x: Matrix): void {
  for (let k = 0; k < x.data.length; k++) {
    if (Number.isFinite(x.data[k])) continue;
    const row = Math.floor(k / x.columns);
    const column = k % x.columns;
    throw new InputError(
      `${who}: expected finite inputs, got ${x.data[k]} in row ${row}, column ${column}.`,
      {
        path: `row ${row}, column ${column}`,
        received: `${x.data[k]}`,
        hint: "Fill or leave out rows with missing inputs.",
      },
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
