import { CHART_STYLE, DARK, LIGHT } from "../charts/mod.ts";

/** The page's style sheet: two grounds, one column on a phone, nothing that has to be fetched. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media(prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main{max-width:61rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.15rem;margin:3rem 0 .25rem;letter-spacing:-.005em}
h3{font-size:.95rem;margin:0 0 .5rem;font-weight:600}
p{margin:.25rem 0 1rem;max-width:44rem}
.lead,.note,figcaption,dt,th,footer{color:var(--faint)}
.note,figcaption,footer{font-size:.875rem}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
a{color:var(--ours)}
.verdict{border-left:4px solid var(--edge);background:var(--card);padding:.85rem 1.1rem;
margin:1.5rem 0 0;border-radius:0 .4rem .4rem 0}
.verdict strong{color:var(--edge)}
.verdict ul{margin:.35rem 0 0;padding-left:1.1rem}
.verdict p{margin:.35rem 0 0}
.passed{--edge:var(--good)}.failed{--edge:var(--bad)}.open{--edge:var(--faint)}
.figures{display:grid;grid-template-columns:repeat(var(--across),1fr);gap:1px;
border:1px solid var(--rule);border-radius:.5rem;overflow:hidden;
margin:1.5rem 0 0}
.figures div{box-shadow:0 0 0 1px var(--rule);padding:.8rem 1rem}
.figures dt{font-size:.85rem}
.figures dd{margin:0;font-size:1.45rem;font-weight:600;letter-spacing:-.01em}
.figures small{display:block;font-size:.8rem;font-weight:400;letter-spacing:0;color:var(--faint)}
dl{margin:0}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));
gap:2rem 2.5rem;margin-top:1rem}
figure{margin:0;min-width:0}
figure svg{display:block;width:100%;height:auto;max-width:30rem}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
figcaption{margin-top:.35rem;max-width:30rem}
.scroll{overflow-x:auto;margin:.75rem 0 0}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--ours);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:right;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--rule);
white-space:nowrap}
th{font-weight:500;font-size:.8rem}
th:first-child,td:first-child,.text{text-align:left}
tr>:last-child{padding-right:0}
tbody th{color:var(--ink);font-size:inherit;font-weight:400}
td.wide,.parameters td{white-space:normal;text-align:left;overflow-wrap:anywhere}
.better{color:var(--good)}.worse{color:var(--bad)}
.bars{font-size:.9rem;margin:.75rem 0 0;padding:0;list-style:none}
.bars li{display:grid;grid-template:"name bar value"/11.5rem 1fr 4rem;gap:0 .75rem;
align-items:center;padding:.12rem 0}
.bars .name{grid-area:name;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bars .bar{grid-area:bar;background:var(--card);border-radius:3px;height:.7rem}
.bars .bar i{display:block;height:100%;background:var(--ours);border-radius:3px;min-width:1px}
.bars .value{grid-area:value;text-align:right;color:var(--faint)}
.bars .worse{color:var(--bad);font-weight:600}
.findings{padding-left:1.1rem;max-width:50rem}
summary{cursor:pointer;color:var(--ours);font-size:.9rem;margin-top:1rem}
footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--rule)}
@media(max-width:40rem){main{padding:1.5rem 1rem 3rem}h1{font-size:1.4rem}
.figures{grid-template-columns:repeat(2,1fr)}
table{font-size:.82rem}th{font-size:.72rem}th,td{padding-right:.45rem}
.bars li{grid-template:"name value" "bar bar"/1fr max-content;padding:.3rem 0}
.bars .bar{height:.45rem}}
@media print{main{max-width:none}h2{break-after:avoid}figure{break-inside:avoid}}
${CHART_STYLE}`;
