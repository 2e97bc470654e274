import type { Recorded } from "../../../campaign/experiments/campaign.ts";
import { campaignSubcommand, withCampaign, type CampaignOptions } from "../../campaign/session.ts";
import { print, printJson } from "../../output.ts";

/** Shows what an action recorded and said. */
export function printRecorded(
  { events, notices, state }: Recorded,
  options: CampaignOptions,
  done: string,
): void {
  if (options.json) printJson({ campaign: state.name, recorded: events, notices });
  else print([...(events.length > 0 && done !== "" ? [done] : []), ...notices].join("\n"));
}

/** `ystar campaign undo`: take a wrong entry back. */
export const undoCommand = () =>
  campaignSubcommand("undo")
    .description("Take back a wrong entry, the last one without a name; the history keeps it")
    .argument("[entry]", "entry such as e4 (see status --history), or measurement such as r1-2")
    .option("--reason <text>", "why")
    .addHelpText(
      "after",
      `
Undoing an undo brings the entry back.

Example:
  $ ystar campaign undo r1-2 --reason "wrong sample"`,
    )
    .action(async (entry: string | undefined, options: CampaignOptions & { reason?: string }) => {
      await withCampaign(options, async (campaign) => {
        printRecorded(await campaign.undo(entry, options.reason ?? null), options, "");
      });
    });
