import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { invert } from "../../campaign/invert.ts";
import { samplesCsv } from "../../report/inversion/samples-csv.ts";
import { renderInversion } from "../../report/inversion/render-inversion.ts";
import { prepareFolder, writeResults } from "../../store/write-results.ts";
import { familyTable } from "../family-table.ts";
import { countUpTo, jsonOption, seedOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { solveProblem } from "../with-problem.ts";

interface InvertCommandOptions {
  readonly json?: boolean;
  readonly seed?: number;
  readonly samples?: number;
  readonly out?: string;
}

const fewestSamples = 10;
const mostSamples = 100_000;

/** `ystar invert`: all families of designs that have what is asked for, and what kind of answer that is. */
export function invertCommand(): Command {
  return new Command("invert")
    .description(
      "Find all families of designs that meet the targets, and say how sure that answer is",
    )
    .argument(
      "<problem>",
      "problem file (YAML or JSON) whose targets are values, limits or classes",
    )
    .option(
      "--samples <n>",
      "how many designs are moved together; more give finer shares",
      sampleCount,
    )
    .option("--out <folder>", "write report.html, samples.csv and result.json here")
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
A target says what is wanted: yield_strength -> 1200 MPa, density <= 7 g/cm3, single_phase >= 0.6.
The verdict is one of: unreachable, unstable, a continuum, several, unique.

Example:
  $ ystar invert examples/target-strength/problem.yaml --out out/target-strength`,
    )
    .action(runInvert);
}

function sampleCount(text: string): number {
  const value = countUpTo(mostSamples)(text);
  if (value >= fewestSamples) return value;
  throw new InvalidArgumentError(`Expected at least ${fewestSamples} samples, got ${value}.`);
}

async function runInvert(path: string, options: InvertCommandOptions): Promise<void> {
  if (options.out !== undefined) prepareFolder(options.out);
  const inversion = await solveProblem(path, options, ({ parsed, dataset }, run) =>
    invert(parsed, dataset, {
      ...run,
      ...(options.samples === undefined ? {} : { samples: options.samples }),
    }),
  );
  const { result } = inversion;
  if (options.json) printJson(result);
  else print(familyTable(result));
  if (options.out === undefined) return;
  writeResults(options.out, {
    "report.html": renderInversion(inversion),
    "samples.csv": samplesCsv(inversion),
    "result.json": `${JSON.stringify(result, null, 2)}\n`,
  });
  process.stderr.write(`Report: ${resolve(options.out, "report.html")}\n`);
}
