import { Command } from "commander";
import { formatNumber } from "../../core/format.ts";
import { describeComposition } from "../../domains/alloy/describe.ts";
import { parseAlloy } from "../../domains/alloy/parse-alloy.ts";
import { jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { textTable } from "../text-table.ts";

/** `ystar describe`: every descriptor of one alloy, with unit and source. */
export function describeCommand(): Command {
  return new Command("describe")
    .description("Compute the descriptors of an alloy from its formula")
    .argument("<formula...>", "a formula such as CoCrFeMnNi, Al0.3CoCrFeNi or Ti-6Al-4V wt%")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  $ ystar describe "Ti-6Al-4V wt%"`,
    )
    .action((words: string[], options: { json?: boolean }) => {
      const { fractions, warnings } = parseAlloy(words.join(" "));
      const description = { ...describeComposition(fractions), warnings };
      if (options.json) {
        printJson(description);
        return;
      }
      const rows = Object.entries(description.descriptors);
      print(`${description.formula}\n`);
      print(
        textTable(rows, [
          { title: "descriptor", text: ([name]) => name },
          {
            title: "value",
            align: "right",
            text: ([, one]) => (one.value === null ? "-" : formatNumber(one.value, 5)),
          },
          { title: "unit", text: ([, one]) => (one.unit === "1" ? "" : one.unit) },
          { title: "usual reading", text: ([, one]) => one.note ?? one.reading ?? "" },
        ]),
      );
      for (const warning of warnings) print(`\nNote: ${warning}`);
      print("\nSources are in the JSON output (--json).");
    });
}
