/** Type, page frame, header and the parts that several sections share. */
export const layout = `
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:64px;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 var(--sans);font-variant-numeric:tabular-nums;-webkit-font-smoothing:antialiased}
.layout{max-width:1240px;margin:0 auto;padding:0 40px 96px}
main{min-width:0}
h1,h2,h3,h4{line-height:1.2;font-weight:640;letter-spacing:-.011em;margin:0;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:clamp(27px,3.4vw,40px);letter-spacing:-.022em}
h1.long{font-size:clamp(21px,2.4vw,26px);letter-spacing:-.012em;max-width:60ch}
h2{font-size:22px}
h3{font-size:16px}
h4{font-size:14px;margin-top:20px}
p{margin:0}
ul,dl{margin:0;padding:0;list-style:none}
dd{margin:0}
a{color:var(--accent)}
code,pre{font-family:var(--mono);font-size:.885em}
small,.small{font-size:13px}
.muted{color:var(--muted)}
.num{text-align:right}
sub{font-size:.72em;line-height:0;letter-spacing:0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px}.skip:focus{left:16px;top:8px;z-index:9;background:var(--surface);padding:8px 12px}
html:not(.with-js) .js{display:none!important}
nav{position:sticky;top:0;z-index:5;display:flex;gap:4px 22px;align-items:baseline;padding:13px max(40px,calc((100vw - 1160px)/2));background:color-mix(in srgb,var(--bg) 92%,transparent);backdrop-filter:blur(10px);border-bottom:1px solid var(--rule);overflow-x:auto;scrollbar-width:none;font-size:14px;white-space:nowrap}
nav a{color:var(--muted);text-decoration:none}nav a:hover{color:var(--ink)}
.brand{font-weight:680;letter-spacing:-.02em;margin-right:6px}
section{margin-top:72px}
.section-head{margin-bottom:18px}
.lede{color:var(--muted);max-width:72ch;margin-top:6px}
.gap{margin-top:44px}
.eyebrow{font-size:13px;color:var(--muted);letter-spacing:.01em}
.head{padding-top:52px}
.head h1{margin-top:8px;max-width:34ch}
.answer{font-size:19px;line-height:1.5;margin-top:16px;max-width:62ch;color:var(--muted);text-wrap:pretty}
.answer b{color:var(--ink);font-weight:620}
.notice{margin-top:28px;padding:16px 20px;border-radius:10px;background:var(--warn-bg);border-left:3px solid var(--warn-line);max-width:860px}
.notice h2{font-size:15px;color:var(--warn)}
.notice ul{margin-top:6px}.notice li{padding-left:16px;position:relative;overflow-wrap:anywhere}.notice li::before{content:"–";position:absolute;left:0;color:var(--warn)}
.asked{margin-top:44px}
.asked h2{margin-bottom:18px}
.asked>.key{margin:10px 0 26px}
.targets{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:14px}
.tile{background:var(--surface);border:1px solid var(--rule);border-radius:12px;padding:16px 16px 10px;min-width:0}
.tile h3{font-size:14px;overflow-wrap:anywhere}
.wish{font-size:13px;color:var(--muted);margin-top:2px;overflow-wrap:anywhere}
.tile-best{margin-top:12px;line-height:1.25}
.tile-best b{font-size:21px;white-space:nowrap;font-weight:600;letter-spacing:-.02em}
.tile-by{display:block;font-size:13px;color:var(--muted);margin-top:3px;cursor:pointer;overflow-wrap:anywhere}
.strip{display:block;width:100%;max-width:340px;height:auto;margin-top:8px;overflow:visible}
.strip .base,.prediction .base{stroke:var(--rule);fill:none}
.strip .ticks,.prediction .ticks{stroke:var(--quiet);stroke-opacity:.5;fill:none}
.strip .dot{fill:var(--accent);fill-opacity:.75;stroke:var(--surface);cursor:pointer}
.strip .dot.bad{fill:var(--surface);stroke:var(--muted);stroke-width:1.5}
.strip .dot.is-focus{fill:var(--highlight);fill-opacity:1;r:6px}
.strip .band{fill:var(--accent);fill-opacity:.1}.strip .limit{stroke:var(--accent);stroke-dasharray:3 3;stroke-opacity:.7}
.strip text{font-size:12px;fill:var(--muted)}
.tile{display:flex;flex-direction:column}.tile .strip{margin-top:auto;padding-top:10px}.tile-model{font-size:12.5px;color:var(--muted);margin-top:4px}
.limits{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:18px 32px;font-size:14px;border-top:1px solid var(--rule);padding-top:16px}
.limits dt{color:var(--muted);font-size:13px;margin-bottom:2px}
.limits li{overflow-wrap:anywhere}
.tools{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin-bottom:14px;font-size:14px}
.push{flex:1}
.tools label{color:var(--muted);display:inline-flex;align-items:center;gap:8px}
.tools select{max-width:260px}
.search{flex:0 1 280px}
input,select,button{font:inherit;color:inherit}
input[type=search],select{width:100%;background:var(--surface);color:var(--ink);border:1px solid var(--rule);border-radius:8px;padding:6px 10px;min-height:36px}
input::placeholder{color:var(--muted);opacity:1}
button{background:none;border:0;padding:0;cursor:pointer;text-align:inherit}
button.quiet{border:1px solid var(--rule);border-radius:8px;padding:6px 12px;min-height:36px;background:var(--surface);color:var(--ink)}
button.quiet:hover{border-color:var(--quiet)}
.sort-by{display:none!important}
.chip{display:inline-block;font-size:12px;line-height:1.5;padding:1px 8px;border-radius:99px;background:var(--soft);color:var(--muted);white-space:nowrap}
.chip.ok{background:var(--ok-bg);color:var(--ok)}.chip.warn{background:var(--warn-bg);color:var(--warn)}.chip.bad{background:var(--bad-bg);color:var(--bad)}
.empty{color:var(--muted);padding:28px;border:1px dashed var(--rule);border-radius:12px;text-align:center}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;font-size:13px;color:var(--muted);margin-bottom:10px}
.legend li{display:flex;align-items:center;gap:6px}
.legend svg{width:14px;height:14px;flex:none}
.legend .k-fill{fill:var(--accent)}.legend .k-line{fill:none;stroke:var(--accent);stroke-width:1.6}.legend .k-bad{fill:none;stroke:var(--muted);stroke-width:1.6}.legend .k-quiet{fill:var(--quiet)}.legend .k-front{fill:none;stroke:var(--accent);stroke-width:1.5}
.scroll-x{overflow-x:auto}
.chart{height:380px;overflow:hidden}
.chart.tall{height:520px}
.chart.square{height:340px}
.chart.small{height:200px}
.chart .still{width:100%;height:100%}
.tip-head{font-weight:600;margin-bottom:4px;white-space:normal}.tip-head>span{color:var(--muted);font-weight:500}
.tip-row{display:flex;justify-content:space-between;gap:20px}.tip-row span{color:var(--muted);white-space:normal}.tip-row b{font-weight:560}
.tip-note{color:var(--muted);font-size:12px;margin-top:3px}
`;
