import type { UnusedColumn } from "../campaign/learning/learning-task.ts";
import { countOf } from "../core/format.ts";
import type { PipelineStep } from "../surrogates/features/contract.ts";

/** `select (by l1, keep 20), then pca`. */
export const pipelineText = (steps: readonly PipelineStep[]): string =>
  steps
    .map(({ step, options }) => (options === undefined ? step : `${step} ${settingsText(options)}`))
    .join(", then ");

/** `(trees 500, maxDepth null)`; nothing where there are none. */
export function settingsText(settings: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(settings);
  if (entries.length === 0) return "";
  return `(${entries.map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ")})`;
}

/** A column that is no input because rows lack it, and what to do about it. */
export function unusedText({ name, missing, kind }: UnusedColumn): string {
  const way =
    kind === "number"
      ? `--pipeline impute fills it, --process ${name} leaves these rows out`
      : `--process ${name} takes it all the same`;
  return `${name}, missing in ${countOf(missing, "row")} (${way})`;
}

export const unusedLines = (unused: readonly UnusedColumn[]): string[] =>
  unused.map((one) => `not an input: ${unusedText(one)}`);
