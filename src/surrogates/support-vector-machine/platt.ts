import { exp, log, log1p } from "../../core/elementary.ts";

/** Probability of the positive class at decision f: 1 / (1 + e^(a f + b)). */
export interface Sigmoid {
  readonly a: number;
  readonly b: number;
}

const mostSteps = 100;
const leastSlope = 1e-7;
const ridge = 1e-12;

/**
 * The sigmoid of largest likelihood for decisions and labels (-1, 1), whose targets are drawn a little from
 * 0 and 1 by the prior counts.
 * Source: H.-T. Lin, C.-J. Lin, R. C. Weng, Mach. Learn. 68, 267 (2007), doi:10.1007/s10994-007-5018-6,
 * algorithm 1.
 */
export function fitSigmoid(decisions: Float64Array, labels: Float64Array): Sigmoid {
  const positive = labels.reduce((count, label) => count + (label > 0 ? 1 : 0), 0);
  const negative = labels.length - positive;
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (negative + 2);
  const target = labels.map((label) => (label > 0 ? high : low));
  let a = 0;
  let b = log((negative + 1) / (positive + 1));
  const lossAt = (slope: number, shift: number): number => {
    let loss = 0;
    for (let i = 0; i < target.length; i++) {
      const z = slope * decisions[i] + shift;
      loss += z >= 0 ? target[i] * z + log1p(exp(-z)) : (target[i] - 1) * z + log1p(exp(z));
    }
    return loss;
  };
  let loss = lossAt(a, b);
  for (let step = 0; step < mostSteps; step++) {
    let [h11, h22, h21, g1, g2] = [ridge, ridge, 0, 0, 0];
    for (let i = 0; i < target.length; i++) {
      const f = decisions[i];
      const p = sigmoidAt({ a, b }, f);
      const curvature = p * (1 - p);
      h11 += f * f * curvature;
      h22 += curvature;
      h21 += f * curvature;
      g1 += f * (target[i] - p);
      g2 += target[i] - p;
    }
    if (Math.abs(g1) < leastSlope && Math.abs(g2) < leastSlope) break;
    const determinant = h11 * h22 - h21 * h21;
    const da = -(h22 * g1 - h21 * g2) / determinant;
    const db = -(-h21 * g1 + h11 * g2) / determinant;
    const descent = g1 * da + g2 * db;
    let size = 1;
    while (size >= 1e-10) {
      const next = lossAt(a + size * da, b + size * db);
      if (next < loss + 1e-4 * size * descent) {
        a += size * da;
        b += size * db;
        loss = next;
        break;
      }
      size /= 2;
    }
    if (size < 1e-10) break;
  }
  return { a, b };
}

export function sigmoidAt({ a, b }: Sigmoid, f: number): number {
  const z = a * f + b;
  if (z >= 0) {
    const e = exp(-z);
    return e / (1 + e);
  }
  return 1 / (1 + exp(z));
}

/**
 * Class probabilities from those of pairs: minimises sum over i != j of (r_ji p_i - r_ij p_j)^2.
 * Source: T.-F. Wu, C.-J. Lin, R. C. Weng, J. Mach. Learn. Res. 5, 975 (2004), algorithm 2.
 * @param r classes x classes, r[i, j] = probability of class i when it is i or j
 */
export function couplePairs(r: Float64Array, classes: number): Float64Array {
  const q = new Float64Array(classes * classes);
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      if (i === j) continue;
      const [ij, ji] = [r[i * classes + j], r[j * classes + i]];
      q[i * classes + i] += ji * ji;
      q[i * classes + j] = -ji * ij;
    }
  }
  const p = new Float64Array(classes).fill(1 / classes);
  const image = new Float64Array(classes);
  for (let round = 0; round < Math.max(100, classes); round++) {
    let quadratic = 0;
    image.fill(0);
    for (let i = 0; i < classes; i++) {
      for (let j = 0; j < classes; j++) image[i] += q[i * classes + j] * p[j];
      quadratic += p[i] * image[i];
    }
    const worst = image.reduce((most, v) => Math.max(most, Math.abs(v - quadratic)), 0);
    if (worst < 1e-12) break;
    for (let i = 0; i < classes; i++) {
      const change = (quadratic - image[i]) / q[i * classes + i];
      p[i] += change;
      const scale = 1 + change;
      quadratic =
        (quadratic + change * (change * q[i * classes + i] + 2 * image[i])) / (scale * scale);
      for (let j = 0; j < classes; j++) {
        image[j] = (image[j] + change * q[i * classes + j]) / scale;
        p[j] /= scale;
      }
    }
  }
  const total = p.reduce((sum, value) => sum + value, 0);
  return p.map((value) => value / total);
}
