import { Command, Option } from "commander";
import { validateDataset, type DatasetValidation } from "../../campaign/validate-dataset.ts";
import { InputError } from "../../core/errors.ts";
import { countOf, formatNumber } from "../../core/format.ts";
import { columnsWithRole } from "../../data/table.ts";
import { loadDataset } from "../../store/load-dataset.ts";
import { surrogates, type SurrogateName } from "../../surrogates/registry.ts";
import { protocols, type Protocol } from "../../surrogates/validate/protocol.ts";
import { jsonOption, list, realNumber, seedOption, wholeNumber } from "../options.ts";
import { print, printJson } from "../output.ts";
import { startWork } from "../progress.ts";
import { textTable } from "../text-table.ts";

interface Options {
  readonly target?: string;
  readonly model: SurrogateName;
  readonly protocol: Protocol;
  readonly groupBy: "system" | "composition";
  readonly repeats: number;
  readonly folds: number;
  readonly test: number;
  readonly features?: string[];
  readonly process?: string[];
  readonly seed?: number;
  readonly json?: boolean;
}

/** `ystar validate`: how much to trust a model of a property, against simple baselines. */
export function validateCommand(): Command {
  return new Command("validate")
    .description("Say how far a model of a property may be trusted, against simple baselines")
    .argument("<data>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .option("--target <property>", "property to learn (a shipped set has a default)")
    .addOption(
      new Option("--model <name>", "family of models")
        .choices(Object.keys(surrogates))
        .default("random-forest"),
    )
    .addOption(
      new Option("--protocol <name>", "how rows are split").choices(protocols).default("grouped"),
    )
    .addOption(
      new Option("--group-by <what>", "what stays together in the grouped protocol")
        .choices(["system", "composition"])
        .default("system"),
    )
    .option("--repeats <n>", "repetitions with other random splits", wholeNumber, 1)
    .option("--folds <n>", "folds of kfold and grouped", wholeNumber, 5)
    .option("--test <share>", "share of the rows that holdout tests", realNumber, 0.2)
    .option("--features <list>", "feature sets, separated by commas", list)
    .option("--process <list>", "process variables used as inputs, separated by commas", list)
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  $ ystar validate hea-single-phase --target single_phase --protocol holdout --repeats 5`,
    )
    .action(async (source: string, options: Options) => {
      const dataset = await loadDataset(source);
      const target = options.target ?? dataset.spec?.defaultTarget;
      if (target === undefined) {
        throw new InputError("Say which property to learn.", {
          file: source,
          path: "--target",
          expected: `one of ${columnsWithRole(dataset.table, "property")
            .map((column) => column.name)
            .join(", ")}`,
        });
      }
      const { work, end } = startWork({ quiet: false });
      let result: DatasetValidation;
      try {
        result = await validateDataset(dataset, {
          target,
          model: options.model,
          protocol: options.protocol,
          groupBy: options.groupBy,
          repeats: options.repeats,
          folds: options.folds,
          testFraction: options.test,
          seed: options.seed ?? 0,
          work,
          ...(options.features === undefined ? {} : { features: options.features }),
          ...(options.process === undefined ? {} : { process: options.process }),
        });
      } finally {
        end();
      }
      if (options.json) printJson(result);
      else print(validationText(result));
    });
}

function validationText(result: DatasetValidation): string {
  const { model, metrics, baseline } = result;
  const names = Object.keys(metrics);
  const scores = [[model, metrics] as const, ...Object.entries(baseline)];
  return [
    `${result.target}: ${countOf(result.rows, "row")}, ${result.protocol}, ${countOf(result.repeats, "repeat")}, seed ${result.seed}`,
    `inputs: ${[...result.features, ...result.process].join(", ")}`,
    ...result.dropped.map(({ reason, rows }) => `left out: ${countOf(rows, "row")}, ${reason}`),
    "",
    textTable(names, [
      { title: "metric", text: (name) => name },
      ...scores.map(([title, values]) => ({
        title,
        align: "right" as const,
        text: (name: string) => {
          const metric = values[name];
          if (metric === undefined) return "-";
          const spread = metric.std > 0 ? ` ± ${formatNumber(metric.std, 2)}` : "";
          return `${formatNumber(metric.mean, 4)}${spread}`;
        },
      })),
    ]),
  ].join("\n");
}
