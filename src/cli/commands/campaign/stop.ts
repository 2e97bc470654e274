import { campaignSubcommand, withCampaign, type CampaignOptions } from "../../campaign/session.ts";
import { printRecorded } from "./undo.ts";

/** `ystar campaign stop`: no more suggestions. */
export const stopCommand = () =>
  campaignSubcommand("stop")
    .description("End a campaign: nothing is suggested any more; results can still be told")
    .option("--reason <text>", "why")
    .addHelpText(
      "after",
      `
Example:
  $ ystar campaign stop --reason "good enough"`,
    )
    .action(async (options: CampaignOptions & { reason?: string }) => {
      await withCampaign(options, async (campaign) => {
        const recorded = await campaign.stop(options.reason ?? null);
        printRecorded(
          recorded,
          options,
          "The campaign is stopped. Go on with: ystar campaign resume",
        );
      });
    });

/** `ystar campaign resume`: go on after a stop. */
export const resumeCommand = () =>
  campaignSubcommand("resume")
    .description("Go on with a stopped campaign")
    .addHelpText(
      "after",
      `
Example:
  $ ystar campaign resume`,
    )
    .action(async (options: CampaignOptions) => {
      await withCampaign(options, async (campaign) => {
        printRecorded(await campaign.resume(), options, "The campaign goes on.");
      });
    });
