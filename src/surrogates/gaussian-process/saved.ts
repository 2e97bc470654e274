import { InputError } from "../../core/errors.ts";
import { correlations, type CorrelationName } from "../../core/linalg/covariance.ts";
import { matrix } from "../../core/matrix.ts";
import type { InputColumn, JsonValue, SavedArray } from "../contract.ts";
import type { StateReader } from "../saved-state.ts";
import { parameterCount, type CovarianceModel, type Places } from "./covariance-model.ts";
import type { Embedding } from "./embedding.ts";

// Parts that the states of the Gaussian processes have in common.

type Settings = Record<string, JsonValue>;
type Arrays = Record<string, SavedArray>;

/** Settings and arrays of the embedding. */
export function saveEmbedding(e: Embedding): { settings: Settings; arrays: Arrays } {
  return {
    settings: {
      sourceColumn: e.sourceColumn,
      fractions: Array.from(e.fractions),
      fractionCoordinates: e.factor.columns,
    },
    arrays: {
      ...(e.plain.length > 0 ? { plainColumns: e.plain } : {}),
      inputMeans: e.scaling.mean,
      inputScales: e.scaling.scale,
      ...(e.fractions.length > 0 ? { fractionFactor: e.factor.data } : {}),
    },
  };
}

export function loadEmbedding(state: StateReader, inputs: number): Embedding {
  const fractions = Int32Array.from(loadNumbers(state, "fractions"));
  const sourceColumn = state.number("sourceColumn");
  const plain = inputs - fractions.length - (sourceColumn < 0 ? 0 : 1);
  const coordinates = state.number("fractionCoordinates");
  return {
    inputs,
    plain: plain > 0 ? state.int32("plainColumns", plain) : new Int32Array(0),
    scaling: {
      mean: state.float64("inputMeans", inputs),
      scale: state.float64("inputScales", inputs),
    },
    fractions,
    factor:
      fractions.length > 0
        ? state.matrix("fractionFactor", fractions.length, coordinates)
        : matrix(0, 0),
    sourceColumn,
  };
}

/** A short list of numbers among the settings. @throws InputError for anything else */
export function loadNumbers(state: StateReader, key: string): number[] {
  const value = state.json(key);
  if (Array.isArray(value) && value.every((v) => typeof v === "number")) return value;
  throw new InputError(`"${key}" of the saved model: expected a list of numbers.`, { path: key });
}

export function saveModel({ kernel, scaleOf, scales, sources, rank }: CovarianceModel) {
  return { settings: { kernel, scales, sources, rank }, arrays: { scaleOf } };
}

export function loadModel(who: string, state: StateReader, embedding: Embedding): CovarianceModel {
  const kernel = state.text("kernel");
  if (!isKernel(kernel)) {
    throw new InputError(`${who}: "${kernel}" is no kernel.`, { path: "kernel" });
  }
  return {
    kernel,
    scaleOf: state.int32("scaleOf", embedding.plain.length + embedding.factor.columns),
    scales: state.number("scales"),
    sources: state.number("sources"),
    rank: state.number("rank"),
  };
}

const isKernel = (name: string): name is CorrelationName => Object.hasOwn(correlations, name);

/** Places of the rows with the count of them, under names that begin with `prefix`. */
export function savePlaces({ points, source }: Places): { settings: Settings; arrays: Arrays } {
  return {
    settings: { places: points.rows },
    arrays: { points: points.data, ...(source === undefined ? {} : { source }) },
  };
}

export function loadPlaces(state: StateReader, model: CovarianceModel): Places {
  const rows = state.number("places");
  return {
    points: state.matrix("points", rows, model.scaleOf.length),
    source: model.sources > 1 ? state.int32("source", rows) : undefined,
  };
}

/** Parameters of a covariance. */
export function loadParameters(
  state: StateReader,
  model: CovarianceModel,
  name = "parameters",
): Float64Array {
  return state.float64(name, parameterCount(model));
}

/** Columns as plain JSON. */
export function saveColumns(columns: readonly InputColumn[] | undefined): JsonValue {
  return (
    columns?.map(({ name, kind, levels }) => ({
      name,
      kind,
      ...(levels === undefined ? {} : { levels }),
    })) ?? null
  );
}

/** @throws InputError for what is no list of columns */
export function loadColumns(who: string, value: JsonValue): readonly InputColumn[] | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value) && value.every(isColumn)) return value;
  throw new InputError(`${who}: the columns of the saved model are damaged.`, { path: "columns" });
}

function isColumn(value: unknown): value is InputColumn {
  if (typeof value !== "object" || value === null) return false;
  const { name, kind, levels } = value as Partial<Record<keyof InputColumn, unknown>>;
  return (
    typeof name === "string" &&
    (kind === "number" || kind === "category" || kind === "source") &&
    (levels === undefined || (Array.isArray(levels) && levels.every((l) => typeof l === "string")))
  );
}
