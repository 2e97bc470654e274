import { InputError } from "../../core/errors.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { requireWhole, resolveSettings } from "../run.ts";
import { baseRow, beginDesign, requireFeasible, requireOwnSize } from "./begin.ts";
import type { DesignSpec, ExperimentalDesign } from "./contract.ts";

export interface SimplexLatticeSettings {
  /** Number of equal parts of which each mixture is made. */
  readonly degree: number;
}

const supports = {
  composition: "only",
  lists: false,
  constraints: false,
  ownSize: true,
  known: false,
} as const;

const mostExperiments = 100_000;

/**
 * All mixtures of m equal parts (degree m), for Scheffe's polynomials. Elements that must be present take their least
 * fraction beforehand (pseudo-components). On a grid the nearest design takes the place of one between its steps.
 * Source: H. Scheffe, J. R. Stat. Soc. B 20, 344 (1958), doi:10.1111/j.2517-6161.1958.tb00299.x.
 */
export const simplexLattice: DesignSpec<SimplexLatticeSettings> = {
  name: "simplex-lattice",
  title: "Simplex lattice",
  supports,
  defaults: { degree: 2 },
  async points(space, options, given) {
    const { degree } = resolveSettings(simplexLattice.name, simplexLattice.defaults, given);
    requireWhole(simplexLattice.name, "degree", degree, 1);
    const { fractions } = beginDesign(simplexLattice, space, options);
    const q = fractions.length;
    let size = 1;
    for (let k = 1; k <= degree; k++) size = (size * (q - 1 + k)) / k;
    requireSize(simplexLattice.name, size);
    requireOwnSize(simplexLattice.name, options.n, size, `${q} elements, degree ${degree}`);
    const mixtures = [...partsOf(q, degree)].map((parts) => parts.map((part) => part / degree));
    return Promise.resolve(
      mixed(simplexLattice.name, space, fractions, matrixOf(mixtures), options.rng),
    );
  },
};

/**
 * Equal mixtures of every set of elements: pure ones, halves of two, thirds of three and so on.
 * Source: H. Scheffe, J. R. Stat. Soc. B 25, 235 (1963), doi:10.1111/j.2517-6161.1963.tb00506.x.
 */
export const simplexCentroid: DesignSpec = {
  name: "simplex-centroid",
  title: "Simplex centroid",
  supports,
  defaults: {},
  async points(space, options, given) {
    resolveSettings(simplexCentroid.name, simplexCentroid.defaults, given);
    const { fractions } = beginDesign(simplexCentroid, space, options);
    const q = fractions.length;
    const size = q > 30 ? Number.POSITIVE_INFINITY : (1 << q) - 1;
    requireSize(simplexCentroid.name, size);
    requireOwnSize(simplexCentroid.name, options.n, size, `${q} elements`);
    const mixtures = Array.from({ length: size }, (_, set) => {
      const isIn = fractions.map((_column, k) => ((set + 1) >>> k) & 1);
      const count = isIn.reduce((sum, one) => sum + one, 0);
      return isIn.map((one) => one / count);
    }).sort((a, b) => Math.max(...b) - Math.max(...a));
    return Promise.resolve(
      mixed(simplexCentroid.name, space, fractions, matrixOf(mixtures), options.rng),
    );
  },
};

function requireSize(name: string, size: number): void {
  if (size <= mostExperiments) return;
  throw new InputError(`${name}: the design has ${size} experiments.`, {
    expected: `at most ${mostExperiments}`,
    hint: "Use fewer elements or a lower degree.",
  });
}

/** Whole numbers for q elements that sum to m. */
function* partsOf(q: number, m: number): Generator<number[]> {
  if (q === 1) {
    yield [m];
    return;
  }
  for (let first = m; first >= 0; first--) {
    for (const rest of partsOf(q - 1, m - first)) yield [first, ...rest];
  }
}

/** Mixtures of pseudo-components as designs of the space. */
function mixed(
  name: string,
  space: SearchSpace,
  fractions: readonly number[],
  mixtures: Matrix,
  rng: Rng,
): ExperimentalDesign {
  const base = baseRow(space, rng);
  const composition = space.parameters.find(
    ({ name: own }) => own === space.columns[fractions[0]].parameter,
  );
  if (composition?.kind !== "composition") throw new Error(`${name}: expected a composition`);
  const { elements, step } = composition;
  const least = fractions.map((column) => {
    const element = elements.find(({ symbol }) => symbol === space.columns[column].label);
    return element?.required === true ? element.min : 0;
  });
  // Elements whose fraction is fixed keep it; the rest is shared.
  const fixed = space.columns.reduce(
    (sum, { kind }, j) => (kind === "fraction" && !fractions.includes(j) ? sum + base[j] : sum),
    0,
  );
  const spare = 1 - fixed - least.reduce((sum, one) => sum + one, 0);
  const rows = matrix(mixtures.rows, space.dimension);
  let moved = 0;
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i);
    row.set(base);
    fractions.forEach((column, k) => {
      row[column] = least[k] + spare * mixtures.data[i * mixtures.columns + k];
    });
    if (step === undefined || space.isFeasible(row)) continue;
    const near = space.repair(row);
    const isNear = fractions.every((column) => Math.abs(near[column] - row[column]) < step);
    if (!isNear) continue;
    row.set(near);
    moved++;
  }
  requireFeasible(name, space, rows);
  const notes = [`${mixtures.rows} mixtures of ${fractions.length} elements.`];
  if (moved > 0) notes.push(`${moved} of them were moved to the grid by less than one step.`);
  return { rows, figures: {}, notes };
}
