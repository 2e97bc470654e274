import { countOf, formatNumber, formatWithStd } from "../../core/format.ts";
import type { DatasetModelCard } from "./model-card.ts";

/** The card as Markdown, for people. */
export function modelCardText(card: DatasetModelCard): string {
  const { model, target, data, inputs, protocol, validity, ranking } = card;
  const unit = target.unit === "1" ? "" : ` (${target.unit})`;
  return `${[
    `# Model card: ${target.name.replaceAll("_", " ")}${unit}`,
    `${model.title} (\`${model.family}\`), learned from ${countOf(data.rows, "row")} of ${data.source}.`,
    "## Data",
    bullets([
      `source: ${data.source}${data.reference === null ? "" : `; ${data.reference}`}`,
      ...(data.license === null ? [] : [`licence: ${data.license}`]),
      `SHA-256 of the table's content: \`${data.tableHash}\``,
      `SHA-256 of the file: \`${data.fileHash}\``,
      ...data.dropped.map(({ reason, rows }) => `left out: ${countOf(rows, "row")}, ${reason}`),
    ]),
    "## Inputs",
    bullets([
      `feature sets: ${inputs.features.join(", ")}`,
      `process variables: ${inputs.process.join(", ") || "none"}`,
      `${countOf(inputs.columns.length, "column")} in all`,
    ]),
    "## How it was judged",
    `${capital(protocol.text)}, ${countOf(protocol.repeats, "repeat")} (${countOf(protocol.splits, "split")}), seed ${protocol.seed}; baselines on the same splits.`,
    metricTable(card),
    noiseText(card),
    "## Calibration",
    calibrationText(card),
    "## Other families",
    `Ranked by ${ranking.metric}${ranking.method === "bootstrap" ? "" : ", the mean of the splits (the table above pools their rows)"}; differences to the best with 95 % intervals by the ${ranking.method}.`,
    rankingTable(card),
    ...(ranking.skipped.length === 0
      ? []
      : [
          bullets(ranking.skipped.map(({ model: name, reason }) => `left out: ${name}, ${reason}`)),
        ]),
    "## Domain of validity",
    "The model has seen the following; outside of it, it guesses.",
    bullets([
      ...(validity.elements.length === 0
        ? []
        : [
            `elements: ${validity.elements.map(({ symbol, most, rows }) => `${symbol} up to ${formatNumber(100 * most, 3)} at% (${countOf(rows, "row")})`).join(", ")}`,
            `${validity.elementCount[0]} to ${validity.elementCount[1]} elements in one composition`,
          ]),
      ...validity.process.map(({ name, unit: own, low, high, words }) =>
        words === undefined
          ? `${name}: ${formatNumber(low!)} to ${formatNumber(high!)}${suffix(own!)}`
          : `${name}: ${words.join(", ")}`,
      ),
      ...(validity.target === null
        ? []
        : [
            `measured ${target.name}: ${formatNumber(validity.target[0])} to ${formatNumber(validity.target[1])}${suffix(target.unit)}`,
          ]),
    ]),
    "## Caveats",
    card.caveats.length === 0 ? "None found." : bullets(card.caveats),
  ].join("\n\n")}\n`;
}

function metricTable({ model, metrics, baselines }: DatasetModelCard): string {
  const columns = [[model.family, metrics] as const, ...Object.entries(baselines)];
  return table(
    ["metric", ...columns.map(([name]) => name)],
    Object.keys(metrics).map((name) => [
      name,
      ...columns.map(([, values]) => {
        const metric = values[name];
        if (metric === undefined) return "-";
        return `${formatNumber(metric.mean)}${metric.std > 0 ? ` ± ${formatNumber(metric.std, 2)}` : ""}`;
      }),
    ]),
  );
}

function noiseText({ noiseFloor: floor, target }: DatasetModelCard): string {
  if (floor === null) return "Noise floor: not known, no two rows have equal inputs.";
  const from = `${countOf(floor.rows, "row")} in ${countOf(floor.sets, "set")} of equal inputs`;
  if (!floor.isEnough) return `Noise floor: not known, too few replicates (${from}).`;
  if (floor.pooledStd === undefined) {
    return `Noise floor: at most ${formatNumber(100 * floor.accuracyCeiling!, 3)} % of the replicates can be classified rightly (${from}).`;
  }
  const unit = suffix(target.unit);
  return `Noise floor: the pooled standard deviation of replicates is ${formatWithStd(floor.pooledStd, floor.pooledStdError!)}${unit} (${from}), which limits R2 to about ${formatNumber(floor.r2Ceiling!, 2)}.`;
}

function calibrationText({ target, metrics, calibration }: DatasetModelCard): string {
  const { points, calibrated } = calibration;
  const names =
    target.task === "regression" ? ["coverage90", "width90", "crps"] : ["ece", "brier", "logLoss"];
  const heads =
    target.task === "regression"
      ? ["nominal interval", "held-out values inside"]
      : ["predicted probability", "frequency"];
  return [
    table(
      ["", "as it is", "calibrated"],
      names.map((name) => [
        name,
        formatNumber(metrics[name]!.mean),
        calibrated === null ? "-" : formatNumber(calibrated[name]!.mean),
      ]),
    ),
    table(
      [...heads, "count"],
      points.map(({ nominal, observed, count }) => [
        formatNumber(nominal, 3),
        formatNumber(observed, 3),
        String(count),
      ]),
    ),
  ].join("\n\n");
}

function rankingTable({ ranking }: DatasetModelCard): string {
  return table(
    ["family", ranking.metric, "minus the best", "95 % interval", ""],
    ranking.families.map(({ model, score, difference, isLikeBest }) => [
      model,
      formatNumber(score),
      difference === null ? "" : formatNumber(difference.mean, 3),
      difference === null
        ? ""
        : `${formatNumber(difference.low, 3)} ... ${formatNumber(difference.high, 3)}`,
      difference === null ? "best" : isLikeBest ? "like the best" : "",
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const suffix = (unit: string): string => (unit === "1" ? "" : ` ${unit}`);
