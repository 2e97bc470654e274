import { batchSheet } from "../../../campaign/experiments/sheet/batch-sheet.ts";
import {
  historyOf,
  summariseCampaign,
} from "../../../campaign/experiments/summary/summarise-campaign.ts";
import { csvText } from "../../../report/csv.ts";
import { prepareSheet, writeSheet } from "../../../store/batch-sheet-file.ts";
import { campaignSubcommand, readCampaign, type CampaignOptions } from "../../campaign/session.ts";
import { day, statusText } from "../../campaign/status-text.ts";
import { withWork } from "../../progress.ts";
import { print, printJson } from "../../output.ts";
import { textTable } from "../../text-table.ts";

/** `ystar campaign status`: where a campaign stands. */
export const statusCommand = () =>
  campaignSubcommand("status")
    .description("Show rounds, the best so far, what is to be measured, and whether to go on")
    .option("--history", "every entry with its name, undone ones too")
    .option("--sheet <file>", "write what is to be measured into a sheet (.csv or .xlsx)")
    .addHelpText(
      "after",
      `
Example:
  $ ystar campaign status
  $ ystar campaign status --history`,
    )
    .action(
      async (
        options: CampaignOptions & { readonly history?: boolean; readonly sheet?: string },
      ) => {
        if (options.sheet !== undefined) prepareSheet(options.sheet);
        const { state, problem } = await readCampaign(options);
        const summary = await withWork((work) => summariseCampaign(state, problem, work));
        const history = historyOf(state);
        if (options.sheet !== undefined) {
          const open = summary.pending.flatMap(({ id, status }) =>
            status === "suggested" ? [id] : [],
          );
          await writeSheet(options.sheet, batchSheet(problem, state, open), csvText);
        }
        if (options.json) printJson(options.history ? { ...summary, history } : summary);
        else if (options.history) {
          print(
            textTable(history, [
              { title: "entry", text: (one) => one.id },
              { title: "when", text: (one) => day(one.at) },
              { title: "by", text: (one) => one.by },
              { title: "what", text: (one) => one.what },
              { title: "", text: (one) => (one.undone ? "undone" : "") },
            ]),
          );
        } else print(statusText(summary, problem));
      },
    );
