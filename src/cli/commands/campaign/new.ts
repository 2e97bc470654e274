import { Campaign, creation } from "../../../campaign/experiments/campaign.ts";
import { freezeProblem, openProblem } from "../../../campaign/experiments/campaign-problem.ts";
import type {
  CampaignProblem,
  OpenProblem,
} from "../../../campaign/experiments/campaign-problem.ts";
import { dataTellings } from "../../../campaign/experiments/actions/data-tellings.ts";
import { memoryLog, placeEvents } from "../../../campaign/experiments/history/event-log.ts";
import type { Problem } from "../../../campaign/problem/problem.ts";
import { shortNumber } from "../../../core/format.ts";
import { example } from "../../campaign/ask-text.ts";
import { fixedText, isVaried } from "../../campaign/design-cells.ts";
import {
  campaignSubcommand,
  campaignTools,
  printNotices,
  withStore,
  type CampaignOptions,
} from "../../campaign/session.ts";
import { seedOption } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { withResolvedProblem } from "../../with-problem.ts";

/** `ystar campaign new`: a campaign from a problem file. */
export const newCommand = () =>
  campaignSubcommand("new")
    .description("Begin a campaign for a problem file")
    .argument("<problem>", "problem file (YAML or JSON)")
    .option("--with-data", "begin with the measurements of the problem's data")
    .addOption(seedOption())
    .addHelpText(
      "after",
      `
The campaign keeps the problem itself, so that it needs neither the file nor its data later. Without --name it
is called as the problem is.

Example:
  $ ystar campaign new coating.yaml --name coating`,
    )
    .action(async (path: string, options: NewOptions) => {
      const resolved = await resolveFile(path);
      const problem = freezeProblem(resolved);
      const opened = await openProblem(problem);
      const name = options.name ?? nameFrom(problem.title);
      const seed = options.seed ?? resolved.parsed.content.seed;
      const tools = campaignTools(options);
      const event = creation(name, seed, problem, tools);
      const log = memoryLog(placeEvents([event], 0));
      const notices: string[] = [];
      if (options.withData) {
        const { tellings, notes } = dataTellings(resolved, opened);
        const recorded = await new Campaign(log, tools).tell(tellings);
        notices.push(`${recorded.events.length} measurements were taken from the data.`, ...notes);
      }
      await withStore(options.db, { create: true }, (store) => store.create(name, log.read()));
      if (options.json) {
        const { targets, outcomes, parameters } = problem;
        const database = options.db;
        printJson({ campaign: name, database, seed, targets, outcomes, parameters, notices });
        return;
      }
      print(
        [
          `Began the campaign "${name}" in ${options.db}.`,
          `vary      ${problem.parameters
            .filter(isVaried)
            .map((one) => one.name)
            .join(", ")}`,
          ...(fixedText(opened) === "" ? [] : [`always    ${fixedText(opened)}`]),
          `measure   ${problem.outcomes.map(({ name }) => withUnit(opened, name)).join(", ")}`,
          ...(opened.computed.length === 0
            ? []
            : [
                `computed  ${opened.computed.map(({ name }) => withUnit(opened, name)).join(", ")}`,
              ]),
          `wanted    ${problem.targets.map((one) => one.text).join("; ")}`,
          ...(problem.cost === undefined
            ? []
            : [
                `costs     ${problem.cost.formula}${problem.cost.unit === "1" ? "" : ` (${problem.cost.unit})`}`,
              ]),
          ...(problem.fidelity === undefined ? [] : [`fidelity  ${fidelityText(problem)}`]),
          "",
          `Next: ystar campaign ask${problem.experiments?.batch === undefined ? " -n 4" : ""}`,
          `Results you have already: ystar campaign tell --file results.csv, or one by one:\n  ystar campaign tell ${problem.parameters
            .filter(isVaried)
            .map((one) => `${one.name}=...`)
            .join(" ")} ${example(opened)}`,
        ].join("\n"),
      );
      printNotices(notices);
    });

/** `strength (MPa)` */
function withUnit({ outcomes }: OpenProblem, name: string): string {
  const { unit } = outcomes.find((one) => one.name === name)!;
  return unit === "1" ? name : `${name} (${unit})`;
}

/** `mesh, which counts at 5 um` */
function fidelityText({ parameters, fidelity }: CampaignProblem): string {
  const { parameter: name, target } = fidelity!;
  const parameter = parameters.find((one) => one.name === name)!;
  const unit = "unit" in parameter && parameter.unit !== "1" ? ` ${parameter.unit}` : "";
  return `${name}, which counts at ${shortNumber(target)}${unit}`;
}

interface NewOptions extends CampaignOptions {
  readonly seed?: number;
  readonly withData?: boolean;
}

/** A problem file as a campaign keeps it. */
export const readCampaignProblem = async (path: string): Promise<CampaignProblem> =>
  freezeProblem(await resolveFile(path));

/** What is computed by models is measured in a campaign, so the models are closed again. */
const resolveFile = (path: string): Promise<Problem> =>
  withResolvedProblem(path, (problem) => Promise.resolve(problem));

/** What is no part of a campaign's name becomes a blank. */
const nameFrom = (title: string): string =>
  title
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .replace(/^[ ._-]+/, "")
    .slice(0, 80)
    .trim() || "campaign";
