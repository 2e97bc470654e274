/**
 * Rows as CSV (RFC 4180: CRLF, quotes doubled). Numbers are written in full. A text that a spreadsheet
 * would run as a formula gets a leading apostrophe.
 */
export const csvText = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");

/** ` [MPa]`, or nothing for a plain number. */
export const unitSuffix = (unit = "1"): string => (unit === "1" || unit === "" ? "" : ` [${unit}]`);

function csvField(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
