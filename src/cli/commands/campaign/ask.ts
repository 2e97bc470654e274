import type { AskRequest } from "../../../campaign/experiments/actions/ask.ts";
import { poolDesigns } from "../../../campaign/experiments/pool-designs.ts";
import { batchSheet } from "../../../campaign/experiments/sheet/batch-sheet.ts";
import { csvText } from "../../../report/csv.ts";
import { prepareSheet, writeSheet } from "../../../store/batch-sheet-file.ts";
import { loadDataset } from "../../../store/load-dataset.ts";
import { askText } from "../../campaign/ask-text.ts";
import {
  campaignSubcommand,
  printNotices,
  withCampaign,
  type CampaignOptions,
} from "../../campaign/session.ts";
import { countUpTo, seedOption } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { addPlannerOptions, plannerChoice, type PlannerArguments } from "../../planner-options.ts";
import { withWork } from "../../progress.ts";

interface AskCommandOptions extends CampaignOptions, PlannerArguments {
  readonly number?: number;
  readonly sheet?: string;
  readonly pool?: string;
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
    .option("--pool <table>", "only designs of this table may be suggested")
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
      const table = options.pool === undefined ? undefined : await loadDataset(options.pool);
      const asked: AskRequest = {
        ...plannerChoice(options),
        ...(number === undefined ? {} : { batchSize: number }),
        ...(replicates === undefined ? {} : { replicates }),
        ...(seed === undefined ? {} : { seed }),
      };
      await withCampaign(options, async (campaign) => {
        const problem = await campaign.problem();
        const pool = table === undefined ? undefined : poolDesigns(problem, table);
        const request: AskRequest =
          table === undefined || pool === undefined
            ? asked
            : {
                ...asked,
                pool: { source: table.name, sha256: table.sha256, designs: pool.designs },
              };
        const recorded = await withWork((work) => campaign.ask(request, work));
        const { round, state } = recorded;
        const notices = [...(pool?.notes ?? []), ...recorded.notices];
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
