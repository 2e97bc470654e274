/** Plots and tables of an explanation; dots run from low to high values in steps of lightness and hue. */
export const explanationStyle = `
.plot{display:block;width:100%;height:auto;font:13px var(--sans);fill:var(--muted)}
.plot .grid,.plot .zero,.plot .link{stroke:var(--rule);fill:none}
.plot .zero{stroke:var(--quiet)}
.plot .link{stroke:var(--quiet);stroke-dasharray:2 2}
.plot .name{fill:var(--ink)}
.plot .dot{fill:none;stroke-width:4.6;stroke-linecap:round;stroke-opacity:.8}
.plot .v0{stroke:#2166ac}.plot .v1{stroke:#5b9bd0}.plot .v2{stroke:var(--quiet)}.plot .v3{stroke:#e08a4a}.plot .v4{stroke:#b2430a}
.plot .word,.plot .plain{stroke:var(--accent)}
.plot .plain{stroke-opacity:.55}
.plot .up{fill:var(--accent)}.plot .down{fill:var(--highlight)}.plot .end{fill:var(--ink)}
@media screen and (prefers-color-scheme:dark){.plot .v0{stroke:#4f8fd6}.plot .v1{stroke:#8fc1ee}.plot .v3{stroke:#f3ad7c}.plot .v4{stroke:#f07a35}}
.ramp{display:flex;gap:6px;align-items:center;font-size:13px;color:var(--muted);margin:4px 0 10px}
.ramp svg{width:92px;height:14px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:24px 32px}
.card{background:var(--surface);border:1px solid var(--rule);border-radius:12px;padding:18px}
.card+.card{margin-top:20px}.pair .card+.card{margin-top:0}
.card .say{margin:6px 0 14px;max-width:78ch}
.numbers{font-size:14px}.numbers th,.numbers td{padding:7px 12px;text-align:left;border-bottom:1px solid var(--rule);font-weight:400}
.numbers thead th{color:var(--muted);font-size:13px}.numbers .num{text-align:right;white-space:nowrap}
`;
