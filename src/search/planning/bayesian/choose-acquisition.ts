import { InputError } from "../../../core/errors.ts";
import { suggest } from "../../../core/nearest-name.ts";
import type { AcquisitionSpec } from "../../acquisition/contract.ts";
import { acquisitions, type AcquisitionName } from "../../acquisition/registry.ts";
import { isObjective } from "../../acquisition/requirements.ts";
import type { TargetGoal } from "../../objectives.ts";

/** Every acquisition function. */
export const acquisitionSpecs = (): readonly AcquisitionSpec[] =>
  Object.values<AcquisitionSpec>(acquisitions);

/**
 * The acquisition function that was asked for, or the first that takes the objectives of the goals (and, for joint
 * batches, judges several designs together).
 * @throws InputError for a name that is not known or a function that does not fit
 */
export function chooseAcquisition(
  who: string,
  goals: readonly TargetGoal[],
  name: string | null,
  isJoint: boolean,
): AcquisitionSpec {
  const objectives = goals.filter(isObjective).length;
  const fits = ({ supports }: AcquisitionSpec): boolean =>
    objectives >= supports.objectives.min &&
    objectives <= supports.objectives.max &&
    (supports.joint || !isJoint);
  const wanted = `${objectives} objectives${isJoint ? " and joint batches" : ""}`;
  const path = "acquisition";
  if (name === null) {
    const found = acquisitionSpecs().find(fits);
    if (found === undefined) {
      throw new InputError(`${who}: there is no acquisition function for ${wanted}.`, { path });
    }
    return found;
  }
  const known = Object.keys(acquisitions);
  if (!known.includes(name)) {
    throw new InputError(
      `${who}: expected an acquisition function of ${known.join(", ")}, got "${name}".`,
      { path, hint: suggest(name, known) },
    );
  }
  const spec: AcquisitionSpec = acquisitions[name as AcquisitionName];
  if (fits(spec)) return spec;
  const others = acquisitionSpecs().filter(fits);
  throw new InputError(`${who}: ${name} does not take ${wanted}.`, {
    path,
    hint:
      others.length === 0
        ? "Choose batches by fantasies."
        : `Take ${others.map((one) => one.name).join(" or ")}.`,
  });
}
