import type { DenseLayer } from "../../surrogates/structure.ts";

/** How the relevance of a layer's outputs is shared among its inputs. */
export type RuleName = "0" | "epsilon" | "gamma" | "z+" | "alpha-beta";

/** The numbers of the rules. */
export interface RuleSettings {
  /** Keeps small outputs from giving large shares; takes some relevance. */
  readonly epsilon: number;
  /** Extra weight of what speaks for an output. */
  readonly gamma: number;
  /** Weight of what speaks for an output; what speaks against it has alpha - 1. */
  readonly alpha: number;
}

/**
 * Relevance of a layer's inputs from that of its outputs. With the parts c_ij = x_i w_ij, outputs
 * z_j = sum_i c_ij + b_j, and c+ and c- for the parts above and below zero, the share of input i in R_j is
 * - 0: c_ij / z_j, epsilon: c_ij / (z_j + epsilon sign z_j), with sign 0 = 1;
 * - gamma: (c_ij + gamma c+_ij) over its sum with the bias, for z_j below zero with c- in place of c+;
 * - z+: c+_ij over its sum with b+;
 * - alpha-beta: alpha c+_ij / (sum c+ and b+) - beta c-_ij / (sum c- and b-), beta = alpha - 1.
 * A sum of zero shares nothing. What biases (and epsilon) have in a sum is relevance that no input gets.
 * Source: S. Bach et al., PLoS ONE 10, e0130140 (2015), doi:10.1371/journal.pone.0130140, eqs. 56-60; gamma:
 * G. Montavon et al., LNCS 11700, 193 (2019), doi:10.1007/978-3-030-28954-6_10, section 10.2; for inputs of
 * both signs as there, by the sign of the parts.
 * @param x inputs of one row @param relevance of the outputs
 */
export function shareRelevance(
  rule: RuleName,
  { epsilon, gamma, alpha }: RuleSettings,
  { weight, bias }: Pick<DenseLayer, "weight" | "bias">,
  x: ArrayLike<number>,
  relevance: ArrayLike<number>,
): Float64Array {
  const { rows: inputs, columns: outputs, data: w } = weight;
  const result = new Float64Array(inputs);
  for (let j = 0; j < outputs; j++) {
    const above = sumOf((c) => Math.max(0, c), j);
    const below = sumOf((c) => Math.min(0, c), j);
    const z = above + below;
    switch (rule) {
      case "0":
      case "epsilon": {
        const factor = over(relevance[j], z + (rule === "0" ? 0 : z < 0 ? -epsilon : epsilon));
        add(j, factor, factor);
        break;
      }
      case "gamma": {
        const [up, down] = z < 0 ? [1, 1 + gamma] : [1 + gamma, 1];
        const factor = over(relevance[j], up * above + down * below);
        add(j, factor * up, factor * down);
        break;
      }
      case "z+":
        add(j, over(relevance[j], above), 0);
        break;
      case "alpha-beta":
        add(j, over(alpha * relevance[j], above), over((1 - alpha) * relevance[j], below));
        break;
    }
  }
  return result;

  function sumOf(part: (c: number) => number, j: number): number {
    let sum = part(bias[j]);
    for (let i = 0; i < inputs; i++) sum += part(x[i] * w[i * outputs + j]);
    return sum;
  }

  /** Adds the parts above zero times one factor, those below zero times another. */
  function add(j: number, factorAbove: number, factorBelow: number): void {
    for (let i = 0; i < inputs; i++) {
      const c = x[i] * w[i * outputs + j];
      result[i] += c * (c > 0 ? factorAbove : factorBelow);
    }
  }
}

const over = (a: number, b: number): number => (b === 0 ? 0 : a / b);
