import { InfeasibleError, UnsupportedError } from "../core/errors.ts";
import type { Conflict } from "../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import { checkRow } from "./check.ts";
import { compileSpace } from "./model/compile.ts";
import type { FixedColumns } from "./model/compile.ts";
import { findConflicts, infeasibleError, isSolvable } from "./conflicts/conflicts.ts";
import type {
  Column,
  Constraint,
  ConstraintCheck,
  Design,
  Parameter,
  SearchSpace,
  SpaceCells,
} from "./contract.ts";
import { decodeRow, encodeDesign } from "./encode.ts";
import { satisfies } from "./model/feasibility.ts";
import { fixedColumns } from "./model/fixed.ts";
import { FiniteSpace } from "./finite/finite-space.ts";
import { finiteModel } from "./finite/finite.ts";
import { UnitMap } from "./sampling/from-unit.ts";
import type { Model, SpaceSpec } from "./model/model.ts";
import { checkFunctionLimits } from "./sampling/function-limits.ts";
import { discreteNeighbours } from "./repair/neighbours.ts";
import { FunctionRepairer } from "./repair/repair-functions.ts";
import { Repairer } from "./repair/repair.ts";
import { Sampler } from "./sampling/sample.ts";
import { loadSolver } from "./conflicts/solver.ts";
import type { Solver, SolverOptions } from "./conflicts/solver.ts";
import { cellsOf } from "./sampling/space-cells.ts";

export interface SpaceOptions extends SolverOptions {
  /** Hand out an empty space too, so that `explainInfeasible` can be asked; else it is refused. */
  readonly allowEmpty?: boolean;
}

/**
 * The designs that parameters and constraints leave open.
 * @throws InputError for malformed parameters, unknown names and quantities without a value
 * @throws InfeasibleError, with the smallest conflicting sets, when no design is left
 */
export async function createSpace(
  spec: SpaceSpec,
  options: SpaceOptions = {},
): Promise<SearchSpace> {
  const model = compileSpace(spec);
  const solver = await loadSolver(options);
  const space = new ComposedSpace(spec, model, solver, new Map());
  if (options.allowEmpty !== true) space.refuseEmpty();
  return space;
}

class ComposedSpace implements SearchSpace {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  readonly columns: readonly Column[];
  readonly dimension: number;
  readonly unitDimension: number;
  private readonly isEmpty: boolean;
  private readonly spec: SpaceSpec;
  private readonly fixed: FixedColumns;
  private readonly model: Model;
  private readonly solver: Solver;
  private readonly finite: FiniteSpace;
  private readonly sampler: Sampler;
  private readonly repairer: Repairer;
  private readonly unitMap: UnitMap;
  private areFunctionsChecked = false;
  private counted: { readonly count: bigint | null; readonly reason: string | null } | undefined;

  constructor(spec: SpaceSpec, model: Model, solver: Solver, fixed: FixedColumns) {
    this.spec = spec;
    this.fixed = fixed;
    this.model = model;
    this.solver = solver;
    this.parameters = spec.parameters;
    this.constraints = spec.constraints;
    this.columns = model.columns;
    this.dimension = model.columns.length;
    this.finite = new FiniteSpace(finiteModel(model));
    const functions = new FunctionRepairer(model);
    this.sampler = new Sampler(model, this.finite, solver, functions);
    this.repairer = new Repairer(model, solver, this.sampler, functions);
    this.unitMap = new UnitMap(model, this.finite, this.repairer);
    this.unitDimension = this.unitMap.dimension;
    this.isEmpty = this.repairer.someRow() === null && !isSolvable(model, solver);
  }

  /** @throws InfeasibleError when no design keeps all constraints, or none was found that does */
  refuseEmpty(): void {
    if (this.isEmpty) throw infeasibleError(this.explainInfeasible());
    if (this.areFunctionsChecked) return;
    checkFunctionLimits(this.model, this.sampler, this.solver);
    this.areFunctionsChecked = true;
  }

  encode(design: Design): Float64Array {
    return encodeDesign(this.model, design);
  }

  decode(row: ArrayLike<number>): Design {
    return decodeRow(this.model, row);
  }

  check(row: ArrayLike<number>): ConstraintCheck[] {
    return checkRow(this.model, row);
  }

  isFeasible(row: ArrayLike<number>): boolean {
    return row.length === this.dimension && satisfies(this.model, row);
  }

  sample(n: number, rng: Rng): Matrix {
    this.refuseEmpty();
    try {
      return this.sampler.sample(n, rng);
    } catch (error) {
      if (!(error instanceof InfeasibleError)) throw error;
      return this.sampleFlat(n, rng.fork("flat"));
    }
  }

  /** Designs of a feasible set without volume, which no draw hits: those nearest to random points, which is not uniform. */
  private sampleFlat(n: number, rng: Rng): Matrix {
    const rows = matrix(n, this.dimension);
    for (let i = 0; i < n; i++) {
      const point = Float64Array.from({ length: this.unitDimension }, () => rng.uniform());
      rowOf(rows, i).set(this.unitMap.map(point));
    }
    return rows;
  }

  cells(): SpaceCells {
    this.refuseEmpty();
    return cellsOf(this.model, this.solver, this.sampler.areCellsEqual());
  }

  fromUnit(point: ArrayLike<number>): Float64Array {
    this.refuseEmpty();
    return this.unitMap.map(point);
  }

  repair(row: ArrayLike<number>, out?: Float64Array): Float64Array {
    this.refuseEmpty();
    return this.repairer.repair(row, out);
  }

  neighbours(row: ArrayLike<number>): Matrix {
    return discreteNeighbours(this.model, row);
  }

  withFixed(values: Readonly<Record<string, number | string>>): SearchSpace {
    const fixed = new Map([...this.fixed, ...fixedColumns(this.model, values)]);
    const space = new ComposedSpace(this.spec, compileSpace(this.spec, fixed), this.solver, fixed);
    space.refuseEmpty();
    return space;
  }

  count(): bigint | "uncountable" {
    return this.countOnce().count ?? "uncountable";
  }

  countReason(): string | null {
    return this.countOnce().reason;
  }

  *enumerate(): Generator<Float64Array> {
    const continuous = this.continuousColumn();
    if (continuous !== null) {
      throw new UnsupportedError(
        `enumerate: "${continuous}" is continuous, its values cannot be listed.`,
        {
          hint: "Give the composition a step and numbers a list of values, or sample instead.",
        },
      );
    }
    if (this.isEmpty) return;
    const { lattice } = this.finite.exact();
    if (lattice === null) {
      throw new UnsupportedError(
        "enumerate: the grid of the composition is too fine to be listed.",
      );
    }
    for (const choice of this.finite.choices()) {
      const row = new Float64Array(this.dimension);
      this.sampler.writeChoice(choice, row);
      if (satisfies(this.model, row)) yield row;
    }
  }

  explainInfeasible(): Conflict[] {
    if (this.isEmpty) return findConflicts(this.model, this.solver);
    try {
      this.refuseEmpty();
      return [];
    } catch (error) {
      if (error instanceof InfeasibleError) return [...error.conflicts];
      throw error;
    }
  }

  private continuousColumn(): string | null {
    const { composition, others } = this.model;
    if (composition !== null && composition.grid === 0) return composition.parameter.name;
    const other = others.find(({ kind }) => kind === "continuous");
    return other === undefined ? null : this.model.columns[other.column]!.label;
  }

  private countOnce(): { readonly count: bigint | null; readonly reason: string | null } {
    this.counted ??= this.countDesigns();
    return this.counted;
  }

  private countDesigns(): { readonly count: bigint | null; readonly reason: string | null } {
    if (this.isEmpty) return { count: 0n, reason: null };
    const continuous = this.continuousColumn();
    if (continuous !== null) return { count: null, reason: `"${continuous}" is continuous.` };
    const { rest } = this.finite.model;
    if (rest.length > 0) return this.countByListing(rest[0]!);
    const counted = this.finite.count();
    return typeof counted === "bigint"
      ? { count: counted, reason: null }
      : { count: null, reason: `${counted.reason}.` };
  }

  /** A limit that only whole designs can be tested for: listed when the rest is small enough. */
  private countByListing(text: string): {
    readonly count: bigint | null;
    readonly reason: string | null;
  } {
    const { lattice } = this.finite.exact();
    if (lattice === null || lattice.size > MOST_LISTED) {
      return {
        count: null,
        reason: `"${text}" can only be tested design by design, and there are too many.`,
      };
    }
    let count = 0;
    const row = new Float64Array(this.dimension);
    for (const choice of this.finite.choices()) {
      this.sampler.writeChoice(choice, row);
      if (satisfies(this.model, row)) count++;
    }
    return { count: BigInt(count), reason: null };
  }
}

/** Largest space that is counted design by design. */
const MOST_LISTED = 2e6;
