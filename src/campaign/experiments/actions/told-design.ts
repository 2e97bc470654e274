import { InputError } from "../../../core/errors.ts";
import { isConditional } from "../../../space/model/activity.ts";
import type {
  CompositionParameter,
  Design,
  Fractions,
  ParameterValue,
} from "../../../space/contract.ts";
import type { CampaignProblem } from "../campaign-problem.ts";
import { fixedValue } from "../carry-over.ts";
import type { ReadValues } from "./read-values.ts";

/** Fractions whose sum differs from one by no more are scaled to it, which is said. */
const mostRounding = 0.005;
/** Relative difference of numbers that a spreadsheet may have rounded. */
const sameNumber = 1e-6;

/** A design with what was told of it, and what should be said about that. */
export interface ToldDesign {
  readonly design: Design;
  readonly notices: readonly string[];
  /** Differs from the design it started from. */
  readonly deviates: boolean;
}

/**
 * The design that was really made: that of the candidate where nothing else was told.
 * @param base the candidate's design in the problem's units; absent for a design of one's own
 * @throws InputError for parameters that are missing, and fractions that do not sum to one
 */
export function toldDesign(
  problem: Pick<CampaignProblem, "parameters" | "assumed">,
  base: Design | undefined,
  values: ReadValues,
): ToldDesign {
  const design: Record<string, ParameterValue> = { ...base };
  const notices: string[] = [];
  const missing: string[] = [];
  for (const parameter of problem.parameters) {
    const { name } = parameter;
    const was = base?.[name];
    if (parameter.kind === "composition") {
      const told = toldFractions(parameter, was, values);
      if (told === undefined) missing.push(...(was === undefined ? [name] : []));
      else design[name] = normalised(name, told, base !== undefined, notices);
      continue;
    }
    const value =
      values.parameters[name] ?? was ?? problem.assumed?.[name] ?? fixedValue(parameter);
    if (value === undefined) missing.push(...(isConditional(parameter) ? [] : [name]));
    else design[name] = typeof was === "number" && isSame(was, value) ? was : value;
  }
  if (missing.length > 0) {
    throw new InputError(`The design is not complete: ${missing.join(", ")} missing.`, {
      path: missing[0]!,
      expected: "a value for every parameter, or the name of a candidate",
      hint: `Add ${missing.map((name) => `${name}=...`).join(" ")}.`,
    });
  }
  const deviates =
    base !== undefined && Object.keys(design).some((name) => !isSame(base[name], design[name]));
  return { design: deviates || base === undefined ? design : base, notices, deviates };
}

/** Whether two values are the same but for the digits that a spreadsheet keeps. */
export function isSame(a: ParameterValue | undefined, b: ParameterValue | undefined): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= sameNumber * Math.max(Math.abs(a), Math.abs(b));
  }
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  const symbols = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...symbols].every(
    (symbol) => Math.abs((a[symbol] ?? 0) - (b[symbol] ?? 0)) <= sameNumber,
  );
}

/** The fractions that were told, with the others of the base; undefined where none was. */
function toldFractions(
  { name, elements }: CompositionParameter,
  was: ParameterValue | undefined,
  values: ReadValues,
): Fractions | undefined {
  const whole = values.compositions[name];
  const given = elements.filter(({ symbol }) => Object.hasOwn(values.fractions, symbol));
  if (whole !== undefined && given.length > 0) {
    throw new InputError(
      `The composition is told twice: as a formula and by ${given[0]!.symbol}.`,
      {
        path: name,
        expected: "either a formula or fractions",
      },
    );
  }
  if (whole !== undefined) return whole;
  if (given.length === 0) return undefined;
  const fractions: Record<string, number> = typeof was === "object" ? { ...was } : {};
  for (const { symbol } of given) fractions[symbol] = values.fractions[symbol]!;
  return fractions;
}

function normalised(
  name: string,
  fractions: Fractions,
  isChange: boolean,
  notices: string[],
): Fractions {
  const present = Object.entries(fractions).filter(([, fraction]) => fraction > 0);
  const sum = present.reduce((total, [, fraction]) => total + fraction, 0);
  if (Math.abs(sum - 1) <= 1e-9) return Object.fromEntries(present);
  if (Math.abs(sum - 1) > mostRounding) {
    const text = present.map(([symbol, fraction]) => `${symbol} ${fraction}`).join(", ");
    throw new InputError(
      `The fractions of the ${name} sum to ${Number(sum.toFixed(6))}, not to 1.`,
      {
        path: name,
        expected: "fractions that sum to 1",
        received: text,
        hint: isChange
          ? "Tell all the elements that differ from the candidate."
          : "Tell all that it consists of.",
      },
    );
  }
  if (Math.abs(sum - 1) > sameNumber) {
    notices.push(`The fractions of the ${name} summed to ${Number(sum.toFixed(6))}; scaled to 1.`);
  }
  return Object.fromEntries(present.map(([symbol, fraction]) => [symbol, fraction / sum]));
}
