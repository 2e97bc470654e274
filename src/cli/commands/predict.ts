import { Command } from "commander";
import {
  predictCompositions,
  predictTable,
  type DesignPrediction,
  type PredictionResult,
} from "../../campaign/trained/predict-designs.ts";
import type { TrainedModel } from "../../campaign/trained/trained-model.ts";
import { InputError } from "../../core/errors.ts";
import { formatNumber } from "../../core/format.ts";
import { parseAlloy } from "../../domains/alloy/parse-alloy.ts";
import { predictionsCsv } from "../../report/predictions-csv.ts";
import { prepareFile, readModelFile, writeFileAtomically } from "../../store/model-file.ts";
import { columnOption, loadWithColumns, type ColumnTexts } from "../column-option.ts";
import { jsonOption, setting } from "../options.ts";
import { print, printJson } from "../output.ts";
import { textTable, type TextColumn } from "../text-table.ts";

interface Options {
  readonly formula?: string[];
  readonly data?: string;
  readonly at: Readonly<Record<string, string>>;
  readonly out?: string;
  readonly column: ColumnTexts;
  readonly json?: boolean;
}

/** Reasons shown in a line of the table. */
const mostReasons = 2;

/** `ystar predict`: what a saved model says of compositions or of the rows of a table. */
export function predictCommand(): Command {
  return new Command("predict")
    .description("Predict a property of compositions or of a table's rows with a saved model")
    .argument("<model>", "model file that ystar train has written")
    .option(
      "--formula <formula>",
      "composition to predict; may be repeated",
      (formula: string, known: readonly string[] | undefined) => [...(known ?? []), formula],
    )
    .option("--data <file>", "table whose rows to predict, or a shipped data set")
    .option("--at <name=value>", "process setting for all designs; may be repeated", setting, {})
    .option("--out <file>", "write the predictions as CSV here")
    .addOption(columnOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The interval holds 90 % of the measurements that the model expects. "inside" is among the training data,
"edge" at their border, "outside" beyond them: there the interval may be too narrow.
Example:
  $ ystar predict strength.ystar --formula AlNbTiV --at test_temperature="600 degC"`,
    )
    .action(async (path: string, options: Options) => {
      const { formula, data, at } = options;
      const refuse = (received: string): InputError =>
        new InputError("Give compositions with --formula, or a table with --data.", {
          path: "--formula",
          received,
          hint: "A model that knows no compositions takes settings: --at temperature=350.",
        });
      const isNothing = formula === undefined && data === undefined;
      if (formula !== undefined && data !== undefined) throw refuse("both");
      if (isNothing && Object.keys(at).length === 0) throw refuse("neither");
      if (options.out !== undefined) prepareFile(options.out);
      const model = await readModelFile(path);
      // A model without compositions predicts a design by its settings alone.
      if (isNothing && model.domain === "alloy") throw refuse("settings alone");
      const result = await predicted(model, options);
      if (options.json) printJson(result);
      else print(predictionText(result));
      if (options.out === undefined) return;
      writeFileAtomically(options.out, predictionsCsv(result));
      process.stderr.write(`Predictions: ${options.out}\n`);
    });
}

async function predicted(
  model: TrainedModel,
  { formula = [], data, at, column }: Options,
): Promise<PredictionResult> {
  if (data === undefined) {
    return predictCompositions(
      model,
      model.domain === "alloy" || formula.length > 0
        ? formula.map((text) => ({ formula: text, fractions: parseAlloy(text).fractions }))
        : [{ fractions: {} }],
      at,
    );
  }
  const dataset = await loadWithColumns(data, column);
  const result = predictTable(model, dataset.table, at);
  if (dataset.sha256 !== model.data.sha256) return result;
  const note = "The model has learned from this table: its predictions of these rows are no test.";
  return { ...result, notes: [...result.notes, note] };
}

function predictionText(result: PredictionResult): string {
  const { property, unit, classes, predictions, assumed, notes } = result;
  const isNumber = classes.length === 0;
  const settings = Object.keys(predictions[0]?.process ?? {}).filter((name) =>
    assumed.every((one) => one.name !== name),
  );
  const number = (title: string, value: (one: DesignPrediction) => number) => ({
    title,
    align: "right" as const,
    text: (one: DesignPrediction) => formatNumber(value(one)),
  });
  const columns: TextColumn<DesignPrediction>[] = [
    { title: result.domain === "alloy" ? "alloy" : "design", text: (one) => one.formula },
    ...settings.map((name): TextColumn<DesignPrediction> => ({
      title: named(name, result.processUnits[name]),
      text: (one) => {
        const value = one.process[name];
        return typeof value === "number" ? formatNumber(value) : (value ?? "?");
      },
    })),
    ...(isNumber
      ? [number(named(property, unit), (one) => one.mean)]
      : [
          { title: named(property), text: (one: DesignPrediction) => one.predicted ?? "" },
          number("probability", (one) => one.mean),
        ]),
    number("epistemic", (one) => one.epistemicStd),
    ...(isNumber
      ? [
          number("aleatoric", (one) => one.aleatoricStd),
          {
            title: "90 % interval",
            align: "right" as const,
            text: (one: DesignPrediction) =>
              `${formatNumber(one.low!)} ... ${formatNumber(one.high!)}`,
          },
        ]
      : []),
    { title: "validity", text: (one) => one.validity.verdict },
    { title: "because", text: (one) => reasonText(one.validity.reasons) },
  ];
  return [
    textTable(predictions, columns),
    ...assumed.map(
      ({ name, value, unit: own, why }) =>
        `\nNote: ${name.replaceAll("_", " ")} is taken as ${typeof value === "number" ? formatNumber(value) : value}${own === "1" ? "" : ` ${own}`}, ${why}.`,
    ),
    ...notes.map((note) => `\nNote: ${note}`),
  ].join("\n");
}

const named = (name: string, unit = "1"): string =>
  `${name.replaceAll("_", " ")}${unit === "1" ? "" : `, ${unit}`}`;

const reasonText = (reasons: readonly string[]): string =>
  `${reasons.slice(0, mostReasons).join("; ")}${reasons.length > mostReasons ? "; ..." : ""}`;
