import { resolve } from "node:path";
import { Command, Option } from "commander";
import { mostCandidates } from "../../campaign/problem/problem-file.ts";
import { recommend } from "../../campaign/recommend.ts";
import { strategies } from "../../search/registry.ts";
import { candidatesCsv } from "../../report/candidates-csv.ts";
import { renderReport } from "../../report/render-report.ts";
import { serveReport } from "../../server/serve-report.ts";
import { prepareFolder, writeResults } from "../../store/write-results.ts";
import { candidateTable } from "../candidate-table.ts";
import { countUpTo, jsonOption, seedOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { setOption, type Settings } from "../planner-options.ts";
import { solveProblem } from "../with-problem.ts";

interface DesignOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly seed?: number;
  readonly candidates?: number;
  readonly strategy?: string;
  readonly set?: Settings;
  readonly serve?: boolean;
}

/** `ystar design`: from a problem file to candidates, and to a report with `--out`. */
export function designCommand(): Command {
  return new Command("design")
    .description("Find the materials to make next for a problem file")
    .argument("<problem>", "problem file (YAML or JSON)")
    .option("--out <folder>", "write report.html, candidates.csv and result.json here")
    .option(
      "--candidates <n>",
      "how many candidates, instead of the file's number",
      countUpTo(mostCandidates),
    )
    .addOption(
      new Option("--strategy <name>", "how designs are searched, instead of the file's").choices(
        Object.keys(strategies),
      ),
    )
    .addOption(setOption("strategy"))
    .option("--serve", "serve the report on 127.0.0.1 until Ctrl-C")
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  $ ystar design examples/light-refractory/problem.yaml --out out/light-refractory
  $ ystar design examples/conductive-film/problem.yaml --strategy descent --set sparsity=100`,
    )
    .action(runDesign);
}

/** Runs one problem file and shows what was found. */
export async function runDesign(path: string, options: DesignOptions): Promise<void> {
  if (options.out !== undefined) prepareFolder(options.out);
  const { strategy, set, candidates } = options;
  const result = await solveProblem(path, options, ({ parsed, dataset }, run) =>
    recommend(parsed, dataset, {
      ...run,
      ...(set === undefined ? {} : { settings: set }),
      ...(strategy === undefined ? {} : { strategy }),
      ...(candidates === undefined ? {} : { candidates }),
    }),
  );

  if (options.json) printJson(result);
  else print(candidateTable(result));
  if (options.out === undefined && !options.serve) return;

  const files = {
    "report.html": renderReport(result),
    "candidates.csv": candidatesCsv(result),
    "result.json": `${JSON.stringify(result, null, 2)}\n`,
  };
  if (options.out !== undefined) {
    writeResults(options.out, files);
    process.stderr.write(`Report: ${resolve(options.out, "report.html")}\n`);
  }
  if (options.serve) await serveUntilInterrupted(files);
}

async function serveUntilInterrupted(
  files: Readonly<Record<"report.html" | "candidates.csv" | "result.json", string>>,
): Promise<void> {
  const html = { type: "text/html; charset=utf-8", body: files["report.html"] };
  const server = await serveReport({
    "": html,
    "report.html": html,
    "candidates.csv": { type: "text/csv; charset=utf-8", body: files["candidates.csv"] },
    "result.json": { type: "application/json", body: files["result.json"] },
  });
  process.stderr.write(`Open ${server.url} in a browser. Ctrl-C ends.\n`);
  await new Promise<void>((done) => {
    process.once("SIGINT", done);
    process.once("SIGTERM", done);
  });
  await server.close();
}
