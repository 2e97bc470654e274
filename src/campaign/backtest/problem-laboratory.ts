import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { Rng } from "../../core/rng.ts";
import type { Work } from "../../core/work.ts";
import type { Problem } from "../problem/problem.ts";
import { preparedData } from "../problem/problem-data.ts";
import { targetModels } from "../models/target-models.ts";
import type { Laboratory } from "./contract.ts";
import { costOverSpace } from "../problem/settings/experiment-cost.ts";
import { quantityOverSpace } from "../experiments/computed-outcomes.ts";
import { modelLaboratory } from "./model-laboratory.ts";

/**
 * A problem file as a simulated laboratory: what its formulas, quantities, saved models and learned models predict is
 * the truth. Of a fidelity only the target is simulated.
 * @param noise standard deviation of one measurement by outcome, in its unit; else what the model says of noise
 * @throws InputError for noise of something that is no target
 */
export async function problemLaboratory(
  problem: Problem,
  noise: Readonly<Record<string, number>>,
  { rng, work = {} }: { readonly rng: Rng; readonly work?: Work },
): Promise<Laboratory> {
  const names = [...new Set(problem.targets.map(({ property }) => property))];
  for (const name of Object.keys(noise)) {
    if (names.includes(name)) continue;
    throw new InputError(`"${name}" has noise but is no target.`, {
      path: "--noise",
      expected: names.join(", "),
      received: name,
      hint: suggest(name, names),
    });
  }
  const { dataset, fidelity } = problem;
  // Progress is counted by designs at the fidelity that counts, so that no other is simulated.
  const space =
    fidelity === undefined
      ? problem.space
      : problem.space.withFixed({ [fidelity.parameter]: fidelity.target });
  const data = dataset === null ? null : preparedData(problem, dataset);
  const models = await targetModels(problem, data, rng.fork("models"), work);
  const goals = models.map(({ goal }) => ({ ...goal, confidence: 0 }));
  const { perBatch, cost, domain } = problem;
  const known = names.map((name) => {
    const quantity = domain.quantities.find((one) => one.name === name);
    return quantity && quantityOverSpace(quantity, space);
  });
  return modelLaboratory(
    {
      space,
      goals,
      ...(perBatch.length === 0 ? {} : { perBatch }),
      ...(cost === undefined ? {} : { cost: costOverSpace(cost, space, domain.quantities) }),
      ...(known.every((one) => one === undefined) ? {} : { known }),
    },
    models.map(({ model }) => model),
    names.map((name) => noise[name] ?? null),
  );
}
