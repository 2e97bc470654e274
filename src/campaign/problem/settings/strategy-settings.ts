import { InputError } from "../../../core/errors.ts";
import { strategies } from "../../../search/registry.ts";
import type { StrategySpec } from "../../../search/contract.ts";
import { settingNotes } from "../../../search/settings.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import type { JsonValue } from "../../../surrogates/contract.ts";
import { requireSettings } from "./experiment-settings.ts";
import { readValues, type GivenValue } from "../../experiments/actions/read-values.ts";
import { toldDesign } from "../../experiments/actions/told-design.ts";
import { locate } from "../locate.ts";
import type { Problem } from "../problem.ts";

/** A strategy with its settings. */
export interface StrategyChoice {
  readonly spec: StrategySpec;
  /** As people gave them, with the defaults of the others: for the result. */
  readonly settings: Readonly<Record<string, JsonValue>>;
  /** As the strategy takes them. */
  readonly encoded: Readonly<Record<string, JsonValue>>;
}

/** What is asked for instead of the problem file's strategy. */
export interface AskedStrategy {
  readonly strategy?: string;
  readonly settings?: Readonly<Record<string, JsonValue>>;
}

/**
 * The strategy of a problem, or the one asked for, with settings that are asked for over those of the file. A setting
 * that holds a design is read from values by name (`{ Al: 0.3, Ti: 0.7, temperature: 850 K }`) or from a formula.
 * @throws InputError for a setting that the strategy does not have or a design that the space cannot express
 */
export function strategySettings(problem: Problem, asked: AskedStrategy = {}): StrategyChoice {
  const own = problem.strategy;
  const name = asked.strategy ?? own.name;
  const given = { ...(name === own.name ? own.settings : {}), ...asked.settings };
  const spec: StrategySpec = strategies[name as keyof typeof strategies];
  requireSettings(strategies, { name, settings: given });
  const designs = settingNotes(spec).filter((note) => note.isDesign);
  const encoded = Object.fromEntries(
    Object.entries(given).map(([setting, value]): [string, JsonValue] => {
      if (value === null || designs.every((one) => one.name !== setting)) return [setting, value];
      const read = (): JsonValue => designRow(problem.space, setting, value);
      const isOfFile = asked.settings?.[setting] === undefined;
      return [setting, isOfFile ? locate(problem.parsed, ["strategy", setting], read) : read()];
    }),
  );
  return {
    spec,
    settings: { ...(spec.defaults as Readonly<Record<string, JsonValue>>), ...given },
    encoded,
  };
}

/** A design that a person wrote, as a row. */
function designRow(space: SearchSpace, setting: string, value: JsonValue): number[] {
  const { parameters } = space;
  const composition = parameters.find(({ kind }) => kind === "composition");
  const values =
    typeof value === "string" && composition !== undefined
      ? { [composition.name]: value }
      : typeof value === "object" && !Array.isArray(value)
        ? (value as Readonly<Record<string, GivenValue>>)
        : undefined;
  if (values === undefined) {
    throw new InputError(`The setting "${setting}" is no design.`, {
      path: setting,
      expected: "values by name, such as { temperature: 850 K, time: 2 h }",
      received: JSON.stringify(value),
    });
  }
  const problem = { parameters, outcomes: [] };
  const { design } = toldDesign(problem, undefined, readValues(problem, values));
  return Array.from(space.encode(design));
}
