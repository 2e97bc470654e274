import type { DesignResult } from "../../campaign/contract.ts";
import { groupDigits } from "../format.ts";
import { escapeHtml } from "../html.ts";

/** Everything that is needed to get the same candidates again. */
export function provenanceSection(result: DesignResult): string {
  const { data, versions } = result;
  const count = /^\d+$/.test(result.space.count)
    ? groupDigits(result.space.count)
    : escapeHtml(result.space.count);
  const rows: [string, string][] = [
    ["Seed", String(result.seed)],
    [
      "Versions",
      Object.entries(versions)
        .map(([name, version]) => `${escapeHtml(name)} ${escapeHtml(version)}`)
        .join(", "),
    ],
    ...(data === null
      ? [["Data", "none: every target is computed"] as [string, string]]
      : ([
          ["Data", escapeHtml(data.source)],
          ["Data SHA-256", `<code class="hash">${escapeHtml(result.dataHash ?? "")}</code>`],
          ["Licence of the data", escapeHtml(data.license)],
          ["Reference", escapeHtml(data.reference)],
        ] satisfies [string, string][])),
    [
      "Designs possible",
      `${result.space.isUpperBound && /^\d/.test(result.space.count) ? "at most " : ""}${count} (${result.space.dimension} variables)`,
    ],
    ...(result.extrapolationLimit === null
      ? []
      : [
          ["Extrapolation from", `distance ${result.extrapolationLimit.toPrecision(3)}`] satisfies [
            string,
            string,
          ],
        ]),
  ];
  return `<section id="provenance" aria-labelledby="provenance-h">
<div class="section-head"><h2 id="provenance-h">Provenance</h2>
<p class="lede">The same problem file, data, seed and version give the same candidates.</p></div>
<dl class="facts">${rows.map(([k, v]) => `<div><dt>${k}</dt><dd>${v}</dd></div>`).join("")}</dl>
<h3>Problem file</h3>
<pre tabindex="0"><code>${escapeHtml(result.problem.text)}</code></pre>
</section>`;
}
