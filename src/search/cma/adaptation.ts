import { exp, log } from "../../core/elementary.ts";
import { symmetricEigen } from "../../core/linalg/symmetric-eigen.ts";
import { matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";

/** A normal distribution that moves towards the better of its draws. */
export interface Adaptation {
  /** Draws a generation: `size` points of n coordinates. */
  draw(rng: Rng): Float64Array[];
  /** Learns from a generation, best first; points may have been moved since they were drawn. */
  tell(points: readonly Float64Array[]): void;
  readonly size: number;
  /** The largest standard deviation of a coordinate. */
  largestStd(): number;
  /** Largest over smallest axis, squared. */
  condition(): number;
}

/** Constants of the adaptation, which follow from the number of coordinates and of draws. */
export function constantsOf(n: number, size: number) {
  const parents = Math.floor(size / 2);
  const raw = Float64Array.from({ length: size }, (_, i) => log((size + 1) / 2) - log(i + 1));
  const massOf = (from: number, to: number): { sum: number; effective: number } => {
    let sum = 0;
    let squares = 0;
    for (let i = from; i < to; i++) {
      sum += raw[i];
      squares += raw[i] * raw[i];
    }
    return { sum, effective: squares > 0 ? (sum * sum) / squares : 0 };
  };
  const positive = massOf(0, parents);
  const negative = massOf(parents, size);
  const mass = positive.effective;
  const rankOne = 2 / ((n + 1.3) * (n + 1.3) + mass);
  const rankMu = Math.min(
    1 - rankOne,
    (2 * (0.25 + mass + 1 / mass - 2)) / ((n + 2) * (n + 2) + mass),
  );
  const stepMemory = (mass + 2) / (n + mass + 5);
  const least = Math.min(
    1 + rankOne / rankMu,
    1 + (2 * negative.effective) / (mass + 2),
    (1 - rankOne - rankMu) / (n * rankMu),
  );
  return {
    parents,
    mass,
    rankOne,
    rankMu,
    stepMemory,
    stepDamping: 1 + 2 * Math.max(0, Math.sqrt((mass - 1) / (n + 1)) - 1) + stepMemory,
    pathMemory: (4 + mass / n) / (n + 4 + (2 * mass) / n),
    weights: raw.map((w) => (w >= 0 ? w / positive.sum : (w * least) / Math.abs(negative.sum))),
    // Expected length of a standard normal vector.
    usualLength: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/**
 * Covariance matrix adaptation from a mean and one standard deviation, with weights below zero for the
 * worse half of a generation.
 * @param size draws in a generation, at least 4
 * Source: N. Hansen, The CMA Evolution Strategy: A Tutorial (2016), arXiv:1604.00772, equations 38 to 46,
 *   constants of table 1.
 */
export function createAdaptation(start: Float64Array, std: number, size: number): Adaptation {
  const n = start.length;
  const { parents, mass, rankOne, rankMu, weights, usualLength, ...memory } = constantsOf(n, size);
  const { stepMemory, stepDamping, pathMemory } = memory;
  const weightSum = weights.reduce((sum, w) => sum + w, 0);
  const mean = start.slice();
  const covariance = matrix(n, n);
  const stepPath = new Float64Array(n);
  const path = new Float64Array(n);
  let sigma = std;
  let generation = 0;
  // Row k of `axes` is the k-th principal axis, `lengths` its standard deviation.
  let axes = matrix(n, n);
  let lengths: Float64Array = new Float64Array(n).fill(1);
  for (let k = 0; k < n; k++) axes.data[k * n + k] = covariance.data[k * n + k] = 1;
  let stale = 0;
  const refreshAfter = 1 / (10 * n * (rankOne + rankMu));

  function refresh(): void {
    const { values, vectors } = symmetricEigen(covariance);
    axes = vectors;
    lengths = values.map((value) => Math.sqrt(Math.max(value, 1e-300)));
    stale = 0;
  }

  /** C^(-1/2) v. */
  function whiten(v: Float64Array): Float64Array {
    const result = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      let along = 0;
      for (let j = 0; j < n; j++) along += axes.data[k * n + j] * v[j];
      along /= lengths[k];
      for (let j = 0; j < n; j++) result[j] += along * axes.data[k * n + j];
    }
    return result;
  }

  return {
    size,
    draw(rng) {
      return Array.from({ length: size }, () => {
        const point = mean.slice();
        for (let k = 0; k < n; k++) {
          const along = sigma * lengths[k] * rng.normal();
          for (let j = 0; j < n; j++) point[j] += along * axes.data[k * n + j];
        }
        return point;
      });
    },
    tell(points) {
      const steps = points.map((point) => point.map((x, j) => (x - mean[j]) / sigma));
      const shift = new Float64Array(n);
      for (let i = 0; i < parents; i++) {
        for (let j = 0; j < n; j++) shift[j] += weights[i] * steps[i][j];
      }
      for (let j = 0; j < n; j++) mean[j] += sigma * shift[j];

      const white = whiten(shift);
      const stepGain = Math.sqrt(stepMemory * (2 - stepMemory) * mass);
      for (let j = 0; j < n; j++) {
        stepPath[j] = (1 - stepMemory) * stepPath[j] + stepGain * white[j];
      }
      const length = norm(stepPath);
      generation++;
      // exp(log) is the power of the memory that is left after so many generations.
      const left = 1 - exp(2 * generation * log(1 - stepMemory));
      const isSteady = length / Math.sqrt(left) < (1.4 + 2 / (n + 1)) * usualLength;
      const gain = isSteady ? Math.sqrt(pathMemory * (2 - pathMemory) * mass) : 0;
      for (let j = 0; j < n; j++) path[j] = (1 - pathMemory) * path[j] + gain * shift[j];

      const lost = isSteady ? 0 : rankOne * pathMemory * (2 - pathMemory);
      const kept = 1 + lost - rankOne - rankMu * weightSum;
      const { data } = covariance;
      for (let k = 0; k < n * n; k++) data[k] *= kept;
      addOuter(data, path, rankOne);
      steps.forEach((step, i) => {
        let weight = weights[i];
        if (weight < 0) {
          const distance = norm(whiten(step));
          if (distance === 0) return;
          weight *= n / (distance * distance);
        }
        addOuter(data, step, rankMu * weight);
      });
      sigma *= exp(Math.min(1, (stepMemory / stepDamping) * (length / usualLength - 1)));
      if (++stale >= refreshAfter) refresh();
    },
    largestStd() {
      let largest = 0;
      for (let k = 0; k < n; k++) largest = Math.max(largest, covariance.data[k * n + k]);
      return sigma * Math.sqrt(largest);
    },
    condition() {
      const [low, high] = [Math.min(...lengths), Math.max(...lengths)];
      return (high * high) / (low * low);
    },
  };
}

function addOuter(data: Float64Array, v: Float64Array, factor: number): void {
  const n = v.length;
  for (let j = 0; j < n; j++) {
    const scaled = factor * v[j];
    for (let k = 0; k < n; k++) data[j * n + k] += scaled * v[k];
  }
}

function norm(v: Float64Array): number {
  let square = 0;
  for (const x of v) square += x * x;
  return Math.sqrt(square);
}
