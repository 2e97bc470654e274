/** A number with so many significant digits, thousands set apart; e-notation below 1e-4 and from 1e9. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const exponent = decimalExponent(value);
  if (exponent >= 9 || exponent < -4) return value.toPrecision(digits);
  const decimals = Math.max(0, digits - 1 - exponent);
  return group(value.toFixed(Math.min(decimals, 12)));
}

/** `formatNumber` without zeros behind the last digit: `0.5`, `900`, `1,450`. */
export function shortNumber(value: number, digits = 4): string {
  const text = formatNumber(value, digits);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/**
 * Digits for a setting: six where they say it exactly, as for one that somebody chose (`2`, `0.125`, `1073.15`), else
 * four.
 */
export const settingDigits = (value: number): number =>
  Number(value.toPrecision(6)) === Number(value.toPrecision(12)) ? 6 : 4;

/** `87 %`, `0.36 %`, `less than 0.01 %`: a share or a probability. */
export const percent = (share: number, digits = 2): string =>
  share > 0 && share < 1e-4 ? "less than 0.01 %" : `${shortNumber(100 * share, digits)} %`;

/** `1,450 ± 180`: the standard deviation to two digits, the value to the same decimal. */
export function formatWithStd(mean: number, std: number): string {
  if (!(std > 0)) return formatNumber(mean);
  const exponent = decimalExponent(std) - 1;
  const decimals = Math.min(12, Math.max(0, -exponent));
  const step = exponent > 0 ? Number(`1e${exponent}`) : 1;
  const round = (value: number): string =>
    group((step === 1 ? value : Math.round(value / step) * step).toFixed(decimals));
  return `${round(mean)} ± ${round(std)}`;
}

/** `12 alloys`, `1 alloy`. */
export function countOf(n: number, singular: string, plural = `${singular}s`): string {
  return `${group(String(n))} ${n === 1 ? singular : plural}`;
}

const decimalExponent = (value: number): number => Number(value.toExponential().split("e")[1]);

function group(text: string): string {
  const [whole, fraction] = text.split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
