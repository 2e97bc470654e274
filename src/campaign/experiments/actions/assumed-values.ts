import { InputError } from "../../../core/errors.ts";
import { unitsOf, type CampaignProblem } from "../campaign-problem.ts";
import { inUnits } from "../in-units.ts";
import { readValues, type GivenValue } from "./read-values.ts";

type Assumed = NonNullable<CampaignProblem["assumed"]>;

/**
 * What designs from before had of parameters that a problem adds, in the problem's units.
 * @throws InputError for a name that is no parameter, and for a unit of another dimension
 */
export function readAssumed(
  problem: CampaignProblem,
  given: Readonly<Record<string, GivenValue>>,
): Assumed {
  const { parameters } = readValues(problem, given);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(parameters, name)) continue;
    throw new InputError(`"${name}" is not a parameter whose value can be assumed.`, {
      path: name,
      expected: "a parameter other than the composition, with a value",
    });
  }
  return parameters;
}

/** A problem with what is assumed now, and what was assumed before and is still a parameter. */
export function withAssumed(
  problem: CampaignProblem,
  before: CampaignProblem,
  now: Assumed,
): CampaignProblem {
  const units = unitsOf(problem);
  const kept = Object.entries(inUnits(before.assumed ?? {}, unitsOf(before), units)).filter(
    ([name]) => problem.parameters.some((one) => one.name === name),
  );
  const assumed = { ...Object.fromEntries(kept), ...now };
  return Object.keys(assumed).length === 0 ? problem : { ...problem, assumed };
}
