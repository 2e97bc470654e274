/** Text made safe for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/**
 * A formula with its amounts as subscripts; lines break after them. One written with blanks between
 * molar amounts (`Cr1 Nb0.5`) is shown without the blanks and the ones. Anything else in it is shown as
 * it is, escaped.
 */
export function formulaHtml(formula: string): string {
  // Ingredients and settings, which are no formula.
  if (formula.includes(", ")) return escapeHtml(formula);
  const tight = formula.replaceAll(/(?<=[A-Za-z\d)\]]) (?=[A-Z([])/g, "");
  const isMolar = tight !== formula;
  return tight
    .split(/([A-Z][a-z]?|\)|\])(\d+(?:\.\d+)?|\.\d+)/)
    .map((part, i) => {
      if (i % 3 !== 2) return escapeHtml(part);
      return isMolar && part === "1" ? "<wbr>" : `<sub>${escapeHtml(part)}</sub><wbr>`;
    })
    .join("");
}

/**
 * JSON for a script element: no `<`, so that neither `</script` nor `<!--` can end or change it, and
 * no line separators that older parsers refuse.
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
