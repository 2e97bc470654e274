import { decodeCampaign } from "../../../campaign/experiments/history/portable-file.ts";
import { replay } from "../../../campaign/experiments/history/replay.ts";
import { openProblem } from "../../../campaign/experiments/campaign-problem.ts";
import { countOf } from "../../../core/format.ts";
import { readText } from "../../../store/read-text.ts";
import { campaignSubcommand, withStore, type CampaignOptions } from "../../campaign/session.ts";
import { print, printJson } from "../../output.ts";

/** Largest file that is taken in: some ten thousand rounds. */
const largestBytes = 400 * 2 ** 20;

/** `ystar campaign import`: a campaign from a file. */
export const importCommand = () =>
  campaignSubcommand("import")
    .description("Take a campaign from a file into a database")
    .argument("<file>", "what ystar campaign export has written")
    .addHelpText(
      "after",
      `
With --name it gets another name here.

Example:
  $ ystar campaign import coating.json --db lab.db`,
    )
    .action(async (file: string, options: CampaignOptions) => {
      const events = await decodeCampaign(readText(file, largestBytes), file);
      const state = replay(events);
      await openProblem(state.problem);
      const name = options.name ?? state.name;
      const named = events.map((event) => (event.type === "created" ? { ...event, name } : event));
      await withStore(options.db, { create: true }, (store) => store.create(name, named));
      if (options.json) printJson({ campaign: name, database: options.db, entries: events.length });
      else {
        print(
          `Took in "${name}", ${countOf(events.length, "entry", "entries")}, into ${options.db}.`,
        );
      }
    });
