/**
 * The style sheet of a report. Colours of series are told apart by those who do not see all colours, are at least 3:1
 * against the background in both schemes, and never the only difference: shapes of points differ too.
 */
export const STYLES = `
:root {
  color-scheme: light dark;
  --paper: #fff; --raised: #f6f6f3; --ink: #1b1c1e; --soft: #595c61; --rule: #e2e2dd; --strong: #8b8e93;
  --link: #0b5fa5; --note: #fdf3dc; --note-rule: #b98900;
  --c0: #0072b2; --c1: #c44e00; --c2: #00805a; --c3: #a83e8c; --c4: #8a6a00; --c5: #5a5f66; --c6: #3d8fc4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141618; --raised: #1d2023; --ink: #e9e9e6; --soft: #a7abb1; --rule: #303439; --strong: #7d828a;
    --link: #7db8f0; --note: #2d2614; --note-rule: #d3a52a;
    --c0: #56b4e9; --c1: #f08a4b; --c2: #35c495; --c3: #df8fc4; --c4: #e0c544; --c5: #b9bec6; --c6: #8aa4ff;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums lining-nums; overflow-wrap: break-word; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -100vw; top: .5rem; padding: .5rem 1rem; background: var(--paper); border: 2px solid var(--link); z-index: 1; }
.skip:focus { left: .5rem; }
.page { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
nav ul { list-style: none; margin: 0 0 2.5rem; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .875rem; }
nav a { display: inline-block; padding: .15rem 0; color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--link); text-decoration: underline; }
@media (min-width: 70rem) {
  .page { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 3.5rem; padding-top: 4rem; }
  nav ul { position: sticky; top: 2rem; display: block; border-left: 1px solid var(--rule); }
  nav a { display: block; padding: .3rem 0 .3rem 1rem; }
}
main { min-width: 0; }
h1, h2, h3, h4 { line-height: 1.2; text-wrap: balance; margin: 0; }
h1 { font-size: clamp(2.25rem, 6vw, 3.5rem); font-weight: 700; letter-spacing: -.025em; }
h2 { font-size: 1.5rem; font-weight: 650; letter-spacing: -.012em; margin-bottom: .75rem; }
h3 { font-size: 1.0625rem; font-weight: 650; margin: 2rem 0 .75rem; }
h4 { font-size: .8125rem; font-weight: 600; color: var(--soft); margin-bottom: .4rem; }
p { margin: 0 0 1rem; max-width: 42rem; text-wrap: pretty; }
section { margin-top: 4rem; padding-top: 1.75rem; border-top: 1px solid var(--rule); }
.eyebrow { margin: 0 0 .5rem; color: var(--soft); font-size: .875rem; }
.lead { margin: .75rem 0 2rem; font-size: 1.25rem; line-height: 1.45; }
.small, small { font-size: .8125rem; color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1px; margin: 0 0 1.25rem; background: var(--rule); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
.cards > div { background: var(--paper); padding: 1rem 1.15rem 1.1rem; }
.cards dt { font-size: .8125rem; color: var(--soft); }
.cards dd { margin: 0; }
.cards strong { display: block; font-size: 1.75rem; line-height: 1.25; font-weight: 650; letter-spacing: -.02em; }
.cards span { display: block; font-size: .8125rem; line-height: 1.45; color: var(--soft); }
.note { max-width: 42rem; padding: .75rem 1rem; background: var(--note); border-left: 3px solid var(--note-rule); border-radius: 0 6px 6px 0; font-size: .9375rem; }
figure { margin: 0; min-width: 0; }
figcaption { margin-bottom: .5rem; font-size: .875rem; color: var(--soft); }
figcaption b { color: var(--ink); font-weight: 600; margin-right: .35rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 2rem 2.5rem; align-items: start; margin-bottom: 1.5rem; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr)); gap: 1.5rem 2rem; }
.plot { display: grid; grid-template-columns: 3.25rem minmax(0, 1fr); padding-right: 1.25rem; font-size: .75rem; line-height: 1.3; color: var(--soft); }
.plot p { margin: 0; max-width: none; }
.plot svg { display: block; overflow: visible; }
.plot text { fill: var(--soft); font-size: .75rem; }
.y-label { grid-column: 1 / -1; padding-bottom: .6rem; }
.y-label:empty, .x-label:empty { display: none; }
.y-axis { width: 100%; grid-column: 1; text-anchor: end; }
.x-axis { grid-column: 2; text-anchor: middle; }
.x-label { grid-column: 2; text-align: right; padding-top: .1rem; }
.grid { stroke: var(--rule); }
.base, .tick { stroke: var(--strong); }
.c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
.c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); }
.point, .hole, .ring, .line { fill: none; vector-effect: non-scaling-stroke; }
.point { stroke: var(--c); stroke-width: 8; }
.hole { stroke: var(--paper); stroke-width: 4; }
.m0, .m2, .ring { stroke-linecap: round; }
.m1, .m3 { stroke-linecap: square; }
.point.m1, .point.m3 { stroke-width: 7; }
.faint { opacity: .45; }
.hole.faint { opacity: 1; }
.ring { stroke: var(--ink); stroke-width: 17; }
.ring.hole { stroke: var(--paper); stroke-width: 13; }
.line { stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
.so-far { stroke: var(--strong); stroke-width: 1.5; }
.popular { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 2 4; }
.dashed { stroke-dasharray: 6 4; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .75rem 0 1rem; padding: 0; font-size: .875rem; }
.swatch { vertical-align: -.15em; overflow: visible; }
.scroll { overflow-x: auto; margin-bottom: 1rem; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--rule); font-weight: 400; }
thead th { color: var(--soft); font-size: .8125rem; vertical-align: bottom; border-bottom-color: var(--strong); }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
thead th.number { white-space: normal; }
td.drawing { min-width: 8rem; width: 40%; vertical-align: middle; }
tbody th { min-width: 7rem; }
td.drawing svg, .bar { display: block; }
.range { overflow: visible; }
.range line { stroke: var(--c); stroke-width: 2; }
.range circle { fill: var(--c); }
.bar rect { fill: var(--c0); }
details { margin: .75rem 0; }
summary { cursor: pointer; font-size: .875rem; color: var(--link); padding: .2rem 0; margin-bottom: .5rem; }
.named { white-space: nowrap; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.short { max-width: 24rem; margin-top: 1.5rem; }
.sample { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: .75rem 2.5rem; padding: 1.25rem 0; border-top: 1px solid var(--rule); }
.sample h3 { grid-column: 1 / -1; margin: 0; overflow-wrap: anywhere; }
.sample h3 span { font-weight: 400; color: var(--soft); }
.sample ul, .sample ol { margin: 0; padding-left: 1.4rem; font-size: .9375rem; }
.sample li { padding: .12rem 0; overflow-wrap: anywhere; }
.sample li::marker { color: var(--soft); font-size: .8125rem; }
pre { margin: 0 0 2rem; padding: 1rem 1.15rem; overflow-x: auto; background: var(--raised); border-radius: 8px; font-size: .8125rem; line-height: 1.5; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .9em; overflow-wrap: anywhere; }
pre code { font-size: 1em; overflow-wrap: normal; }
@media (max-width: 40rem) {
  .page { padding-top: 1.5rem; }
  section { margin-top: 3rem; }
  .lead { font-size: 1.125rem; }
  .cards { grid-template-columns: 1fr 1fr; }
  .cards > div { padding: .75rem .85rem; }
  .cards strong { font-size: 1.3rem; }
}
@media print {
  :root {
    color-scheme: light; --paper: #fff; --raised: #f6f6f3; --ink: #000; --soft: #4a4d52; --rule: #d8d8d4; --strong: #8b8e93; --link: #000;
    --note: #fff; --note-rule: #8b8e93;
    --c0: #0072b2; --c1: #c44e00; --c2: #00805a; --c3: #a83e8c; --c4: #8a6a00; --c5: #5a5f66; --c6: #3d8fc4;
  }
  @page { margin: 16mm 14mm; }
  html { font-size: 12px; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, .skip, details { display: none; }
  .page { display: block; padding: 0; max-width: none; }
  section { margin-top: 1.5rem; padding-top: 1rem; }
  .cards, .multiples { grid-template-columns: repeat(3, 1fr); }
  .pair, .sample { grid-template-columns: 1fr 1fr; }
  .sample { padding: .75rem 0; }
  th, td { padding-top: .2rem; padding-bottom: .2rem; }
  #trials { display: none; }
  h2, h3, h4, figcaption, caption, section > p { break-after: avoid; }
  p, figure, .sample, tr, .cards, .plot, .short, .pair > .scroll { break-inside: avoid; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; }
  a { text-decoration: none; }
}
`;
