import { Command } from "commander";
import { paretoTable, type ParetoResult } from "../../campaign/pareto/pareto-table.ts";
import type { Table } from "../../data/contract.ts";
import { isMissingAt, textAt } from "../../data/table.ts";
import { csvText } from "../../report/csv.ts";
import { frontSvg } from "../../report/svg/front-svg.ts";
import { prepareFile, writeFileAtomically } from "../../store/model-file.ts";
import { columnOption, loadWithColumns, type ColumnTexts } from "../column-option.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { jsonOption, realNumber, setting } from "../options.ts";
import { print, printJson } from "../output.ts";
import { paretoText } from "../pareto-text.ts";
import { targetsOption } from "../targets-option.ts";

interface Options {
  readonly targets: readonly string[];
  readonly reference: Readonly<Record<string, string>>;
  readonly column: ColumnTexts;
  readonly out?: string;
  readonly json?: boolean;
}

/** `ystar pareto`: which rows of a table no other row beats in everything. */
export function paretoCommand(): Command {
  return new Command("pareto")
    .description("Rank the rows of a table by several targets: front, knee, hypervolume")
    .argument("<data>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .addOption(targetsOption())
    .option(
      "--reference <name=value>",
      "worst acceptable value of an outcome: the corner of the hypervolume; may be repeated",
      setting,
      {},
    )
    .addOption(columnOption())
    .option("--out <file>", "write the ranked table (.csv) or a picture of two objectives (.svg)")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  $ ystar pareto runs.csv --targets "strength -> maximise" "cost -> minimise" --reference cost=8 --out front.csv`,
    )
    .action(runPareto);
}

async function runPareto(source: string, options: Options): Promise<void> {
  const { out } = options;
  if (out !== undefined) prepareOut(out);
  const { table } = await loadWithColumns(source, options.column);
  const reference = Object.fromEntries(
    Object.entries(options.reference).map(([name, text]) => [name, referenceValue(name, text)]),
  );
  const result = paretoTable(table, { targets: options.targets, reference });
  if (out !== undefined) {
    writeFileAtomically(out, isSvg(out) ? frontSvg(result) : rankedCsv(table, result));
    process.stderr.write(`${isSvg(out) ? "Picture" : "Table"}: ${out}\n`);
  }
  if (options.json) printJson(result);
  else print(paretoText(table, result));
}

const isSvg = (path: string): boolean => /\.svg$/i.test(path);

function prepareOut(path: string): void {
  if (!/\.(csv|svg)$/i.test(path)) {
    throw new UnsupportedError("The result is written as a table or as a picture.", {
      file: path,
      expected: "a name that ends in .csv or .svg",
    });
  }
  prepareFile(path);
}

function referenceValue(name: string, text: string): number {
  try {
    return realNumber(text);
  } catch (cause) {
    throw new InputError(`The reference of "${name}" is no number.`, {
      path: "--reference",
      expected: "name=number, in the outcome's unit",
      received: text,
      cause,
    });
  }
}

/** The table as it was, in the order of ranks, with rank and knee in front. */
function rankedCsv(table: Table, { rows }: ParetoResult): string {
  const columns = table.columns;
  return csvText([
    ["table_row", "rank", "meets", "knee", ...columns.map(({ header }) => header)],
    ...rows.map(({ row, rank, meets, isKnee }) => [
      row,
      rank,
      meets ? "yes" : "no",
      isKnee ? "yes" : "",
      ...columns.map((column) => {
        if (isMissingAt(column, row - 1)) return "";
        return column.kind === "number" ? column.values[row - 1]! : textAt(column, row - 1);
      }),
    ]),
  ]);
}
