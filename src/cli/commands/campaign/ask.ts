import type { AskRequest } from "../../../campaign/experiments/actions/ask.ts";
import { batchSheet } from "../../../campaign/experiments/sheet/batch-sheet.ts";
import { csvText } from "../../../report/csv.ts";
import { prepareSheet, writeSheet } from "../../../store/batch-sheet-file.ts";
import { askText } from "../../campaign/ask-text.ts";
import {
  campaignSubcommand,
  printNotices,
  withCampaign,
  type CampaignOptions,
} from "../../campaign/session.ts";
import { countUpTo, seedOption } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import {
  addPlannerOptions,
  plannerChoice,
  type PlannerArguments,
} from "../../planner-options.ts";
import { withWork } from "../../progress.ts";

interface AskCommandOptions extends CampaignOptions, PlannerArguments {
  readonly number?: number;
  readonly sheet?: string;
  readonly replicates?: boolean;
  readonly seed?: number;
}

/** Most designs of one round. */
const mostDesigns = 1000;

/** `ystar campaign ask`: the next designs to make. */
export const askCommand = () =>
  addPlannerOptions(campaignSubcommand("ask"))
    .description("Suggest the next designs to make, with a reason for each")
    .option(
      "-n, --number <n>",
      "how many (default: the problem's batch, else 1)",
      countUpTo(mostDesigns),
    )
    .option("--sheet <file>", "write them into a sheet for the bench (.csv or .xlsx)")
    .option("--replicates", "measured and pending designs may be suggested again")
    .addOption(seedOption())
    .addHelpText(
      "after",
      `
Example:
  $ ystar campaign ask -n 4 --sheet week-12.xlsx
  ... fill in the results, then:
  $ ystar campaign tell --file week-12.xlsx`,
    )
    .action(async (options: AskCommandOptions) => {
      if (options.sheet !== undefined) prepareSheet(options.sheet);
      const { number, replicates, seed } = options;
      const asked: AskRequest = {
        ...plannerChoice(options),
        ...(number === undefined ? {} : { batchSize: number }),
        ...(replicates === undefined ? {} : { replicates }),
        ...(seed === undefined ? {} : { seed }),
      };
      await withCampaign(options, async (campaign) => {
        const { round, state, notices } = await withWork((work) => campaign.ask(asked, work));
        const problem = await campaign.problem();
        if (options.sheet !== undefined) {
          const ids = round.candidates.map(({ id }) => id);
          await writeSheet(options.sheet, batchSheet(problem, state, ids), csvText);
        }
        if (options.json) {
          printJson({ campaign: state.name, ...round, notices });
          return;
        }
        print(askText(problem, round, state.name));
        if (options.sheet !== undefined) {
          print(
            `\nSheet: ${options.sheet}; read it back with: ystar campaign tell --file ${options.sheet}`,
          );
        }
        printNotices(notices);
      });
    });
