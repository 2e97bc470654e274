import { Command, CommanderError } from "commander";
import { StoreError } from "../core/errors.ts";
import { auditCommand } from "./commands/audit.ts";
import { backtestCommand } from "./commands/backtest.ts";
import { campaignCommand } from "./commands/campaign.ts";
import { countCommand } from "./commands/count.ts";
import { datasetsCommand } from "./commands/datasets.ts";
import { describeCommand } from "./commands/describe.ts";
import { designCommand } from "./commands/design.ts";
import { doeCommand } from "./commands/doe.ts";
import { explainCommand } from "./commands/explain.ts";
import { invertCommand } from "./commands/invert.ts";
import { methodsCommand } from "./commands/methods.ts";
import { modelsCommand } from "./commands/models.ts";
import { paretoCommand } from "./commands/pareto.ts";
import { predictCommand } from "./commands/predict.ts";
import { recommendCommand } from "./commands/recommend.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { startCommand } from "./commands/start.ts";
import { tuneCommand } from "./commands/tune.ts";
import { trainCommand } from "./commands/train.ts";
import { validateCommand } from "./commands/validate.ts";
import { errorText } from "./error-text.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { startThreads, threadsOption } from "./threads.ts";
import { version } from "./version.ts";

const program = new Command("ystar")
  .description(
    "The inverse-design workbench for materials: state the properties you want, get the materials to make next.",
  )
  .version(version)
  .addOption(threadsOption())
  .showHelpAfterError("Run with --help for the options and an example.")
  .showSuggestionAfterError();

for (const command of [
  designCommand,
  campaignCommand,
  invertCommand,
  validateCommand,
  tuneCommand,
  trainCommand,
  predictCommand,
  modelsCommand,
  methodsCommand,
  explainCommand,
  describeCommand,
  countCommand,
  auditCommand,
  datasetsCommand,
  doeCommand,
  recommendCommand,
  backtestCommand,
  simulateCommand,
  paretoCommand,
  startCommand,
]) {
  program.addCommand(command());
}
const prepare = (command: Command): void => {
  command.exitOverride().configureHelp({ showGlobalOptions: true });
  command.commands.forEach(prepare);
};
prepare(program);

let endThreads = (): void => {};
program.hook("preAction", () => {
  endThreads = startThreads(program.opts<{ threads: string }>().threads);
});

// A reader that stops early (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.done);
  process.stderr.write(
    `${errorText(new StoreError(`The output cannot be written: ${error.message}.`))}\n`,
  );
  process.exit(exitCodes.badInput);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help and version end with 0.
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  } else {
    process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
} finally {
  endThreads();
}
