import { InfeasibleError } from "../../src/core/errors.ts";
import { createRng } from "../../src/core/rng.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { anyChoices, objectionTo } from "../../src/space/fixtures/any-space.ts";
import type { SetReport } from "./check-strategies.ts";

/**
 * Counts the designs of one random set of choices by listing them all: the space must have as many, refuse the set
 * only where there are none, and name sets of constraints that truly contradict each other and lose that with any one.
 */
export async function checkRefusals(seed: number): Promise<SetReport> {
  const any = await anyChoices(createRng(seed));
  const count = (texts: readonly string[]): number => {
    const rules = any.rules.filter(({ text }) => texts.includes(text));
    return any.designs.filter((one) => objectionTo({ ...any, rules }, one) === null).length;
  };
  const texts = any.rules.map(({ text }) => text);
  const real = count(texts);
  try {
    const space = await createSpace(any.spec);
    const broken =
      space.count() === BigInt(real) ? [] : [`set ${seed}: counts ${space.count()} of ${real}`];
    return { isFeasible: true, candidates: 1, broken };
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error;
    const broken = real === 0 ? [] : [`set ${seed}: refused with ${real} designs`];
    for (const { constraints } of error.conflicts) {
      const named = constraints.filter((text) => texts.includes(text));
      // What is implied by the parameters' own limits is not listed, and then less may be enough.
      const isMinimal =
        named.length < constraints.length ||
        named.every((text) => count(named.filter((one) => one !== text)) > 0);
      if (count(named) > 0) broken.push(`set ${seed}: no conflict: ${named.join("; ")}`);
      else if (!isMinimal) broken.push(`set ${seed}: a smaller conflict in ${named.join("; ")}`);
    }
    return { isFeasible: false, candidates: 1 + error.conflicts.length, broken };
  }
}
