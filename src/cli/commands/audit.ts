import { Command } from "commander";
import { countOf } from "../../core/format.ts";
import { auditTable } from "../../data/audit/audit-table.ts";
import { columnOption, loadWithColumns, type ColumnTexts } from "../column-option.ts";
import { jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { textTable } from "../text-table.ts";

/** `ystar audit`: what is wrong in a table, and what would be dropped or merged and why. */
export function auditCommand(): Command {
  return new Command("audit")
    .description("Check a data table: roles of its columns, duplicates, conflicts, outliers, gaps")
    .argument("<data>", "name of a shipped data set, or a CSV, XLSX, JSON or Parquet file")
    .addOption(columnOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Nothing is changed: the findings say what design and validate would leave out.

Example:
  $ ystar audit mpea`,
    )
    .action(async (source: string, options: { column: ColumnTexts; json?: boolean }) => {
      const dataset = await loadWithColumns(source, options.column);
      const { table } = dataset;
      const audit = auditTable(table);
      const columns = table.columns.map(({ header, name, role, reason, ...column }) => ({
        header,
        name,
        role: role.kind,
        unit: column.kind === "number" ? column.unit : null,
        reason,
      }));
      if (options.json) {
        printJson({
          source: table.source,
          dataHash: dataset.sha256,
          rows: table.rows,
          keptRows: audit.keep.length,
          columns,
          findings: audit.findings,
        });
        return;
      }
      print(`${table.source}: ${countOf(table.rows, "row")}, ${audit.keep.length} kept\n`);
      print(
        textTable(columns, [
          { title: "column", text: (column) => column.name },
          { title: "role", text: (column) => column.role },
          { title: "unit", text: (column) => (column.unit === "1" ? "" : (column.unit ?? "text")) },
          { title: "because", text: (column) => column.reason },
        ]),
      );
      print("");
      for (const finding of audit.findings) {
        print(`${finding.severity.padEnd(8)} ${finding.action.padEnd(6)} ${finding.message}`);
      }
      if (audit.findings.length === 0) print("Nothing to report.");
    });
}
