import { campaignSubcommand, withCampaign, type CampaignOptions } from "../../campaign/session.ts";
import { readCampaignProblem } from "./new.ts";
import { printRecorded } from "./undo.ts";

/** `ystar campaign edit`: another problem from here on. */
export const editCommand = () =>
  campaignSubcommand("edit")
    .description("Go on with an edited problem file: other limits, targets, parameters")
    .argument("<problem>", "problem file (YAML or JSON)")
    .addHelpText(
      "after",
      `
Everything measured stays; what lies outside the new space is flagged and learned from where that is possible.

Example:
  $ ystar campaign edit coating.yaml`,
    )
    .action(async (path: string, options: CampaignOptions) => {
      const problem = await readCampaignProblem(path);
      await withCampaign(options, async (campaign) => {
        printRecorded(
          await campaign.edit(problem),
          options,
          "The edited problem holds from here on.",
        );
      });
    });
