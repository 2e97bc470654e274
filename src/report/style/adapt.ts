/** Narrow screens, room for the detail card, and paper. */
export const adapt = `
@media (min-width:1100px){
.has-detail .layout{max-width:1640px;padding-right:404px}
.has-detail nav{padding-left:max(40px,calc((100vw - 1560px)/2))}
}
@media (max-width:700px){
.layout{padding:0 18px 72px}
nav{padding:11px 18px;gap:18px}
.head{padding-top:32px}.answer{font-size:17px}
section{margin-top:56px}
.targets{grid-template-columns:minmax(0,1fr)}
.sort-by{display:inline-flex!important;flex:1 1 100%;white-space:nowrap}.tools .sort-by select{max-width:none}
.search{flex:1 1 100%}
.push{display:none}
.table-wrap{border:0;background:none;overflow:visible}
#table,#table tbody,#table tr,#table td,#table tbody th{display:block;width:auto}
#table thead{display:none}
#table tbody{background:var(--surface);border:1px solid var(--rule)!important;border-radius:12px;padding:12px 16px;margin-bottom:10px;position:relative}
#table tbody[hidden]{display:none}
#table td,#table tbody th{padding:3px 0;max-width:none;min-width:0}
#table tbody th{padding:0 34px 8px 0}
#table td.rank{position:absolute;right:16px;top:12px;width:auto;padding:0}
#table td[data-label]{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:2px 12px;align-items:baseline;text-align:right}
#table td[data-label]::before{content:attr(data-label);color:var(--muted);text-align:left;overflow-wrap:anywhere}
#table td[data-label]>*{grid-column:2}
#table .val .unit{display:inline}
#table td .iv{grid-column:1/-1;min-width:0;margin:0 0 4px}
#table .fails{max-width:none}
#table td .chip.warn{margin:0 0 0 auto}
#table td .chip{justify-self:end}
.why,#table .why td{max-width:none}
#table .why td{padding:6px 0 0}
.bar{max-width:none;margin-right:-34px}
#detail{top:auto;bottom:0;left:0;right:0;width:auto;max-height:62vh;border-radius:16px 16px 0 0;border-width:1px 0 0;padding-bottom:32px}
.has-detail .layout{padding-bottom:64vh}
.chart.tall{height:420px}
.model{padding:18px 16px}
.metrics th small{display:none}.metrics th,.metrics td{padding-right:10px}.metrics{font-size:13px}
.model h3 small{display:block;margin:3px 0 0}
.columns{gap:2px;height:260px}.columns .col i{font-size:0}.columns b{font-size:9.5px}
.facts>div{grid-template-columns:minmax(0,1fr);gap:0}
}
@media print{
@page{margin:14mm 13mm}
:root{--bg:#fff;--surface:#fff;--ink:#000;--muted:#444;--rule:#ccc}
body{font-size:10.5pt}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav,.tools,#detail,.skip,.chart div+div{display:none!important}
#table thead{display:table-row-group}
#table thead th{position:static!important}
.chart,.chart.tall,.chart.square,.chart.small{min-width:0!important;height:auto}
.chart>div,.chart canvas{position:static!important;width:100%!important;height:auto!important}
.pair{grid-template-columns:1fr 1fr}.small-multiples{grid-template-columns:1fr 1fr 1fr}
.layout,.has-detail .layout{max-width:none;padding:0}
section{margin-top:28pt}
h2,h3,figcaption{break-after:avoid}
#table tbody,figure,.tile,.columns,.periodic,.audit li,.chart{break-inside:avoid}
.is-focus{outline:0!important}
.table-wrap,.scroll-x{overflow:visible}
pre{max-height:none;white-space:pre-wrap}
}
`;
