import type { AcquisitionSpec } from "./contract.ts";
import { dialled } from "./dial.ts";
import { requirementsOf } from "./requirements.ts";
import { singleObjective } from "./utility.ts";

/**
 * The utility of one function drawn from the belief: every design is chosen as often as it is probable to be the
 * best. The chance to meet the requirements counts in spreads of the objective.
 * Source: W. R. Thompson, Biometrika 25, 285 (1933); J. T. Wilson et al., ICML 2020 (pathwise draws).
 */
export const thompson: AcquisitionSpec = {
  name: "thompson",
  title: "Thompson sampling",
  supports: { objectives: { min: 0, max: 1 }, joint: false },
  defaults: {},
  create(context) {
    const requirements = requirementsOf(context);
    const objective = singleObjective(thompson.name, context);
    const [path] =
      objective === undefined
        ? []
        : dialled(objective.belief, context.exploration).paths(1, context.rng.fork("thompson"));
    const weight = objective?.goal.scale ?? 1;
    return {
      points: 1,
      logWeight: weight,
      values(rows) {
        const chances = requirements.logChances(rows);
        const drawn = path?.at(rows);
        return chances.map((chance, i) =>
          objective === undefined || drawn === undefined
            ? chance
            : objective.utility(drawn[i]) + weight * chance,
        );
      },
      slope(row, gradient) {
        gradient.fill(0);
        const chance = requirements.slope(row, gradient);
        if (objective === undefined || path === undefined) return chance;
        const own = new Float64Array(gradient.length);
        const value = path.slope(row, own);
        const slope = objective.utilitySlope(value);
        for (let k = 0; k < own.length; k++) {
          gradient[k] = weight * gradient[k] + slope * own[k];
        }
        return objective.utility(value) + weight * chance;
      },
    };
  },
};
