import { InputError } from "../../core/errors.ts";
import type { Span } from "./node.ts";

/** An error at a place of a text: message, the text, a caret. */
export function errorAt(
  text: string,
  what: string,
  span: Span,
  problem: string,
  details: { readonly expected?: string; readonly received?: string; readonly hint?: string } = {},
): InputError {
  const width = Math.max(1, Math.min(span.end, text.length) - span.start);
  const pointer = `  ${text}\n  ${" ".repeat(span.start)}${"^".repeat(width)}`;
  return new InputError(`${what} "${text}": ${problem}\n${pointer}`, {
    path: `character ${span.start + 1}`,
    ...details,
  });
}

/** What people often write: text before the place of an error, text from there on, how to mend it. */
const habits: readonly (readonly [before: RegExp, rest: RegExp, hint: string])[] = [
  [/=\s*$/, /^[<>]/, "Write <= or >=."],
  [/\d$/, /^,\d/, "Write numbers with a decimal point: 0.3."],
  [/^/, /^(wt|at)?\.?\s?%/, "The unit stands behind the number: Al <= 30 at%."],
  [/^/, /^(&|\|)/, "Join conditions with and, or: not (Al and Cr)."],
  [/^/, /^!/, "Write not: not (Al > 0.2), or Al > 0 to have Al present."],
  [/\bin\s*$/, /^[\d.]/, "Write a range in brackets: in [0.1, 0.3]."],
  [/^/, /^(between|from)\b/, "Write a range in brackets: in [0.1, 0.3]."],
  [/\d\s*[\p{L}]+\s+$/u, /^[\p{L}]+-?\d?/u, "Write units without spaces: g/cm3, W/(m*K)."],
  [/\b(no|without)\s+$/, /^/, "Write not Al to have none of it."],
  [
    /^\s*(maximi[sz]e|minimi[sz]e|max|min)\s+$/,
    /^/,
    "Write the property first: density -> minimise.",
  ],
  [/^/, /^(maximi[sz]e|minimi[sz]e|max|min)\b/, "Write an arrow: density -> minimise."],
];

/** How to mend what people often write, by what stands before and at a place. */
export function hintAt(text: string, what: string, start: number): string {
  const before = text.slice(0, start);
  const rest = text.slice(start);
  for (const [left, right, hint] of habits) {
    if (left.test(before) && right.test(rest)) return hint;
  }
  if (what === "formula") {
    return "Formulas: Al / (Ti + 0.01), Al * Cr, sqrt(Al + 1), log(Nb + 0.1).";
  }
  return what === "target"
    ? "Targets: density -> minimise, hardness >= 500 HV, melting_temperature in [1900, 2600] K."
    : "Constraints: Al + Cr <= 0.3, Al in [0.1, 0.3], not (Al and Cr), if Cr then not Mo, price <= 60 USD/kg.";
}
