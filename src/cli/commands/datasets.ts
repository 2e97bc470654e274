import { Command } from "commander";
import { countOf } from "../../core/format.ts";
import { columnsWithRole } from "../../data/table.ts";
import { datasetNamed, datasetNames } from "../../data/datasets.ts";
import { loadDataset } from "../../store/load-dataset.ts";
import { jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { textTable } from "../text-table.ts";

/** `ystar datasets`: what is shipped, from where, under which licence. */
export function datasetsCommand(): Command {
  return new Command("datasets")
    .description("List the shipped data sets, or describe one")
    .argument("[name]", "name of a data set")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  $ ystar datasets mpea`,
    )
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const names = name === undefined ? datasetNames : [datasetNamed(name).name];
      const described = await Promise.all(names.map(describeDataset));
      if (options.json) printJson(name === undefined ? described : described[0]);
      else if (name === undefined) print(listing(described));
      else print(details(described[0]!));
    });
}

async function describeDataset(name: string) {
  const { spec } = datasetNamed(name);
  const { table, sha256 } = await loadDataset(name);
  const columns = (role: "property" | "process") =>
    columnsWithRole(table, role).map((column) => ({
      name: column.name,
      unit: column.kind === "number" ? column.unit : null,
    }));
  return {
    name,
    contents: spec.title,
    rows: table.rows,
    dataHash: sha256,
    properties: columns("property"),
    process: columns("process"),
    defaultTarget: spec.defaultTarget,
    ...spec.provenance,
  };
}

type Described = Awaited<ReturnType<typeof describeDataset>>;

function listing(described: readonly Described[]): string {
  return textTable(described, [
    { title: "name", text: (one) => one.name },
    { title: "rows", align: "right", text: (one) => String(one.rows) },
    { title: "licence", text: (one) => one.license.split(";")[0]! },
    { title: "contents", text: (one) => one.contents },
  ]);
}

function details(one: Described): string {
  const names = (columns: Described["properties"]): string =>
    columns
      .map(({ name, unit }) => (unit === null || unit === "1" ? name : `${name} (${unit})`))
      .join(", ");
  return [
    `${one.name}: ${one.contents}`,
    "",
    `rows        ${countOf(one.rows, "row")}`,
    `properties  ${names(one.properties)}`,
    `process     ${names(one.process)}`,
    `source      ${one.authors}: ${one.title}, ${one.reference}, doi:${one.doi}`,
    `            ${one.url}`,
    `licence     ${one.license}`,
    `sha-256     ${one.dataHash}`,
    "",
    ...one.notes.map((note) => `- ${note}`),
  ].join("\n");
}
