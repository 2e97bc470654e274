import { minimise } from "../../../core/optimise/minimise.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import type { Acquisition } from "../../acquisition/contract.ts";

/** Improves what is continuous in a point; the answer is feasible and never worse. */
export type Ascend = (point: Float64Array) => {
  readonly point: Float64Array;
  readonly value: number;
};

const mostSteps = 60;
/** A step that gains less (of an acquisition in logarithms, mostly) is the last. */
const leastGain = 1e-7;

/**
 * Gradient ascent over the continuous columns of the rows of a point. Where they form a box, by L-BFGS;
 * elsewhere by projected gradients: a step along the gradient, in shares of each column's range, is repaired to the
 * nearest feasible design, its length following Barzilai and Borwein.
 * Source: E. G. Birgin, J. M. Martinez, M. Raydan, SIAM J. Optim. 10, 1196 (2000),
 * doi:10.1137/S1052623497330963 (here with decrease in every step).
 */
export function ascender(space: SearchSpace, acquisition: Acquisition): Ascend {
  const { columns, parameters, constraints } = space;
  const kindOf = new Map(parameters.map((parameter) => [parameter.name, parameter.kind]));
  const free = columns.flatMap(({ kind, parameter, min, max }, k) =>
    max > min && kind !== "category" && kindOf.get(parameter) !== "discrete" ? [k] : [],
  );
  if (free.length === 0) return (point) => ({ point, value: valueAt(acquisition, point) });
  // Numbers that may be absent leave a gap in the box.
  const isWhole = parameters.every(
    (one) => !("when" in one && one.when !== undefined) && !("zeroOr" in one && one.zeroOr),
  );
  const isBox =
    isWhole && constraints.length === 0 && free.every((k) => columns[k].kind === "number");
  return isBox ? boxAscent(space, acquisition, free) : projectedAscent(space, acquisition, free);
}

function valueAt(acquisition: Acquisition, point: Float64Array): number {
  return acquisition.values({ data: point, rows: 1, columns: point.length })[0];
}

function boxAscent(
  { columns, dimension }: SearchSpace,
  acquisition: Acquisition,
  free: number[],
): Ascend {
  // Coordinates are shares of the range, of every row of the point in turn.
  const places = Array.from({ length: acquisition.points }, (_, p) =>
    free.map((k) => ({
      at: p * dimension + k,
      min: columns[k].min,
      width: columns[k].max - columns[k].min,
    })),
  ).flat();
  const [lower, upper] = [new Float64Array(places.length), new Float64Array(places.length).fill(1)];
  return (start) => {
    const point = start.slice();
    const gradient = new Float64Array(point.length);
    const write = (share: Float64Array): void =>
      places.forEach(({ at, min, width }, i) => {
        // The upper end exactly, which rounding could miss.
        point[at] = share[i] === 1 ? min + width : min + share[i] * width;
      });
    const found = minimise(
      (share, out) => {
        write(share);
        const value = acquisition.slope(point, gradient);
        places.forEach(({ at, width }, i) => (out[i] = -width * gradient[at]));
        return -value;
      },
      places.map(({ at, min, width }) => (start[at] - min) / width),
      { lower, upper, maxIterations: mostSteps, functionTolerance: leastGain, tolerance: 1e-6 },
    );
    write(found.x);
    return { point, value: -found.value };
  };
}

function projectedAscent(space: SearchSpace, acquisition: Acquisition, free: number[]): Ascend {
  const { columns, dimension, parameters } = space;
  const mayBeAbsent = new Set(
    parameters.flatMap((one) => ("zeroOr" in one && one.zeroOr ? [one.name] : [])),
  );
  // In the metric of `repair`: numbers by their range, fractions as they are.
  const width = free.map((k) =>
    columns[k].kind === "number" ? columns[k].max - columns[k].min : 1,
  );
  const repaired = (point: Float64Array): Float64Array => {
    for (let first = 0; first < point.length; first += dimension) {
      point.set(space.repair(point.subarray(first, first + dimension)), first);
    }
    return point;
  };
  return (start) => {
    let point = start;
    let gradient = new Float64Array(point.length);
    let value = acquisition.slope(point, gradient);
    let length = 0.1 / Math.max(1e-12, largest(gradient));
    for (let step = 0; step < mostSteps; step++) {
      let next: Float64Array | undefined;
      let nextValue = value;
      const nextGradient = new Float64Array(point.length);
      for (let trial = 0; trial < 8 && next === undefined; trial++, length /= 4) {
        const moved = moveAlong(point, gradient, length);
        const reached = acquisition.slope(moved, nextGradient);
        if (reached > value) {
          next = moved;
          nextValue = reached;
        }
      }
      if (next === undefined) break;
      const gain = nextValue - value;
      length = nextLength(point, next, gradient, nextGradient) ?? 16 * length;
      [point, value, gradient] = [next, nextValue, nextGradient];
      if (gain < leastGain * Math.max(1, Math.abs(value))) break;
    }
    return { point, value };
  };

  /** What is absent stays absent: its coming in is an exchange. */
  function isMoving(point: Float64Array, at: number, k: number): boolean {
    const { kind, parameter } = columns[k];
    return point[at] > 0 || (kind === "number" && !mayBeAbsent.has(parameter));
  }

  function moveAlong(point: Float64Array, gradient: Float64Array, length: number): Float64Array {
    const moved = point.slice();
    for (let first = 0; first < point.length; first += dimension) {
      free.forEach((k, i) => {
        const at = first + k;
        if (!isMoving(point, at, k)) return;
        const step = length * width[i] * width[i] * gradient[at];
        // Far beyond the range is as good as at its end, and keeps the projection well scaled.
        const limit = 2 * width[i];
        moved[at] += Math.min(limit, Math.max(-limit, step));
      });
    }
    return repaired(moved);
  }

  function largest(gradient: Float64Array): number {
    let most = 0;
    for (let first = 0; first < gradient.length; first += dimension) {
      free.forEach((k, i) => (most = Math.max(most, Math.abs(width[i] * gradient[first + k]))));
    }
    return most;
  }

  function nextLength(
    from: Float64Array,
    to: Float64Array,
    before: Float64Array,
    after: Float64Array,
  ): number | undefined {
    let [steps, products] = [0, 0];
    for (let first = 0; first < from.length; first += dimension) {
      free.forEach((k, i) => {
        const at = first + k;
        const step = (to[at] - from[at]) / width[i];
        steps += step * step;
        products += step * width[i] * (before[at] - after[at]);
      });
    }
    return products > 0 ? steps / products : undefined;
  }
}
