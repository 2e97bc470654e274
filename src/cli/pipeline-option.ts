import { InvalidArgumentError, Option } from "commander";
import { YstarError } from "../core/errors.ts";
import type { PipelineStep } from "../surrogates/features/contract.ts";
import { stepSpec } from "../surrogates/features/pipeline.ts";
import { featureSteps } from "../surrogates/features/registry.ts";

/** Settings as JSON values by name. */
export type ParsedSettings = Readonly<Record<string, unknown>>;

/** A number, true, false, null, a list in brackets, or a text. */
function valueOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function settingOf(text: string): [string, unknown] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) {
    throw new InvalidArgumentError(`Expected name=value such as trees=300, got "${text}".`);
  }
  return [text.slice(0, at).trim(), valueOf(text.slice(at + 1).trim())];
}

/** Parts between commas that stand in no brackets. */
const parts = (text: string): string[] =>
  text
    .split(/,(?![^[]*\])/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Collects `trees=300,leaf=2`; may be given several times. */
export const settings = (text: string, known: ParsedSettings = {}): ParsedSettings => ({
  ...known,
  ...Object.fromEntries(parts(text).map(settingOf)),
});

/** Parses `impute,select:by=l1:keep=20,pca`. */
export function pipelineSteps(text: string): PipelineStep[] {
  return parts(text).map((part) => {
    const [step = "", ...given] = part.split(":").map((one) => one.trim());
    try {
      stepSpec(step);
    } catch (error) {
      if (!(error instanceof YstarError)) throw error;
      throw new InvalidArgumentError(`${error.message} ${error.details.hint ?? ""}`);
    }
    return given.length === 0
      ? { step }
      : { step, options: Object.fromEntries(given.map(settingOf)) };
  });
}

/** `--pipeline <steps>`: what stands between features and model. */
export const pipelineOption = (): Option =>
  new Option(
    "--pipeline <steps>",
    `steps between features and model: impute,select:by=l1:keep=20 (${Object.keys(featureSteps)
      .filter((name) => name !== "expressions")
      .join(", ")})`,
  ).argParser(pipelineSteps);
