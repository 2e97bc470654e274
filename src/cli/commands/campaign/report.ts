import { prepareFile, writeFileAtomically } from "../../../store/model-file.ts";
import { renderCampaign } from "../../../report/campaign/render-campaign.ts";
import { campaignSubcommand, readCampaign, type CampaignOptions } from "../../campaign/session.ts";
import { print, printJson } from "../../output.ts";

/** `ystar campaign report`: a campaign as one page. */
export const reportCommand = () =>
  campaignSubcommand("report")
    .description("Write a page that shows what to make next, the progress, and everything measured")
    .argument("<file>", "where to write it (.html)")
    .addHelpText(
      "after",
      `
Example:
  $ ystar campaign report coating.html`,
    )
    .action(async (file: string, options: CampaignOptions) => {
      prepareFile(file);
      const { state, problem } = await readCampaign(options);
      writeFileAtomically(file, await renderCampaign(state, problem));
      if (options.json) printJson({ campaign: state.name, file });
      else print(`Wrote the page of "${state.name}" to ${file}.`);
    });
