import { createHash } from "node:crypto";
import type { DesignResult } from "../campaign/contract.ts";
import { chartLibrary, clientScript } from "./client-script.ts";
import { escapeHtml, jsonForScript } from "./html.ts";
import { auditSection } from "./sections/audit.ts";
import { candidatesSection } from "./sections/candidates.ts";
import { compositionSection } from "./sections/composition.ts";
import { headerSection } from "./sections/header.ts";
import { modelsSection } from "./sections/models.ts";
import { provenanceSection } from "./sections/provenance.ts";
import { searchSection } from "./sections/search.ts";
import { tradeoffSection } from "./sections/tradeoff.ts";
import { styleSheet } from "./style/sheet.ts";
import { reportView } from "./view.ts";

/**
 * One HTML file that shows a design result and opens without a network: data, style, script and the
 * chart library are inside, and its content policy lets nothing else in. Without scripts the table,
 * the compositions, the metrics and a still picture of the trade-off remain. The same result gives
 * the same text.
 */
export function renderReport(result: DesignResult): string {
  const view = reportView(result);
  const scripts = [
    `document.documentElement.classList.add("with-js");`,
    chartLibrary(),
    clientScript(),
  ];
  const hashes = scripts.map((s) => `'sha256-${createHash("sha256").update(s).digest("base64")}'`);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; script-src ${hashes.join(" ")}`;
  const sections = [
    headerSection(result, view),
    candidatesSection(view),
    tradeoffSection(view),
    compositionSection(view),
    modelsSection(result),
    searchSection(result, view),
    auditSection(result),
    provenanceSection(result),
  ].filter((section) => section !== "");
  const links = sections.flatMap((section) => {
    const found = /<section id="([a-z]+)"[\s\S]*?<h2 [^>]*>([^<]*)</.exec(section);
    return found === null
      ? []
      : [`<a href="#${found[1]}">${linkTitle(found[1] ?? "", found[2] ?? "")}</a>`];
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="ystar">
<title>${escapeHtml(result.problem.name)} – ystar design report</title>
<link rel="icon" href="data:,">
<style>${styleSheet(view.elements)}</style>
<script>${scripts[0]}</script>
</head>
<body>
<a class="skip" href="#candidates">Skip to the candidates</a>
<nav aria-label="Sections"><span class="brand">ystar</span>${links.join("")}</nav>
<div class="layout">
<main>
${sections.join("\n")}
</main>
<aside id="detail" aria-label="Candidate details" hidden></aside>
</div>
<script type="application/json" id="report-data">${jsonForScript(view)}</script>
<script>${scripts[1]}</script>
<script>${scripts[2]}</script>
</body>
</html>
`;
}

function linkTitle(id: string, title: string): string {
  return id === "models" ? "Trust" : title;
}
