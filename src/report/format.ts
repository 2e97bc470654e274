/**
 * A number for people: `digits` significant digits, thousands set apart by thin spaces, a true minus
 * sign. Very large and very small magnitudes become `a × 10ⁿ`.
 */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude >= 9 || magnitude < -4) {
    const [mantissa = "", exponent = ""] = value.toExponential(Math.min(digits - 1, 2)).split("e");
    const raised = superscript(String(Number(exponent)));
    return `${mantissa.replace("-", "−")} × 10${raised}`;
  }
  const decimals = Math.max(0, digits - 1 - magnitude);
  const fixed = value.toFixed(Math.min(decimals, 10));
  return groupDigits(fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed);
}

/** The digits and minus sign of a whole number, raised. */
export function superscript(digits: string): string {
  return digits.replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(digit)));
}

/** A decimal text with thin spaces between thousands and a true minus sign. */
export function groupDigits(decimal: string): string {
  const [whole = "", fraction] = decimal.replace("-", "−").split(".");
  const grouped = whole.replace(/\d(?=(\d{3})+$)/g, "$&\u202f");
  return grouped + (fraction === undefined ? "" : `.${fraction}`);
}

/**
 * Mean and standard deviation, without unit: the deviation to two significant digits, the mean to the
 * same place (`1 240 ± 180`). A deviation of zero leaves four significant digits of the mean.
 */
export function formatUncertain(mean: number, std: number): string {
  if (!(std > 0) || !Number.isFinite(std)) return formatNumber(mean);
  const place = Math.floor(Math.log10(std)) - 1;
  const step = place > 0 ? 10 ** place : 1;
  const decimals = Math.min(10, Math.max(0, -place));
  const round = (value: number): string =>
    groupDigits((Math.round(value / step) * step).toFixed(decimals));
  if (place <= 0) {
    return `${groupDigits(mean.toFixed(decimals))}\u2009±\u2009${groupDigits(std.toFixed(decimals))}`;
  }
  return `${round(mean)}\u2009±\u2009${round(std)}`;
}

/** A fraction as per cent with one decimal at most: `12.5 %`. */
export function formatPercent(fraction: number): string {
  if (!Number.isFinite(fraction)) return "–";
  const percent = fraction * 100;
  const text = percent.toFixed(Math.abs(percent - Math.round(percent)) < 0.05 ? 0 : 1);
  return `${text.replace("-", "−")}\u202f%`;
}

/** A unit as it is printed: `g/cm3` -> `g/cm³`, `degC` -> `°C`; plain numbers have none. */
export function prettyUnit(unit: string): string {
  if (unit === "1" || unit === "") return "";
  return unit
    .replace(/\bdeg([CF])\b/g, "°$1")
    .replace(/([A-Za-z])\^?(-?\d)\b/g, (_, letter: string, power: string) => {
      return letter + superscript(power);
    })
    .replaceAll("*", "\u2009·\u2009");
}

/** ` MPa` with its thin space, or nothing for a plain number. */
export function unitSuffix(unit: string): string {
  const pretty = prettyUnit(unit);
  return pretty === "" ? "" : `\u202f${pretty}`;
}

/** A property name as a title: `yield_strength` -> `Yield strength`. */
export function titleOf(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `1 alloy`, `2 alloys`. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return `${groupDigits(String(count))} ${count === 1 ? singular : many}`;
}
