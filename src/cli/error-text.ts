import { styleText } from "node:util";
import { InfeasibleError, YstarError } from "../core/errors.ts";
import { Interrupted } from "./exit-codes.ts";

/** An error as a person reads it on the terminal: what, where, what was expected, how to mend it. */
export function errorText(error: unknown): string {
  if (error instanceof Interrupted) return `Stopped. ${error.kept}`;
  if (!(error instanceof YstarError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${red("internal error")} This is a defect in ystar; please report it with the lines below.\n${stack}`;
  }
  const { file, path, expected, received, hint } = error.details;
  const lines = [`${red("error")} ${error.message}`];
  const place = [file, path].filter((part) => part !== undefined && part !== "").join(", ");
  if (place !== "") lines.push(`  where     ${place}`);
  if (expected !== undefined) lines.push(`  expected  ${expected}`);
  if (received !== undefined) lines.push(`  got       ${received}`);
  if (error instanceof InfeasibleError) lines.push(...conflictLines(error));
  const isSaid =
    error instanceof InfeasibleError && hint?.includes(error.conflicts[0]?.relaxations[0] ?? "\n");
  if (hint !== undefined && hint !== "" && !isSaid) lines.push(`  hint      ${hint}`);
  return lines.join("\n");
}

function conflictLines(error: InfeasibleError): string[] {
  return error.conflicts.flatMap((conflict, i) => [
    `  conflict ${i + 1}${conflict.constraints.length > 1 ? ": these cannot hold together" : ""}`,
    ...conflict.constraints.map((text) => `    ${text}`),
    ...(conflict.relaxations.length === 0 ? [] : ["  any one of these changes resolves it"]),
    ...conflict.relaxations.map((text) => `    ${text}`),
  ]);
}

const red = (text: string): string => styleText(["red", "bold"], text, { stream: process.stderr });
