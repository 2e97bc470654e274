import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import { requireWhole, resolveSettings } from "../run.ts";
import { beginDesign, differentRows } from "./begin.ts";
import type { DesignSpec } from "./contract.ts";

export interface LatinHypercubeSettings {
  /** Exchanges that are tried for each experiment to spread them. */
  readonly exchanges: number;
}

/**
 * A Latin hypercube: each of n equal parts of every range is used once, at its middle. Values of single coordinates
 * are exchanged between experiments to spread these out (maximin, by the sum of inverse 16th powers of distances).
 * On grids, compositions and constrained spaces the parts are those of the coordinates that the space is
 * mapped from, and experiments that coincide there are replaced by random ones.
 * Sources: M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21, 239 (1979), doi:10.1080/00401706.1979.10489755;
 * M. D. Morris, T. J. Mitchell, J. Stat. Plan. Inference 43, 381 (1995), doi:10.1016/0378-3758(94)00035-T.
 */
export const latinHypercube: DesignSpec<LatinHypercubeSettings> = {
  name: "latin-hypercube",
  title: "Latin hypercube, spread out",
  supports: { composition: "any", lists: true, constraints: true, ownSize: false, known: false },
  defaults: { exchanges: 200 },
  async points(space, options, given) {
    const { exchanges } = resolveSettings(latinHypercube.name, latinHypercube.defaults, given);
    requireWhole(latinHypercube.name, "exchanges", exchanges, 0);
    beginDesign(latinHypercube, space, options);
    const { rng, work = {} } = options;
    const n = options.n!;
    const unit = await spreadHypercube(n, space.unitDimension, exchanges, rng.fork("cube"), work);
    const mapped = matrix(n, space.dimension);
    for (let i = 0; i < n; i++) rowOf(mapped, i).set(space.fromUnit(rowOf(unit, i)));
    let isGiven = false;
    const { rows, replaced } = differentRows(
      latinHypercube.name,
      space,
      n,
      () => {
        const drawn = isGiven ? matrix(0, space.dimension) : mapped;
        isGiven = true;
        return drawn;
      },
      rng.fork("fill"),
    );
    const notes =
      replaced === 0
        ? []
        : [
            `${replaced} of ${n} experiments coincided on the grid and were replaced by random ones.`,
          ];
    return { rows, figures: { leastDistance: leastDistance(unit) }, notes };
  },
};

/** n points of the unit cube, one in each of n layers of every coordinate, far from each other. */
async function spreadHypercube(
  n: number,
  d: number,
  exchanges: number,
  rng: Rng,
  work: Work,
): Promise<Matrix> {
  const points = matrix(n, d);
  for (let j = 0; j < d; j++) {
    rng.permutation(n).forEach((layer, i) => (points.data[i * d + j] = (layer + 0.5) / n));
  }
  if (n < 3 || d < 2) return points;
  for (let round = 0; round < exchanges; round++) {
    // Early rounds also take exchanges that are a little worse.
    const leniency = 0.1 * (1 - round / exchanges) * (1 - round / exchanges);
    for (let one = 0; one < n; one++) {
      const j = rng.integer(d);
      const other = (one + 1 + rng.integer(n - 1)) % n;
      const before = crowding(points, one, other) + crowding(points, other, one);
      swap(points, one, other, j);
      const after = crowding(points, one, other) + crowding(points, other, one);
      if (after > before * (1 + leniency * rng.uniform())) swap(points, one, other, j);
    }
    await checkpoint(work, { label: latinHypercube.title, done: round + 1, total: exchanges });
  }
  return points;
}

function swap({ data, columns: d }: Matrix, a: number, b: number, j: number): void {
  const kept = data[a * d + j];
  data[a * d + j] = data[b * d + j];
  data[b * d + j] = kept;
}

/** Sum of inverse 16th powers of the distances of point i to all but one other, in layers. */
function crowding({ data, rows: n, columns: d }: Matrix, i: number, except: number): number {
  let total = 0;
  for (let o = 0; o < n; o++) {
    if (o === i || o === except) continue;
    let square = 0;
    for (let j = 0; j < d; j++) {
      const gap = n * (data[i * d + j] - data[o * d + j]);
      square += gap * gap;
    }
    const second = 1 / (square * square);
    const fourth = second * second;
    total += fourth * fourth;
  }
  return total;
}

/** Least distance of two points. */
function leastDistance({ data, rows: n, columns: d }: Matrix): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    for (let o = 0; o < i; o++) {
      let square = 0;
      for (let j = 0; j < d; j++) {
        square += (data[i * d + j] - data[o * d + j]) * (data[i * d + j] - data[o * d + j]);
      }
      least = Math.min(least, square);
    }
  }
  return n < 2 ? 0 : Math.sqrt(least);
}
