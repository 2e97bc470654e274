import { encodeCampaign } from "../../../campaign/experiments/history/portable-file.ts";
import { countOf } from "../../../core/format.ts";
import { prepareFile, writeFileAtomically } from "../../../store/model-file.ts";
import { campaignSubcommand, readCampaign, type CampaignOptions } from "../../campaign/session.ts";
import { print, printJson } from "../../output.ts";

/** `ystar campaign export`: a campaign as one file. */
export const exportCommand = () =>
  campaignSubcommand("export")
    .description("Write a campaign with its problem and whole history into one file")
    .argument("<file>", "where to write it")
    .addHelpText(
      "after",
      `
Example:
  $ ystar campaign export coating.json`,
    )
    .action(async (file: string, options: CampaignOptions) => {
      prepareFile(file);
      const { state } = await readCampaign(options);
      const { events } = state.history;
      writeFileAtomically(file, await encodeCampaign(events));
      if (options.json) printJson({ campaign: state.name, file, entries: events.length });
      else
        print(`Wrote "${state.name}", ${countOf(events.length, "entry", "entries")}, to ${file}.`);
    });
