/** The candidate table, the detail card, compositions, models, data and provenance. */
export const sections = `
.table-wrap{overflow-x:auto;border:1px solid var(--rule);border-radius:12px;background:var(--surface)}
.table-wrap.fits{overflow:visible}.table-wrap.fits #table thead th{top:49px;z-index:2}
.table-wrap.fits #table thead th:first-child{border-top-left-radius:12px}.table-wrap.fits #table thead th:last-child{border-top-right-radius:12px}
table{border-collapse:collapse;width:100%}
#table{font-size:14px}
#table thead th{position:sticky;top:0;background:var(--surface);text-align:left;font-weight:560;color:var(--muted);box-shadow:inset 0 -1px var(--rule);padding:0;vertical-align:bottom}
#table thead button{width:100%;padding:12px 12px 10px;line-height:1.3;font-size:13px;font-weight:560}
#table thead .num button{text-align:right}
#table thead button:hover{color:var(--ink)}
.col-title{overflow-wrap:anywhere}
#table thead small{font-weight:400;white-space:nowrap}
#table thead i{display:none;width:0;height:0;margin-left:5px;border:4px solid transparent;border-bottom:0;border-top-color:transparent;vertical-align:middle}
#table th[aria-sort]{color:var(--ink)!important}#table th[aria-sort] i{display:inline-block}
#table th[aria-sort=ascending] i{border:4px solid transparent;border-top:0;border-bottom-color:currentColor}
#table th[aria-sort=descending] i{border-top-color:currentColor}
#table tbody{border-bottom:1px solid var(--rule)}
#table tbody:last-child{border-bottom:0}
#table td,#table tbody th{padding:11px 12px 2px;vertical-align:top;text-align:left;font-weight:400}
#table td.num{text-align:right}
#table td.rank{color:var(--muted);white-space:nowrap;width:1%;padding-left:16px}
#table tbody{cursor:pointer}
#table tbody:hover,#table tbody.is-focus{background:color-mix(in srgb,var(--accent) 6%,transparent)}
#table tbody.is-pinned{background:color-mix(in srgb,var(--highlight) 9%,transparent);box-shadow:inset 3px 0 var(--highlight)}
#table tbody th{min-width:200px;max-width:330px}
.pin{font-weight:580;overflow-wrap:anywhere;line-height:1.35;text-align:left}
.pin:hover{color:var(--accent)}
.front-dot{display:inline-block;width:7px;height:7px;border-radius:50%;background:var(--accent);margin-left:6px;vertical-align:1px}
.bar{display:flex;gap:1px;height:15px;margin-top:6px;border-radius:3px;overflow:hidden;max-width:300px}
.process{display:block;font-size:12px;font-weight:400;margin-top:4px;overflow-wrap:anywhere}
.bar i{font:500 10.5px/15px var(--sans);text-align:center;overflow:hidden;min-width:1px}
.val{white-space:nowrap}
#table .val .unit{display:none}
.iv{display:block;position:relative;height:9px;margin-top:5px;min-width:92px}
.iv::before{content:"";position:absolute;top:3px;height:3px;left:var(--a);width:calc(var(--b) - var(--a));border-radius:2px;background:color-mix(in srgb,var(--accent) 32%,transparent)}
.iv::after{content:"";position:absolute;top:0;width:3px;height:9px;border-radius:1px;left:calc(var(--m) - 1.5px);background:var(--accent)}
.fails{display:block;font:12px/1.45 var(--mono);color:var(--bad);margin-top:3px;overflow-wrap:anywhere;max-width:220px}
#table td .chip.warn{display:block;width:max-content;margin:4px 0 0 auto}
details summary{cursor:pointer;color:var(--muted);font-size:13px;width:max-content;list-style:none}
details summary::-webkit-details-marker{display:none}
details summary::before{content:"";display:inline-block;border:4px solid transparent;border-left-color:currentColor;border-right:0;margin-right:7px;transition:transform .12s}
details[open] summary::before{transform:rotate(90deg)}
details summary:hover{color:var(--ink)}
.why{max-width:0}
.why details{display:grid;min-width:0}
.why summary{display:flex;width:auto;align-items:baseline;font-size:13px;min-width:0}
.why summary::before{flex:none}
.why summary span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0}
.why details[open] summary span{white-space:normal;overflow-wrap:anywhere;max-width:92ch}
.why details[open] summary{color:var(--ink)}
.why p{font-size:13px;color:var(--muted);padding:3px 0 0 11px;overflow-wrap:anywhere}
#table .why td{padding:2px 16px 11px 56px;max-width:0}
#detail{position:fixed;z-index:6;top:66px;right:max(20px,calc((100vw - 1640px)/2 + 20px));width:360px;max-height:calc(100vh - 86px);overflow:auto;overscroll-behavior:contain;background:var(--surface);border:1px solid var(--rule);border-radius:14px;box-shadow:0 12px 40px rgb(0 0 0/.13);padding:18px 20px 22px;font-size:14px}
#detail h2{font-size:19px;margin-top:2px}
#detail h3{font-size:13px;color:var(--muted);font-weight:560;margin:20px 0 7px;letter-spacing:0}
.detail-head{display:flex;justify-content:space-between;align-items:center;gap:8px}
.detail-head .eyebrow{overflow-wrap:anywhere}
.detail-nav{display:flex;gap:5px;flex:none}
#detail .quiet{width:32px;min-height:32px;padding:0;text-align:center;line-height:1}
.chips{margin-top:8px}
.reason{margin-top:10px;overflow-wrap:anywhere}
.prediction{margin-top:9px}
.prediction p{display:flex;justify-content:space-between;gap:12px}.prediction p b{font-weight:600;white-space:nowrap}.prediction p span{overflow-wrap:anywhere}
.prediction svg{display:block;width:100%;height:27px;overflow:visible}
.prediction path{vector-effect:non-scaling-stroke;fill:none}
.prediction .noise{stroke:var(--accent);stroke-opacity:.38;stroke-width:3}
.prediction .model{stroke:var(--accent);stroke-width:6}
.prediction .mean{stroke:var(--ink);stroke-width:2}
.prediction>.muted{font-size:12.5px}
.key{font-size:12px;color:var(--muted);margin-top:8px}
.key i{display:inline-block;vertical-align:middle;margin:0 5px 2px 8px;width:14px}.key i:first-child{margin-left:0}
.k-model{height:6px;background:var(--accent)}.k-noise{height:3px;background:var(--accent);opacity:.38}.k-data{height:8px;width:1px!important;background:var(--quiet)}
.compact th,.compact td{padding:3px 0;border-bottom:1px solid var(--rule);font-weight:400;text-align:left}
.compact td.num,.compact th.num{text-align:right}.compact thead th{color:var(--muted);font-size:12.5px}
.swatch{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:8px;vertical-align:-1px}
.facts{display:grid;gap:8px}
.facts>div{display:grid;grid-template-columns:170px minmax(0,1fr);gap:16px}
.facts dt{color:var(--muted)}.facts dd{overflow-wrap:anywhere}
#detail .facts{gap:3px}#detail .facts>div{grid-template-columns:130px minmax(0,1fr)}
.checks li{display:grid;grid-template-columns:16px minmax(0,1fr) auto;gap:6px;padding:3px 0}
.checks code{overflow-wrap:anywhere}.checks b{font-weight:560;white-space:nowrap}
.checks .met>span{color:var(--ok)}.checks .unmet>span,.checks .unmet b{color:var(--bad)}
.k-yes{background:var(--accent)}.k-no{background:var(--quiet)}
.swatches i{width:12px;height:12px;border-radius:3px}
.columns{display:flex;gap:5px;height:300px;align-items:stretch}
.columns .col{flex:1 1 0;min-width:0;max-width:64px;display:flex;flex-direction:column;gap:1px;cursor:pointer;border-radius:4px}
.columns .col i{min-height:0;overflow:hidden;font:500 11px/1 var(--sans);display:flex;align-items:center;justify-content:center}
.columns .col i:first-child{border-radius:4px 4px 0 0}.columns .col i:nth-last-child(2){border-radius:0 0 4px 4px}
.columns b{font-weight:400;font-size:12px;line-height:22px;height:22px;text-align:center;color:var(--muted);flex:none}
.columns .col.is-focus{outline:2px solid var(--highlight);outline-offset:1px}
.columns .col.is-focus b{color:var(--ink);font-weight:650}
.columns .faded{opacity:.18}
.columns.dense{gap:1px}.columns.dense b,.columns.dense i{font-size:0}.columns.dense .col i{border-radius:0!important}
.periodic{display:grid;grid-template-columns:repeat(18,minmax(38px,1fr));grid-template-rows:repeat(7,46px) 12px repeat(2,46px);gap:3px;margin-top:16px;max-width:960px;min-width:720px}
.cell{border-radius:5px;font-size:13.5px;font-weight:600;display:flex;flex-direction:column;align-items:center;justify-content:center;line-height:1.15;background:color-mix(in oklab,var(--ramp-high) var(--f),var(--ramp-low));color:var(--ramp-text-low)}
.cell.deep{color:var(--ramp-text-high)}
.cell small{font-size:11px;font-weight:450}
.cell.out{background:var(--soft);color:var(--muted);font-weight:400;font-size:12px}
.ramp{display:flex;align-items:center;gap:8px;font-size:12px;color:var(--muted);padding:0 14px}
.ramp i{flex:1;height:10px;border-radius:5px;background:linear-gradient(90deg in oklab,var(--ramp-low),var(--ramp-high))}
.model{margin-top:28px;padding:24px 26px;background:var(--surface);border:1px solid var(--rule);border-radius:14px}
.model h3{font-size:18px}.model h3 small{font-weight:400;color:var(--muted);margin-left:6px;letter-spacing:0}
.verdict{margin-top:8px;padding-left:14px;border-left:3px solid var(--quiet);max-width:88ch;text-wrap:pretty}
.verdict.good{border-color:var(--ok)}.verdict.fair{border-color:var(--warn-line)}.verdict.poor{border-color:var(--bad)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:20px 32px;margin-top:20px}
figure{margin:0;min-width:0}
figcaption{font-size:13.5px;font-weight:580;margin-bottom:6px}
.metrics{margin-top:20px;font-size:14px}
.metrics th,.metrics td{padding:8px 14px 8px 0;border-bottom:1px solid var(--rule);font-weight:400;text-align:left;vertical-align:baseline}
.metrics td.num,.metrics th.num{text-align:right;white-space:nowrap}
.metrics thead th{color:var(--muted);font-size:13px}
.metrics th small{display:block;color:var(--muted);font-size:12.5px;max-width:44ch}
.model>.small{margin-top:10px}
.dropped li{padding:2px 0}.dropped b{display:inline-block;min-width:44px;font-weight:600}
.features{margin-top:12px}.features p{font-size:13px;color:var(--muted);overflow-wrap:anywhere;padding-top:4px}
.small-multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,205px),1fr));gap:28px 24px}
.audit li{display:grid;grid-template-columns:72px minmax(0,1fr);gap:8px;padding:13px 0;border-bottom:1px solid var(--rule)}
.audit li:first-child{border-top:1px solid var(--rule)}
.audit p{overflow-wrap:anywhere;max-width:90ch}.audit .chip{justify-self:start;align-self:start}
.audit details{margin-top:3px}.audit details p{font-size:13px;color:var(--muted)}
.notes{margin-top:14px}.notes .audit{margin-top:12px}
#provenance h3{margin:32px 0 10px}
.hash{overflow-wrap:anywhere}
pre{margin:0;padding:18px 20px;background:var(--soft);border-radius:10px;overflow:auto;line-height:1.5;max-height:560px}
`;
