import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { Domain, Featuriser } from "../../domains/contract.ts";

/**
 * The feature sets of a domain by name.
 * @throws InputError with the nearest name
 */
export function featurisersNamed(domain: Domain, names: readonly string[]): Featuriser[] {
  return names.map((name) => {
    const featuriser = domain.featurisers.find((one) => one.name === name);
    if (featuriser !== undefined) return featuriser;
    throw new InputError(`There is no feature set "${name}" for the domain ${domain.name}.`, {
      path: "--features",
      hint: suggest(
        name,
        domain.featurisers.map((one) => one.name),
      ),
    });
  });
}
