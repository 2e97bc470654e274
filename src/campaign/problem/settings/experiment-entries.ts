import { z } from "zod";
import { convert, parseQuantity } from "../../../core/units.ts";
import { planners } from "../../../search/planning/registry.ts";
import type { JsonValue } from "../../../surrogates/contract.ts";

/** A number, or a number with its unit. */
export const amount = z.union([z.number(), z.string()]);

/** A name of a registry. */
export const oneOf = (registry: object) => z.enum(Object.keys(registry) as [string, ...string[]]);

/** One of a registry with settings of its own. */
export interface NamedWithSettings {
  readonly name: string;
  readonly settings: Readonly<Record<string, JsonValue>>;
}

/** A name, or a name with settings: `descent` or `{ name: descent, sparsity: 0.1 }`. */
export const withSettings = (registry: object) =>
  z.union([oneOf(registry), z.object({ name: oneOf(registry) }).catchall(z.json())]);

/** Such an entry with its settings apart. */
export function nameAndSettings(
  given: string | { readonly name: string; readonly [setting: string]: JsonValue },
): NamedWithSettings {
  if (typeof given === "string") return { name: given, settings: {} };
  const { name, ...settings } = given;
  return { name, settings };
}

/** A share of one: `0.9` or `90 %`. */
const share = z.union([z.number(), z.string()]).transform((given, context) => {
  const read = typeof given === "number" ? given : percentOf(given);
  if (read > 0 && read < 1) return read;
  context.addIssue({
    code: "custom",
    message: "a share between 0 and 1, such as 0.9 or 90 %",
    input: given,
  });
  return z.NEVER;
});
const settled = z
  .union([
    share,
    z.strictObject({ limit: share.optional(), rounds: z.int().positive().optional() }),
  ])
  .transform((given) => (typeof given === "number" ? { limit: given } : given));
/** Under `stop`. */
export const stopRules = z.strictObject({
  measurements: z.int().positive().optional(),
  cost: amount.optional(),
  gain: amount.optional(),
  possibleGain: amount.optional(),
  targetMet: share.optional(),
  bestSettled: settled.optional(),
  predictionsSettled: settled.optional(),
});
/** Under `experiments`. */
export const experiments = z.strictObject({
  planner: withSettings(planners).optional(),
  exploration: z.number().min(0).max(1).optional(),
  batch: z.int().positive().optional(),
});

function percentOf(text: string): number {
  try {
    const { value, unit } = parseQuantity(text);
    return convert(value, unit, "1");
  } catch {
    return Number.NaN;
  }
}
