/** Text made safe for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A formula with its amounts as subscripts; anything else in it is shown as it is, escaped. Lines break after amounts. */
export function formulaHtml(formula: string): string {
  return formula
    .split(/([A-Z][a-z]?|\)|\])(\d+(?:\.\d+)?|\.\d+)/)
    .map((part, i) => (i % 3 === 2 ? `<sub>${escapeHtml(part)}</sub><wbr>` : escapeHtml(part)))
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
