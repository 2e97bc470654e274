import { InputError } from "../../core/errors.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { requireWhole, resolveSettings } from "../run.ts";
import { baseRow, beginDesign, requireFeasible, requireOwnSize } from "./begin.ts";
import type { DesignSpec } from "./contract.ts";

export interface FullFactorialSettings {
  /** Values of each continuous number, from one end of its range to the other. */
  readonly levels: number;
}

/** More experiments than anybody makes; a guard against products that grow beyond memory. */
const mostExperiments = 100_000;

/** Every combination of values: of all words and listed numbers, and of some values of each range. */
export const fullFactorial: DesignSpec<FullFactorialSettings> = {
  name: "full-factorial",
  title: "Full factorial",
  supports: { composition: "none", lists: true, constraints: false, ownSize: true, known: false },
  defaults: { levels: 2 },
  async points(space, options, given) {
    const { levels } = resolveSettings(fullFactorial.name, fullFactorial.defaults, given);
    requireWhole(fullFactorial.name, "levels", levels, 2);
    const { others } = beginDesign(fullFactorial, space, options);
    const values = others.map((column) => levelsOf(space, column, levels));
    const size = values.reduce((product, of) => product * of.length, 1);
    if (size > mostExperiments) {
      throw new InputError(`full-factorial: all combinations are ${size} experiments.`, {
        expected: `at most ${mostExperiments}`,
        hint: "Use a fractional factorial, or fewer levels.",
      });
    }
    const counts = values.map((of) => of.length).join(" x ") || "1";
    requireOwnSize(fullFactorial.name, options.n, size, counts);
    const base = baseRow(space, options.rng);
    const rows = matrix(size, space.dimension);
    for (let i = 0; i < size; i++) {
      const row = rowOf(rows, i);
      row.set(base);
      let rest = i;
      others.forEach((column, k) => {
        row[column] = values[k][rest % values[k].length];
        rest = Math.floor(rest / values[k].length);
      });
    }
    requireFeasible(fullFactorial.name, space, rows);
    return Promise.resolve({ rows, figures: {}, notes: [`All ${counts} combinations.`] });
  },
};

/** The values of a column: all of a list, or evenly from end to end. */
function levelsOf({ columns, parameters }: SearchSpace, column: number, levels: number): number[] {
  const { label, min, max, kind } = columns[column];
  if (kind === "category") return Array.from({ length: max - min + 1 }, (_, k) => min + k);
  const parameter = parameters.find((one) => one.name === label);
  if (parameter?.kind === "discrete") return parameter.values.toSorted((a, b) => a - b);
  return Array.from({ length: levels }, (_, k) =>
    k === levels - 1 ? max : min + ((max - min) * k) / (levels - 1),
  );
}
