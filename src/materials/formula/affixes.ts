import { formulaError } from "./formula-error.ts";

/** What amounts count. */
export type Basis = "atomic" | "mass";

const words: Readonly<Record<string, Basis>> = {
  at: "atomic",
  atomic: "atomic",
  mol: "atomic",
  mole: "atomic",
  wt: "mass",
  weight: "mass",
  mass: "mass",
};

/**
 * A unit at the end (`at%`, `wt.%`, `(mass %)`), and where the formula before it ends.
 * @throws InputError for `vol%`, `ppm` and a bare `%`
 */
export function readUnit(original: string, text: string): { basis?: Basis; end: number } {
  const trimmed = text.trimEnd();
  const unit =
    /[([]?\s*(atomic|at|mole|mol|weight|wt|mass)\s*\.?[\s-]*(?:%|percent|pct)\s*[)\]]?$/i.exec(
      trimmed,
    );
  if (unit !== null) {
    const basis = words[unit[1]!.toLowerCase()]!;
    return { basis, end: trimmed.slice(0, unit.index).trimEnd().length };
  }
  const refused = /(vol\s*\.?\s*%|ppm|ppb|%)\s*[)\]]?$/i.exec(trimmed);
  if (refused !== null) {
    const found = refused[1]!;
    throw formulaError(
      original,
      refused.index,
      found === "%" ? "percent of what is not said" : `the unit ${found} is not supported`,
      "End with at% (atoms) or wt% (mass): `Ti-6Al-4V wt%`.",
    );
  }
  return { end: trimmed.length };
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A charge at the end and where the formula before it ends: `^3+`, `^{2-}`, `(2-)`, `³⁺`, `+3`, or a
 * sign after a letter (`Na+`).
 * @throws InputError for a charge that could be an amount (`Fe3+`)
 */
export function readCharge(
  original: string,
  text: string,
  end: number,
): { charge: number; end: number } {
  const body = text.slice(0, end);
  const written =
    /\^\{?(?:(\d*)([+-])|([+-])(\d+))\}?$/.exec(body) ??
    /\((?:(\d*)([+-])|([+-])(\d+))\)$/.exec(body);
  if (written !== null) {
    const magnitude = Number(written[1] || written[4] || 1);
    const sign = (written[2] ?? written[3]) === "-" ? -1 : 1;
    return { charge: sign * magnitude, end: body.slice(0, written.index).trimEnd().length };
  }
  const raised = /([⁰¹²³⁴-⁹]*)([⁺⁻])$/.exec(body);
  if (raised !== null) {
    const digits = raised[1]!.replaceAll(/./g, (digit) => `${superscripts.indexOf(digit)}`);
    const sign = raised[2] === "⁻" ? -1 : 1;
    return { charge: sign * Number(digits || 1), end: raised.index };
  }
  const signFirst = /\+(\d+)$/.exec(body);
  if (signFirst !== null) return { charge: Number(signFirst[1]), end: signFirst.index };
  const bare = /(?:(?<![\d.])(\d+)|[A-Za-z\d)\]}])([+-])$/.exec(body);
  if (bare === null) return { charge: 0, end };
  if (bare[1] !== undefined) {
    const place = body.length - 1;
    const digits = bare[1];
    const head = body.slice(0, bare.index).trim();
    throw formulaError(
      original,
      place,
      `the sign after ${digits} makes ${digits} a charge or leaves it an amount, which is ambiguous`,
      `Write ${head}^${digits}${bare[2]} for the charge, or ${head}${digits}^${bare[2]} for the amount ${digits} and one charge.`,
    );
  }
  return { charge: bare[2] === "-" ? -1 : 1, end: body.length - 1 };
}
