import type { ObjectiveWithGradient } from "../../core/optimise/minimise.ts";

/** A normal prior on one parameter. */
export interface NormalPrior {
  readonly centre: number;
  readonly std: number;
}

/** Minus a log likelihood with the priors of its parameters: minus the log posterior but for a constant. */
export function penalised(
  objective: ObjectiveWithGradient,
  priors: readonly NormalPrior[],
): ObjectiveWithGradient {
  return (point, gradient) => {
    let value = objective(point, gradient);
    priors.forEach(({ centre, std }, k) => {
      const z = (point[k] - centre) / std;
      value += 0.5 * z * z;
      gradient[k] += z / std;
    });
    return value;
  };
}
