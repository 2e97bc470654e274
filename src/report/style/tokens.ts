/** Colours of the page, light and dark; everything else refers to them by name. */
export const tokens = `
:root{
--bg:#fbfbfa;--surface:#ffffff;--ink:#16191d;--muted:#5a6270;--rule:#e3e5e8;--soft:#f2f3f3;
--accent:#0a6aa8;--highlight:#c2410c;--quiet:#8b929c;
--ok:#0b6b4f;--ok-bg:#e3f2ec;--warn:#7a4a00;--warn-bg:#fdf0d5;--warn-line:#e0a52d;--bad:#b3400a;--bad-bg:#fbe7dc;
--ramp-low:#e8f0f6;--ramp-high:#0b3d66;--ramp-text-low:#16191d;--ramp-text-high:#ffffff;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif;
--mono:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
}
@media screen and (prefers-color-scheme:dark){:root:not([data-paper]){
--bg:#101317;--surface:#171b20;--ink:#e8eaed;--muted:#9aa3af;--rule:#2a3038;--soft:#1c2127;
--accent:#5db4ea;--highlight:#ff9d5c;--quiet:#79828e;
--ok:#7fd3b0;--ok-bg:#12302a;--warn:#f0c56b;--warn-bg:#2e2512;--warn-line:#a87b1f;--bad:#ff9a6b;--bad-bg:#3a2016;
--ramp-low:#16232f;--ramp-high:#8cc4ea;--ramp-text-low:#e8eaed;--ramp-text-high:#0c1a26;
}}
`;
