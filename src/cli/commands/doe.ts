import { Command, Option } from "commander";
import {
  freezeProblem,
  openProblem,
  type OpenProblem,
} from "../../campaign/experiments/campaign-problem.ts";
import { sheetOf } from "../../campaign/experiments/sheet/batch-sheet.ts";
import { tableMeasurements } from "../../campaign/experiments/table-measurements.ts";
import type { Problem } from "../../campaign/problem/problem.ts";
import { UnsupportedError } from "../../core/errors.ts";
import { countOf } from "../../core/format.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { csvText } from "../../report/csv.ts";
import type { DesignSpec, ExperimentalDesign } from "../../search/designs/contract.ts";
import { designs, type DesignName } from "../../search/designs/registry.ts";
import type { Design } from "../../space/contract.ts";
import { prepareSheet, writeSheet } from "../../store/batch-sheet-file.ts";
import { designColumns, fixedText } from "../campaign/design-cells.ts";
import { countUpTo, jsonOption, jsonSetting, seedOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { withWork } from "../progress.ts";
import { textTable } from "../text-table.ts";
import { withResolvedProblem } from "../with-problem.ts";

interface Options {
  readonly design: DesignName;
  readonly number?: number;
  readonly option: Readonly<Record<string, unknown>>;
  readonly augment?: boolean;
  readonly out?: string;
  readonly seed?: number;
  readonly json?: boolean;
}

const mostDesigns = 100_000;

/** `ystar doe`: a classical design of experiments on the space of a problem. */
export function doeCommand(): Command {
  return new Command("doe")
    .description("Choose first experiments by a classical design, before there is a model")
    .argument("<problem>", "problem file (YAML or JSON)")
    .addOption(
      new Option("--design <name>", "which design")
        .choices(Object.keys(designs))
        .default("latin-hypercube"),
    )
    .option(
      "-n, --number <n>",
      "how many experiments; designs with a size of their own choose it",
      countUpTo(mostDesigns),
    )
    .option("--option <name=value>", "an option of the design; may be repeated", jsonSetting, {})
    .option("--augment", "add to the measurements of the problem's data (optimal designs)")
    .option("--out <sheet>", "write them into a sheet for the bench (.csv or .xlsx)")
    .addOption(seedOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Designs: ${Object.values(designs)
        .map(({ name, title }) => `${name} (${title})`)
        .join(", ")}.
A filled sheet goes into a campaign: ystar campaign tell --file sheet.csv

Example:
  $ ystar doe examples/coating/problem.yaml --design d-optimal -n 12 --out first.csv`,
    )
    .action(async (path: string, options: Options) => {
      if (options.out !== undefined) prepareSheet(options.out);
      await withResolvedProblem(path, (problem) => chooseExperiments(problem, options));
    });
}

async function chooseExperiments(problem: Problem, options: Options): Promise<void> {
  const spec: DesignSpec = designs[options.design];
  const open = await openProblem(freezeProblem(problem));
  const seed = options.seed ?? problem.parsed.content.seed;
  const known = options.augment === true ? measuredRows(spec, problem, open) : undefined;
  const chosen = await withWork((work) =>
    spec.points(
      open.space,
      {
        n: options.number ?? null,
        rng: createRng(seed).fork("design of experiments"),
        work,
        ...(known === undefined ? {} : { known }),
      },
      options.option,
    ),
  );
  const rows = Array.from({ length: chosen.rows.rows }, (_, i) => ({
    id: String(i + 1),
    design: open.space.decode(rowOf(chosen.rows, i)),
  }));
  if (options.out !== undefined) {
    await writeSheet(options.out, sheetOf(open.problem, rows), csvText);
    process.stderr.write(`Sheet: ${options.out}\n`);
  }
  const { figures, notes } = chosen;
  if (options.json) {
    printJson({
      problem: open.problem.title,
      design: spec.name,
      seed,
      experiments: rows,
      figures,
      notes,
    });
  } else print(experimentsText(open, spec, rows, chosen, seed));
}

/** @throws UnsupportedError for a design that cannot add to experiments */
function measuredRows(spec: DesignSpec, problem: Problem, open: OpenProblem): Matrix {
  if (!spec.supports.known) {
    const able = Object.values<DesignSpec>(designs).filter(({ supports }) => supports.known);
    throw new UnsupportedError(`${spec.name} cannot add to experiments that exist already.`, {
      hint: `Use ${able.map(({ name }) => name).join(" or ")}, or leave --augment out.`,
    });
  }
  const { measurements } = tableMeasurements(problem, open);
  const rows = matrix(measurements.length, open.space.dimension);
  measurements.forEach(({ design }, i) => rowOf(rows, i).set(open.space.encode(design)));
  return rows;
}

function experimentsText(
  open: OpenProblem,
  { title }: DesignSpec,
  rows: readonly { readonly id: string; readonly design: Design }[],
  { notes }: ExperimentalDesign,
  seed: number,
): string {
  const fixed = fixedText(open);
  return [
    `${open.problem.title}: ${countOf(rows.length, "experiment")} (${title}; seed ${seed})`,
    ...(fixed === "" ? [] : [`always: ${fixed}`]),
    "",
    textTable(rows, [
      { title: "#", text: ({ id }) => id, align: "right" },
      ...designColumns<(typeof rows)[number]>(open, ({ design }) => design),
    ]),
    ...notes.flatMap((note) => ["", `Note: ${note}`]),
  ].join("\n");
}
