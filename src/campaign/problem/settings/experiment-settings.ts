import { planners } from "../../../search/planning/registry.ts";
import { checkSettings, type Configurable } from "../../../search/settings.ts";
import type { JsonValue } from "../../../surrogates/contract.ts";
import { nameAndSettings, type NamedWithSettings } from "./experiment-entries.ts";
import { locate } from "../locate.ts";
import type { ParsedProblemFile } from "../problem-file.ts";

/** How experiments are chosen; what is absent is decided by the planner or the command. */
export interface ExperimentSettings {
  /** Name in the registry of planners. */
  readonly planner?: string;
  readonly settings?: Readonly<Record<string, JsonValue>>;
  /** 0 = what looks best ... 1 = what teaches most. */
  readonly exploration?: number;
  /** Designs of one round. */
  readonly batch?: number;
}

/**
 * What a problem file says under `experiments`.
 * @throws InputError for a setting that its planner does not have
 */
export function experimentSettings(parsed: ParsedProblemFile): ExperimentSettings {
  const { planner: given, exploration, batch } = parsed.content.experiments ?? {};
  const planner = given === undefined ? undefined : nameAndSettings(given);
  if (planner !== undefined) {
    locate(parsed, ["experiments", "planner"], () => requireSettings(planners, planner));
  }
  return {
    ...(planner === undefined ? {} : { planner: planner.name }),
    ...(planner === undefined || Object.keys(planner.settings).length === 0
      ? {}
      : { settings: planner.settings }),
    ...(exploration === undefined ? {} : { exploration }),
    ...(batch === undefined ? {} : { batch }),
  };
}

/** @throws InputError for settings that the entry of the registry does not have */
export function requireSettings(
  registry: Readonly<Record<string, Configurable>>,
  given: NamedWithSettings,
): NamedWithSettings {
  checkSettings(registry[given.name]!, given.settings);
  return given;
}

/**
 * Settings asked for over those of a problem: another planner does not take the settings that the problem has for its
 * own.
 */
export function withExperimentSettings<Asked extends Omit<ExperimentSettings, "batch">>(
  { planner, settings, exploration }: ExperimentSettings,
  asked: Asked,
): Asked {
  const isOwn = asked.planner === undefined || asked.planner === planner;
  return {
    ...(planner === undefined ? {} : { planner }),
    ...(exploration === undefined ? {} : { exploration }),
    ...asked,
    ...(isOwn && settings !== undefined ? { settings: { ...settings, ...asked.settings } } : {}),
  };
}
