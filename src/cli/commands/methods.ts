import { Command } from "commander";
import { acquisitions } from "../../search/acquisition/registry.ts";
import type { AcquisitionSpec } from "../../search/acquisition/contract.ts";
import type { StrategySpec } from "../../search/contract.ts";
import type { PlannerSpec } from "../../search/planning/contract.ts";
import { planners } from "../../search/planning/registry.ts";
import { strategies } from "../../search/registry.ts";
import { settingNotes, type Configurable } from "../../search/settings.ts";
import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { textTable } from "../text-table.ts";

/** `ystar methods`: the ways to search and to choose experiments, by name, with their settings. */
export function methodsCommand(): Command {
  return new Command("methods")
    .description(
      "List strategies, planners and acquisition functions, or the settings of one of them",
    )
    .argument("[name]", "a strategy or planner")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Strategies search designs (strategy: in a problem file, ystar design), planners choose experiments (experiments: in a
problem file, ystar recommend, campaign ask, backtest, simulate). Settings are given with --set name=value.

Example:
  $ ystar methods bayesian
  $ ystar campaign ask --planner bayesian --set acquisition=ucb`,
    )
    .action((name: string | undefined, { json }: { readonly json?: boolean }) => {
      if (name === undefined) {
        const all = everything();
        if (json) printJson(all);
        else print(listText(all));
        return;
      }
      const found = methodNamed(name);
      if (json) printJson(found);
      else print(settingsText(found));
    });
}

const objectivesText = ({ min, max }: { readonly min: number; readonly max: number }): string =>
  min === max ? `${min}` : max >= 100 ? `${min} or more` : `${min} to ${max}`;

function methodOf(spec: Configurable & { readonly title: string }) {
  const { name, title } = spec;
  const settings = settingNotes(spec).map(({ text, values, ...note }) => ({
    name: note.name,
    default: note.byDefault,
    text,
    values: values ?? null,
  }));
  return { name, title, settings };
}

/** All that can be named, as plain JSON. */
function everything() {
  return {
    strategies: Object.values<StrategySpec>(strategies).map((spec) => ({
      ...methodOf(spec),
      ...spec.supports,
    })),
    planners: Object.values<PlannerSpec>(planners).map((spec) => ({
      ...methodOf(spec),
      ...spec.supports,
    })),
    acquisitions: Object.values<AcquisitionSpec>(acquisitions).map(({ name, title, supports }) => ({
      name,
      title,
      ...supports,
    })),
  };
}

function listText({
  strategies: some,
  planners: others,
  acquisitions: functions,
}: ReturnType<typeof everything>): string {
  const names = (settings: readonly { readonly name: string }[]): string =>
    settings.map(({ name }) => name).join(", ");
  return [
    "Strategies: how designs are searched (ystar design)",
    textTable(some, [
      { title: "name", text: (one) => one.name },
      { title: "what it is", text: (one) => one.title },
      { title: "objectives", text: (one) => objectivesText(one.objectives) },
      { title: "settings", text: (one) => names(one.settings) },
    ]),
    "",
    "Planners: how experiments are chosen (ystar recommend, campaign ask, backtest, simulate)",
    textTable(others, [
      { title: "name", text: (one) => one.name },
      { title: "what it is", text: (one) => one.title },
      { title: "objectives", text: (one) => objectivesText(one.objectives) },
      { title: "settings", text: (one) => names(one.settings) },
    ]),
    "",
    "Acquisition functions: what the planner bayesian makes large (--set acquisition=ucb)",
    textTable(functions, [
      { title: "name", text: (one) => one.name },
      { title: "what it is", text: (one) => one.title },
      { title: "objectives", text: (one) => objectivesText(one.objectives) },
      { title: "judges batches", text: (one) => (one.joint ? "yes" : "") },
    ]),
    "",
    "Their settings: ystar methods <name>",
  ].join("\n");
}

function methodNamed(name: string) {
  const { strategies: some, planners: others } = everything();
  const all = [
    ...some.map((one) => ({ kind: "strategy", ...one })),
    ...others.map((one) => ({ kind: "planner", ...one })),
  ];
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = all.map((one) => one.name);
  throw new InputError(`There is no strategy or planner "${name}".`, {
    expected: names.join(", "),
    received: name,
    hint: suggest(name, names),
  });
}

function settingsText(method: ReturnType<typeof methodNamed>): string {
  const { kind, name, title, settings } = method;
  if (settings.length === 0) return `${title} (${kind} ${name}) has no settings.`;
  return `${title} (${kind} ${name})\n\n${textTable(settings, [
    { title: "setting", text: (one) => one.name },
    { title: "default", text: (one) => JSON.stringify(one.default) },
    { title: "what it is", text: (one) => one.text },
    { title: "one of", text: (one) => one.values?.join(", ") ?? "" },
  ])}`;
}
