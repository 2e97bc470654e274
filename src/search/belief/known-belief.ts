import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { feasibleDifferences } from "../descent/differences.ts";
import { scaledColumns } from "../descent/scaled-columns.ts";
import type { Belief, JointBelief, Path, Slope } from "./contract.ts";

/** Standard deviation of what is known, over the scale: rounding, so that logarithms have an end. */
const roundingShare = 1e-6;

/**
 * The belief in an outcome that follows from the design by a rule, such as a density: the rule itself, with a standard
 * deviation that is rounding only. Nothing is learned of it, so that conditioning gives the same belief again. Its
 * slopes are central differences over feasible designs.
 * @param values of n rows
 * @param scale spread of the outcome, above 0
 */
export function knownBelief(
  space: SearchSpace,
  values: (rows: Matrix) => Float64Array,
  scale: number,
): Belief {
  const { dimension } = space;
  const std = roundingShare * scale;
  const scaled = scaledColumns(space);
  const gradientAt = (row: ArrayLike<number>): { value: number; gradient: Float64Array } => {
    const differences = feasibleDifferences(space, scaled, Float64Array.from(row));
    const around = values(differences.rows);
    return { value: around[0], gradient: differences.gradient(around) };
  };
  const path: Path = {
    at: values,
    slope(row, gradient) {
      if (gradient === undefined) return values(one(row))[0];
      const at = gradientAt(row);
      gradient.set(at.gradient);
      return at.value;
    },
  };
  const belief: Belief = {
    dimension,
    noiseStd: 0,
    isKnown: true,
    summary: { known: "computed from the design" },
    marginal: (rows) => ({
      mean: values(rows),
      std: new Float64Array(rows.rows).fill(std),
    }),
    slope(row): Slope {
      const { value, gradient } = gradientAt(row);
      return {
        mean: value,
        std,
        meanGradient: gradient,
        stdGradient: new Float64Array(dimension),
      };
    },
    joint(rows): JointBelief {
      const q = rows.rows;
      const covariance = matrix(q, q);
      for (let i = 0; i < q; i++) covariance.data[i * q + i] = std * std;
      return {
        mean: values(rows),
        covariance,
        pullback(byMean) {
          const result = matrix(q, dimension);
          for (let i = 0; i < q; i++) {
            const { gradient } = gradientAt(rowOf(rows, i));
            rowOf(result, i).set(gradient.map((slope) => slope * byMean[i]));
          }
          return result;
        },
      };
    },
    against: (rows) => ({
      at(_, gradient) {
        gradient?.fill(0);
        return new Float64Array(rows.rows);
      },
    }),
    condition: () => belief,
    paths: (count) => Array.from({ length: count }, () => path),
  };
  return belief;
}

const one = (row: ArrayLike<number>): Matrix => matrix(1, row.length, Float64Array.from(row));
