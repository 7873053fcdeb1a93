/** How the page of a report looks. */
export const STYLE = `:root { --ink: #1d2330; --soft: #5b6475; --line: #dde1e8; --paper: #fff; --good: #2f8f5b; --bad: #c9572f; --open: #8a93a5; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8f0; --soft: #9aa4b6; --line: #323a49; --paper: #151a23; --good: #4fb781; --bad: #e07b53; --open: #6c7688; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
p { margin: .3rem 0; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
li ul, footer, th { color: var(--soft); }
footer { margin-top: 2.5rem; font-size: .85rem; }
code { font: .9em ui-monospace, monospace; background: color-mix(in srgb, var(--line) 55%, transparent); border-radius: 3px; padding: .05em .3em; }
.wide { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; overflow-wrap: normal; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
.n { text-align: right; padding: .3rem 0 .3rem .6rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bars { margin: 1rem 0; }
.bars div { display: flex; align-items: center; gap: .6rem; margin: .2rem 0; }
.bars b { flex: 0 0 5rem; font-size: .85rem; }
.bars span { position: relative; flex: 1; height: .75rem; background: color-mix(in srgb, var(--line) 45%, transparent); border-radius: 3px; }
.bars i { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 3px; background: var(--open); }
.bars .good { background: var(--good); }
.bars .bad { background: var(--bad); }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --good: #2f8f5b; --bad: #c9572f; --open: #8a93a5; }
  main { max-width: none; padding: 0; }
  body { font-size: 10pt; }
  .wide { overflow: visible; }
  .bars i { print-color-adjust: exact; }
  h2, tr, li { break-inside: avoid; break-after: auto; }
  h2 { break-after: avoid; }
}
`;
