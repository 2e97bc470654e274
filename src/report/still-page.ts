import { escapeHtml } from "./html.ts";
import { adapt } from "./style/adapt.ts";
import { explanationStyle } from "./style/explanation.ts";
import { layout } from "./style/layout.ts";
import { sections } from "./style/sections.ts";
import { tokens } from "./style/tokens.ts";

/**
 * One HTML file without a script that loads nothing.
 * @param parts the page's header and sections; empty ones are left out
 * @param style rules beside those that all pages share
 */
export function stillPage(title: string, parts: readonly string[], style = ""): string {
  const rules = [tokens, layout, sections, adapt, explanationStyle, style].join("\n").trim();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="ystar">
<title>${escapeHtml(title)} – ystar</title>
<link rel="icon" href="data:,">
<style>${rules}</style>
</head>
<body>
<div class="layout">
<main>
${parts.filter((part) => part !== "").join("\n")}
</main>
</div>
</body>
</html>
`;
}
