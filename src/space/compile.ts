import { InputError } from "../core/errors.ts";
import { ConstraintCompiler } from "./compile-constraints.ts";
import type { Column, CompositionParameter, Parameter } from "./contract.ts";
import type { CompositionModel, ElementModel, Model, OtherModel, SpaceSpec } from "./model.ts";
import { PRESENT } from "./tolerance.ts";
import { gridOf, validateParameters } from "./validate.ts";

/**
 * Checks a specification and turns it into numbers.
 * @throws InputError for whatever is malformed or names something unknown
 * @throws InfeasibleError when the fractions cannot sum to one
 */
export function compileSpace(spec: SpaceSpec): Model {
  validateParameters(spec.parameters);
  // Fractions come first, whatever the order of the parameters, so that element i is column i.
  const ordered = [
    ...spec.parameters.filter((parameter) => parameter.kind === "composition"),
    ...spec.parameters.filter((parameter) => parameter.kind !== "composition"),
  ];
  const columns = ordered.flatMap(columnsOf);
  const first = ordered[0]!;
  const composition = first.kind === "composition" ? compileComposition(first) : null;
  const others = ordered
    .filter((parameter) => parameter.kind !== "composition")
    .map((parameter, i): OtherModel => {
      const column = (composition?.elements.length ?? 0) + i;
      if (parameter.kind === "continuous") {
        return { kind: "continuous", column, min: parameter.min, max: parameter.max };
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
  const compiler = new ConstraintCompiler(spec, columns, composition);
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
  };
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
    const { unit, min, max } = parameter;
    return [{ label: name, parameter: name, kind: "number", unit, min, max }];
  }
  if (parameter.kind === "discrete") {
    const { unit, values } = parameter;
    const [min, max] = [Math.min(...values), Math.max(...values)];
    return [{ label: name, parameter: name, kind: "number", unit, min, max }];
  }
  const max = parameter.values.length - 1;
  return [{ label: name, parameter: name, kind: "category", unit: "1", min: 0, max }];
}

function compileComposition(parameter: CompositionParameter): CompositionModel {
  const grid = gridOf(parameter);
  const elements = parameter.elements.map(({ symbol, min, max, required }): ElementModel => {
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
