import { Command } from "commander";
import { day } from "../../campaign/status-text.ts";
import { databaseOption, isWritable, withStore } from "../../campaign/session.ts";
import { jsonOption } from "../../options.ts";
import { print, printJson } from "../../output.ts";
import { textTable } from "../../text-table.ts";

/** `ystar campaign list`: the campaigns of a database. */
export const listCommand = () =>
  new Command("list")
    .description("List the campaigns of a database")
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  $ ystar campaign list --db lab.db`,
    )
    .action(async ({ db, json }: { readonly db: string; readonly json?: boolean }) => {
      const campaigns = await withStore(db, { readOnly: !isWritable(db) }, (store) => store.list());
      if (json) printJson(campaigns);
      else if (campaigns.length === 0) print(`There is no campaign in ${db} yet.`);
      else {
        print(
          textTable(campaigns, [
            { title: "campaign", text: (one) => one.name },
            { title: "begun", text: (one) => day(one.created) },
            { title: "last entry", text: (one) => day(one.changed) },
            { title: "entries", align: "right", text: (one) => String(one.events) },
          ]),
        );
      }
    });
