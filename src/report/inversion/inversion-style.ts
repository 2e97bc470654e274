/** What the page of an inverse problem adds: one colour a family, in both schemes. */
export const inversionStyle = `
:root{--f0:#0068a5;--f1:#c2500a;--f2:#0b7f5c;--f3:#a8437f;--f4:#8a6500;--f5:#5b50b8;--fx:#8b929c}
@media screen and (prefers-color-scheme:dark){:root:not([data-paper]){--f0:#5db4ea;--f1:#ff9d5c;--f2:#46c79b;--f3:#ec9cc8;--f4:#dfc04c;--f5:#a9a2f5;--fx:#79828e}}
${["f0", "f1", "f2", "f3", "f4", "f5", "fx"]
  .map((name) => `.${name}{--own:var(--${name})}`)
  .join("")}
.swatch{display:inline-block;width:11px;height:11px;border-radius:3px;background:var(--own);margin-right:7px}
.plot .line{fill:none;stroke:var(--own);stroke-opacity:.2;stroke-width:1.2}
.plot .best{fill:none;stroke:var(--own);stroke-width:3}
.plot .under{fill:none;stroke:var(--surface);stroke-width:6;stroke-opacity:.85}
.plot .share{fill:var(--own)}
.plot .prior{fill:none;stroke:var(--quiet);stroke-width:1.2;stroke-dasharray:3 2}
.plot .space{stroke:var(--quiet);stroke-opacity:.35;stroke-width:4}
.plot .own{stroke:var(--own);stroke-opacity:.55;stroke-width:5}
.plot .tick{stroke:var(--own);stroke-opacity:.4;fill:none}
.plot .wanted{fill:var(--accent);fill-opacity:.12}
.plot .limit{stroke:var(--accent);stroke-dasharray:4 3;fill:none}
.plot .goal{fill:none;stroke:var(--accent);stroke-width:2}
.plot .miss{stroke:var(--highlight);stroke-width:2;fill:none}
.plot .near{fill:var(--ink);stroke:var(--surface);stroke-width:1.5}
.plot .axis{stroke:var(--quiet);fill:none}
.plot .title{fill:var(--ink);font-weight:600}
.verdicts{margin-top:18px;max-width:84ch}.verdicts li{margin-top:6px;padding-left:16px;position:relative}.verdicts li::before{content:"–";position:absolute;left:0;color:var(--muted)}
.pair>figure{max-width:640px}.verdicts+.scroll-x{margin-top:20px}
.plot .over{paint-order:stroke;stroke:var(--surface);stroke-width:4;stroke-linejoin:round}
.plane{max-width:640px;margin-top:24px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr));gap:20px}
.wide{overflow-x:auto;max-width:calc(var(--most) + 38px)}.wide svg{min-width:var(--least);max-width:var(--most)}
.card figcaption,.grid figcaption{font-weight:400;margin:8px 0 0;color:var(--muted)}
figure.card{margin-inline:0}.pair figure.card,.grid figure.card{margin-top:0}
.numbers thead th{vertical-align:bottom}.numbers th code{white-space:nowrap}.numbers td.design{min-width:160px}
.numbers td .small{display:block;color:var(--muted)}
.key{display:flex;flex-wrap:wrap;gap:6px 20px;font-size:13px;color:var(--muted);margin:0 0 12px}.key li{display:flex;align-items:center}
.key i{display:inline-block;width:16px;border-top:2px dashed var(--quiet);margin-right:7px}
`;
