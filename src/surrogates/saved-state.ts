import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import { matrix, type Matrix } from "../core/matrix.ts";
import type {
  JsonValue,
  SavedArray,
  SavedState,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
} from "./contract.ts";

/** The surrogate's state with what it is, ready for a file; `undefined` when its family cannot be saved. */
export function saveSurrogate(
  spec: SurrogateSpec,
  surrogate: Surrogate,
): SavedSurrogate | undefined {
  if (spec.version === undefined || surrogate.save === undefined) return undefined;
  const { name: family, task, inputs, summary } = surrogate;
  return { family, version: spec.version, task, inputs, summary, ...surrogate.save() };
}

/**
 * The surrogate that was saved; it predicts the same bytes.
 * @throws InputError for a family that is not among `specs`, a state of a newer version, or one that is damaged
 */
export function loadSurrogate(
  specs: Readonly<Record<string, SurrogateSpec>>,
  saved: SavedSurrogate,
): Surrogate {
  const { family, version } = saved;
  const spec = Object.hasOwn(specs, family) ? specs[family] : undefined;
  if (spec?.load === undefined || spec.version === undefined) {
    const known = Object.keys(specs).filter((name) => specs[name].load !== undefined);
    throw new InputError(`"${family}" is not a family of models that can be loaded.`, {
      path: "family",
      received: family,
      hint: suggest(family, known),
    });
  }
  if (!Number.isInteger(version) || version < 1 || version > spec.version) {
    throw new InputError(
      `The model is of version ${version} of ${family}; this ystar reads up to ${spec.version}.`,
      { path: "version", hint: "Update ystar, or train the model again." },
    );
  }
  return spec.load(saved);
}

/** Reads a saved state; everything that is missing or of another kind is an InputError with its name. */
export interface StateReader {
  number(key: string): number;
  text(key: string): string;
  flag(key: string): boolean;
  /** Any plain JSON. */
  json(key: string): JsonValue;
  /** @param length expected number of entries; any when absent */
  float64(name: string, length?: number): Float64Array;
  float32(name: string, length?: number): Float32Array;
  int32(name: string, length?: number): Int32Array;
  uint8(name: string, length?: number): Uint8Array;
  matrix(name: string, rows: number, columns: number): Matrix;
}

/** A reader of the state; arrays are copies. `who` begins the errors. */
export function readState(who: string, { settings, arrays }: SavedState): StateReader {
  const fail = (name: string, expected: string, received: string): never => {
    throw new InputError(
      `${who}: "${name}" of the saved model: expected ${expected}, got ${received}.`,
      {
        path: name,
        expected,
        received,
        hint: "The file is damaged or is not a model of this family; train it again.",
      },
    );
  };
  const setting = (key: string): JsonValue =>
    Object.hasOwn(settings, key) ? settings[key] : fail(key, "a value", "none");
  const wrong = (key: string, type: string): never => fail(key, type, typeof settings[key]);
  const array = <Kind extends SavedArray>(
    name: string,
    kind: new (values: ArrayLike<number>) => Kind,
    length: number | undefined,
  ): Kind => {
    if (!Object.hasOwn(arrays, name)) return fail(name, "numbers", "none");
    const values = arrays[name];
    if (!(values instanceof kind)) return fail(name, kind.name, values.constructor.name);
    if (length !== undefined && values.length !== length) {
      return fail(name, `${length} numbers`, `${values.length}`);
    }
    return new kind(values);
  };
  return {
    number: (key) => {
      const value = setting(key);
      return typeof value === "number" ? value : wrong(key, "a number");
    },
    text: (key) => {
      const value = setting(key);
      return typeof value === "string" ? value : wrong(key, "text");
    },
    flag: (key) => {
      const value = setting(key);
      return typeof value === "boolean" ? value : wrong(key, "true or false");
    },
    json: setting,
    float64: (name, length) => array(name, Float64Array, length),
    float32: (name, length) => array(name, Float32Array, length),
    int32: (name, length) => array(name, Int32Array, length),
    uint8: (name, length) => array(name, Uint8Array, length),
    matrix: (name, rows, columns) =>
      matrix(rows, columns, array(name, Float64Array, rows * columns)),
  };
}
