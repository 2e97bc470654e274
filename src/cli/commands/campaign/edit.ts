import { campaignSubcommand, withCampaign, type CampaignOptions } from "../../campaign/session.ts";
import { setting } from "../../options.ts";
import { readCampaignProblem } from "./new.ts";
import { printRecorded } from "./undo.ts";

interface EditOptions extends CampaignOptions {
  readonly assume: Readonly<Record<string, string>>;
}

/** `ystar campaign edit`: another problem from here on. */
export const editCommand = () =>
  campaignSubcommand("edit")
    .description("Go on with an edited problem file: other limits, targets, parameters")
    .argument("<problem>", "problem file (YAML or JSON)")
    .option(
      "--assume <name=value>",
      "what the designs made so far had of a parameter that is new; may be repeated",
      setting,
      {},
    )
    .addHelpText(
      "after",
      `
Everything measured stays; what lies outside the new space is flagged and learned from where that is possible.

Example:
  $ ystar campaign edit coating.yaml
  $ ystar campaign edit with-humidity.yaml --assume "humidity=40 %"`,
    )
    .action(async (path: string, options: EditOptions) => {
      const problem = await readCampaignProblem(path);
      await withCampaign(options, async (campaign) => {
        printRecorded(
          await campaign.edit(problem, options.assume),
          options,
          "The edited problem holds from here on.",
        );
      });
    });
