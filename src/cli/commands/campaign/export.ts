import { encodeCampaign } from "../../../campaign/experiments/history/portable-file.ts";
import { measurementSheet } from "../../../campaign/experiments/sheet/measurement-sheet.ts";
import { countOf } from "../../../core/format.ts";
import { csvText } from "../../../report/csv.ts";
import { isSheetPath, prepareSheet, writeSheet } from "../../../store/batch-sheet-file.ts";
import { prepareFile, writeFileAtomically } from "../../../store/model-file.ts";
import { campaignSubcommand, readCampaign, type CampaignOptions } from "../../campaign/session.ts";
import { print, printJson } from "../../output.ts";

/** `ystar campaign export`: a campaign as one file, or its measurements as a table. */
export const exportCommand = () =>
  campaignSubcommand("export")
    .description(
      "Write a campaign with its whole history into one file, or its measurements as a table",
    )
    .argument(
      "<file>",
      "where to write it: .csv and .xlsx for the measurements, any other name for everything",
    )
    .addHelpText(
      "after",
      `
The table has one row for each measurement: what was made, what came out, its status and notes. Other programs read
it, and so do ystar tell --file, recommend --data, pareto and validate.

Example:
  $ ystar campaign export coating.json
  $ ystar campaign export coating.xlsx`,
    )
    .action((file: string, options: CampaignOptions) =>
      isSheetPath(file) ? exportTable(file, options) : exportCampaign(file, options),
    );

async function exportCampaign(file: string, options: CampaignOptions): Promise<void> {
  prepareFile(file);
  const { state } = await readCampaign(options);
  const { events } = state.history;
  writeFileAtomically(file, await encodeCampaign(events));
  if (options.json) printJson({ campaign: state.name, file, entries: events.length });
  else print(`Wrote "${state.name}", ${countOf(events.length, "entry", "entries")}, to ${file}.`);
}

async function exportTable(file: string, options: CampaignOptions): Promise<void> {
  prepareSheet(file);
  const { state, problem } = await readCampaign(options);
  const sheet = measurementSheet(problem, state);
  await writeSheet(file, sheet, csvText);
  const measurements = sheet.rows.length;
  if (options.json) printJson({ campaign: state.name, file, measurements });
  else print(`Wrote ${countOf(measurements, "measurement")} of "${state.name}" to ${file}.`);
}
