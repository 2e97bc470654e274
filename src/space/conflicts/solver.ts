import * as highsModule from "highs";
import type { Highs, InitOptions } from "highs";
import { NumericalError } from "../../core/errors.ts";

/** Where the solver's WebAssembly file is, for platforms that cannot find it beside its loader. */
export interface SolverOptions {
  /** Address of `highs.wasm`; Node needs none. */
  readonly locateFile?: (file: string) => string;
}

export type Term = readonly [column: number, coefficient: number];

/** A linear or mixed-integer program, to be minimised. */
export class Program {
  readonly lower: number[] = [];
  readonly upper: number[] = [];
  readonly cost: number[] = [];
  readonly isInteger: boolean[] = [];
  readonly rowLower: number[] = [];
  readonly rowUpper: number[] = [];
  readonly rowTerms: (readonly Term[])[] = [];

  column(lower: number, upper: number, isInteger = false): number {
    this.lower.push(lower);
    this.upper.push(upper);
    this.cost.push(0);
    this.isInteger.push(isInteger);
    return this.lower.length - 1;
  }

  binary(): number {
    return this.column(0, 1, true);
  }

  /** A row, scaled so that its largest coefficient is one; terms of one column are added up. */
  row(lower: number, upper: number, terms: readonly Term[]): void {
    const merged = new Map<number, number>();
    for (const [column, value] of terms) merged.set(column, (merged.get(column) ?? 0) + value);
    const kept = [...merged].filter(([, value]) => value !== 0);
    const scale = kept.reduce((most, [, value]) => Math.max(most, Math.abs(value)), 0) || 1;
    this.rowLower.push(lower / scale);
    this.rowUpper.push(upper / scale);
    this.rowTerms.push(kept.map(([column, value]): Term => [column, value / scale]));
  }
}

/** Values of the columns at the optimum, or null when the program has no solution. */
export type Solution = Float64Array | null;

export interface Solver {
  solve(program: Program): Solution;
}

let loading: Promise<Solver> | undefined;

// The package's types describe its CommonJS form; as a module its default export is the loader itself.
const loadHighs = highsModule.default as unknown as (options: InitOptions) => Promise<Highs>;

/** The solver, loaded once for all spaces. Source: HiGHS, Q. Huangfu, J. A. J. Hall, doi:10.1007/s12532-017-0130-5. */
export async function loadSolver(options: SolverOptions = {}): Promise<Solver> {
  const { locateFile } = options;
  loading ??= loadHighs(locateFile === undefined ? {} : { locateFile }).then((highs): Solver => ({
    solve: (program) => solveWith(highs, program),
  }));
  return loading;
}

function solveWith(highs: Highs, program: Program): Solution {
  const columns = program.lower.length;
  const rows = program.rowLower.length;
  const starts = [0];
  for (const terms of program.rowTerms) starts.push(starts.at(-1)! + terms.length);
  const { continuous, integer } = highs.constants.variableType;
  const data = {
    numCols: columns,
    numRows: rows,
    colCost: Float64Array.from(program.cost),
    colLower: Float64Array.from(program.lower),
    colUpper: Float64Array.from(program.upper),
    rowLower: Float64Array.from(program.rowLower),
    rowUpper: Float64Array.from(program.rowUpper),
    matrix: {
      format: "csr" as const,
      numRows: rows,
      numCols: columns,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(
        program.rowTerms.flatMap((terms) => terms.map(([column]) => column)),
      ),
      values: Float64Array.from(
        program.rowTerms.flatMap((terms) => terms.map(([, value]) => value)),
      ),
    },
    integrality: program.isInteger.map((is) => (is ? integer : continuous)),
  };
  const model = highs.createModel(data);
  try {
    model.options.set({
      output_flag: false,
      primal_feasibility_tolerance: 1e-9,
      mip_feasibility_tolerance: 1e-9,
      mip_rel_gap: 1e-6,
      mip_abs_gap: 1e-9,
    });
    model.run();
    const status = model.getModelStatus();
    const { optimal, infeasible, unboundedOrInfeasible, empty } = highs.constants.modelStatus;
    if (status === optimal || status === empty)
      return Float64Array.from(model.getSolution().colValue);
    if (status === infeasible || status === unboundedOrInfeasible) return null;
    throw new NumericalError(
      `solver: a program of ${columns} columns and ${rows} rows ended with status ${status}.`,
    );
  } finally {
    model.dispose();
  }
}
