/** What the page of a campaign adds to the rules that all still pages share. */
export const campaignStyle = `
.plot .dot{stroke-width:8}
.plot .curve{stroke:var(--accent);stroke-width:2;fill:none}
.plot .bar{stroke:var(--accent);stroke-opacity:.35;stroke-width:2;fill:none}
.plot .limit{stroke:var(--quiet);stroke-dasharray:5 4;fill:none}
.plot .hollow{fill:var(--surface);stroke:var(--quiet);stroke-width:1.6}
.plot .other{fill:var(--quiet);fill-opacity:.6}
.plot .best{fill:var(--accent)}
.plot .cross{stroke:var(--highlight);stroke-width:2;fill:none}
.reasons{margin-top:16px;max-width:96ch}.reasons li{margin-top:8px}
.numbers td.quiet,.numbers tr.quiet td,.numbers tr.quiet th{color:var(--muted)}
.numbers tr.best th,.numbers tr.best td{font-weight:600}
.numbers del{color:var(--muted)}
figcaption{font-weight:400;margin-top:8px}
pre{overflow-x:auto;background:var(--soft);padding:14px 16px;border-radius:10px}
`;
