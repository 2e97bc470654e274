import { Command } from "commander";
import { askCommand } from "./campaign/ask.ts";
import { editCommand } from "./campaign/edit.ts";
import { exportCommand } from "./campaign/export.ts";
import { importCommand } from "./campaign/import.ts";
import { listCommand } from "./campaign/list.ts";
import { newCommand } from "./campaign/new.ts";
import { statusCommand } from "./campaign/status.ts";
import { reportCommand } from "./campaign/report.ts";
import { resumeCommand, stopCommand } from "./campaign/stop.ts";
import { tellCommand } from "./campaign/tell.ts";
import { undoCommand } from "./campaign/undo.ts";

/** `ystar campaign`: a closed loop of suggestions and measurements that remembers everything. */
export function campaignCommand(): Command {
  const command = new Command("campaign")
    .description("Run a campaign of experiments: ask what to make next, tell what came out")
    .addHelpText(
      "after",
      `
Example:
  $ ystar campaign new coating.yaml
  $ ystar campaign ask -n 4 --sheet batch.xlsx
  $ ystar campaign tell --file batch.xlsx
  $ ystar campaign status`,
    );
  for (const subcommand of [
    newCommand,
    askCommand,
    tellCommand,
    statusCommand,
    listCommand,
    reportCommand,
    undoCommand,
    editCommand,
    stopCommand,
    resumeCommand,
    exportCommand,
    importCommand,
  ]) {
    command.addCommand(subcommand());
  }
  return command;
}
