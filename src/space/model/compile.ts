import { InputError } from "../../core/errors.ts";
import { activities, canonicalValue, impliedConstraints, isConditional } from "./activity.ts";
import { ConstraintCompiler } from "./compile-constraints.ts";
import type {
  CategoricalParameter,
  Column,
  CompositionParameter,
  Parameter,
  WordPlaces,
} from "../contract.ts";
import type {
  CompositionModel,
  ConditionalModel,
  ElementModel,
  Model,
  OtherModel,
  SpaceSpec,
} from "./model.ts";
import { PRESENT } from "./tolerance.ts";
import { gridOf, validateParameters } from "./validate.ts";

/**
 * Checks a specification and turns it into numbers.
 * @param fixed columns that are held at one value
 * @throws InputError for whatever is malformed or names something unknown
 * @throws InfeasibleError when the fractions cannot sum to one
 */
export function compileSpace(given: SpaceSpec, fixed: FixedColumns = new Map()): Model {
  validateParameters(given.parameters);
  const spec = {
    ...given,
    constraints: [...given.constraints, ...impliedConstraints(given.parameters)],
  };
  // Fractions come first, whatever the order of the parameters, so that element i is column i.
  const ordered = [
    ...spec.parameters.filter((parameter) => parameter.kind === "composition"),
    ...spec.parameters.filter((parameter) => parameter.kind !== "composition"),
  ];
  const columns = ordered.flatMap(columnsOf).map((column, j): Column => {
    const value = fixed.get(j);
    return value === undefined ? column : { ...column, min: value, max: value };
  });
  const first = ordered[0]!;
  const composition = first.kind === "composition" ? compileComposition(first, fixed) : null;
  const others = ordered
    .filter((parameter) => parameter.kind !== "composition")
    .map((parameter, i): OtherModel => {
      const column = (composition?.elements.length ?? 0) + i;
      const value = fixed.get(column);
      if (parameter.kind === "continuous") {
        const gap = parameter.zeroOr === true && value === undefined ? parameter.min : 0;
        const { min, max } = columns[column]!;
        return { kind: "continuous", column, min, max, gap };
      }
      if (value !== undefined) {
        return {
          kind: "finite",
          column,
          values: [value],
          isCategory: parameter.kind === "categorical",
        };
      }
      if (parameter.kind === "discrete") {
        const values = [...parameter.values].sort((a, b) => a - b);
        return { kind: "finite", column, values, isCategory: false };
      }
      return {
        kind: "finite",
        column,
        values: parameter.values.map((_, j) => j),
        isCategory: true,
      };
    });
  const active = activities(spec.parameters);
  const compiler = new ConstraintCompiler(
    spec,
    columns,
    composition,
    active,
    given.constraints.length,
  );
  spec.constraints.forEach((constraint, source) => compiler.add(constraint, source));
  const own = composition?.parameter.count;
  const counts = [...compiler.counts];
  if (own !== undefined && composition !== null) {
    counts.unshift({ source: -1, columns: composition.elements.map((_, i) => i), ...own });
  }
  return {
    spec,
    columns,
    composition,
    others,
    linear: compiler.linear,
    counts,
    exclusions: compiler.exclusions,
    functions: compiler.functions,
    switches: others.filter((other) => other.kind === "continuous").filter(({ gap }) => gap > 0),
    conditionals: conditionalModels(spec.parameters, columns, compiler),
    stated: given.constraints.length,
  };
}

/** Values of columns that are held, by column. */
export type FixedColumns = ReadonlyMap<number, number>;

function conditionalModels(
  parameters: readonly Parameter[],
  columns: readonly Column[],
  compiler: ConstraintCompiler,
): ConditionalModel[] {
  return parameters.flatMap((parameter): ConditionalModel[] => {
    if (!isConditional(parameter)) return [];
    const column = columns.findIndex(({ label }) => label === parameter.name);
    const { min, max } = columns[column]!;
    return [
      {
        column,
        // A column that is held keeps its value.
        canonical: min === max ? min : canonicalValue(parameter),
        isActive: compiler.isActive([parameter.name], parameter.when.text),
      },
    ];
  });
}

function columnsOf(parameter: Parameter): Column[] {
  const { name } = parameter;
  if (parameter.kind === "composition") {
    return parameter.elements.map(({ symbol, min, max, required }) => ({
      label: symbol,
      parameter: name,
      kind: "fraction",
      unit: "1",
      min: required === true ? min : 0,
      max,
    }));
  }
  if (parameter.kind === "continuous") {
    const { unit, max } = parameter;
    const min = parameter.zeroOr === true ? 0 : parameter.min;
    return [{ label: name, parameter: name, kind: "number", unit, min, max }];
  }
  if (parameter.kind === "discrete") {
    const { unit, values } = parameter;
    const [min, max] = [Math.min(...values), Math.max(...values)];
    return [{ label: name, parameter: name, kind: "number", unit, min, max }];
  }
  const max = parameter.values.length - 1;
  const words = wordPlaces(parameter);
  const own = words === undefined ? {} : { words };
  return [{ label: name, parameter: name, kind: "category", unit: "1", min: 0, max, ...own }];
}

function wordPlaces({ descriptors, encoding }: CategoricalParameter): WordPlaces | undefined {
  if (encoding === "learned") return { encoding };
  if (descriptors === undefined || encoding === "one-hot") return undefined;
  return { encoding: "descriptors", descriptors };
}

function compileComposition(
  parameter: CompositionParameter,
  fixed: FixedColumns,
): CompositionModel {
  const grid = gridOf(parameter);
  const limited = parameter.elements.map((element, i) => {
    const value = fixed.get(i);
    if (value === undefined) return element;
    return { symbol: element.symbol, min: value, max: value, required: value > 0 };
  });
  const elements = limited.map(({ symbol, min, max, required }): ElementModel => {
    if (required === true && max === 0) {
      throw new InputError(
        `composition "${parameter.name}": ${symbol} is required but its max is 0.`,
      );
    }
    const mayBeAbsent = required !== true;
    if (grid === 0) {
      return { symbol, lo: Math.max(min, PRESENT), hi: max, loUnits: 0, hiUnits: 0, mayBeAbsent };
    }
    const loUnits = Math.max(1, Math.round(min * grid));
    const hiUnits = Math.round(max * grid);
    return { symbol, lo: loUnits / grid, hi: hiUnits / grid, loUnits, hiUnits, mayBeAbsent };
  });
  return { parameter, elements, symbols: elements.map(({ symbol }) => symbol), grid };
}
