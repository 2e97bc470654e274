import { Command } from "commander";
import { freezeProblem, openProblem } from "../../campaign/experiments/campaign-problem.ts";
import type { Suggestions } from "../../campaign/experiments/contract.ts";
import { planExperiments } from "../../campaign/experiments/planning/plan-experiments.ts";
import { poolDesigns } from "../../campaign/experiments/pool-designs.ts";
import { sheetOf } from "../../campaign/experiments/sheet/batch-sheet.ts";
import { tableMeasurements } from "../../campaign/experiments/table-measurements.ts";
import { withExperimentSettings } from "../../campaign/problem/settings/experiment-settings.ts";
import type { ProblemFile } from "../../campaign/problem/problem-file.ts";
import type { Problem } from "../../campaign/problem/problem.ts";
import { csvText } from "../../report/csv.ts";
import { prepareSheet, writeSheet } from "../../store/batch-sheet-file.ts";
import { loadDataset } from "../../store/load-dataset.ts";
import { recommendationText } from "../recommendation-text.ts";
import { countUpTo, jsonOption, seedOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { addPlannerOptions, plannerChoice, type PlannerArguments } from "../planner-options.ts";
import { withWork } from "../progress.ts";
import { withResolvedProblem } from "../with-problem.ts";

interface Options extends PlannerArguments {
  readonly data?: string;
  readonly number?: number;
  readonly pool?: string;
  readonly replicates?: boolean;
  readonly out?: string;
  readonly seed?: number;
  readonly json?: boolean;
}

const mostDesigns = 1000;

/** `ystar recommend`: the next experiments for a table of measurements, without keeping anything. */
export function recommendCommand(): Command {
  const command = new Command("recommend")
    .description("Suggest the next experiments for a table of measurements, with a reason for each")
    .argument("<problem>", "problem file (YAML or JSON)")
    .option("--data <table>", "what was measured, instead of the file's data")
    .option(
      "-n, --number <n>",
      "how many designs (default: the problem's batch, else 1)",
      countUpTo(mostDesigns),
    );
  return addPlannerOptions(command)
    .option("--pool <table>", "only designs of this table may be suggested")
    .option("--replicates", "measured designs may be suggested again")
    .option("--out <sheet>", "write them into a sheet for the bench (.csv or .xlsx)")
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The table has a column for each parameter (or for the composition) and outcome. A row without an outcome is being
measured and is not suggested again. A column "status" may say more: completed, failed (may be tried again),
infeasible (cannot be made), abandoned (never again), pending.

Example:
  $ ystar recommend coating.yaml --data runs.csv -n 4 --out next.csv`,
    )
    .action(runRecommend);
}

async function runRecommend(path: string, options: Options): Promise<void> {
  if (options.out !== undefined) prepareSheet(options.out);
  const { data } = options;
  await withResolvedProblem(
    path,
    (problem) => recommendNext(problem, options),
    data === undefined
      ? undefined
      : ({ content }) => loadDataset(data, sheetAndColumns(content.data)),
  );
}

async function recommendNext(problem: Problem, options: Options): Promise<void> {
  const { parsed } = problem;
  const open = await openProblem(freezeProblem(problem));
  const { measurements, pending, notes } = tableMeasurements(problem, open);
  const { number, replicates } = options;
  const pool =
    options.pool === undefined ? undefined : poolDesigns(open, await loadDataset(options.pool));
  const { experiments } = problem;
  const plan = await withWork((work) =>
    planExperiments(open, measurements, {
      ...withExperimentSettings(experiments, plannerChoice(options)),
      batchSize: number ?? experiments.batch ?? 1,
      seed: options.seed ?? parsed.content.seed,
      pending,
      work,
      ...(pool === undefined ? {} : { pool: pool.designs }),
      ...(replicates === undefined ? {} : { replicates }),
    }),
  );
  const result: Suggestions = {
    ...plan,
    warnings: [...notes, ...(pool?.notes ?? []), ...plan.warnings],
  };
  const named = plan.suggestions.map((suggestion, i) => ({ id: `#${i + 1}`, suggestion }));
  if (options.out !== undefined) {
    const designs = named.map(({ suggestion }, i) => ({
      id: String(i + 1),
      design: suggestion.design,
    }));
    await writeSheet(options.out, sheetOf(open.problem, designs), csvText);
    process.stderr.write(`Sheet: ${options.out}\n`);
  }
  if (options.json) {
    printJson({
      problem: parsed.content.name,
      measurements: measurements.length,
      pending: pending.length,
      ...result,
    });
  } else print(recommendationText(open, named, result, measurements.length));
}

/** How the problem file says that its table is read holds for another table of the same kind. */
function sheetAndColumns(data: ProblemFile["data"]) {
  if (data === undefined || typeof data === "string") return {};
  const { sheet, columns } = data;
  return {
    ...(sheet === undefined ? {} : { sheet }),
    ...(columns === undefined ? {} : { columns }),
  };
}
